/**
 * The language of the interface. Sentences are written in Chinese where they are used and looked
 * up by that; other languages are dictionaries from it, loaded only when somebody asks for them.
 */

export type Language = "zh-CN" | "en";

/** Sent to the window when the interface speaks another language. */
export const LANGUAGE_CHANGED = "navmatch-language-changed";

const KEPT = "navmatch-language";
const TITLE = "专利导航需求匹配";

let language: Language = "zh-CN";
let dictionary: Record<string, string> = {};

/** A sentence in the language of the interface; `{name}` is replaced by a value. */
export function t(chinese: string, values: Record<string, string | number> = {}): string {
  const sentence = dictionary[chinese] ?? chinese;
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function currentLanguage(): Language {
  return language;
}

/** Speak the language chosen last time. */
export async function startLanguage(): Promise<void> {
  await speak(kept());
}

/** Speak a language from now on. */
export async function choose(wanted: Language): Promise<void> {
  try {
    localStorage.setItem(KEPT, wanted);
  } catch {
    // the browser keeps nothing; the choice lasts until the page is closed
  }
  await speak(wanted);
  window.dispatchEvent(new Event(LANGUAGE_CHANGED));
}

async function speak(wanted: Language): Promise<void> {
  dictionary = wanted === "en" ? (await import("../locale/en")).ENGLISH : {};
  language = wanted;
  document.documentElement.lang = wanted;
  document.title = t(TITLE);
}

function kept(): Language {
  try {
    return localStorage.getItem(KEPT) === "en" ? "en" : "zh-CN";
  } catch {
    return "zh-CN";
  }
}
