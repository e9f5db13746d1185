/** Putting a text into the clipboard. */

import { t } from "./language";

/** Copy a text; resolves to what is said of it. */
export async function copy(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return t("已复制。");
  } catch {
    return t("浏览器不许可复制，请选中后按 Ctrl+C。");
  }
}
