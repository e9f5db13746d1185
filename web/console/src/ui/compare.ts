/** Matches side by side: band, rules, reasons, gaps. */

import { html, type TemplateResult } from "lit";
import { t } from "../core/language";
import type { Match, Statement } from "../core/types";
import { bandTag, nameOf, outcomeTag } from "./cards";
import { points } from "./notices";

export const MOST_COMPARED = 4;

export function comparison(matches: Match[]): TemplateResult {
  const texts = (statements: Statement[] | undefined): unknown =>
    statements?.length ? points(statements.map(({ text }) => text)) : html`<span class="because">${t("没有。")}</span>`;
  const rows: [string, (match: Match) => unknown][] = [
    [t("匹配程度"), (match) => bandTag(match.band)],
    [t("能力"), (match) => match.item.title],
    [t("所在地"), (match) => match.organisation?.region_name ?? t("未说明")],
    ...ruleRows(matches),
    [t("支持"), (match) => texts(match.explanation?.reasons_for)],
    [t("不利"), (match) => texts(match.explanation?.reasons_against)],
    [t("待核实"), (match) => texts(match.explanation?.unknowns)],
  ];
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("并排比较")}>
    <table class="compare">
      <thead>
        <tr><td></td>${matches.map((match) => html`<th scope="col">${nameOf(match)}</th>`)}</tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, value]) => html`<tr><th scope="row">${name}</th>${matches.map((match) => html`<td>${value(match)}</td>`)}</tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** One row a rule that any of them was checked against. */
function ruleRows(matches: Match[]): [string, (match: Match) => unknown][] {
  const titles = new Map(matches.flatMap(({ rules }) => rules.map(({ rule_id, title }) => [rule_id, title] as const)));
  return Array.from(titles, ([id, title]) => [
    t("资格：{title}", { title }),
    (match: Match) => {
      const rule = match.rules.find(({ rule_id }) => rule_id === id);
      return rule ? html`${outcomeTag(rule.outcome)}<span class="because">${rule.fact}</span>` : t("不适用");
    },
  ]);
}
