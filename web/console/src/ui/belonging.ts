/** As what, for whom and where somebody or some program is to act: role, organisation, region. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Catalogue, Option } from "../core/catalogue";
import { t } from "../core/language";
import { isOfficial, rolesBelow } from "../core/organisations";
import { isOperator } from "../core/session";
import type { Session } from "../core/types";
import "./combobox";
import { View } from "./view";

@customElement("nm-belonging")
export class Belonging extends View {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) catalogue!: Catalogue;
  /** Beginning of the ids of the fields. */
  @property() stem = "";
  /** Organisations to choose from. */
  @property({ attribute: false }) organisations: Option[] = [];
  /** The role to begin with; the first that can be given when empty. */
  @property() usual = "";
  @state() private given = "";
  @state() private organisation: Option | null = null;
  @state() private region: Option | null = null;

  /** What was chosen, by field of the API. */
  get values(): Record<string, string> {
    const { now, organisation, region } = this;
    return {
      role: now,
      ...(!isOfficial(now) && organisation ? { organisation_id: organisation.code } : {}),
      ...(now === "regional_operator" && region ? { region_code: region.code } : {}),
    };
  }

  override render(): TemplateResult {
    const { session, catalogue, now } = this;
    return html`<div class="field">
        <label for="${this.stem}-role">${t("角色")}</label>
        <select id="${this.stem}-role" @change=${(event: Event) => (this.given = (event.target as HTMLSelectElement).value)}>
          ${rolesBelow(session.role).map((role) => html`<option value=${role} ?selected=${role === now}>${catalogue.label("Role", role)}</option>`)}
        </select>
      </div>
      ${isOperator(session) && !isOfficial(now) ? this.organisationField() : nothing}
      ${now === "regional_operator" ? this.regionField() : nothing}`;
  }

  private get now(): string {
    return this.given || this.usual || rolesBelow(this.session.role)[0] || "";
  }

  private organisationField(): TemplateResult {
    const id = `${this.stem}-organisation`;
    return html`<div class="field"><label for=${id}>${t("单位")}<span class="must">${t("（必填）")}</span></label>
      <nm-combobox input-id=${id} keeps described-by="${id}-hint" placeholder=${t("输入单位名称查找")}
        .options=${this.organisations} .chosen=${this.organisation}
        @nm-choose=${(event: CustomEvent<Option | null>) => (this.organisation = event.detail)}></nm-combobox>
      <p class="hint" id="${id}-hint">${t("找不到的单位还没有登记：")}<a href="#/organisations">${t("先登记单位")}</a></p></div>`;
  }

  private regionField(): TemplateResult {
    const id = `${this.stem}-region`;
    return html`<div class="field"><label for=${id}>${t("所辖地区")}<span class="must">${t("（必填）")}</span></label>
      <nm-combobox input-id=${id} keeps placeholder=${t("输入地名查找")} .finder=${(words: string) => this.catalogue.findRegions(words)}
        .chosen=${this.region} @nm-choose=${(event: CustomEvent<Option | null>) => (this.region = event.detail)}></nm-combobox></div>`;
  }
}
