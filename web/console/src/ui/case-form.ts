/** A case to be registered or changed. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { customElement, property, state } from "lit/decorators.js";
import { type Application, behind, type Case, CaseDraft, type Typed } from "../core/cases";
import type { Catalogue, Option } from "../core/catalogue";
import { count } from "../core/draft";
import { call, type FieldProblem } from "../core/http";
import { t } from "../core/language";
import { VISIBILITIES } from "../core/openness";
import type { Session } from "../core/types";
import { Attempt } from "./attempt";
import "./case-uses";
import "./combobox";
import { View } from "./view";

const MOST_SUMMARY = 2000;
/** Of a new case; one and the same each time, as what is typed stands until it changes. */
const NO_USES: Application[] = [];
/** Fields of the API by the field of the form that shows their problems. */
const API_NAME: Partial<Record<Typed, string>> = {
  pages: "report_pages",
  standard: "standard_followed",
  volume: "data_volume",
  link: "source_url",
};

/** Tells `nm-saved` with what is said of it once it is stored. */
@customElement("nm-case-form")
export class CaseForm extends View {
  @property({ attribute: false }) catalogue!: Catalogue;
  @property({ attribute: false }) session!: Session;
  /** What is changed; null for a new one. */
  @property({ attribute: false }) stored: Case | null = null;
  @state() private draft = new CaseDraft();
  @state() private errors: FieldProblem[] = [];
  private readonly attempt = new Attempt(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("stored")) this.draft = CaseDraft.of(this.stored);
  }

  override render(): TemplateResult {
    const { draft, catalogue } = this;
    return html`<form novalidate autocomplete="off" @submit=${(event: Event) => this.submitted(event)}>
      ${this.text("title", t("标题"), { isMust: true, hint: t("6 至 80 字。") })}
      ${this.field("summary", "summary", t("摘要"), this.summary(), {
        isMust: true,
        hint: t("100 至 2000 字：为谁、解决什么问题、怎样做的、成果用在哪里。应用场景和产业由摘要识别，登记后可以改正。{n} / {most} 字", {
          n: count(draft.summary.trim()),
          most: MOST_SUMMARY,
        }),
      })}
      ${this.text("year", t("完成年份"))}
      <div class="field">
        <label for="case-region">${t("所在地")}</label>
        <nm-combobox input-id="case-region" keeps placeholder=${t("自动识别；或输入地名查找")}
          .finder=${(words: string) => catalogue.findRegions(words)} .chosen=${draft.region}
          @nm-choose=${(event: CustomEvent<Option | null>) => (draft.region = event.detail)}></nm-combobox>
      </div>
      ${this.recipients()} ${this.deliverables()}
      <nm-case-uses .catalogue=${catalogue} .stored=${this.stored?.application ?? NO_USES} .errors=${this.errorsOf("application")}
        @nm-uses=${this.used}></nm-case-uses>
      ${this.text("pages", t("报告页数"))} ${this.text("volume", t("数据量（件）"))} ${this.text("standard", t("依据的标准"))} ${this.text("award", t("所获奖励"))}
      ${this.text("link", t("出处链接"), { hint: t("以 http:// 或 https:// 开头。") })}
      <div class="field">
        <label for="case-visibility">${t("可见范围")}</label>
        <select id="case-visibility" @change=${(event: Event) => (draft.visibility = (event.target as HTMLSelectElement).value)}>
          ${VISIBILITIES.map((level) => html`<option value=${level} ?selected=${level === draft.visibility}>${catalogue.label("Visibility", level)}</option>`)}
        </select>
      </div>
      <div class="actions sticky">${this.buttons()}</div>
      ${this.attempt.refusal()}
    </form>`;
  }

  private buttons(): TemplateResult {
    if (this.stored) return html`<button type="submit" class="primary">${t("保存")}</button>`;
    return html`<button type="submit" class="primary">${t("登记并发布")}</button>
      <button type="button" @click=${() => this.save(false)}>${t("存为草稿")}</button>`;
  }

  private summary(): TemplateResult {
    return html`<textarea id="case-summary" rows="8" .value=${live(this.draft.summary)} aria-describedby="case-summary-hint case-summary-error"
      aria-invalid=${this.invalid("summary")} @input=${this.wrote("summary")}></textarea>`;
  }

  private text(name: Typed, label: string, more: { isMust?: boolean; hint?: string } = {}): TemplateResult {
    const field = API_NAME[name] ?? name;
    const control = html`<input id="case-${name}" type="text" .value=${live(this.draft[name])} aria-describedby="case-${name}-hint case-${name}-error"
      aria-invalid=${this.invalid(field)} @input=${this.wrote(name)}>`;
    return this.field(name, field, label, control, more);
  }

  private recipients(): TemplateResult {
    const { draft, catalogue } = this;
    const control = html`<select id="case-recipient" aria-describedby="case-recipient-error" aria-invalid=${this.invalid("recipient_type")}
      @change=${(event: Event) => (draft.recipient = (event.target as HTMLSelectElement).value)}>
      <option value="" ?selected=${!draft.recipient}>${t("没有填报")}</option>
      ${catalogue.choices("OrganisationType").map(({ code, name }) => html`<option value=${code} ?selected=${code === draft.recipient}>${name}</option>`)}
    </select>`;
    return this.field("recipient", "recipient_type", t("服务对象的类型"), control);
  }

  /** Kinds of result to tick; what is ticked stands as long as something is. */
  private deliverables(): TemplateResult {
    const { draft, catalogue } = this;
    const set = (event: Event): void => {
      const { value, checked } = event.target as HTMLInputElement;
      const others = draft.deliverables.filter((code) => code !== value);
      draft.deliverables = checked ? [...others, value] : others;
    };
    return html`<fieldset class="checks" aria-describedby="case-deliverables-hint">
        <legend>${t("成果形式")}</legend>
        ${catalogue.choices("Deliverable").map(
          ({ code, name }) => html`<label class="check"><input type="checkbox" value=${code} .checked=${draft.deliverables.includes(code)} @change=${set}>${name}</label>`,
        )}
      </fieldset>
      <p class="hint" id="case-deliverables-hint">${t("一项也不选，就由摘要识别。")}</p>`;
  }

  private readonly used = (event: CustomEvent<Application[]>): void => {
    this.draft.uses = event.detail;
    this.errors = this.errors.filter(({ field }) => !belongs(field, "application"));
  };

  private field(name: string, field: string, label: string, control: TemplateResult, more: { isMust?: boolean; hint?: string } = {}): TemplateResult {
    return html`<div class="field">
      <label for="case-${name}">${label}${more.isMust ? html`<span class="must">${t("（必填）")}</span>` : nothing}</label>
      ${control}
      <p class="hint" id="case-${name}-hint">${more.hint ?? nothing}</p>
      <p class="error" id="case-${name}-error">${this.errorsOf(field)[0]?.message ?? nothing}</p>
    </div>`;
  }

  private errorsOf(name: string): FieldProblem[] {
    return this.errors.filter(({ field }) => belongs(field, name));
  }

  private invalid(field: string): string | typeof nothing {
    return this.errorsOf(field).length ? "true" : nothing;
  }

  private wrote(name: Typed) {
    return (event: Event): void => {
      this.draft[name] = (event.target as HTMLInputElement).value;
      const field = API_NAME[name] ?? name;
      this.errors = this.errors.filter((problem) => !belongs(problem.field, field));
      this.requestUpdate();
    };
  }

  private submitted(event: Event): void {
    event.preventDefault();
    void this.save(true);
  }

  private async save(isPublishing: boolean): Promise<void> {
    this.errors = this.draft.problems;
    if (this.errors.length) return this.goToFirst();
    const isDone = await this.attempt.make(() => (this.stored ? this.change(this.stored) : this.register(isPublishing)));
    if (isDone) {
      this.tell("nm-saved", this.attempt.said);
      return;
    }
    this.errors = this.attempt.problem?.errors ?? [];
    await this.goToFirst();
  }

  private async register(publish: boolean): Promise<string> {
    const filled = Object.entries(this.draft.values).filter(([, value]) => value !== null);
    const whose = await behind(this.session, new AbortController().signal);
    await call("POST", "/v1/cases", { body: { ...Object.fromEntries(filled), ...whose, publish } });
    return publish ? t("案例已登记并发布。") : t("案例已存为草稿，没有发布。");
  }

  private async change({ id, version }: Case): Promise<string> {
    const { changes } = this.draft;
    if (Object.keys(changes).length) await call("PATCH", `/v1/cases/${id}`, { body: { ...changes, version } });
    return t("修改已保存。");
  }

  private async goToFirst(): Promise<void> {
    await this.updateComplete;
    this.find("[aria-invalid=true]")?.focus();
  }
}

/** Whether an error is about a field or a part of it. */
function belongs(at: string, field: string): boolean {
  return at.split(".")[0] === field;
}
