/** The scenario taxonomy: its codes, what does not fit them, tagging anew, its versions. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { TAXONOMY_CHANGED } from "../core/catalogue";
import { call } from "../core/http";
import { currentLanguage, t } from "../core/language";
import { may } from "../core/session";
import type { Entry, Exported, Field, Versions } from "../core/taxonomy";
import { bracketed, momentWords } from "../core/wording";
import { Asking } from "../ui/asking";
import { Attempt } from "../ui/attempt";
import "../ui/drawer";
import { emptyState, notice } from "../ui/notices";
import "../ui/retagging";
import "../ui/scenario-form";
import "../ui/taxonomy-exchange";
import "../ui/unfit";
import { type Context, View } from "../ui/view";

interface Whole {
  exported: Exported;
  versions: Versions;
}

@customElement("nm-taxonomy")
export class TaxonomyPage extends View {
  @property({ attribute: false }) context!: Context;
  @state() private edited: Entry | "new" | null = null;
  @state() private isWithRetired = false;
  private readonly whole = new Asking<Whole>(this);
  private readonly attempt = new Attempt(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  override render(): TemplateResult {
    return html`${this.attempt.outcome()}
      ${this.mayChange
        ? nothing
        : notice(t("现在只能看"), html`<p>${t("改动前先绑定身份验证器，再用验证码登录：")}<a href="#/account">${t("我的账号")}</a></p>`)}
      ${this.whole.render((whole) => this.sections(whole))}`;
  }

  private get mayChange(): boolean {
    return may(this.context.session, "add_scenario");
  }

  private sections({ exported, versions }: Whole): TemplateResult {
    const { content, version } = exported;
    const { session } = this.context;
    return html`
      ${this.section("scenarios", t("场景（现行版本 {version}）", { version }), this.scenarios(exported))}
      ${this.section("unfit", t("不合任何场景的需求"), html`<nm-unfit></nm-unfit>`)}
      ${this.section(
        "retagging",
        t("重新标注"),
        html`<nm-retagging version=${version} ?startable=${may(session, "start_retagging")}></nm-retagging>`,
      )}
      ${this.section(
        "exchange",
        t("导出与导入"),
        html`<nm-taxonomy-exchange .content=${content} ?changeable=${this.mayChange} @nm-saved=${this.saved}></nm-taxonomy-exchange>`,
      )}
      ${this.section("versions", t("改动记录"), this.log(versions))}
      <nm-drawer heading=${this.edited === "new" ? t("新增场景") : t("修改场景")} .open=${this.edited !== null}
        .content=${() => this.form(content.level1)} @nm-close=${() => (this.edited = null)}></nm-drawer>`;
  }

  private section(id: string, title: string, content: unknown): TemplateResult {
    return html`<section class="panel" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>`;
  }

  private async load(): Promise<void> {
    await this.whole.ask(async (signal) => {
      const exported = call<Exported>("GET", "/v1/taxonomy/export", { signal });
      const versions = call<Versions>("GET", "/v1/taxonomy/versions", { signal });
      return { exported: await exported, versions: await versions };
    });
  }

  private scenarios({ content }: Exported): TemplateResult {
    const shown = content.level2.filter(({ retired }) => this.isWithRetired || !retired);
    return html`
      ${this.mayChange
        ? html`<p class="panel-tools"><button type="button" class="primary" @click=${() => (this.edited = "new")}>${t("新增场景")}</button></p>`
        : nothing}
      <label class="check"><input type="checkbox" .checked=${this.isWithRetired} @change=${() => (this.isWithRetired = !this.isWithRetired)}>${t("连同已停用的")}</label>
      ${content.level1.map((field) => this.field(field, shown.filter(({ parent }) => parent === field.code)))}`;
  }

  private field(field: Field, entries: Entry[]): TemplateResult {
    return html`<details class="fold">
      <summary>${nameOf(field)}${bracketed(field.code)}　${t("{n} 个", { n: entries.length })}</summary>
      ${entries.length ? this.table(field, entries) : emptyState(t("这一大类下没有场景。"), t("点“新增场景”加一个。"))}
    </details>`;
  }

  private table(field: Field, entries: Entry[]): TemplateResult {
    return html`<table class="rows">
      <caption class="unseen">${nameOf(field)}</caption>
      <thead><tr>
        <th scope="col">${t("名称")}</th><th scope="col">${t("定义")}</th><th scope="col">${t("说法和例句")}</th><th scope="col">${t("操作")}</th>
      </tr></thead>
      <tbody>${entries.map((entry) => this.row(entry))}</tbody>
    </table>`;
  }

  private row(entry: Entry): TemplateResult {
    const { code, definition, triggers, examples, retired } = entry;
    const name = nameOf(entry);
    return html`<tr>
      <th scope="row" data-name=${t("名称")}>${name} <span class="because"><code>${code}</code>
        ${retired ? html`<span class="state revoked">${t("已停用")}</span>` : nothing}</span></th>
      <td data-name=${t("定义")}>${definition}</td>
      <td data-name=${t("说法和例句")} class="nowrap">${t("说法 {n} 个，例句 {m} 句", { n: triggers.length, m: examples.length })}</td>
      <td data-name=${t("操作")}>${this.mayChange && !retired
        ? html`<button type="button" class="link" @click=${() => (this.edited = entry)}>${t("修改")}<span class="unseen">${name}</span></button>
            <button type="button" class="link" @click=${() => this.retire(entry)}>${t("停用")}<span class="unseen">${name}</span></button>`
        : nothing}</td>
    </tr>`;
  }

  private log({ items }: Versions): TemplateResult {
    const { catalogue } = this.context;
    if (!items.length) return emptyState(t("本安装还没有改动过。"), t("用的是随软件附带的分类。"));
    return html`<ul class="lines">${items.map(
      ({ number, act, code, made_by: by, made_at: at }) => html`<li>
        <span>${number}　${catalogue.label("TaxonomyAct", act)}　${code ?? ""}</span>
        <span class="hint">${by ?? ""}　${momentWords(at)}</span>
      </li>`,
    )}</ul>`;
  }

  private form(fields: Field[]): TemplateResult {
    const entry = this.edited === "new" ? null : this.edited;
    return html`<nm-scenario-form .fields=${fields} .entry=${entry} @nm-saved=${this.saved}></nm-scenario-form>`;
  }

  private async retire({ code, zh }: Entry): Promise<void> {
    const asked = t("停用后不再标给新的文本，也不能再选；已经标上的保留。确定停用“{name}”吗？", { name: zh });
    if (!window.confirm(asked)) return;
    await this.attempt.make(async () => {
      await call("POST", `/v1/taxonomy/scenarios/${code}/retire`);
      await this.changed();
      return t("已停用 {code}。", { code });
    });
  }

  /** Bound: the drawer draws the form, and would be `this` otherwise. */
  private readonly saved = async (event: CustomEvent<string>): Promise<void> => {
    this.edited = null;
    await this.attempt.make(async () => {
      await this.changed();
      return event.detail;
    });
  };

  private async changed(): Promise<void> {
    window.dispatchEvent(new Event(TAXONOMY_CHANGED));
    await this.load();
  }
}

/** In the language of the interface, as far as it has a name in it. */
function nameOf({ zh, en }: { zh: string; en?: string | null }): string {
  return (currentLanguage() === "en" && en) || zh;
}
