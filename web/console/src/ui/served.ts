/** Where a provider works: the whole country, or divisions chosen one by one. */

import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Catalogue, Option } from "../core/catalogue";
import { Problem } from "../core/http";
import { t } from "../core/language";
import "./combobox";
import { View } from "./view";

const NATION = "nation";
const MOST = 40;

/** Name of where a provider works. */
export async function servedName(code: string, catalogue: Catalogue): Promise<string> {
  return code === NATION ? t("全国") : catalogue.regionName(code);
}

@customElement("nm-served")
export class Served extends View {
  @property({ attribute: false }) catalogue!: Catalogue;
  /** Codes that are stored. */
  @property({ attribute: false }) stored: string[] = [];
  @state() private rows: Option[] = [];
  @state() private isChanged = false;

  /** Codes to be stored; null while nothing changed. */
  get values(): string[] | null {
    return this.isChanged ? this.rows.map(({ code }) => code) : null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("stored")) return;
    this.rows = this.stored.map((code) => ({ code, name: code }));
    void this.nameRows(this.rows);
  }

  /** Put the names of places where their codes stand; should that fail, the codes stay. */
  private async nameRows(rows: Option[]): Promise<void> {
    try {
      const named = await Promise.all(rows.map(async ({ code }) => ({ code, name: await servedName(code, this.catalogue) })));
      if (this.rows === rows) this.rows = named;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }

  override render(): TemplateResult {
    return html`<fieldset class="list">
      <legend>${t("服务区域")}</legend>
      <ul class="chips">
        ${this.rows.length ? this.rows.map((row) => this.chip(row)) : html`<li class="none">${t("没有填报")}</li>`}
      </ul>
      <label class="unseen" for="served-add">${t("添加服务区域")}</label>
      <nm-combobox input-id="served-add" placeholder=${t("输入地名添加，或选“全国”")} .finder=${(words: string) => this.offered(words)}
        @nm-choose=${this.choose}></nm-combobox>
    </fieldset>`;
  }

  private chip({ code, name }: Option): TemplateResult {
    return html`<li><span class="chip">${name}<button type="button" aria-label=${t("去掉{name}", { name })}
      @click=${() => this.change(this.rows.filter((row) => row.code !== code))}>×</button></span></li>`;
  }

  private async offered(words: string): Promise<Option[]> {
    const nation = { code: NATION, name: t("全国") };
    const places = await this.catalogue.findRegions(words);
    return !words || nation.name.toLowerCase().includes(words.toLowerCase()) ? [nation, ...places] : places;
  }

  /** The whole country stands alone; a place takes its place. */
  private choose(event: CustomEvent<Option>): void {
    event.stopPropagation();
    const { code, name } = event.detail;
    const others = code === NATION ? [] : this.rows.filter((row) => row.code !== NATION && row.code !== code);
    this.change([...others, { code, name }].slice(-MOST));
  }

  private change(rows: Option[]): void {
    this.rows = rows;
    this.isChanged = true;
  }
}
