/** One's own account: password and authenticator. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call, Problem } from "../core/http";
import { t } from "../core/language";
import { may, present } from "../core/session";
import "../ui/mailbox";
import "../ui/new-password";
import { problemNotice } from "../ui/notices";
import { type Context, View } from "../ui/view";

interface Offer {
  secret: string;
  address: string;
}

/** Whether a binding was refused as one is bound: what is wrong with a field as such names the field. */
function lacksProof(problem: Problem | null): boolean {
  return problem?.code === "invalid_input" && !problem.errors.length;
}

/** Tells `nm-session` with the session once an authenticator was bound: from then on it may do more. */
@customElement("nm-account")
export class Account extends View {
  @property({ attribute: false }) context!: Context;
  @state() private offer: Offer | null = null;
  @state() private problem: Problem | null = null;
  @state() private said = "";
  /** Whether one is bound; told by the session, by binding one here, or by a refusal. */
  @state() private isBound = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.isBound = this.context.session.has_authenticator;
  }

  override render(): TemplateResult {
    const { session } = this.context;
    return html`
      <section class="panel" aria-labelledby="me-title">
        <h2 id="me-title">${session.name || session.login}</h2>
        <dl class="pairs">
          <dt>${t("登录名")}</dt><dd>${session.login}</dd>
          <dt>${t("角色")}</dt><dd>${t(session.role_label)}</dd>
          <dt>${t("单位")}</dt><dd>${session.organisation_name ?? t("平台管理方")}</dd>
          <dt>${t("身份验证器")}</dt><dd>${session.has_authenticator ? t("本次登录已使用") : t("本次登录没有使用")}</dd>
        </dl>
        <p role="status" class="status">${this.said}</p>
        <div role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>
      </section>
      <section class="panel" aria-labelledby="password-title">
        <h2 id="password-title">${t("修改密码")}</h2>
        <form class="narrow" novalidate @submit=${this.changePassword}>
          <div class="field">
            <label for="old-password">${t("现在的密码")}</label>
            <input id="old-password" type="password" autocomplete="current-password" required>
          </div>
          <nm-new-password hint=${t("10 至 128 个字符，不能含有登录名。修改后其他登录全部结束。")}></nm-new-password>
          <div class="actions"><button type="submit" class="primary">${t("修改")}</button></div>
        </form>
      </section>
      <section class="panel" aria-labelledby="authenticator-title">
        <h2 id="authenticator-title">${t("身份验证器")}</h2>
        <p>${t("绑定后，登录时除密码外还要填手机上的 6 位验证码。管理账号、密钥和查看审计都要先绑定；管理方改动、导出内容或查看联系人也要。")}</p>
        ${this.offer ? this.binding(this.offer) : html`<div class="actions"><button type="button" @click=${this.ask}>${this.isBound ? t("更换身份验证器") : t("绑定身份验证器")}</button></div>`}
      </section>
      ${may(session, "read_mailbox") ? html`<nm-mailbox .catalogue=${this.context.catalogue}></nm-mailbox>` : nothing}
    `;
  }

  private binding(offer: Offer): TemplateResult {
    return html`<form class="narrow" novalidate @submit=${this.bind}>
      <ol class="points">
        <li>${t("在手机的身份验证器里选择“输入密钥”，填入下面的密钥；在手机上打开本页时，可以直接")}<a href=${offer.address}>${t("用验证器打开")}</a>。</li>
        <li>${t("把验证器显示的 6 位数字填在下面。确认之前不生效。")}</li>
      </ol>
      <p><code class="secret">${offer.secret.replace(/(.{4})/g, "$1 ").trim()}</code></p>
      <div class="field">
        <label for="code">${this.isBound ? t("新验证器上的验证码") : t("验证码")}</label>
        <input id="code" type="text" inputmode="numeric" autocomplete="one-time-code">
      </div>
      ${this.isBound ? this.proof() : nothing}
      <div class="actions"><button type="submit" class="primary">${this.isBound ? t("确认更换") : t("确认绑定")}</button></div>
    </form>`;
  }

  /** What shows that it is its owner who replaces a bound authenticator. */
  private proof(): TemplateResult {
    return html`<p class="hint">${t("已绑定身份验证器，更换时还要填下面两项。")}</p>
      <div class="field">
        <label for="own-password">${t("登录密码")}</label>
        <input id="own-password" type="password" autocomplete="current-password">
      </div>
      <div class="field">
        <label for="old-code">${t("原验证器上的验证码")}</label>
        <input id="old-code" type="text" inputmode="numeric" autocomplete="off">
      </div>`;
  }

  private value(id: string): string {
    return this.find<HTMLInputElement>(`#${id}`)!.value.trim();
  }

  private async changePassword(event: Event): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const body = { old_password: this.value("old-password"), new_password: this.value("new-password") };
    await this.attempt(async () => {
      await call("PUT", "/v1/session/password", { body });
      form.reset();
      this.said = t("密码已修改。");
    });
  }

  private async ask(): Promise<void> {
    await this.attempt(async () => {
      this.offer = await call<Offer>("POST", "/v1/session/authenticator");
    });
  }

  private async bind(event: Event): Promise<void> {
    event.preventDefault();
    const wasBound = this.isBound;
    const proof = wasBound ? { password: this.value("own-password"), old_code: this.value("old-code") } : {};
    const body = { secret: this.offer!.secret, code: this.value("code"), ...proof };
    await this.attempt(async () => {
      await call("PUT", "/v1/session/authenticator", { body });
      this.offer = null;
      this.isBound = true;
      this.said = wasBound
        ? t("已更换。原验证器不再有效。")
        : t("已绑定。从下次登录起要填验证码。");
      const session = await present();
      if (session) this.tell("nm-session", session);
    });
    if (lacksProof(this.problem)) this.isBound = true;
  }

  private async attempt(step: () => Promise<void>): Promise<void> {
    this.said = "";
    this.problem = null;
    try {
      await step();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    }
  }
}
