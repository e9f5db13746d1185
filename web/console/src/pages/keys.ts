/** API keys: issuing, renewing, revoking; the full key is shown once. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call, Problem } from "../core/http";
import type { Option } from "../core/catalogue";
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

interface Key {
  id: string;
  key_id: string;
  name: string;
  role: string;
  organisation_id: string | null;
  scopes: string[];
  read_only: boolean;
  expires_at: string;
  revoked_at: string | null;
}

const SCOPES = ["read", "match", "write", "administer"];
/** Uses a key is made for unless somebody says otherwise. */
const USUAL = new Set(["read", "match"]);
const DAYS = [30, 90, 365];

@customElement("nm-keys")
export class Keys extends View {
  @property({ attribute: false }) context!: Context;
  @state() private isAdding = false;
  @state() private problem: Problem | null = null;
  @state() private made = "";
  private readonly organisations = new Asking<Option[]>(this);
  private readonly keys = new Paged<Key>(this, "/v1/keys");

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
    if (this.isOverseer) void this.organisations.ask(everyOrganisation);
  }

  /** Whether keys of several organisations are looked after here. */
  private get isOverseer(): boolean {
    const { session } = this.context;
    return isOperator(session) && may(session, "list_organisations");
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-label=${t("接口密钥")}>
        <p class="panel-tools"><button type="button" class="primary" @click=${this.begin}>${t("签发密钥")}</button></p>
        <p class="hint">${t("密钥给程序用：业务系统凭它调用接口。")}</p>
        <div role="status">${this.made
          ? notice(t("密钥全文只显示这一次，请立即保存"), html`<p><code class="secret">${this.made}</code></p>`)
          : nothing}</div>
        <div role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>
        ${this.keys.render((keys) => this.table(keys), () => emptyState(t("还没有密钥。"), t("让业务系统调用接口前，先签发一把。")))}
      </section>
      <nm-drawer heading=${t("签发密钥")} .open=${this.isAdding} .content=${() => this.form()} @nm-close=${() => (this.isAdding = false)}></nm-drawer>`;
  }

  private begin(): void {
    this.problem = null;
    this.isAdding = true;
  }

  private load(): Promise<void> {
    return this.keys.load();
  }

  private table(keys: Key[]): TemplateResult {
    return html`<table class="rows">
      <caption class="unseen">${t("接口密钥")}</caption>
      <thead><tr>
        <th scope="col">${t("用途")}</th><th scope="col">${t("识别段")}</th><th scope="col">${t("角色")}</th>
        ${this.isOverseer ? html`<th scope="col">${t("单位")}</th>` : nothing}<th scope="col">${t("用途范围")}</th>
        <th scope="col">${t("失效时间")}</th><th scope="col">${t("状态")}</th><th scope="col">${t("操作")}</th>
      </tr></thead>
      <tbody>${keys.map((key) => this.row(key))}</tbody>
    </table>`;
  }

  private row(key: Key): TemplateResult {
    const { catalogue } = this.context;
    const isOver = new Date(key.expires_at).getTime() < Date.now();
    const isLive = !key.revoked_at && !isOver;
    return html`<tr>
      <th scope="row" data-name=${t("用途")}>${key.name}</th>
      <td data-name=${t("识别段")}><code>${key.key_id}</code></td>
      <td data-name=${t("角色")}>${catalogue.label("Role", key.role)}</td>
      ${this.isOverseer ? html`<td data-name=${t("单位")}>${this.ownerOf(key)}</td>` : nothing}
      <td data-name=${t("用途范围")}>${key.scopes.map((scope) => catalogue.label("Scope", scope)).join(t("、"))}${key.read_only ? t("（只读）") : ""}</td>
      <td data-name=${t("失效时间")} class="nowrap">${momentWords(key.expires_at)}</td>
      <td data-name=${t("状态")}>${key.revoked_at
        ? html`<span class="state revoked">${t("已撤销")}</span>`
        : html`<span class="state ${isOver ? "draft" : "active"}">${isOver ? t("已过期") : t("有效")}</span>`}</td>
      <td data-name=${t("操作")}>${isLive
        ? html`<button type="button" class="link" @click=${() => this.rotate(key)}>${t("换新")}<span class="unseen">${key.name}</span></button>
            <button type="button" class="link" @click=${() => this.revoke(key)}>${t("撤销")}<span class="unseen">${key.name}</span></button>`
        : nothing}</td>
    </tr>`;
  }

  private ownerOf({ organisation_id: id }: Key): string {
    return id ? (this.organisations.answer?.find(({ code }) => code === id)?.name ?? id) : t("平台管理方");
  }

  private form(): TemplateResult {
    const { session, catalogue } = this.context;
    return html`<form novalidate @submit=${this.add}>
      <div class="field"><label for="key-name">${t("用途")}</label><input id="key-name" name="name" type="text" aria-describedby="key-name-hint">
        <p class="hint" id="key-name-hint">${t("写明给哪个系统用，例如“园区业务系统”。")}</p></div>
      <nm-belonging stem="key" usual=${session.role} .session=${session} .catalogue=${catalogue} .organisations=${this.organisations.answer ?? []}></nm-belonging>
      <fieldset class="checks"><legend>${t("用途范围")}</legend>
        ${SCOPES.map((scope) => html`<label class="check"><input type="checkbox" name="scopes" value=${scope} ?checked=${USUAL.has(scope)}>${catalogue.label("Scope", scope)}</label>`)}
      </fieldset>
      <div class="field"><label for="key-days">${t("有效期")}</label>
        <select id="key-days" name="days">${DAYS.map((days) => html`<option value=${days}>${t("{most} 天", { most: days })}</option>`)}</select></div>
      <label class="check"><input type="checkbox" name="read_only">${t("只读：就是有写入的用途，也不能写入")}</label>
      <div class="actions"><button type="submit" class="primary">${t("签发")}</button></div>
      <div role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>
    </form>`;
  }

  /** Bound: the drawer draws the form, and would be `this` otherwise. */
  private readonly add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const filled = new FormData(event.target as HTMLFormElement);
    const body = {
      name: String(filled.get("name")).trim(),
      ...this.find<Belonging>("nm-belonging")!.values,
      scopes: filled.getAll("scopes"),
      read_only: filled.has("read_only"),
      days: Number(filled.get("days")),
    };
    await this.attempt(async () => {
      this.made = (await call<{ key: string }>("POST", "/v1/keys", { body })).key;
      this.isAdding = false;
    });
  };

  private async rotate(key: Key): Promise<void> {
    const words = t("将签发一把同名同权的新密钥，全文只显示一次；“{name}”的旧密钥继续有效，程序换上新的后请撤销旧的。确定换新吗？", { name: key.name });
    if (!window.confirm(words)) return;
    await this.attempt(async () => {
      this.made = (await call<{ key: string }>("POST", `/v1/keys/${key.id}/rotate`, { body: {} })).key;
    });
  }

  private async revoke(key: Key): Promise<void> {
    if (!window.confirm(t("撤销后立即无效，不能恢复。确定撤销“{name}”吗？", { name: key.name }))) return;
    await this.attempt(() => call("DELETE", `/v1/keys/${key.id}`));
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
