/** A choice of who sees something: every level with a sentence saying who that is. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { View } from "./view";

export interface Level {
  value: string;
  name: string;
  /** Who sees what. */
  words: string;
}

/** Tells `nm-level` with the value chosen. */
@customElement("nm-levels")
export class Levels extends View {
  /** Id of the first choice, and the name the choices go by. */
  @property() name = "";
  @property() heading = "";
  @property({ attribute: "described-by" }) describedBy = "";
  @property({ attribute: false }) levels: Level[] = [];
  @property() value = "";

  override render(): TemplateResult {
    return html`<fieldset class="levels" aria-describedby=${this.describedBy || nothing}>
      <legend>${this.heading}</legend>
      ${this.levels.map((level, place) => this.choice(level, place ? `${this.name}-${level.value}` : this.name))}
    </fieldset>`;
  }

  private choice({ value, name, words }: Level, id: string): TemplateResult {
    return html`<div>
      <label class="check"><input type="radio" id=${id} name=${this.name} value=${value} .checked=${value === this.value}
        aria-describedby="${id}-words" @change=${() => this.tell("nm-level", value)}>${name}</label>
      <p class="hint" id="${id}-words">${words}</p>
    </div>`;
  }
}
