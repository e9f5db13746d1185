/** Demands as filter bar, table and drawer. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Option } from "../core/catalogue";
import { Problem, type Query, searchOf } from "../core/http";
import { t } from "../core/language";
import { isInvented } from "../core/invented";
import { isProvider, may } from "../core/session";
import { type Chosen, chosenFrom, CODED, type Made } from "../core/subscriptions";
import type { Demand } from "../core/types";
import { budgetWords, momentWords } from "../core/wording";
import { demandFacts, stateTag, tagNames } from "../ui/demand-facts";
import "../ui/drawer";
import "../ui/export";
import type { Filter, FilterValues } from "../ui/filter-bar";
import "../ui/filter-bar";
import { emptyState } from "../ui/notices";
import { Paged } from "../ui/paged";
import { subscribed } from "../ui/subscribed";
import "../ui/subscription-form";
import { type Context, View } from "../ui/view";

/** Not offered to providers yet, or turned away: there is no match to see. */
const UNMATCHED = new Set(["draft", "submitted", "base_review", "returned", "rejected"]);

@customElement("nm-demands")
export class Demands extends View {
  @property({ attribute: false }) context!: Context;
  /** Whether only demands of one's own organisation are listed. */
  @property({ type: Boolean }) own = false;
  /** The conditions as they stand in the address, so that they can be kept and opened again. */
  @property() search = "";
  @state() private shown: Demand | null = null;
  @state() private isSubscribing = false;
  @state() private made: Made | null = null;
  private readonly demands = new Paged<Demand>(this, "/v1/demands");
  private isFiltered = false;
  /** What the list is asked with. */
  private query: Query = {};
  /** The conditions of the list that can be subscribed to. */
  @state() private given: Chosen = {};
  private words = "";
  /** What the filter bar shows. */
  @state() private values: FilterValues = {};

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("search")) void this.apply(Object.fromEntries(new URLSearchParams(this.search)));
  }

  override render(): TemplateResult {
    const { session } = this.context;
    return html`
      <nm-filter-bar class="panel" .filters=${this.filters()} .values=${this.values} .chosen=${this.given} @nm-filter=${this.filtered}></nm-filter-bar>
      <section class="panel" id="demands" aria-label=${t("需求列表")}>
        <div class="panel-tools">
          ${may(session, "export_demands") ? html`<nm-export path="/v1/demands/export" .query=${this.query}></nm-export>` : nothing}
          ${this.isWish ? html`<button type="button" @click=${() => (this.isSubscribing = true)}>${t("订阅这些条件")}</button>` : nothing}
          ${may(session, "create_demand") ? html`<a class="button primary" href="#/post">${t("发布需求")}</a>` : nothing}
        </div>
        ${this.made ? subscribed(this.made) : nothing}
        ${this.demands.render(
          (rows) => this.table(rows),
          () => this.empty(),
        )}
      </section>
      <nm-drawer .open=${this.shown !== null} heading=${this.shown?.title ?? ""} .content=${() => this.drawer()}
        @nm-close=${() => (this.shown = null)}></nm-drawer>
      <nm-drawer .open=${this.isSubscribing} heading=${t("订阅这些条件")} .content=${() => this.wish()}
        @nm-close=${() => (this.isSubscribing = false)}></nm-drawer>
    `;
  }

  /** Take conditions over into the address, which sets them. */
  private filtered(event: CustomEvent<FilterValues>): void {
    const search = searchOf(event.detail).slice(1);
    if (search === this.search) void this.load(event.detail);
    else window.location.hash = `#${this.own ? "/mine" : "/demands"}${search ? `?${search}` : ""}`;
  }

  /** Narrow the list, and show by what; names of places may have to be asked for. */
  private async apply(given: FilterValues): Promise<void> {
    const names = new Set(this.filters().map(({ name }) => name));
    this.values = Object.fromEntries(Object.entries(given).filter(([name, value]) => names.has(name) && value));
    this.words = this.values["text"] ?? "";
    this.made = null;
    if (CODED.some((coded) => this.values[coded])) void this.nameChosen(this.values);
    else this.given = {};
    await this.load(this.values);
  }

  private async nameChosen(values: FilterValues): Promise<void> {
    const code = (value: string): Option => ({ code: value, name: value });
    let named: Chosen = Object.fromEntries(CODED.filter((coded) => values[coded]).map((coded) => [coded, code(values[coded]!)]));
    try {
      named = await chosenFrom(values, this.context.catalogue);
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // the codes then stand for their names
    }
    if (values === this.values) this.given = named;
  }

  /** Whether the list is narrowed by something a subscription can hold; its state is nothing such. */
  private get isWish(): boolean {
    const isNarrowed = Boolean(this.words) || CODED.some((coded) => this.given[coded]);
    return isNarrowed && !this.own && may(this.context.session, "create_subscription");
  }

  private wish(): TemplateResult {
    const made = (event: CustomEvent<Made>): void => {
      this.made = event.detail;
      this.isSubscribing = false;
    };
    return html`<nm-subscription-form .catalogue=${this.context.catalogue} .given=${this.given} words=${this.words}
      @nm-subscribed=${made}></nm-subscription-form>`;
  }

  private async load(values: FilterValues): Promise<void> {
    this.isFiltered = Object.keys(values).length > 0;
    this.query = { ...values, own: this.own || null };
    await this.demands.load({ ...this.query, limit: 20 });
  }

  private filters(): Filter[] {
    const { catalogue } = this.context;
    return [
      { name: "text", label: t("关键词或编号"), kind: "text" },
      { name: "state", label: t("状态"), kind: "choice", options: catalogue.choices("DemandState") },
      { name: "region", label: t("所在地"), kind: "search", finder: (words) => catalogue.findRegions(words) },
      { name: "scenario", label: t("应用场景"), kind: "search", options: catalogue.scenarios },
      { name: "industry", label: t("产业"), kind: "search", options: catalogue.industries },
    ];
  }

  private table(rows: Demand[]): TemplateResult {
    return html`<table class="rows">
      <caption class="unseen">${t("需求列表")}</caption>
      <thead>
        <tr>
          <th scope="col">${t("标题")}</th>
          <th scope="col">${t("应用场景")}</th>
          <th scope="col">${t("所在地")}</th>
          <th scope="col">${t("预算")}</th>
          <th scope="col">${t("状态")}</th>
          <th scope="col">${t("更新时间")}</th>
          <th scope="col">${t("操作")}</th>
        </tr>
      </thead>
      <tbody>${rows.map((demand) => this.row(demand))}</tbody>
    </table>`;
  }

  private row(demand: Demand): TemplateResult {
    const { catalogue } = this.context;
    const { budget } = demand;
    return html`<tr>
      <th scope="row" data-name=${t("标题")}>
        <button type="button" class="link" @click=${() => (this.shown = demand)}>${demand.title}</button>
        <span class="because">${demand.demand_no}${isInvented(demand) ? `　${t("演示")}` : ""}</span>
      </th>
      <td data-name=${t("应用场景")}>${tagNames(demand.tags, "scenario", catalogue) || t("未识别到")}</td>
      <td data-name=${t("所在地")}>${demand.region_name ?? t("未说明")}</td>
      <td data-name=${t("预算")} class="nowrap">${budget ? budgetWords(budget, catalogue.label("BudgetKind", budget.kind)) : t("未说明")}</td>
      <td data-name=${t("状态")}>${stateTag(catalogue, "DemandState", demand.state)}</td>
      <td data-name=${t("更新时间")} class="nowrap">${momentWords(demand.updated_at)}</td>
      <td data-name=${t("操作")} class="nowrap"><a href="#/demands/${demand.id}">${this.stepWords(demand)}<span class="unseen">${demand.title}</span></a></td>
    </tr>`;
  }

  private stepWords(demand: Demand): string {
    const isMatched = demand.quality && !UNMATCHED.has(demand.state);
    return isMatched && may(this.context.session, "match_demand") ? t("看匹配") : t("查看");
  }

  private drawer(): unknown {
    if (!this.shown) return nothing;
    return html`${demandFacts(this.shown, this.context.catalogue)}
      <div class="actions"><a class="button primary" href="#/demands/${this.shown.id}">${this.stepWords(this.shown)}</a></div>`;
  }

  private empty(): TemplateResult {
    if (this.own && !this.isFiltered) {
      return emptyState(t("贵单位还没有发布需求。"), html`${t("把需求原文粘贴进来就可以发布：")}<a href="#/post">${t("发布需求")}</a>`);
    }
    if (this.isFiltered) return emptyState(t("没有符合条件的需求。"), t("减少几个条件，或点“重置”看全部。"));
    if (isProvider(this.context.session)) {
      return emptyState(t("还没有登记的需求。"), t("服务基地发布后会出现在这里，也会按贵机构的能力推荐给您。"));
    }
    return emptyState(t("还没有登记的需求。"), html`${t("把需求原文粘贴进来就可以发布：")}<a href="#/post">${t("发布需求")}</a>`);
  }
}
