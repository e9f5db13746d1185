/** All interactions somebody takes part in: filters, table, the history in a drawer. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call } from "../core/http";
import { t } from "../core/language";
import { isProvider, may } from "../core/session";
import type { Interaction } from "../core/types";
import { labelled, momentWords } from "../core/wording";
import { Asking } from "../ui/asking";
import "../ui/contact";
import "../ui/dealing";
import "../ui/drawer";
import "../ui/export";
import type { Filter, FilterValues } from "../ui/filter-bar";
import "../ui/filter-bar";
import { emptyState } from "../ui/notices";
import { Paged } from "../ui/paged";
import { type Context, View } from "../ui/view";

/** Both sides have agreed to talk: each may see whom to speak to. */
const TOGETHER = new Set(["mutual", "contacted", "confirmed", "converted"]);

@customElement("nm-dealings")
export class Dealings extends View {
  @property({ attribute: false }) context!: Context;
  /** The one to be opened at once; empty for none. */
  @property() row = "";
  @state() private isOpen = false;
  /** What the list is narrowed to. */
  private values: FilterValues = {};
  private readonly dealings = new Paged<Interaction>(this, "/v1/interactions");
  private readonly shown = new Asking<Interaction>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load({});
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("row") && this.row) void this.open(this.row);
  }

  private async load(values: FilterValues): Promise<void> {
    this.values = values;
    await this.dealings.load({ ...values, limit: 20 });
  }

  override render(): TemplateResult {
    return html`
      <nm-filter-bar class="panel" .filters=${this.filters()}
        @nm-filter=${(event: CustomEvent<FilterValues>) => this.load(event.detail)}></nm-filter-bar>
      <section class="panel" aria-label=${t("对接列表")}>
        ${may(this.context.session, "export_interactions")
          ? html`<div class="panel-tools"><nm-export path="/v1/interactions/export" .query=${this.values}></nm-export></div>`
          : nothing}
        ${this.dealings.render((rows) => this.table(rows), () => this.empty())}
      </section>
      <nm-drawer heading=${t("对接经过")} .open=${this.isOpen} .content=${() => this.shown.render((dealing) => this.history(dealing))}
        @nm-close=${this.closed}></nm-drawer>
    `;
  }

  private filters(): Filter[] {
    const { catalogue } = this.context;
    return [
      { name: "state", label: t("状态"), kind: "choice", options: catalogue.choices("InteractionState") },
      {
        name: "awaiting",
        label: t("等谁答复"),
        kind: "choice",
        options: [
          { code: "base", name: t("服务基地") },
          { code: "provider", name: t("服务机构") },
        ],
      },
      { name: "shortlisted", label: t("候选"), kind: "choice", options: [{ code: "true", name: t("只看候选") }] },
    ];
  }

  private table(rows: Interaction[]): TemplateResult {
    return html`<table class="rows">
      <caption class="unseen">${t("对接列表")}</caption>
      <thead>
        <tr>
          <th scope="col">${t("需求")}</th><th scope="col">${t("服务机构")}</th><th scope="col">${t("状态")}</th>
          <th scope="col">${t("答复期限")}</th><th scope="col">${t("更新时间")}</th><th scope="col">${t("操作")}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (dealing) => html`<tr>
            <th scope="row" data-name=${t("需求")}><a href="#/demands/${dealing.demand_id}">${dealing.demand_title ?? dealing.demand_id}</a></th>
            <td data-name=${t("服务机构")}>${dealing.provider_name}</td>
            <td data-name=${t("状态")}><span class="state">${t(dealing.state_label)}</span>
              ${dealing.is_shortlisted ? html`<span class="state active">${t("候选")}</span>` : nothing}</td>
            <td data-name=${t("答复期限")} class="nowrap">${momentWords(dealing.due_at) || t("没有")}</td>
            <td data-name=${t("更新时间")} class="nowrap">${momentWords(dealing.updated_at)}</td>
            <td data-name=${t("操作")}><button type="button" class="link" @click=${() => this.open(dealing.id)}>
              ${t("经过与答复")}<span class="unseen">${dealing.provider_name}</span></button></td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  private empty(): TemplateResult {
    return isProvider(this.context.session)
      ? emptyState(t("还没有对接。"), html`${t("在推荐的需求里点“表示意向”或“提问”就开始了：")}<a href="#/recommended">${t("推荐的需求")}</a>`)
      : emptyState(t("还没有对接。"), html`${t("在需求的匹配结果里点“邀请”就开始了：")}<a href="#/mine">${t("我的需求")}</a>`);
  }

  /** Show one; its address can be kept, and opens it again. */
  private async open(id: string): Promise<void> {
    this.isOpen = true;
    window.history.replaceState(null, "", `#/dealings/${id}`);
    this.shown.forget();
    await this.shown.ask((signal) => call("GET", `/v1/interactions/${id}`, { signal }));
  }

  private closed(): void {
    this.isOpen = false;
    window.history.replaceState(null, "", "#/dealings");
  }

  private history(dealing: Interaction): TemplateResult {
    const acting = dealing.my_side === "provider" ? "provider" : "base";
    return html`
      <h3>${dealing.demand_title}</h3>
      <p class="hint">${[dealing.base_name, dealing.recipient_name, dealing.provider_name].filter(Boolean).join("　·　")}</p>
      ${TOGETHER.has(dealing.state) && may(this.context.session, "read_contact")
        ? html`<nm-contact row-id=${acting === "provider" ? dealing.demand_id : dealing.provider_id} words=${t("查看对方联系人")}></nm-contact>`
        : nothing}
      <ol class="events">
        ${(dealing.events ?? []).map(
          (event) => html`<li>
            <p><strong>${t(event.act_label)}</strong>　<span class="hint">${event.by ?? ""}　${momentWords(event.created_at)}</span></p>
            ${event.reason_label ? html`<p class="hint">${labelled(t("原因"), t(event.reason_label))}</p>` : nothing}
            ${event.body ? html`<p class="description">${event.body}</p>` : nothing}
          </li>`,
        )}
      </ol>
      ${dealing.acts.length
        ? html`<nm-dealing acting=${acting} demand-id=${dealing.demand_id} provider-id=${dealing.provider_id}
            about=${dealing.provider_name ?? ""} .known=${dealing} @nm-dealt=${() => this.dealt(dealing)}></nm-dealing>`
        : nothing}
    `;
  }

  private async dealt(dealing: Interaction): Promise<void> {
    await this.open(dealing.id);
    await this.dealings.load();
  }
}
