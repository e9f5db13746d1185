/** The organisations one looks after: the list, registering a base or another one, changing one. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Option } from "../core/catalogue";
import { call } from "../core/http";
import { t } from "../core/language";
import type { Organisation } from "../core/organisations";
import { may } from "../core/session";
import { Attempt } from "../ui/attempt";
import "../ui/combobox";
import "../ui/drawer";
import { emptyState } from "../ui/notices";
import { Paged } from "../ui/paged";
import { type Context, View } from "../ui/view";

type Fields = Record<string, string | number | null>;

const NOWHERE = { region_code: null, region_name: null };
/** Levels a service base can have. */
const LEVELS = ["national", "provincial", "municipal"];

@customElement("nm-organisations")
export class Organisations extends View {
  @property({ attribute: false }) context!: Context;
  /** What stands in the form: a new one, or one that is changed; null while it is closed. */
  @state() private written: Organisation | "new" | null = null;
  @state() private isBase = true;
  @state() private region: Option | null = null;
  private readonly rows = new Paged<Organisation>(this, "/v1/organisations");
  private readonly attempt = new Attempt(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.rows.load({ limit: 20 });
  }

  override render(): TemplateResult {
    const mayAdd = may(this.context.session, "create_organisation");
    return html`<section class="panel" aria-label=${t("单位名录")}>
        ${mayAdd ? html`<p class="panel-tools"><button type="button" class="primary" @click=${() => this.begin("new")}>${t("登记单位")}</button></p>` : nothing}
        <p class="hint">${t("登记后才能为它建立账号。服务机构的资料由它的管理员登录后填写。登记错了或更了名，点“修改”；不能在这里删除。")}</p>
        <p class="outcome-line" role="status">${this.attempt.said}</p>
        ${this.rows.render((rows) => this.table(rows), () => this.empty(mayAdd))}
      </section>
      <nm-drawer heading=${this.written === "new" ? t("登记单位") : t("修改单位")} .open=${this.written !== null} .content=${() => this.form()}
        @nm-close=${() => (this.written = null)}></nm-drawer>`;
  }

  private empty(mayAdd: boolean): TemplateResult {
    return emptyState(t("还没有登记单位。"), mayAdd ? t("先登记一家单位，再到“账号”里为它建立管理员。") : t("请平台管理方登记。"));
  }

  private begin(written: Organisation | "new"): void {
    const { region_code: code, region_name: name } = written === "new" ? NOWHERE : written;
    this.region = code ? { code, name: name ?? code } : null;
    this.attempt.forget();
    this.written = written;
  }

  private table(rows: Organisation[]): TemplateResult {
    const { catalogue, session } = this.context;
    return html`<table class="rows">
      <caption class="unseen">${t("单位名录")}</caption>
      <thead><tr>
        <th scope="col">${t("名称")}</th><th scope="col">${t("类型")}</th><th scope="col">${t("所在地")}</th><th scope="col">${t("操作")}</th>
      </tr></thead>
      <tbody>${rows.map(
        (row) => html`<tr>
          <th scope="row" data-name=${t("名称")}>${row.name}</th>
          <td data-name=${t("类型")}>${catalogue.label("OrganisationType", row.org_type)}</td>
          <td data-name=${t("所在地")}>${row.region_name ?? t("没有填报")}</td>
          <td data-name=${t("操作")}>${may(session, "add_person")
            ? html`<a href="#/people">${t("建立账号")}<span class="unseen">${row.name}</span></a>`
            : nothing}
            ${may(session, "change_organisation")
              ? html`<button type="button" class="link" @click=${() => this.begin(row)}>${t("修改")}<span class="unseen">${row.name}</span></button>`
              : nothing}</td>
        </tr>`,
      )}</tbody>
    </table>`;
  }

  private form(): TemplateResult {
    const { catalogue } = this.context;
    const stored = this.written === "new" ? null : this.written;
    const types = catalogue.choices("OrganisationType");
    return html`<form novalidate autocomplete="off" @submit=${this.save}>
      ${stored
        ? nothing
        : html`<fieldset class="checks">
            <legend>${t("登记什么")}</legend>
            ${this.kind(true, t("服务基地"))} ${this.kind(false, t("其他单位：服务机构、成果使用单位"))}
          </fieldset>`}
      <div class="field"><label for="organisation-name">${t("名称")}<span class="must">${t("（必填）")}</span></label>
        <input id="organisation-name" name="name" type="text" .value=${stored?.name ?? ""}></div>
      <div class="field"><label for="organisation-type">${t("类型")}</label>
        <select id="organisation-type" name="org_type">
          ${types.map(({ code, name }) => html`<option value=${code} ?selected=${code === stored?.org_type}>${name}</option>`)}
        </select></div>
      ${this.isBase && !stored ? this.level() : nothing}
      <div class="field"><label for="organisation-uscc">${t("统一社会信用代码")}</label>
        <input id="organisation-uscc" name="uscc" type="text" .value=${stored?.uscc ?? ""} autocapitalize="characters" aria-describedby="organisation-uscc-hint">
        <p class="hint" id="organisation-uscc-hint">${t("18 位；填了，同一家单位不会登记两次。")}</p></div>
      <div class="field"><label for="organisation-region">${t("所在地")}</label>
        <nm-combobox input-id="organisation-region" keeps described-by="organisation-region-hint" placeholder=${t("输入地名查找")}
          .finder=${(words: string) => catalogue.findRegions(words)} .chosen=${this.region}
          @nm-choose=${(event: CustomEvent<Option | null>) => (this.region = event.detail)}></nm-combobox>
        <p class="hint" id="organisation-region-hint">${t("本地区可见的内容、地方主管部门的管辖都按它算。")}</p></div>
      <div class="actions"><button type="submit" class="primary">${stored ? t("保存") : t("登记")}</button></div>
      ${this.attempt.refusal()}
    </form>`;
  }

  private kind(isBase: boolean, words: string): TemplateResult {
    return html`<label class="check"><input type="radio" name="kind" .checked=${this.isBase === isBase} @change=${() => (this.isBase = isBase)}>${words}</label>`;
  }

  private level(): TemplateResult {
    const { catalogue } = this.context;
    return html`<div class="field"><label for="organisation-level">${t("基地级别")}</label>
      <select id="organisation-level" name="level">${LEVELS.map((level) => html`<option value=${level}>${catalogue.label("BaseLevel", level)}</option>`)}</select></div>`;
  }

  /** Bound: the drawer draws the form, and would be `this` otherwise. */
  private readonly save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { written } = this;
    if (!written) return;
    const filled = new FormData(event.target as HTMLFormElement);
    const given = (name: string): string | null => String(filled.get(name) ?? "").trim() || null;
    const fields = { name: given("name"), org_type: given("org_type"), uscc: given("uscc"), region_code: this.region?.code ?? null };
    await this.attempt.make(async () => {
      const said = written === "new" ? await this.add({ ...fields, level: given("level") }) : await this.change(written, fields);
      this.written = null;
      await this.rows.load();
      return said;
    });
  };

  private async add(fields: Fields): Promise<string> {
    const body = Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
    const { name } = await call<{ name: string }>("POST", this.isBase ? "/v1/bases" : "/v1/organisations", { body });
    return t("已登记：{name}。下一步到“账号”里为它建立管理员。", { name });
  }

  private async change(stored: Organisation, fields: Fields): Promise<string> {
    const before: Fields = { ...stored };
    const changed = Object.entries(fields).filter(([name, value]) => value !== before[name]);
    const body = { ...Object.fromEntries(changed), version: stored.version };
    if (changed.length) await call("PATCH", `/v1/organisations/${stored.id}`, { body });
    return t("修改已保存。");
  }
}
