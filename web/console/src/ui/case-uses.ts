/** How the result of a case was used: one group of fields each, groups added and removed. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { customElement, property, state } from "lit/decorators.js";
import type { Application } from "../core/cases";
import type { Catalogue } from "../core/catalogue";
import type { FieldProblem } from "../core/http";
import { t } from "../core/language";
import { View } from "./view";

const MOST = 20;
const EMPTY: Application = { form: "", adopted_by: null, date: null, effect_text: null };

/** Tells `nm-uses` with all of them; one without anything filled in is left out. */
@customElement("nm-case-uses")
export class CaseUses extends View {
  @property({ attribute: false }) catalogue!: Catalogue;
  /** What is stored. */
  @property({ attribute: false }) stored: Application[] = [];
  @property({ attribute: false }) errors: FieldProblem[] = [];
  @state() private rows: Application[] = [];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("stored")) this.rows = this.stored.length ? this.stored : [EMPTY];
  }

  override render(): TemplateResult {
    return html`<fieldset class="list">
      <legend>${t("应用情况")}</legend>
      ${this.rows.map((row, place) => this.row(row, place))}
      <p class="error" id="case-uses-error">${this.errors[0]?.message ?? nothing}</p>
      <button type="button" class="small add" ?disabled=${this.rows.length >= MOST} @click=${this.add}>${t("再加一条应用情况")}</button>
    </fieldset>`;
  }

  private row(row: Application, place: number): TemplateResult {
    const n = place + 1;
    const id = `case-use-${place}`;
    return html`<div class="row" role="group" aria-label=${t("第 {n} 条应用情况", { n })}>
      <div class="field"><label for="${id}-form">${t("成果怎样应用")}</label>
        <select id="${id}-form" aria-describedby="case-uses-error" aria-invalid=${this.invalid(place, "form")} @change=${this.set(place, "form")}>
          <option value="" ?selected=${!row.form}>${t("没有填报")}</option>
          ${this.catalogue.choices("ApplicationForm").map(({ code, name }) => html`<option value=${code} ?selected=${code === row.form}>${name}</option>`)}
        </select></div>
      ${this.text(place, "adopted_by", t("采用单位"))} ${this.text(place, "date", t("采用日期"), "date")} ${this.text(place, "effect_text", t("成效"))}
      ${this.rows.length > 1
        ? html`<button type="button" class="small plain" @click=${() => this.drop(place)}>${t("去掉")}<span class="unseen">${t("第 {n} 条应用情况", { n })}</span></button>`
        : nothing}
    </div>`;
  }

  private text(place: number, field: "adopted_by" | "date" | "effect_text", label: string, type = "text"): TemplateResult {
    const id = `case-use-${place}-${field}`;
    return html`<div class="field"><label for=${id}>${label}</label>
      <input id=${id} type=${type} .value=${live(this.rows[place]![field] ?? "")} aria-describedby="case-uses-error"
        aria-invalid=${this.invalid(place, field)} @input=${this.set(place, field)}></div>`;
  }

  /** Whether an error is about a field: its number is the one among those that are told. */
  private invalid(place: number, field: keyof Application): string | typeof nothing {
    const row = this.rows[place]!;
    const number = this.rows.slice(0, place).filter(isFilled).length;
    const isNamed = this.errors.some(({ field: at }) => at === `application.${number}.${field}`);
    const isMissing = this.errors.length > 0 && field === "form" && !row.form && isFilled(row);
    return isNamed || isMissing ? "true" : nothing;
  }

  private set(place: number, field: keyof Application) {
    return (event: Event): void => {
      const { value } = event.target as HTMLInputElement;
      this.change(this.rows.map((row, at) => (at === place ? { ...row, [field]: value } : row)));
    };
  }

  private async add(): Promise<void> {
    this.change([...this.rows, EMPTY]);
    await this.updateComplete;
    this.find(`#case-use-${this.rows.length - 1}-form`)?.focus();
  }

  private async drop(place: number): Promise<void> {
    this.change(this.rows.filter((_, at) => at !== place));
    await this.updateComplete;
    this.find("button.add")?.focus();
  }

  private change(rows: Application[]): void {
    this.rows = rows;
    const given = (words?: string | null): string | null => words?.trim() || null;
    const told = rows.filter(isFilled).map(({ form, adopted_by: adopter, date, effect_text: effect }) => ({
      form,
      adopted_by: given(adopter),
      date: given(date),
      effect_text: given(effect),
    }));
    this.tell("nm-uses", told);
  }
}

function isFilled(row: Application): boolean {
  return Object.values(row).some((words: string | null) => words?.trim());
}
