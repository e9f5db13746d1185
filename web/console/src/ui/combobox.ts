/** A searchable choice: a text field with a list of options under it (ARIA combobox pattern). */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Option } from "../core/catalogue";
import { Problem } from "../core/http";
import { t } from "../core/language";
import { View } from "./view";

const SHOWN = 40;
const PAUSE_MS = 200;

/** Tells `nm-choose` with the option, or with null when the choice was given up. */
@customElement("nm-combobox")
export class Combobox extends View {
  /** Id of the text field; its label names it. */
  @property({ attribute: "input-id" }) inputId = "";
  @property() placeholder = "";
  @property({ attribute: "described-by" }) describedBy = "";
  /** What can be chosen, all of it at hand. */
  @property({ attribute: false }) options: Option[] = [];
  /** Who is asked instead for the options that fit some words. */
  @property({ attribute: false }) finder: ((words: string) => Promise<Option[]>) | null = null;
  /** The option that whole words stand for without being looked for, such as an id. */
  @property({ attribute: false }) typed: ((words: string) => Option | undefined) | null = null;
  /** Whether the choice stays in the field; otherwise the field is emptied for the next one. */
  @property({ type: Boolean }) keeps = false;
  @property({ attribute: false }) chosen: Option | null = null;
  @state() private found: Option[] = [];
  @state() private active = -1;
  @state() private isOpen = false;
  /** Why nothing could be looked for. */
  @state() private problem: Problem | null = null;
  private timer = 0;

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("chosen")) this.input.value = this.chosen?.name ?? "";
    this.find("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  override render(): TemplateResult {
    const id = `${this.inputId}-options`;
    const active = this.isOpen && this.active >= 0 ? `${id}-${this.active}` : nothing;
    return html`<div class="combobox">
      <input id=${this.inputId} type="text" role="combobox" autocomplete="off" aria-autocomplete="list"
        aria-expanded=${this.isOpen ? "true" : "false"} aria-controls=${id} aria-activedescendant=${active}
        aria-describedby=${this.describedBy || nothing} placeholder=${this.placeholder}
        @input=${this.search} @click=${this.search} @keydown=${this.pressed} @blur=${this.left}>
      <ul class="options" role="listbox" id=${id} aria-label=${t("可选项")} ?hidden=${!this.isOpen}
        @mousedown=${(event: Event) => event.preventDefault()}>
        ${this.isOpen ? this.rows(id) : nothing}
      </ul>
    </div>`;
  }

  override focus(): void {
    this.input.focus();
  }

  private get input(): HTMLInputElement {
    return this.find<HTMLInputElement>("input")!;
  }

  private rows(id: string): unknown[] {
    if (this.problem) return [note(t("没有查成：{title}", { title: this.problem.title }))];
    const shown = this.found.slice(0, SHOWN);
    const rows = shown.map(
      (option, place) => html`<li role="option" id="${id}-${place}" aria-selected=${place === this.active ? "true" : "false"}
        @click=${() => this.choose(option)}>
        <span>${option.name}</span>${option.hint ? html`<small>${option.hint}</small>` : nothing}
      </li>`,
    );
    const rest = this.found.length - shown.length;
    if (!shown.length) return [note(t("没有相符的选项"))];
    return rest > 0 ? [...rows, note(t("还有 {n} 项，请继续输入以缩小范围", { n: rest }))] : rows;
  }

  /** The words to look for: none while the field shows the choice. */
  private get words(): string {
    const words = this.input.value.trim();
    return this.chosen?.name === words ? "" : words;
  }

  private search(): void {
    window.clearTimeout(this.timer);
    const { words } = this;
    const typed = this.typed?.(words);
    if (typed) this.offer([typed], words);
    else if (this.finder) this.timer = window.setTimeout(() => void this.ask(words), PAUSE_MS);
    else this.offer(ranked(this.options, words), words);
  }

  private async ask(words: string): Promise<void> {
    let found: Option[] = [];
    let problem: Problem | null = null;
    try {
      found = await this.finder!(words);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problem = error;
    }
    if (words === this.words && document.activeElement === this.input) this.offer(found, words, problem);
  }

  private offer(found: Option[], words: string, problem: Problem | null = null): void {
    this.found = found;
    this.problem = problem;
    this.active = words && found.length ? 0 : -1;
    this.isOpen = true;
  }

  private pressed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.isOpen) this.search();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const last = Math.min(this.found.length, SHOWN) - 1;
      this.active = Math.min(Math.max(0, this.active + step), last);
    } else if (event.key === "Enter" && this.isOpen) {
      event.preventDefault();
      const option = this.found[this.active];
      if (option) this.choose(option);
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.isOpen = false;
    }
  }

  private choose(option: Option): void {
    this.chosen = this.keeps ? option : null;
    this.input.value = this.keeps ? option.name : "";
    this.isOpen = false;
    this.tell("nm-choose", option);
  }

  /** Leaving the field: an emptied field gives up the choice, a half-typed one goes back. */
  private left(): void {
    this.isOpen = false;
    const typed = this.typed?.(this.words);
    if (typed) this.choose(typed);
    else if (this.keeps && this.chosen && !this.input.value.trim()) {
      this.chosen = null;
      this.tell("nm-choose", null);
    } else {
      this.input.value = this.chosen?.name ?? "";
    }
  }
}

function note(text: string): TemplateResult {
  return html`<li class="note" role="option" aria-disabled="true">${text}</li>`;
}

/** The options that fit the words, those whose name begins with them first. */
export function ranked(options: Option[], words: string): Option[] {
  return options
    .map((option): [number, Option] => [rank(option, words.toLowerCase()), option])
    .filter(([place]) => place >= 0)
    .sort((a, b) => a[0] - b[0])
    .map(([, option]) => option);
}

/** 0 when the name begins with the words, 1 when it has them, 2 when the rest has them, else -1. */
function rank(option: Option, words: string): number {
  if (!words) return 0;
  const name = option.name.toLowerCase();
  if (name.startsWith(words)) return 0;
  if (name.includes(words)) return 1;
  const more = `${option.code} ${option.hint ?? ""} ${option.search ?? ""}`.toLowerCase();
  return more.includes(words) ? 2 : -1;
}
