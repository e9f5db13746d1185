/** A stored demand: its text and tags, what can be done with it, who fits it. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { dealingsOf } from "../core/dealing";
import { call, Problem } from "../core/http";
import { t } from "../core/language";
import { isProvider, may } from "../core/session";
import { takeSaid } from "../core/spoken";
import type { Made } from "../core/subscriptions";
import type { Demand, Interaction, Match, Matches } from "../core/types";
import { Asking } from "../ui/asking";
import { nameOf } from "../ui/cards";
import { comparison, MOST_COMPARED } from "../ui/compare";
import "../ui/contact";
import "../ui/demand-change";
import { demandFacts, stateTag } from "../ui/demand-facts";
import "../ui/dealing";
import "../ui/drawer";
import "../ui/export";
import { cards, type ListSettings, matchList, statusWords } from "../ui/match-list";
import { problemNotice } from "../ui/notices";
import "../ui/stored-tags";
import { subscribed } from "../ui/subscribed";
import "../ui/subscription-form";
import { type Context, View } from "../ui/view";

/** What is asked for to be shown. */
const SHOWN = { k: 10, include_weak: true };
const UNPUBLISHED = new Set(["draft", "returned", "paused", "rejected"]);
const OPEN = new Set(["published", "matching", "shortlisted"]);
/** It is settled who does the work, or that nobody does: choosing and tags change nothing any more. */
const OVER = new Set(["matched", "project_created", "closed", "withdrawn"]);

@customElement("nm-demand")
export class DemandPage extends View {
  @property({ attribute: false }) context!: Context;
  @property() row = "";
  @state() private lead = "";
  @state() private problem: Problem | null = null;
  @state() private compared: Match[] = [];
  @state() private isComparing = false;
  @state() private isSubscribing = false;
  @state() private isChanging = false;
  @state() private made: Made | null = null;
  private readonly demand = new Asking<Demand>(this);
  private readonly fitting = new Asking<Matches>(this);
  private readonly dealings = new Asking<Map<string, Interaction>>(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("row")) return;
    ({ words: this.lead, problem: this.problem } = takeSaid());
    this.compared = [];
    this.made = null;
    this.demand.forget();
    this.fitting.forget();
    this.dealings.forget();
    void this.load();
  }

  override render(): TemplateResult {
    return html`
      <section class="panel" id="subject">
        ${this.demand.render((demand) => this.subject(demand))}
        <div role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>
      </section>
      ${this.isOurs ? this.ranking() : nothing}
    `;
  }

  private ranking(): TemplateResult {
    return html`<section class="panel" id="matches" aria-labelledby="matches-title" tabindex="-1">
      <div class="panel-tools">
        ${may(this.context.session, "export_matches") ? html`<nm-export path="/v1/demands/${this.row}/matches/export" .query=${SHOWN}></nm-export>` : nothing}
        ${may(this.context.session, "report_demand") ? this.reports() : nothing}
      </div>
      <h2 id="matches-title">${t("匹配的服务机构")}</h2>
      <p class="status" id="status" role="status">${this.said()}</p>
      <p class="hint" id="disclaimer">${t("推荐不代表中选；是否委托由需求方自行核实后决定。排序依据公开列在每一条中。")}</p>
      ${OPEN.has(this.demand.answer!.state)
        ? html`<p class="hint" id="inviting">${t("点“邀请”会通知机构，请它在 5 个工作日内答复；机构答应后，双方互相看到联系人。可以撤回。")}</p>`
        : nothing}
      <div id="results">${this.fitting.render((answer) => this.results(answer))}</div>
      ${this.comparing()}
    </section>`;
  }

  /** What is on the screen as a report for a meeting. */
  private reports(): TemplateResult {
    const path = `v1/demands/${this.row}/report?k=${SHOWN.k}`;
    return html`<a class="button small" href="${path}&format=docx" download>${t("会议报告（Word）")}</a>
      <a class="button small" href="${path}&format=html" target="_blank" rel="noopener">${t("打印页")}<span class="unseen">${t("（在新页打开）")}</span></a>`;
  }

  /** Whether whoever looks answers for the demand; only they see its quality and its matches. */
  private get isOurs(): boolean {
    const isShown = Boolean(this.demand.answer?.quality);
    return isShown && may(this.context.session, "match_demand");
  }

  private async load(): Promise<void> {
    const path = `/v1/demands/${this.row}`;
    const isThere = await this.demand.ask((signal) => call<Demand>("GET", path, { signal }));
    if (!isThere) return;
    if (!this.isOurs) return;
    if (may(this.context.session, "list_interactions")) {
      await this.dealings.ask((signal) => dealingsOf({ demand: this.row }, signal));
    }
    await this.fitting.ask((signal) => call("GET", `${path}/matches`, { query: SHOWN, signal }));
  }

  private said(): string {
    const { answer, problem, isBusy } = this.fitting;
    if (isBusy) return `${this.lead}${t("正在匹配……")}`;
    if (problem) return `${this.lead}${problem.title}。`;
    return answer ? this.lead + statusWords(answer) : this.lead;
  }

  private subject(demand: Demand): TemplateResult {
    const { catalogue, session } = this.context;
    const mayChange = may(session, "decide_demand_tags") && demand.quality !== null;
    return html`<div class="subject">
      <h2>${demand.title}</h2>
      <p class="hint">${demand.demand_no}　${stateTag(catalogue, "DemandState", demand.state)}　${demand.region_name ?? ""}</p>
      <details ?open=${!this.isOurs}><summary>${t("需求全文与各项事实")}</summary>${demandFacts(demand, catalogue)}</details>
      ${this.isOurs || isProvider(session) ? nothing : html`<p class="hint">${t("匹配结果只给发布这条需求的单位看。")}</p>`}
      ${mayChange
        ? html`${OVER.has(demand.state) ? nothing : this.tags(demand)}
            ${may(session, "set_contact") ? html`<nm-contact-form row-id=${demand.id}></nm-contact-form>` : nothing}
            <div class="actions">${this.steps(demand)}</div>`
        : nothing}
      ${may(session, "create_subscription")
        ? html`<div class="actions"><button type="button" class="small" @click=${() => (this.isSubscribing = true)}>${t("订阅像这样的需求")}</button></div>`
        : nothing}
      ${this.made ? subscribed(this.made) : nothing}
      <nm-drawer heading=${t("修改需求")} .open=${this.isChanging} .content=${() => this.change(demand)}
        @nm-close=${() => (this.isChanging = false)}></nm-drawer>
      <nm-drawer heading=${t("订阅像这样的需求")} .open=${this.isSubscribing} .content=${() => this.wish(demand)}
        @nm-close=${() => (this.isSubscribing = false)}></nm-drawer>
    </div>`;
  }

  private tags(demand: Demand): TemplateResult {
    return html`<nm-stored-tags .catalogue=${this.context.catalogue} .row=${demand} path="/v1/demands/${demand.id}"
      @nm-saved=${() => this.saved(t("标签已保存。"))}></nm-stored-tags>`;
  }

  private wish(demand: Demand): TemplateResult {
    const made = (event: CustomEvent<Made>): void => {
      this.made = event.detail;
      this.isSubscribing = false;
    };
    const text = `${demand.title}\n${demand.description}`;
    return html`<nm-subscription-form .catalogue=${this.context.catalogue} text=${text} @nm-subscribed=${made}></nm-subscription-form>`;
  }

  private steps({ state }: Demand): unknown[] {
    const step = (words: string, name: string, look: string, said: string): TemplateResult =>
      html`<button type="button" class=${look} @click=${() => this.take(name, said)}>${words}</button>`;
    const isOpen = OPEN.has(state) || UNPUBLISHED.has(state);
    return [
      isOpen && may(this.context.session, "change_demand")
        ? html`<button type="button" class="small" @click=${() => (this.isChanging = true)}>${t("修改需求")}</button>`
        : nothing,
      UNPUBLISHED.has(state) ? step(t("发布"), "publish", "primary small", t("已发布。")) : nothing,
      OPEN.has(state) ? step(t("暂停"), "pause", "small", t("已暂停。")) : nothing,
      OPEN.has(state) || state === "paused" ? step(t("撤回"), "withdraw", "small", t("已撤回。")) : nothing,
    ];
  }

  private async take(name: string, said: string): Promise<void> {
    if (name === "withdraw" && !window.confirm(t("撤回后不再参加匹配，不能恢复。确定撤回吗？"))) return;
    try {
      await call("POST", `/v1/demands/${this.row}/${name}`);
      this.problem = null;
      this.lead = said;
      await this.load();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    }
  }

  private change(demand: Demand): TemplateResult {
    const saved = (): void => {
      this.isChanging = false;
      void this.saved(t("修改已保存。"));
    };
    return html`<nm-demand-change .catalogue=${this.context.catalogue} .demand=${demand} @nm-saved=${saved}></nm-demand-change>`;
  }

  private async saved(words: string): Promise<void> {
    this.lead = words;
    await this.load();
  }

  /** The matches; providers the base does not want to see are folded away, and can be restored. */
  private results(answer: Matches): TemplateResult {
    const isHidden = ({ item }: Match): boolean => Boolean(this.dealings.answer?.get(item.group_id)?.hidden_reason);
    const settings: ListSettings = { sides: "demand-provider", actions: (match) => this.actions(match) };
    const hidden = answer.matches.filter(isHidden);
    const shown = { ...answer, matches: answer.matches.filter((match) => !isHidden(match)) };
    return html`${matchList(shown, settings)}
      ${hidden.length
        ? html`<details><summary>${t("查看 {n} 家不再显示的机构", { n: hidden.length })}</summary>${cards(hidden, settings)}</details>`
        : nothing}`;
  }

  private actions(match: Match): TemplateResult {
    const isIn = this.compared.some(({ item }) => item.id === match.item.id);
    const isFull = !isIn && this.compared.length >= MOST_COMPARED;
    const providerId = match.item.group_id;
    return html`${may(this.context.session, "begin_interaction")
        ? html`<nm-dealing acting="base" demand-id=${this.row} provider-id=${providerId} about=${nameOf(match)}
            ?is-over=${OVER.has(this.demand.answer!.state)} .known=${this.dealings.answer?.get(providerId) ?? null} @nm-dealt=${this.dealt}></nm-dealing>`
        : nothing}
      <label class="check">
      <input type="checkbox" .checked=${isIn} ?disabled=${isFull} @change=${() => this.toggle(match)}>
      ${t("加入比较")}<span class="unseen">${nameOf(match)}</span>
    </label>`;
  }

  /** What was done may have brought the demand further: what can be done with it is asked anew. */
  private dealt(event: CustomEvent<Interaction>): void {
    this.dealings.answer?.set(event.detail.provider_id, event.detail);
    void this.demand.ask((signal) => call<Demand>("GET", `/v1/demands/${this.row}`, { signal }));
  }

  private toggle(match: Match): void {
    const others = this.compared.filter(({ item }) => item.id !== match.item.id);
    this.compared = others.length < this.compared.length ? others : [...others, match];
  }

  private comparing(): TemplateResult {
    const n = this.compared.length;
    return html`
      ${n
        ? html`<div class="dock">
            <span role="status">${t("已选 {n} 家，最多比较 {most} 家", { n, most: MOST_COMPARED })}</span>
            <button type="button" class="primary small" ?disabled=${n < 2} @click=${() => (this.isComparing = true)}>${t("比较")}</button>
            <button type="button" class="small" @click=${() => (this.compared = [])}>${t("清空")}</button>
          </div>`
        : nothing}
      <nm-drawer wide heading=${t("并排比较")} .open=${this.isComparing} .content=${() => comparison(this.compared)}
        @nm-close=${() => (this.isComparing = false)}></nm-drawer>
    `;
  }
}
