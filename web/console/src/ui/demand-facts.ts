/** A stored demand in words: its text, its facts, its tags. */

import { html, nothing, type TemplateResult } from "lit";
import type { Catalogue } from "../core/catalogue";
import { t } from "../core/language";
import { demandSeenBy } from "../core/openness";
import type { Demand, Tag } from "../core/types";
import { budgetWords, momentWords, periodWords } from "../core/wording";
import { scoreWords } from "./understanding";

export function stateTag(catalogue: Catalogue, vocabulary: string, state: string): TemplateResult {
  return html`<span class="state ${state}">${catalogue.label(vocabulary, state)}</span>`;
}

export function tagNames(tags: Tag[], scheme: "scenario" | "sei2018" | "gb4754", catalogue: Catalogue): string {
  const nameOf = ({ code, name }: Tag): string => (scheme === "scenario" ? catalogue.scenarioName(code, name) : name);
  return tags.filter((tag) => tag.scheme === scheme).map(nameOf).join(t("、"));
}

export function demandFacts(demand: Demand, catalogue: Catalogue): TemplateResult {
  const { budget } = demand;
  const rows: [string, unknown][] = [
    [t("编号"), demand.demand_no],
    [t("状态"), stateTag(catalogue, "DemandState", demand.state)],
    [t("所在地"), demand.region_name],
    [t("要支撑的决策"), demand.decision_question],
    [t("使用单位"), demand.recipient_name],
    [t("应用场景"), tagNames(demand.tags, "scenario", catalogue)],
    [t("产业"), tagNames(demand.tags, "sei2018", catalogue)],
    [t("国民经济行业"), tagNames(demand.tags, "gb4754", catalogue)],
    [t("预算"), budget ? budgetWords(budget, catalogue.label("BudgetKind", budget.kind)) : null],
    [t("期限"), demand.period_days ? periodWords({ min_days: null, max_days: demand.period_days }) : null],
    [t("成果形式"), demand.deliverables.map((code) => catalogue.label("Deliverable", code)).join(t("、"))],
    [t("机构条件"), demand.requirements.map(({ text }) => text).join(t("；"))],
    [t("响应截止"), demand.respond_by],
    [t("可见范围"), seenBy(demand, catalogue)],
    [t("公开程度"), demand.confidentiality === "open" ? null : catalogue.label("Confidentiality", demand.confidentiality)],
    [t("完整度"), demand.quality ? scoreWords(demand.quality) : null],
    [t("更新时间"), momentWords(demand.updated_at)],
  ];
  return html`
    <p class="description">${demand.description}</p>
    <dl class="pairs">
      ${rows.map(([name, value]) => (value ? html`<dt>${name}</dt><dd>${value}</dd>` : nothing))}
    </dl>
  `;
}

/** Who sees a demand; in whole sentences only to those who decide on it. */
function seenBy({ visibility, quality }: Demand, catalogue: Catalogue): unknown {
  const name = catalogue.label("Visibility", visibility);
  return quality ? html`${name}<span class="because">${demandSeenBy(visibility)}</span>` : name;
}
