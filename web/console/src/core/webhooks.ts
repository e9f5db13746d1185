/** Webhooks and what became of what was sent to them. */

import { t } from "./language";

export interface Webhook {
  id: string;
  name: string;
  url: string;
  kinds: string[];
  created_at: string;
}

export interface Delivery {
  id: string;
  state: string;
  n_tries: number;
  last_error: string | null;
  created_at: string;
  next_at: string | null;
  done_at: string | null;
}

/** Why something did not arrive, by the code of the service (docs/how-to/notifications.md). */
export function errorWords(code: string): string {
  const words: Record<string, string> = {
    timeout: t("对方没有及时答复"),
    certificate: t("对方的证书不对"),
    name_unknown: t("域名不存在"),
    unreachable: t("连不上对方"),
    redirect: t("对方要求重定向，请改填最终地址"),
    address_refused: t("地址指向内部网络，没有许可"),
    revoked: t("回调已停用"),
  };
  const status = /^status_(\d{3})$/.exec(code);
  return status ? t("对方答复 {status}", { status: status[1]! }) : (words[code] ?? code);
}
