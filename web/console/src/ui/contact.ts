/** Whom to speak to about a demand or provider: shown when asked for, as every look is recorded. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { call } from "../core/http";
import { t } from "../core/language";
import { Asking } from "./asking";
import { Attempt } from "./attempt";
import { View } from "./view";

interface Contact {
  name: string;
  phone: string | null;
  email: string | null;
  recipient_name: string | null;
}

@customElement("nm-contact")
export class ContactShown extends View {
  @property({ attribute: "row-id" }) rowId = "";
  @property() words = "";
  private readonly contact = new Asking<Contact>(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("rowId")) this.contact.forget();
  }

  override render(): TemplateResult {
    return html`<div class="contact">
      <button type="button" class="small" @click=${this.look}>${this.words}</button>
      <span class="hint">${t("每次查看都记入审计。")}</span>
      ${this.contact.render((contact) => shown(contact))}
    </div>`;
  }

  /** Show it no longer. */
  forget(): void {
    this.contact.forget();
  }

  private look(): void {
    void this.contact.ask((signal) => call("GET", `/v1/contacts/${this.rowId}`, { signal }));
  }
}

/** Sets and removes the contact of a row of one's own. */
@customElement("nm-contact-form")
export class ContactForm extends View {
  @property({ attribute: "row-id" }) rowId = "";
  private readonly attempt = new Attempt(this);

  override render(): TemplateResult {
    return html`<details>
      <summary>${t("联系人")}</summary>
      <p class="hint">${t("与正文分开存放，不参加匹配；双方都有意后，对方才看得到。")}</p>
      <nm-contact row-id=${this.rowId} words=${t("查看已登记的联系人")}></nm-contact>
      <form class="narrow" novalidate autocomplete="off" @submit=${this.submitted}>
        ${field("name", t("姓名"))} ${field("phone", t("电话"))} ${field("email", t("电子邮箱"))}
        <div class="actions">
          <button type="submit" class="small primary">${t("保存联系人")}</button>
          <button type="button" class="small" @click=${this.erase}>${t("删除联系人")}</button>
        </div>
        ${this.attempt.outcome()}
      </form>
    </details>`;
  }

  private async submitted(event: Event): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const given = Array.from(new FormData(form), ([name, value]) => [name, String(value).trim()]);
    const body = Object.fromEntries(given.filter(([, value]) => value));
    await this.attempt.make(async () => {
      await call("PUT", `/v1/contacts/${this.rowId}`, { body });
      form.reset();
      return t("联系人已保存。");
    });
  }

  private async erase(): Promise<void> {
    if (!window.confirm(t("删除后对方也不再看到，不能恢复。确定删除联系人吗？"))) return;
    await this.attempt.make(async () => {
      await call("DELETE", `/v1/contacts/${this.rowId}`);
      this.find<ContactShown>("nm-contact")?.forget();
      return t("联系人已删除。");
    });
  }
}

function field(name: string, label: string): TemplateResult {
  return html`<div class="field"><label for="contact-${name}">${label}</label>
    <input id="contact-${name}" name=${name} type="text"></div>`;
}

function shown({ name, phone, email, recipient_name: recipient }: Contact): TemplateResult {
  const rows: [string, string | null][] = [
    [t("姓名"), name],
    [t("电话"), phone],
    [t("电子邮箱"), email],
    [t("使用单位"), recipient],
  ];
  return html`<dl class="pairs">
    ${rows.map(([title, value]) => (value ? html`<dt>${title}</dt><dd>${value}</dd>` : nothing))}
  </dl>`;
}
