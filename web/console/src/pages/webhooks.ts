/** Webhooks: where notifications are sent by signed requests, and what became of them. */

import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call } from "../core/http";
import { t } from "../core/language";
import type { Webhook } from "../core/webhooks";
import { momentWords } from "../core/wording";
import { Asking } from "../ui/asking";
import { Attempt } from "../ui/attempt";
import "../ui/deliveries";
import "../ui/drawer";
import { emptyState } from "../ui/notices";
import "../ui/once";
import { type Context, View } from "../ui/view";

@customElement("nm-webhooks")
export class Webhooks extends View {
  @property({ attribute: false }) context!: Context;
  @state() private isAdding = false;
  @state() private secret = "";
  @state() private shown: Webhook | null = null;
  private readonly webhooks = new Asking<Webhook[]>(this);
  private readonly attempt = new Attempt(this);
  private readonly making = new Attempt(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-label=${t("回调")}>
        <p class="panel-tools"><button type="button" class="primary" @click=${() => (this.isAdding = true)}>${t("登记回调")}</button></p>
        <p class="hint">${t("有通知时，以签名的请求发到贵单位的业务系统；怎样核对签名，见文档“通知、回调、邮件和订阅”。")}</p>
        ${this.attempt.outcome()}
        ${this.secret ? once(this.secret) : ""}
        ${this.webhooks.render((webhooks) => (webhooks.length ? this.table(webhooks) : empty()))}
      </section>
      <nm-drawer heading=${t("登记回调")} .open=${this.isAdding} .content=${() => this.form()} @nm-close=${() => (this.isAdding = false)}></nm-drawer>
      <nm-drawer wide heading=${t("发送记录")} .open=${this.shown !== null} @nm-close=${() => (this.shown = null)}
        .content=${() => html`<nm-deliveries .catalogue=${this.context.catalogue} .webhook=${this.shown}></nm-deliveries>`}></nm-drawer>`;
  }

  private load(): Promise<boolean> {
    return this.webhooks.ask((signal) => call("GET", "/v1/webhooks", { signal }));
  }

  private table(webhooks: Webhook[]): TemplateResult {
    return html`<table class="rows">
      <caption class="unseen">${t("回调")}</caption>
      <thead><tr>
        <th scope="col">${t("名称")}</th><th scope="col">${t("地址")}</th><th scope="col">${t("通知哪些")}</th>
        <th scope="col">${t("登记时间")}</th><th scope="col">${t("操作")}</th>
      </tr></thead>
      <tbody>${webhooks.map((webhook) => this.row(webhook))}</tbody>
    </table>`;
  }

  private row(webhook: Webhook): TemplateResult {
    const kinds = webhook.kinds.map((kind) => this.context.catalogue.label("NotificationKind", kind));
    return html`<tr>
      <th scope="row" data-name=${t("名称")}>${webhook.name}</th>
      <td data-name=${t("地址")}>${webhook.url}</td>
      <td data-name=${t("通知哪些")}>${kinds.join(t("、")) || t("全部")}</td>
      <td data-name=${t("登记时间")} class="nowrap">${momentWords(webhook.created_at)}</td>
      <td data-name=${t("操作")}>
        <button type="button" class="link" @click=${() => this.test(webhook)}>${t("测试")}<span class="unseen">${webhook.name}</span></button>
        <button type="button" class="link" @click=${() => (this.shown = webhook)}>${t("发送记录")}<span class="unseen">${webhook.name}</span></button>
        <button type="button" class="link" @click=${() => this.revoke(webhook)}>${t("停用")}<span class="unseen">${webhook.name}</span></button></td>
    </tr>`;
  }

  private form(): TemplateResult {
    const kinds = this.context.catalogue.choices("NotificationKind");
    return html`<form novalidate autocomplete="off" @submit=${(event: Event) => this.add(event)}>
      <div class="field"><label for="webhook-name">${t("名称")}</label>
        <input id="webhook-name" name="name" type="text" placeholder=${t("例如：园区业务系统")}></div>
      <div class="field"><label for="webhook-url">${t("地址")}</label>
        <input id="webhook-url" name="url" type="text" inputmode="url" placeholder="https://hooks.example.org/navmatch" aria-describedby="webhook-url-hint">
        <p class="hint" id="webhook-url-hint">${t("https，公网域名，端口 443 或 8443；内网地址要管理员先许可。")}</p></div>
      <fieldset class="checks"><legend>${t("通知哪些（都不选表示全部）")}</legend>
        ${kinds.map(({ code, name }) => html`<label class="check"><input type="checkbox" name="kinds" value=${code}>${name}</label>`)}
      </fieldset>
      <div class="actions"><button type="submit" class="primary">${t("登记")}</button></div>
      ${this.making.refusal()}
    </form>`;
  }

  private async add(event: Event): Promise<void> {
    event.preventDefault();
    const filled = new FormData(event.target as HTMLFormElement);
    const given = (name: string): string => String(filled.get(name)).trim();
    const body = { name: given("name"), url: given("url"), kinds: filled.getAll("kinds") };
    const isMade = await this.making.make(async () => {
      this.secret = (await call<{ secret: string }>("POST", "/v1/webhooks", { body })).secret;
      return "";
    });
    if (!isMade) return;
    this.isAdding = false;
    await this.load();
  }

  private async test(webhook: Webhook): Promise<void> {
    await this.attempt.make(async () => {
      await call("POST", `/v1/webhooks/${webhook.id}/test`);
      this.shown = webhook;
      return t("已发出测试。");
    });
  }

  private async revoke(webhook: Webhook): Promise<void> {
    if (!window.confirm(t("停用后立即不再发送，包括还没有送达的，不能恢复。确定停用“{name}”吗？", { name: webhook.name }))) return;
    await this.attempt.make(async () => {
      await call("DELETE", `/v1/webhooks/${webhook.id}`);
      this.secret = "";
      await this.load();
      return t("已停用“{name}”。", { name: webhook.name });
    });
  }
}

function once(secret: string): TemplateResult {
  return html`<nm-once heading=${t("签名密钥只显示这一次，请立即保存")} value=${secret}
    hint=${t("填进接收方，用来核对请求确实由本系统发出。")}></nm-once>`;
}

function empty(): TemplateResult {
  return emptyState(
    t("还没有回调。"),
    t("业务系统要在有邀请、意向、答复时立即知道，就登记它的接收地址；只想看邮件，在“我的账号”里设置。"),
  );
}
