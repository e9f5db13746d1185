/** The filters above a table: words, choices from closed lists, places and codes. */

import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Option } from "../core/catalogue";
import { t } from "../core/language";
import "./combobox";
import type { Combobox } from "./combobox";
import { View } from "./view";

export interface Filter {
  /** Name of the parameter it sets. */
  name: string;
  label: string;
  kind: "text" | "choice" | "search";
  options?: Option[];
  finder?: (words: string) => Promise<Option[]>;
  typed?: (words: string) => Option | undefined;
}

export type FilterValues = Record<string, string>;
type Chosen = Record<string, Option | undefined>;

/** Tells `nm-filter` with the values, empty ones left out. */
@customElement("nm-filter-bar")
export class FilterBar extends View {
  @property({ attribute: false }) filters: Filter[] = [];
  /** What the list is narrowed to. */
  @property({ attribute: false }) values: FilterValues = {};
  /** The options it is narrowed to, of filters that are searched. */
  @property({ attribute: false }) chosen: Chosen = {};
  /** What stands in the fields; whoever holds this element draws it again while somebody types. */
  @state() private filled: FilterValues = {};
  @state() private picked: Chosen = {};

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("values")) this.filled = this.values;
    if (changed.has("chosen")) this.picked = this.chosen;
  }

  override render(): TemplateResult {
    return html`<form class="filter-bar" role="search" aria-label=${t("筛选")} autocomplete="off" @submit=${this.submitted}>
      ${this.filters.map((filter) => this.field(filter))}
      <div class="filter-actions">
        <button type="submit" class="primary">${t("查询")}</button>
        <button type="button" @click=${this.reset}>${t("重置")}</button>
      </div>
    </form>`;
  }

  private field(filter: Filter): TemplateResult {
    const id = `filter-${filter.name}`;
    return html`<div class="field">
      <label for=${id}>${filter.label}</label>
      ${this.control(filter, id)}
    </div>`;
  }

  private control(filter: Filter, id: string): TemplateResult {
    const set = (value: string): void => {
      this.filled = { ...this.filled, [filter.name]: value };
    };
    if (filter.kind === "search") {
      return html`<nm-combobox input-id=${id} keeps placeholder=${t("全部")} .options=${filter.options ?? []}
        .finder=${filter.finder ?? null} .typed=${filter.typed ?? null} .chosen=${this.picked[filter.name] ?? null}
        @nm-choose=${(event: CustomEvent<Option | null>) => {
          this.picked = { ...this.picked, [filter.name]: event.detail ?? undefined };
          set(event.detail?.code ?? "");
        }}></nm-combobox>`;
    }
    const value = this.filled[filter.name] ?? "";
    if (filter.kind === "choice") {
      return html`<select id=${id} @change=${(event: Event) => set((event.target as HTMLSelectElement).value)}>
        <option value="" ?selected=${!value}>${t("全部")}</option>
        ${filter.options?.map(({ code, name }) => html`<option value=${code} ?selected=${code === value}>${t(name)}</option>`)}
      </select>`;
    }
    return html`<input id=${id} type="text" .value=${value} @input=${(event: Event) => set((event.target as HTMLInputElement).value)}>`;
  }

  private submitted(event: Event): void {
    event.preventDefault();
    const filled = Object.entries(this.filled).map(([name, value]) => [name, value.trim()]);
    this.tell("nm-filter", Object.fromEntries(filled.filter(([, value]) => value)));
  }

  private reset(): void {
    this.filled = {};
    this.picked = {};
    this.querySelectorAll<Combobox>("nm-combobox").forEach((combobox) => (combobox.chosen = null));
    this.tell("nm-filter", {});
  }
}
