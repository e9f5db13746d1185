/** Where somebody gets their notifications by e-mail, and how often at most. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Catalogue } from "../core/catalogue";
import { call } from "../core/http";
import { t } from "../core/language";
import { Asking } from "./asking";
import { Attempt } from "./attempt";
import { notice } from "./notices";
import { View } from "./view";

interface Setting {
  address: string | null;
  cadence: string | null;
  is_sent: boolean;
}

@customElement("nm-mailbox")
export class Mailbox extends View {
  @property({ attribute: false }) catalogue!: Catalogue;
  private readonly setting = new Asking<Setting>(this);
  private readonly attempt = new Attempt(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.setting.ask((signal) => call("GET", "/v1/mailbox", { signal }));
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="mailbox-title">
      <h2 id="mailbox-title">${t("邮件摘要")}</h2>
      <p>${t("未读的通知汇成一封邮件，有新的才发；设置之前的不补发。")}</p>
      ${this.setting.render((setting) => this.form(setting))}
      ${this.attempt.outcome()}
    </section>`;
  }

  private form({ address, cadence, is_sent: isSent }: Setting): TemplateResult {
    return html`${isSent ? nothing : notice(t("本安装还发不了邮件"), t("管理员还没有设置邮件服务器。可以先填好地址，设置后即开始发送。"))}
      <form class="narrow" novalidate @submit=${this.save}>
        <div class="field">
          <label for="mailbox-address">${t("电子邮箱")}</label>
          <input id="mailbox-address" name="address" type="text" inputmode="email" autocomplete="email" .value=${address ?? ""}>
        </div>
        <div class="field">
          <label for="mailbox-cadence">${t("最多多久一封")}</label>
          <select id="mailbox-cadence" name="cadence">
            ${this.catalogue.choices("Cadence").map(
              ({ code, name }) => html`<option value=${code} ?selected=${code === (cadence ?? "daily")}>${t(name)}</option>`,
            )}
          </select>
        </div>
        <div class="actions">
          <button type="submit" class="primary">${t("保存")}</button>
          ${address ? html`<button type="button" @click=${this.stop}>${t("停发并删除地址")}</button>` : nothing}
        </div>
      </form>`;
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    const filled = new FormData(event.target as HTMLFormElement);
    const body = { address: String(filled.get("address")).trim(), cadence: String(filled.get("cadence")) };
    await this.attempt.make(async () => {
      const saved = await call<Setting>("PUT", "/v1/mailbox", { body });
      await this.setting.ask(() => Promise.resolve(saved));
      return t("已保存。");
    });
  }

  private async stop(): Promise<void> {
    await this.attempt.make(async () => {
      await call("DELETE", "/v1/mailbox");
      await this.setting.ask((signal) => call("GET", "/v1/mailbox", { signal }));
      return t("已停发，地址已删除。");
    });
  }
}
