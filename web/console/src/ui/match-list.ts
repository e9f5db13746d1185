/** Ranked matches; weak ones are folded away and never fill the list up. */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { t } from "../core/language";
import type { Match, NoGoodMatch } from "../core/types";
import { card, type CardSettings } from "./cards";
import { points } from "./notices";

export type ListSettings = Omit<CardSettings, "isOpen">;

interface Answered {
  matches: Match[];
  n_excluded?: number;
  no_good_match?: NoGoodMatch | null;
}

/** What is said of an answer in one line. */
export function statusWords({ matches }: Answered, kind: "provider" | "demand" = "provider"): string {
  const n = matches.filter(({ band }) => band !== "weak").length;
  if (!n) return t("没有达到阈值的匹配。");
  return kind === "provider" ? t("找到 {n} 家匹配的服务机构。", { n }) : t("找到 {n} 条合适的需求。", { n });
}

export function matchList(answer: Answered, settings: ListSettings): TemplateResult {
  const good = answer.matches.filter(({ band }) => band !== "weak");
  const weak = answer.matches.filter(({ band }) => band === "weak");
  return html`
    ${good.length ? cards(good, settings) : nothingFits(answer.no_good_match ?? null)}
    ${answer.n_excluded
      ? html`<p class="hint">${t("另有 {n} 家因不满足“必须满足”的条件，没有列出。", { n: answer.n_excluded })}</p>`
      : nothing}
    ${weak.length
      ? html`<details><summary>${t("查看 {n} 条匹配程度为“弱”的结果", { n: weak.length })}</summary>${cards(weak, settings)}</details>`
      : nothing}
  `;
}

/** An ordered list of cards, best first; the first one with its evidence unfolded. */
export function cards(matches: Match[], settings: ListSettings): TemplateResult {
  return html`<ol class="cards">
    ${repeat(
      matches,
      ({ item }) => item.id,
      (match, place) => html`<li>${card(match, { ...settings, isOpen: place === 0 })}</li>`,
    )}
  </ol>`;
}

/** Say why nothing fits and what would help, in the words of the service. */
function nothingFits(told: NoGoodMatch | null): TemplateResult {
  return html`<div class="empty">
    <p>${told?.message ?? t("没有达到阈值的匹配。")}${told?.advice.length ? t("可以这样做：") : ""}</p>
    ${points(told?.advice ?? [])}
  </div>`;
}
