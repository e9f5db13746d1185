/** Figures for who looks after the platform: gaps, funnel, response times, inactive ones. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call } from "../core/http";
import { t } from "../core/language";
import { may } from "../core/session";
import { momentWords } from "../core/wording";
import { Asking } from "../ui/asking";
import { track } from "../ui/cards";
import { emptyState } from "../ui/notices";
import { type Context, View } from "../ui/view";

interface Cell {
  scenario: string | null;
  scenario_name: string | null;
  industry_name: string | null;
  region: string | null;
  region_name: string | null;
  n_demands: number | null;
  n_providers: number;
  is_gap: boolean;
}

interface GapMap {
  k: number;
  n_demands: number;
  n_without_supply: number;
  is_at_least: boolean;
  cells: Cell[];
}

interface Funnel {
  steps: { name: string; label: string; n_demands: number; n_pairs: number }[];
}

interface Responses {
  sides: {
    side: string;
    n_asked: number;
    n_answered: number;
    n_in_time: number;
    median_hours: number | null;
    p90_hours: number | null;
  }[];
}

interface Idle {
  id: string;
  name: string;
  region_name: string | null;
  last_at: string;
  days: number;
}

interface Inactive {
  days: number;
  bases: Idle[];
  providers: Idle[];
}

const N_CELLS = 60;
const N_IDLE = 20;

@customElement("nm-figures")
export class Figures extends View {
  @property({ attribute: false }) context!: Context;
  @state() private onlyGaps = true;
  private readonly gaps = new Asking<GapMap>(this);
  private readonly funnel = new Asking<Funnel>(this);
  private readonly responses = new Asking<Responses>(this);
  private readonly inactive = new Asking<Inactive>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    const { session } = this.context;
    void this.gaps.ask((signal) => call("GET", "/v1/analytics/gaps", { signal }));
    if (may(session, "read_funnel")) void this.funnel.ask((signal) => call("GET", "/v1/analytics/funnel", { signal }));
    if (may(session, "read_responses")) {
      void this.responses.ask((signal) => call("GET", "/v1/analytics/responses", { signal }));
    }
    if (may(session, "read_inactive")) {
      void this.inactive.ask((signal) => call("GET", "/v1/analytics/inactive", { signal }));
    }
  }

  override render(): TemplateResult {
    const { session } = this.context;
    return html`
      ${this.section("gaps", t("供需缺口"), this.gaps.render((map) => this.gapMap(map)))}
      ${may(session, "read_funnel") ? this.section("funnel", t("对接漏斗（近 90 天登记的需求）"), this.funnel.render((found) => this.steps(found))) : nothing}
      ${may(session, "read_responses") ? this.section("responses", t("答复快慢（近 90 天）"), this.responses.render((found) => this.times(found))) : nothing}
      ${may(session, "read_inactive") ? this.section("inactive", t("90 天没有活动的单位"), this.inactive.render((found) => this.idle(found))) : nothing}
    `;
  }

  private section(id: string, title: string, content: unknown): TemplateResult {
    return html`<section class="panel" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>`;
  }

  private gapMap(map: GapMap): TemplateResult {
    const cells = map.cells.filter(({ is_gap }) => is_gap || !this.onlyGaps);
    return html`
      <p>${this.totals(map)}</p>
      ${this.byRegion(map)}
      <label class="check"><input type="checkbox" .checked=${this.onlyGaps} @change=${() => (this.onlyGaps = !this.onlyGaps)}>${t("只看缺口")}</label>
      ${cells.length
        ? html`<ul class="gap-tiles">${cells.slice(0, N_CELLS).map((cell) => this.tile(cell, map.k))}</ul>
            ${cells.length > N_CELLS ? html`<p class="hint">${t("另有 {n} 格没有列出。", { n: cells.length - N_CELLS })}</p>` : nothing}`
        : emptyState(t("没有缺口。"), t("现有的需求都有机构可以供给；取消“只看缺口”看全部。"))}
    `;
  }

  /** How many demands there are, or at least are where numbers of places are hidden. */
  private totals({ n_demands: n, n_without_supply: without, is_at_least, k }: GapMap): string {
    if (!is_at_least) return t("正在找机构的需求 {n} 条，其中没有一家机构可供给的 {without} 条。", { n, without });
    return without
      ? t("正在找机构的需求至少 {n} 条，其中没有一家机构可供给的至少 {without} 条（少于 {k} 条的格不显示数，各按 1 条计）。", { n, without, k })
      : t("正在找机构的需求至少 {n} 条，都有机构可以供给（少于 {k} 条的格不显示数，各按 1 条计）。", { n, k });
  }

  private tile(cell: Cell, k: number): TemplateResult {
    const n = cell.n_demands ?? t("少于 {k}", { k });
    return html`<li class=${cell.is_gap ? "gap" : ""}>
      <strong>${cell.scenario ? this.context.catalogue.scenarioName(cell.scenario, cell.scenario_name ?? cell.scenario) : t("场景不明")}</strong>
      <span>${cell.industry_name ?? t("产业不明")}　${cell.region_name ?? t("地区不明")}</span>
      <span>${t("需求 {n} 条，机构 {m} 家", { n, m: cell.n_providers })}${cell.is_gap ? t("，缺口") : ""}</span>
    </li>`;
  }

  /** Demand by province as bars, where no number is hidden; no map of China is drawn. */
  private byRegion({ cells, k }: GapMap): TemplateResult {
    const counts = new Map<string, number>();
    for (const { region_name, n_demands: n } of cells) {
      if (n === null) return html`<p class="hint">${t("少于 {k} 条的数不显示，因此不列各省级地区的需求数。", { k })}</p>`;
      const name = region_name ?? t("地区不明");
      counts.set(name, (counts.get(name) ?? 0) + n);
    }
    const rows = [...counts].sort((a, b) => b[1] - a[1]);
    const most = rows[0]?.[1] ?? 1;
    return html`<details><summary>${t("各省级地区的需求数")}</summary>
      <ul class="parts">${rows.map(([name, n]) => html`<li><span>${name}</span>${track(n / most)}<span class="number">${n}</span></li>`)}</ul>
    </details>`;
  }

  private steps({ steps }: Funnel): TemplateResult {
    const most = Math.max(...steps.map(({ n_demands }) => n_demands), 1);
    return html`<ul class="parts">
      ${steps.map(
        ({ label, n_demands: n }) => html`<li><span>${t(label)}</span>${track(n / most)}<span class="number">${t("{n} 条", { n })}</span></li>`,
      )}
    </ul>`;
  }

  private times({ sides }: Responses): TemplateResult {
    const hours = (n: number | null): string => (n === null ? t("没有") : t("{n} 小时", { n: Math.round(n) }));
    return html`<table class="rows">
      <caption class="unseen">${t("答复快慢（近 90 天）")}</caption>
      <thead><tr>
        <th scope="col">${t("哪一方")}</th><th scope="col">${t("被问次数")}</th><th scope="col">${t("已答复")}</th>
        <th scope="col">${t("5 个工作日内")}</th><th scope="col">${t("中位数")}</th><th scope="col">${t("九成不超过")}</th>
      </tr></thead>
      <tbody>${sides.map(
        (row) => html`<tr>
          <th scope="row" data-name=${t("哪一方")}>${row.side === "provider" ? t("服务机构") : t("服务基地")}</th>
          <td data-name=${t("被问次数")}>${row.n_asked}</td><td data-name=${t("已答复")}>${row.n_answered}</td>
          <td data-name=${t("5 个工作日内")}>${row.n_in_time}</td><td data-name=${t("中位数")}>${hours(row.median_hours)}</td>
          <td data-name=${t("九成不超过")}>${hours(row.p90_hours)}</td>
        </tr>`,
      )}</tbody>
    </table>`;
  }

  private idle({ bases, providers }: Inactive): TemplateResult {
    const rows = [...bases, ...providers].sort((a, b) => b.days - a.days);
    if (!rows.length) return emptyState(t("没有不活跃的单位。"));
    return html`<ul class="lines">
      ${rows.slice(0, N_IDLE).map(
        (row) => html`<li><span>${row.name}</span>
          <span class="hint">${row.region_name ?? ""}　${t("{n} 天", { n: row.days })}　${momentWords(row.last_at)}</span></li>`,
      )}
    </ul>
    ${rows.length > N_IDLE ? html`<p class="hint">${t("另有 {n} 家没有列出。", { n: rows.length - N_IDLE })}</p>` : nothing}`;
  }
}
