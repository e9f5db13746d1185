/** A scenario of the taxonomy, to be added or worded anew. */

import { html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { call } from "../core/http";
import { t } from "../core/language";
import type { Entry, Field } from "../core/taxonomy";
import { bracketed } from "../core/wording";
import { Attempt } from "./attempt";
import { View } from "./view";

/** Tells `nm-saved` with what is said of it. */
@customElement("nm-scenario-form")
export class ScenarioForm extends View {
  @property({ attribute: false }) fields: Field[] = [];
  /** What is worded anew; null to add one. */
  @property({ attribute: false }) entry: Entry | null = null;
  private readonly attempt = new Attempt(this);

  override render(): TemplateResult {
    const { entry } = this;
    return html`<form novalidate autocomplete="off" @submit=${this.submitted}>
      ${entry ? html`<p class="hint">${t("代码 {code} 不变；下面几项整个换上。", { code: entry.code })}</p>` : this.code()}
      ${this.line("zh", t("中文名称"), entry?.zh)} ${this.line("en", t("英文名称（可不填）"), entry?.en)}
      ${this.lines("definition", t("定义"), 3, entry?.definition, t("要支撑什么决策，哪些算、哪些不算。"))}
      ${this.lines("triggers", t("常见的说法，一行一个"), 5, entry?.triggers.join("\n"), t("需求方真会用的词；正文里出现时作为依据。"))}
      ${this.lines("examples", t("例句，一行一句"), 6, entry?.examples.join("\n"), t("像真的需求那样写。说法和例句都不给，程序只能凭定义认，把握小得多。"))}
      <div class="actions"><button type="submit" class="primary">${entry ? t("保存") : t("新增")}</button></div>
      ${this.attempt.refusal()}
    </form>`;
  }

  private code(): TemplateResult {
    return html`<div class="row">
      <div class="field">
        <label for="scenario-field">${t("大类")}</label>
        <select id="scenario-field" name="field">
          ${this.fields.map(({ code, zh }) => html`<option value=${code}>${zh}${bracketed(code)}</option>`)}
        </select>
      </div>
      <div class="field">
        <label for="scenario-code">${t("二级代码")}</label>
        <input id="scenario-code" name="code" type="text" placeholder="SEP" aria-describedby="scenario-code-hint">
        <p class="hint" id="scenario-code-hint">${t("2 至 12 个大写字母，定了不能改。")}</p>
      </div>
    </div>`;
  }

  private line(name: string, label: string, value = ""): TemplateResult {
    return html`<div class="field"><label for="scenario-${name}">${label}</label>
      <input id="scenario-${name}" name=${name} type="text" .value=${value}></div>`;
  }

  private lines(name: string, label: string, rows: number, value = "", hint: string): TemplateResult {
    return html`<div class="field"><label for="scenario-${name}">${label}</label>
      <textarea id="scenario-${name}" name=${name} rows=${rows} .value=${value} aria-describedby="scenario-${name}-hint"></textarea>
      <p class="hint" id="scenario-${name}-hint">${hint}</p></div>`;
  }

  private async submitted(event: Event): Promise<void> {
    event.preventDefault();
    const filled = new FormData(event.target as HTMLFormElement);
    const given = (name: string): string => String(filled.get(name) ?? "").trim();
    const each = (name: string): string[] => given(name).split("\n").map((line) => line.trim()).filter(Boolean);
    const body = {
      zh: given("zh"),
      en: given("en"),
      definition: given("definition"),
      triggers: each("triggers"),
      examples: each("examples"),
    };
    const code = this.entry?.code ?? `${given("field")}.${given("code").toUpperCase()}`;
    await this.attempt.make(async () => {
      if (this.entry) await call("PUT", `/v1/taxonomy/scenarios/${code}`, { body });
      else await call("POST", "/v1/taxonomy/scenarios", { body: { ...body, code } });
      this.tell("nm-saved", this.entry ? t("已修改 {code}。", { code }) : t("已新增 {code}。", { code }));
      return "";
    });
  }
}
