/** What was sent to a webhook, and what became of it; what was given up can be tried again. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Catalogue } from "../core/catalogue";
import { call } from "../core/http";
import { t } from "../core/language";
import { type Delivery, errorWords, type Webhook } from "../core/webhooks";
import { momentWords } from "../core/wording";
import { Asking } from "./asking";
import { Attempt } from "./attempt";
import { emptyState } from "./notices";
import { View } from "./view";

/** How long to wait before looking again at what was not tried yet. */
const PAUSE_MS = 2000;
const LOOKS = { waiting: "draft", done: "active", dead: "revoked" } as Record<string, string>;

@customElement("nm-deliveries")
export class Deliveries extends View {
  @property({ attribute: false }) catalogue!: Catalogue;
  @property({ attribute: false }) webhook!: Webhook;
  private readonly deliveries = new Asking<Delivery[]>(this);
  private readonly attempt = new Attempt(this);
  private timer = 0;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("webhook")) void this.load();
  }

  override disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    return html`<p class="hint">${this.webhook.name}　${this.webhook.url}</p>
      <p class="panel-tools"><button type="button" class="small" @click=${() => this.load()}>${t("刷新")}</button></p>
      ${this.attempt.outcome()}
      ${this.deliveries.render((found) =>
        found.length ? this.table(found) : emptyState(t("还没有发送过。"), t("点“测试”发一个没有内容的请求，看能不能送到。")),
      )}`;
  }

  /** Load the list, and again soon while something has not been tried once. */
  private async load(): Promise<void> {
    window.clearTimeout(this.timer);
    const path = `/v1/webhooks/${this.webhook.id}/deliveries`;
    await this.deliveries.ask((signal) => call("GET", path, { signal }));
    const isDue = this.deliveries.answer?.some(({ state, n_tries: n }) => state === "waiting" && n === 0);
    if (isDue && this.isConnected) this.timer = window.setTimeout(() => void this.load(), PAUSE_MS);
  }

  private table(found: Delivery[]): TemplateResult {
    return html`<table class="rows">
      <caption class="unseen">${t("发送记录")}</caption>
      <thead><tr>
        <th scope="col">${t("时间")}</th><th scope="col">${t("进展")}</th><th scope="col">${t("试了几次")}</th>
        <th scope="col">${t("最近的错误")}</th><th scope="col">${t("下次再试")}</th><th scope="col">${t("操作")}</th>
      </tr></thead>
      <tbody>${found.map((delivery) => this.row(delivery))}</tbody>
    </table>`;
  }

  private row(delivery: Delivery): TemplateResult {
    const { state, last_error: error } = delivery;
    return html`<tr>
      <th scope="row" data-name=${t("时间")} class="nowrap">${momentWords(delivery.created_at)}</th>
      <td data-name=${t("进展")}><span class="state ${LOOKS[state] ?? ""}">${this.catalogue.label("DeliveryState", state)}</span></td>
      <td data-name=${t("试了几次")}>${delivery.n_tries}</td>
      <td data-name=${t("最近的错误")}>${error ? errorWords(error) : t("没有")}</td>
      <td data-name=${t("下次再试")} class="nowrap">${momentWords(delivery.next_at) || t("不再试")}</td>
      <td data-name=${t("操作")}>${state === "dead"
        ? html`<button type="button" class="link" @click=${() => this.retry(delivery)}>${t("从头再试")}<span class="unseen">${momentWords(delivery.created_at)}</span></button>`
        : nothing}</td>
    </tr>`;
  }

  private async retry(delivery: Delivery): Promise<void> {
    await this.attempt.make(async () => {
      await call("POST", `/v1/deliveries/${delivery.id}/retry`);
      await this.load();
      return t("将从头再试。");
    });
  }
}
