/** Subscriptions: what is looked for, what was found, the address of the feed. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call, searchOf } from "../core/http";
import { t } from "../core/language";
import { conditionWords, isSearch, type Made, type Subscription } from "../core/subscriptions";
import { momentWords } from "../core/wording";
import { Asking } from "../ui/asking";
import { Attempt } from "../ui/attempt";
import "../ui/drawer";
import { emptyState } from "../ui/notices";
import { feedOnce } from "../ui/subscribed";
import "../ui/subscription-form";
import { type Context, View } from "../ui/view";

interface Row {
  subscription: Subscription;
  /** Its conditions in words. */
  conditions: string[];
}

interface Found {
  id: string;
  title: string;
  band_label: string | null;
  found_at: string;
}

@customElement("nm-subscriptions")
export class Subscriptions extends View {
  @property({ attribute: false }) context!: Context;
  /** The one whose results are to be shown at once; empty for none. */
  @property() row = "";
  @state() private isAdding = false;
  @state() private made: Made | null = null;
  @state() private shown: Subscription | null = null;
  private readonly rows = new Asking<Row[]>(this);
  private readonly found = new Asking<Found[]>(this);
  private readonly attempt = new Attempt(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.begin();
  }

  private async begin(): Promise<void> {
    await this.load();
    const wanted = this.rows.answer?.find(({ subscription }) => subscription.id === this.row);
    if (wanted) await this.open(wanted.subscription);
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-label=${t("订阅")}>
        <p class="panel-tools"><button type="button" class="primary" @click=${() => (this.isAdding = true)}>${t("新的订阅")}</button></p>
        <p class="hint">${t("此后发布的需求或机构，意思相近或符合条件的，通知贵单位；每条只通知一次。")}</p>
        ${this.attempt.outcome()}
        ${this.made ? feedOnce(this.made) : nothing}
        ${this.rows.render((rows) => (rows.length ? this.table(rows) : empty()))}
      </section>
      <nm-drawer heading=${t("新的订阅")} .open=${this.isAdding} .content=${() => this.form()} @nm-close=${() => (this.isAdding = false)}></nm-drawer>
      <nm-drawer heading=${this.shown?.name ?? ""} .open=${this.shown !== null} .content=${() => this.finds()}
        @nm-close=${() => (this.shown = null)}></nm-drawer>`;
  }

  private async load(): Promise<void> {
    await this.rows.ask(async (signal) => {
      const found = await call<Subscription[]>("GET", "/v1/subscriptions", { signal });
      const rows = found.map(async (subscription) => ({
        subscription,
        conditions: await conditionWords(subscription, this.context.catalogue),
      }));
      return (await Promise.all(rows)).reverse();
    });
  }

  private table(rows: Row[]): TemplateResult {
    return html`<table class="rows">
      <caption class="unseen">${t("订阅")}</caption>
      <thead><tr>
        <th scope="col">${t("名称")}</th><th scope="col">${t("找什么")}</th><th scope="col">${t("通知")}</th>
        <th scope="col">${t("已找到")}</th><th scope="col">${t("登记时间")}</th><th scope="col">${t("操作")}</th>
      </tr></thead>
      <tbody>${rows.map((row) => this.line(row))}</tbody>
    </table>`;
  }

  private line({ subscription: about, conditions }: Row): TemplateResult {
    const { catalogue } = this.context;
    const least = about.text ? t("“{band}”以上", { band: catalogue.label("Band", about.min_band) }) : "";
    return html`<tr>
      <th scope="row" data-name=${t("名称")}>${about.name}
        ${about.text ? html`<span class="because clamped">${about.text}</span>` : nothing}</th>
      <td data-name=${t("找什么")}>${[catalogue.label("Entity", about.entity), catalogue.label("SubscriptionKind", about.kind), least, ...conditions]
        .filter(Boolean)
        .join("　·　")}</td>
      <td data-name=${t("通知")} class="nowrap">${catalogue.label("Cadence", about.cadence)}</td>
      <td data-name=${t("已找到")} class="nowrap">
        <button type="button" class="link" @click=${() => this.open(about)}>${t("{n} 条", { n: about.n_found })}<span class="unseen">${about.name}</span></button></td>
      <td data-name=${t("登记时间")} class="nowrap">${momentWords(about.created_at)}</td>
      <td data-name=${t("操作")}>
        ${isSearch(about) ? html`<a href="#/demands${searchOf(about.filters)}">${t("打开检索")}<span class="unseen">${about.name}</span></a>` : nothing}
        <button type="button" class="link" @click=${() => this.renew(about)}>${t("换新订阅源地址")}<span class="unseen">${about.name}</span></button>
        <button type="button" class="link" @click=${() => this.drop(about)}>${t("删除")}<span class="unseen">${about.name}</span></button></td>
    </tr>`;
  }

  private form(): TemplateResult {
    const made = (event: CustomEvent<Made>): void => {
      this.isAdding = false;
      void this.attempt.make(async () => {
        this.made = event.detail;
        await this.load();
        return t("已订阅：{name}。", { name: event.detail.about.name });
      });
    };
    return html`<nm-subscription-form .catalogue=${this.context.catalogue} @nm-subscribed=${made}></nm-subscription-form>`;
  }

  private async open(about: Subscription): Promise<void> {
    this.shown = about;
    this.found.forget();
    await this.found.ask((signal) => call("GET", `/v1/subscriptions/${about.id}/found`, { signal }));
  }

  private finds(): TemplateResult {
    const isDemand = this.shown!.entity === "demand";
    return this.found.render((found) =>
      found.length
        ? html`<ul class="lines">${found.map((one) => html`<li>
            ${isDemand ? html`<a href="#/demands/${one.id}">${one.title}</a>` : html`<span>${one.title}</span>`}
            <span class="hint">${one.band_label ? t(one.band_label) : ""}　${momentWords(one.found_at)}</span></li>`)}</ul>`
        : emptyState(
            t("还没有找到。"),
            t("只看登记之后发布或改动的。现有的，请到“全部需求”里按条件筛选；一直没有，把匹配程度放低一档，或少几个条件。"),
          ),
    );
  }

  private async renew(about: Subscription): Promise<void> {
    if (!window.confirm(t("换新后，原来的地址立即打不开。确定换新“{name}”的地址吗？", { name: about.name }))) return;
    await this.attempt.make(async () => {
      this.made = await call<Made>("POST", `/v1/subscriptions/${about.id}/feed`);
      return t("已换新“{name}”的地址。", { name: about.name });
    });
  }

  private async drop(about: Subscription): Promise<void> {
    if (!window.confirm(t("连同找到的和订阅源一起删除，不能恢复。确定删除“{name}”吗？", { name: about.name }))) return;
    await this.attempt.make(async () => {
      await call("DELETE", `/v1/subscriptions/${about.id}`);
      this.made = null;
      await this.load();
      return t("已删除“{name}”。", { name: about.name });
    });
  }
}

function empty(): TemplateResult {
  return emptyState(
    t("还没有订阅。"),
    t("点“新的订阅”，粘贴一段文字，像它的需求一发布就通知；或者在“全部需求”里设好筛选条件，点“订阅这些条件”，以后点“打开检索”就是那些条件。"),
  );
}
