/** The accounts of an organisation: adding, stopping, new first passwords. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Option } from "../core/catalogue";
import { call, Problem } from "../core/http";
import { t } from "../core/language";
import { everyOrganisation } from "../core/organisations";
import { isOperator, may } from "../core/session";
import { momentWords } from "../core/wording";
import { Asking } from "../ui/asking";
import type { Belonging } from "../ui/belonging";
import "../ui/belonging";
import { Paged } from "../ui/paged";
import "../ui/drawer";
import { emptyState, notice, problemNotice } from "../ui/notices";
import { type Context, View } from "../ui/view";

interface Person {
  id: string;
  login: string;
  name: string;
  role: string;
  organisation_name: string | null;
  is_locked: boolean;
  has_authenticator: boolean;
  must_change_password: boolean;
  created_at: string;
}

@customElement("nm-people")
export class People extends View {
  @property({ attribute: false }) context!: Context;
  @state() private isAdding = false;
  @state() private problem: Problem | null = null;
  @state() private password: { login: string; text: string } | null = null;
  private readonly people = new Paged<Person>(this, "/v1/people");
  private readonly organisations = new Asking<Option[]>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
    const { session } = this.context;
    if (isOperator(session) && may(session, "list_organisations")) void this.organisations.ask(everyOrganisation);
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-label=${t("账号")}>
        <p class="panel-tools"><button type="button" class="primary" @click=${this.begin}>${t("建立账号")}</button></p>
        <div role="status">${this.password ? this.shownOnce(this.password) : nothing}</div>
        <div role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>
        ${this.people.render((people) => this.table(people), () => emptyState(t("还没有账号。"), t("建立账号后，把初始密码当面交给本人。")))}
      </section>
      <nm-drawer heading=${t("建立账号")} .open=${this.isAdding} .content=${() => this.form()} @nm-close=${() => (this.isAdding = false)}></nm-drawer>`;
  }

  private load(): Promise<void> {
    return this.people.load();
  }

  private begin(): void {
    this.problem = null;
    this.isAdding = true;
  }

  private shownOnce({ login, text }: { login: string; text: string }): TemplateResult {
    return notice(
      t("{login} 的初始密码，只显示这一次", { login }),
      html`<p><code class="secret">${text}</code></p><p>${t("请当面交给本人；首次登录后须先修改。")}</p>`,
    );
  }

  private table(people: Person[]): TemplateResult {
    return html`<table class="rows">
      <caption class="unseen">${t("账号")}</caption>
      <thead><tr>
        <th scope="col">${t("登录名")}</th><th scope="col">${t("姓名")}</th><th scope="col">${t("角色")}</th><th scope="col">${t("单位")}</th>
        <th scope="col">${t("状态")}</th><th scope="col">${t("建立时间")}</th><th scope="col">${t("操作")}</th>
      </tr></thead>
      <tbody>${people.map((person) => this.row(person))}</tbody>
    </table>`;
  }

  private row(person: Person): TemplateResult {
    const role = this.context.catalogue.label("Role", person.role);
    const step = person.is_locked ? "unlock" : "lock";
    return html`<tr>
      <th scope="row" data-name=${t("登录名")}>${person.login}</th>
      <td data-name=${t("姓名")}>${person.name}</td>
      <td data-name=${t("角色")}>${role}</td>
      <td data-name=${t("单位")}>${person.organisation_name ?? (person.role === "operator" ? t("平台管理方") : role)}</td>
      <td data-name=${t("状态")}>
        ${person.is_locked ? html`<span class="state suspended">${t("已停用")}</span>` : html`<span class="state active">${t("正常")}</span>`}
        ${person.has_authenticator ? html`<span class="state">${t("已绑定验证器")}</span>` : nothing}
        ${person.must_change_password ? html`<span class="state draft">${t("待改初始密码")}</span>` : nothing}
      </td>
      <td data-name=${t("建立时间")} class="nowrap">${momentWords(person.created_at)}</td>
      <td data-name=${t("操作")}>
        <button type="button" class="link" @click=${() => this.take(person, step)}>${person.is_locked ? t("恢复") : t("停用")}<span class="unseen">${person.login}</span></button>
        <button type="button" class="link" @click=${() => this.reset(person)}>${t("重置密码")}<span class="unseen">${person.login}</span></button>
      </td>
    </tr>`;
  }

  private form(): TemplateResult {
    const { session, catalogue } = this.context;
    return html`<form novalidate @submit=${this.add}>
      <div class="field"><label for="person-login">${t("登录名")}</label><input id="person-login" name="login" type="text" autocapitalize="none"></div>
      <div class="field"><label for="person-name">${t("姓名")}</label><input id="person-name" name="name" type="text"></div>
      <nm-belonging stem="person" .session=${session} .catalogue=${catalogue} .organisations=${this.organisations.answer ?? []}></nm-belonging>
      <div class="actions"><button type="submit" class="primary">${t("建立")}</button></div>
      <div role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>
    </form>`;
  }

  /** Bound: the drawer draws the form, and would be `this` otherwise. */
  private readonly add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const filled = new FormData(event.target as HTMLFormElement);
    const body = {
      ...Object.fromEntries([...filled].filter(([, value]) => String(value).trim())),
      ...this.find<Belonging>("nm-belonging")!.values,
    };
    await this.attempt(async () => {
      const made = await call<{ person: Person; password: string }>("POST", "/v1/people", { body });
      this.password = { login: made.person.login, text: made.password };
      this.isAdding = false;
    });
  };

  private async reset(person: Person): Promise<void> {
    if (!window.confirm(t("重置后，{login} 现在的密码和验证器都失效。确定吗？", { login: person.login }))) return;
    await this.attempt(async () => {
      const made = await call<{ password: string }>("POST", `/v1/people/${person.id}/password`);
      this.password = { login: person.login, text: made.password };
    });
  }

  private async take(person: Person, step: string): Promise<void> {
    const words = t("停用后，{login} 的登录立即全部结束，以后可以恢复。确定停用吗？", { login: person.login });
    if (step === "lock" && !window.confirm(words)) return;
    await this.attempt(async () => {
      await call("POST", `/v1/people/${person.id}/${step}`);
    });
  }

  private async attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
      this.problem = null;
      await this.load();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    }
  }
}
