/** The form a demand is posted with: its fields and the problems shown at them. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { customElement, property, state } from "lit/decorators.js";
import type { Catalogue, Option } from "../core/catalogue";
import { count, type Draft, type FieldName, fieldOf, FIELDS, MOST_TEXT } from "../core/draft";
import type { FieldProblem } from "../core/http";
import { t } from "../core/language";
import { findRecipients } from "../core/organisations";
import { CONFIDENTIALITIES, demandSeenBy, demandShown, VISIBILITIES } from "../core/openness";
import "./combobox";
import "./levels";
import { View } from "./view";

/** Tells `nm-typed` when something that is read changed. */
@customElement("nm-demand-form")
export class DemandForm extends View {
  @property({ attribute: false }) catalogue!: Catalogue;
  @property({ attribute: false }) draft!: Draft;
  @state() private errors = new Map<FieldName, string>();
  @state() private isMoreOpen = false;
  @state() private isOpennessOpen = false;

  override render(): TemplateResult {
    const { draft } = this;
    return html`
      <div class="field">
        <label for="text">${t("需求描述")}<span class="must">${t("（必填）")}</span></label>
        <textarea id="text" rows="8" required aria-describedby="text-hint text-count text-error"
          aria-invalid=${this.invalid("text")} .value=${live(draft.text)} @input=${this.wroteText}
          @compositionend=${this.typed}></textarea>
        <p class="hint" id="text-hint">${t("把原文粘贴到这里即可。应用场景、行业、地区、预算、期限边写边识别，都可以改。涉密内容和个人联系方式请勿填写。")}</p>
        <p class="hint count" id="text-count">${draft.text ? t("{n} / {most} 字", { n: count(draft.text.trim()), most: MOST_TEXT }) : nothing}</p>
        ${this.error("text")}
      </div>
      <div class="field">
        <label for="title">${t("标题")}<span class="must">${t("（必填）")}</span></label>
        <input id="title" type="text" required aria-describedby="title-hint title-error" aria-invalid=${this.invalid("title")}
          .value=${live(draft.title)} @input=${this.wroteTitle} @compositionend=${this.typed}>
        <p class="hint" id="title-hint">${draft.isStored ? t("6 至 80 字；写清对象和目的，匹配更准。") : t("6 至 80 字；写清对象和目的，匹配更准。未改动时随首句更新。")}</p>
        ${this.error("title")}
      </div>
      <div class="field">
        <label for="question">${t("要支撑的决策")}</label>
        <input id="question" type="text" aria-describedby="question-hint question-error" aria-invalid=${this.invalid("question")}
          .value=${live(draft.question)} @input=${this.write("question")} @compositionend=${this.typed}>
        <p class="hint" id="question-hint">${t("谁、用来决定什么。例如：董事会决定是否按现有方案出口。")}</p>
        ${this.error("question")}
      </div>
      <div class="field">
        <label for="region">${t("需求所在地")}</label>
        <nm-combobox input-id="region" keeps described-by="region-error" placeholder=${t("自动识别；或输入地名查找")}
          .finder=${(words: string) => this.catalogue.findRegions(words)} .chosen=${draft.region}
          @nm-choose=${this.choseRegion}></nm-combobox>
        ${this.error("region")}
      </div>
      <div class="field">
        <label for="recipient">${t("成果使用单位（可不选）")}</label>
        <nm-combobox input-id="recipient" keeps described-by="recipient-hint recipient-error" placeholder=${t("输入单位全称或统一社会信用代码")}
          .finder=${findRecipients} .chosen=${draft.recipient} @nm-choose=${this.choseRecipient}></nm-combobox>
        <p class="hint" id="recipient-hint">${t("全称或代码要与登记的一致才查得到；没有登记的，请管理方先登记。选定后这家单位看得到这条需求，服务机构要双方有意之后才知道是谁。")}</p>
        ${this.error("recipient")}
      </div>
      <details id="more" ?open=${this.isMoreOpen} @toggle=${this.toggled}>
        <summary>${t("预算与期限（可选，不填则由正文识别）")}</summary>
        ${this.budget()}
        <div class="field">
          <label for="period">${t("完成期限（天）")}</label>
          <input id="period" type="text" inputmode="numeric" aria-describedby="period-hint period-error"
            aria-invalid=${this.invalid("period")} .value=${live(draft.period)} @input=${this.write("period")}>
          <p class="hint" id="period-hint">${t("只写天数，两个月写 60。")}</p>
          ${this.error("period")}
        </div>
      </details>
      ${this.openness()}
    `;
  }

  /** Who is to see the demand; what is chosen can be read while it is folded. */
  private openness(): TemplateResult {
    const { catalogue, draft } = this;
    const level = (vocabulary: string, words: (value: string) => string) => (value: string) => ({
      value,
      name: catalogue.label(vocabulary, value),
      words: words(value),
    });
    return html`<details id="openness" ?open=${this.isOpennessOpen}
      @toggle=${(event: Event) => (this.isOpennessOpen = (event.target as HTMLDetailsElement).open)}>
      <summary>${this.opennessWords()}</summary>
      <p class="hint" id="visibility-hint">${t("不论选哪一级，贵单位、成果使用单位、平台管理方和本地主管部门都看得到；匹配结果只给贵单位看，联系人要双方有意之后才互相看得到。")}</p>
      <nm-levels name="visibility" heading=${t("可见范围")} described-by="visibility-hint visibility-error" .value=${draft.visibility}
        .levels=${VISIBILITIES.map(level("Visibility", demandSeenBy))} @nm-level=${this.choose("visibility")}></nm-levels>
      ${this.error("visibility")}
      <nm-levels name="confidentiality" heading=${t("公开程度")} .value=${draft.confidentiality}
        .levels=${CONFIDENTIALITIES.map(level("Confidentiality", demandShown))} @nm-level=${this.choose("confidentiality")}></nm-levels>
    </details>`;
  }

  /** What is chosen, in short; that nothing is held back is not said: it would sound like visible to all. */
  private opennessWords(): string {
    const { visibility, confidentiality } = this.draft;
    const seen = t("谁看得到：{visibility}", { visibility: this.catalogue.label("Visibility", visibility) });
    const held = confidentiality === "open" ? "" : this.catalogue.label("Confidentiality", confidentiality);
    return held ? `${seen}${t("；")}${held}` : seen;
  }

  private choose(field: "visibility" | "confidentiality") {
    return ({ detail }: CustomEvent<string>): void => {
      this.draft[field] = detail;
      this.forget("visibility");
    };
  }

  private budget(): TemplateResult {
    const { budgetKind: kind } = this.draft;
    const isRange = kind === "range";
    const hasMost = ["fixed", "range", "ceiling"].includes(kind);
    return html`<fieldset class="row">
      <legend>${t("预算")}</legend>
      <div class="field">
        <label for="budget">${t("怎样写明")}</label>
        <select id="budget" aria-describedby="budget-error" aria-invalid=${this.invalid("budget")} @change=${this.choseKind}>
          <option value="" ?selected=${!kind}>${t("由正文识别")}</option>
          ${this.catalogue.choices("BudgetKind").map(
            ({ code, name }) => html`<option value=${code} ?selected=${code === kind}>${t(name)}</option>`,
          )}
        </select>
      </div>
      <div class="field" ?hidden=${!isRange}>
        <label for="budget-min">${t("下限（万元）")}</label>
        <input id="budget-min" type="text" inputmode="decimal" aria-describedby="budget-error" .value=${live(this.draft.budgetMin)}
          @input=${this.write("budgetMin")}>
      </div>
      <div class="field" ?hidden=${!hasMost}>
        <label for="budget-max">${isRange ? t("上限（万元，可不填）") : t("金额（万元）")}</label>
        <input id="budget-max" type="text" inputmode="decimal" aria-describedby="budget-error" .value=${live(this.draft.budgetMax)}
          @input=${this.write("budgetMax")}>
      </div>
      ${this.error("budget")}
    </fieldset>`;
  }

  private error(field: FieldName): TemplateResult {
    return html`<p class="error" id="${field}-error">${this.errors.get(field) ?? nothing}</p>`;
  }

  private invalid(field: FieldName): string | typeof nothing {
    return this.errors.has(field) ? "true" : nothing;
  }

  private write(field: "question" | "period" | "budgetMin" | "budgetMax") {
    return (event: Event): void => {
      this.draft[field] = (event.target as HTMLInputElement).value;
      this.forget(field === "budgetMin" || field === "budgetMax" ? "budget" : field);
      this.typed(event);
    };
  }

  private wroteText(event: Event): void {
    this.draft.writeText((event.target as HTMLTextAreaElement).value);
    const long = this.draft.tooLong.find(({ field }) => field === "text");
    this.errors = new Map(long ? [...this.errors, ["text", long.message]] : [...this.errors].filter(([field]) => field !== "text"));
    this.typed(event);
  }

  private wroteTitle(event: Event): void {
    this.draft.writeTitle((event.target as HTMLInputElement).value);
    this.forget("title");
    this.typed(event);
  }

  /** A problem is looked for again once its field was changed. */
  private forget(changed: FieldName): void {
    this.errors = new Map([...this.errors].filter(([field]) => field !== changed));
  }

  private choseKind(event: Event): void {
    this.draft.budgetKind = (event.target as HTMLSelectElement).value;
    this.requestUpdate();
    this.tell("nm-typed");
  }

  private choseRegion(event: CustomEvent<Option | null>): void {
    this.draft.region = event.detail;
    this.tell("nm-typed");
  }

  private choseRecipient({ detail }: CustomEvent<Option | null>): void {
    this.draft.recipient = detail;
    this.forget("recipient");
  }

  /** Half-composed characters are not read yet. */
  private typed(event: Event): void {
    this.requestUpdate();
    if (!(event as InputEvent).isComposing) this.tell("nm-typed");
  }

  private toggled(event: Event): void {
    this.isMoreOpen = (event.target as HTMLDetailsElement).open;
  }

  /** Show problems at their fields and go to the first. */
  async show(problems: FieldProblem[]): Promise<void> {
    const errors = new Map<FieldName, string>();
    for (const problem of problems) {
      const field = fieldOf(problem);
      if (field && !errors.has(field)) errors.set(field, problem.message);
    }
    this.errors = errors;
    const first = FIELDS.find((field) => errors.has(field));
    if (first) await this.goTo(first);
  }

  /** Move the focus to a field, unfolding what hides it. */
  async goTo(field: FieldName): Promise<void> {
    if (field === "budget" || field === "period") this.isMoreOpen = true;
    if (field === "visibility") this.isOpennessOpen = true;
    await this.updateComplete;
    this.find(`#${field}`)!.focus();
  }
}
