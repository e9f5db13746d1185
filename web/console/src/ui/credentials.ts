/** The credentials of a provider: one row each, rows added and removed. */

import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Catalogue } from "../core/catalogue";
import { t } from "../core/language";
import type { Provider } from "../core/types";
import { View } from "./view";

type Credential = Provider["credentials"][number];

const MOST = 30;

@customElement("nm-credentials")
export class Credentials extends View {
  @property({ attribute: false }) catalogue!: Catalogue;
  /** What is stored. */
  @property({ attribute: false }) stored: Credential[] = [];
  @state() private rows: Credential[] = [];
  @state() private isChanged = false;

  /** What is to be stored, without what only who checked it may say; null while nothing changed. */
  get values(): Record<string, unknown>[] | null {
    if (!this.isChanged) return null;
    return this.rows.map(({ verified_by: _by, verified_at: _at, ...said }) => said);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("stored")) this.rows = [...this.stored];
  }

  override render(): TemplateResult {
    return html`<fieldset class="list">
      <legend>${t("资质")}</legend>
      ${this.rows.map((row, place) => this.row(row, place))}
      <button type="button" class="small add" ?disabled=${this.rows.length >= MOST} @click=${this.add}>${t("添加一项资质")}</button>
    </fieldset>`;
  }

  private row(row: Credential, place: number): TemplateResult {
    const n = place + 1;
    const id = `credential-${place}`;
    return html`<div class="row" role="group" aria-label=${t("第 {n} 项资质", { n })}>
      <div class="field"><label for="${id}-type">${t("种类")}</label>
        <select id="${id}-type" @change=${this.set(place, "type")}>
          ${this.catalogue.choices("CredentialType").map(({ code, name }) => html`<option value=${code} ?selected=${code === row.type}>${name}</option>`)}
        </select></div>
      <div class="field"><label for="${id}-level">${t("等级（可不填）")}</label>
        <input id="${id}-level" type="text" .value=${row.level ?? ""} @input=${this.set(place, "level")}></div>
      <div class="field"><label for="${id}-end">${t("有效期至（可不填）")}</label>
        <input id="${id}-end" type="date" .value=${row.valid_to ?? ""} @input=${this.set(place, "valid_to")}></div>
      <button type="button" class="small plain" @click=${() => this.drop(place)}>${t("去掉")}<span class="unseen">${t("第 {n} 项资质", { n })}</span></button>
    </div>`;
  }

  private set(place: number, field: "type" | "level" | "valid_to") {
    return (event: Event): void => {
      const given = (event.target as HTMLInputElement).value.trim() || null;
      this.change(this.rows.map((row, at) => (at === place ? { ...row, [field]: given } : row)));
    };
  }

  private async add(): Promise<void> {
    const type = this.catalogue.choices("CredentialType")[0]!.code;
    this.change([...this.rows, { type, level: null, valid_to: null, verified_by: null, verified_at: null }]);
    await this.updateComplete;
    this.find(`#credential-${this.rows.length - 1}-type`)?.focus();
  }

  private async drop(place: number): Promise<void> {
    this.change(this.rows.filter((_, at) => at !== place));
    await this.updateComplete;
    this.find("button.add")?.focus();
  }

  private change(rows: Credential[]): void {
    this.rows = rows;
    this.isChanged = true;
  }
}
