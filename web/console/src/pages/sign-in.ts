/** The way in: signing in, and the first password. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call, Problem } from "../core/http";
import { t } from "../core/language";
import { present, signIn } from "../core/session";
import type { Session } from "../core/types";
import "../ui/new-password";
import { problemNotice } from "../ui/notices";
import { View } from "../ui/view";

/** Tells `nm-session` with the session once somebody may work. */
@customElement("nm-sign-in")
export class SignIn extends View {
  /** Somebody who must change the first password; null for nobody. */
  @property({ attribute: false }) session: Session | null = null;
  @state() private problem: Problem | null = null;
  @state() private asksCode = false;

  protected override firstUpdated(_changed: PropertyValues<this>): void {
    this.find("input")?.focus();
  }

  override render(): TemplateResult {
    return this.session ? this.firstPassword() : this.entry();
  }

  private entry(): TemplateResult {
    return html`<section class="panel" id="sign-in" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">${t("登录")}</h1>
      <form novalidate @submit=${this.enter}>
        <div class="field">
          <label for="login">${t("登录名")}</label>
          <input id="login" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required>
        </div>
        <div class="field">
          <label for="password">${t("密码")}</label>
          <input id="password" type="password" autocomplete="current-password" required>
        </div>
        <div class="field" ?hidden=${!this.asksCode}>
          <label for="code">${t("验证码")}</label>
          <input id="code" type="text" inputmode="numeric" autocomplete="one-time-code" aria-describedby="code-hint">
          <p class="hint" id="code-hint">${t("身份验证器现在显示的 6 位数字。")}</p>
        </div>
        <div class="actions"><button type="submit" class="primary">${t("登录")}</button></div>
        <div id="sign-in-problem" role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>
        <p class="hint">${t("还没有账号时，由管理方建立；第一个账号在服务器上用 navmatch people add 建立。试用演示数据时，账号和密码打印在启动服务的终端里。")}</p>
      </form>
    </section>`;
  }

  private firstPassword(): TemplateResult {
    return html`<section class="panel" id="first-password" aria-labelledby="first-password-title">
      <h1 id="first-password-title">${t("修改初始密码")}</h1>
      <form novalidate @submit=${this.change}>
        <div class="field">
          <label for="old-password">${t("现在的密码")}</label>
          <input id="old-password" type="password" autocomplete="current-password" required>
        </div>
        <nm-new-password hint=${t("10 至 128 个字符，不能含有登录名。")}></nm-new-password>
        <div class="actions"><button type="submit" class="primary">${t("修改")}</button></div>
        <div id="password-problem" role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>
      </form>
    </section>`;
  }

  private value(id: string): string {
    return this.find<HTMLInputElement>(`#${id}`)!.value;
  }

  private async enter(event: Event): Promise<void> {
    event.preventDefault();
    await this.attempt(async () => {
      const session = await signIn(this.value("login").trim(), this.value("password"), this.value("code").trim());
      this.find<HTMLFormElement>("form")!.reset();
      this.tell("nm-session", session);
    });
    if (this.problem?.code !== "totp_required") return;
    this.asksCode = true;
    await this.updateComplete;
    this.find("#code")?.focus();
  }

  private async change(event: Event): Promise<void> {
    event.preventDefault();
    await this.attempt(async () => {
      const body = { old_password: this.value("old-password"), new_password: this.value("new-password") };
      await call("PUT", "/v1/session/password", { body });
      this.tell("nm-session", await present());
    });
  }

  private async attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
      this.problem = null;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    }
  }
}
