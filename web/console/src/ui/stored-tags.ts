/** The tags of a stored demand or case, to be corrected and saved. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Catalogue, Option } from "../core/catalogue";
import { call, Problem } from "../core/http";
import { t } from "../core/language";
import type { Tag } from "../core/types";
import { problemNotice } from "./notices";
import type { Tagger } from "./tagger";
import "./tagger";
import { View } from "./view";

interface Row {
  id: string;
  version: number;
  tags: Tag[];
}

/** Tells `nm-saved` once the tags are stored. */
@customElement("nm-stored-tags")
export class StoredTags extends View {
  @property({ attribute: false }) catalogue!: Catalogue;
  @property({ attribute: false }) row!: Row;
  /** Address of the row: its tags are stored under it. */
  @property() path = "";
  /** What the button says that stores them. */
  @property() words = t("保存标签并重新匹配");
  @state() private isChanged = false;
  @state() private problem: Problem | null = null;

  override render(): TemplateResult {
    const of = (scheme: Tag["scheme"]): Tag[] => this.row.tags.filter((tag) => tag.scheme === scheme);
    const isHuman = this.row.tags.some(({ source }) => source === "human");
    return html`<div @nm-tags=${this.noteChange}>
      <nm-tagger id="stored-scenarios" label=${t("应用场景")} most="3" alone="OTH" .options=${this.catalogue.scenarios}
        .automatic=${of("scenario")}></nm-tagger>
      <nm-tagger id="stored-industries" label=${t("产业")} most="5" .options=${this.catalogue.industries}
        .automatic=${of("sei2018")}></nm-tagger>
      <nm-tagger id="stored-classes" label=${t("国民经济行业")} most="5" .finder=${this.findClasses}
        .automatic=${of("gb4754")}></nm-tagger>
      <div class="actions">
        ${this.isChanged
          ? html`<button type="button" class="small primary" @click=${() => this.save(this.chosen)}>${this.words}</button>`
          : nothing}
        ${isHuman
          ? html`<button type="button" class="small" @click=${() => this.save({ scenarios: null, industries: null, classes: null })}>${t("恢复自动标签")}</button>`
          : nothing}
      </div>
      ${this.problem ? problemNotice(this.problem) : nothing}
    </div>`;
  }

  private readonly findClasses = (words: string): Promise<Option[]> => this.catalogue.findClasses(words);

  private codes(name: string): string[] | null {
    return this.find<Tagger>(`#stored-${name}`)!.codes;
  }

  private get chosen(): Record<string, string[]> {
    const entries = ["scenarios", "industries", "classes"].map((name): [string, string[] | null] => [name, this.codes(name)]);
    return Object.fromEntries(entries.filter((entry): entry is [string, string[]] => entry[1] !== null));
  }

  private noteChange(): void {
    this.isChanged = Object.keys(this.chosen).length > 0;
  }

  private async save(tags: Record<string, string[] | null>): Promise<void> {
    try {
      await call("PUT", `${this.path}/tags`, { body: { version: this.row.version, ...tags } });
      this.querySelectorAll<Tagger>("nm-tagger").forEach((tagger) => (tagger.own = null));
      this.isChanged = false;
      this.problem = null;
      this.tell("nm-saved");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    }
  }
}
