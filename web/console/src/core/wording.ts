/** Values in words: money, durations, moments; and stretches of a text to mark. */

import { currentLanguage, t } from "./language";
import type { Budget, Span } from "./types";

const FEN_PER_WAN = 1_000_000;
const DAYS_PER_MONTH = 30;

/** An amount of money, in 万元 from 1 万元 on, else in 元. */
export function money(fen: number): string {
  return amount(fen).join(" ");
}

/** Two amounts of money; a unit they share is said once. */
function moneyRange(least: number, most: number): string {
  const [digits, unit] = amount(least);
  const isShared = unit === amount(most)[1];
  return t("{least} 至 {most}", { least: isShared ? digits : money(least), most: money(most) });
}

/** Digits and unit; languages that do not count by ten thousand are given the whole amount. */
function amount(fen: number): [string, string] {
  if (currentLanguage() === "en") return [(fen / 100).toLocaleString("en"), "yuan"];
  const isMuch = fen >= FEN_PER_WAN;
  const number = isMuch ? fen / FEN_PER_WAN : fen / 100;
  return [Number(number.toFixed(4)).toLocaleString("zh-CN"), isMuch ? "万元" : "元"];
}

/** A budget in words; `label` names the kind where there is no amount to say. */
export function budgetWords(budget: Budget, label: string): string {
  const { kind, min_fen: least, max_fen: most } = budget;
  if (kind === "range" && least !== null) {
    return most === null ? t("{least} 以上", { least: money(least) }) : moneyRange(least, most);
  }
  if (kind === "ceiling" && most !== null) return t("不超过 {most}", { most: money(most) });
  return kind === "fixed" && most !== null ? money(most) : label;
}

/** A duration in words. */
export function periodWords({ min_days: least, max_days: most }: { min_days: number | null; max_days: number }): string {
  const months = most >= 2 * DAYS_PER_MONTH ? t("（约 {n} 个月）", { n: Math.round(most / DAYS_PER_MONTH) }) : "";
  return least && least !== most
    ? t("{least} 至 {most} 天", { least, most }) + months
    : t("{most} 天", { most }) + months;
}

/** A moment of the service (UTC) on the clock of China, to the minute. */
export function momentWords(moment: string | null): string {
  if (!moment) return "";
  return new Date(moment).toLocaleString(currentLanguage(), {
    timeZone: "Asia/Shanghai",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });
}

/** Words of a text in Chinese quotation marks. */
export function quoted(text: string): string {
  return `“${text}”`;
}

/** A text in stretches, some of them to be marked; offsets count code points. */
export function stretches(text: string, spans: Span[]): { text: string; isMarked: boolean }[] {
  const points = Array.from(text);
  const parts: { text: string; isMarked: boolean }[] = [];
  let done = 0;
  for (const { start, end } of merged(spans, points.length)) {
    if (start > done) parts.push({ text: points.slice(done, start).join(""), isMarked: false });
    parts.push({ text: points.slice(start, end).join(""), isMarked: true });
    done = end;
  }
  if (done < points.length) parts.push({ text: points.slice(done).join(""), isMarked: false });
  return parts;
}

/** Spans cut to 0..length, in order, those that touch or overlap joined. */
function merged(spans: Span[], length: number): Span[] {
  const joined: Span[] = [];
  const ordered = spans
    .map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(length, end) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start || a.end - b.end);
  for (const span of ordered) {
    const last = joined[joined.length - 1];
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else joined.push({ ...span });
  }
  return joined;
}

/** Words in brackets, with the brackets of the language. */
export function bracketed(words: string): string {
  return t("（{words}）", { words });
}

/** What something is called, and what it is. */
export function labelled(name: string, words: string): string {
  return t("{name}：{words}", { name, words });
}
