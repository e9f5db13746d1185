/** Tags somebody can correct: what was recognised, the words that caused it, remove and add. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Option } from "../core/catalogue";
import { t } from "../core/language";
import { quoted } from "../core/wording";
import type { Combobox } from "./combobox";
import "./combobox";
import { View } from "./view";

const EVIDENCE_SHOWN = 4;

export interface Tagged {
  code: string;
  name: string;
  source?: string;
  evidence?: { text: string }[];
}

/** Tells `nm-tags` after a person changed the tags. */
@customElement("nm-tagger")
export class Tagger extends View {
  @property() label = "";
  @property({ type: Number }) most = 5;
  /** Whether no tag at all is a decision too. */
  @property({ type: Boolean, attribute: "may-be-empty" }) mayBeEmpty = false;
  /** A code that goes with no other. */
  @property() alone = "";
  @property({ attribute: false }) options: Option[] = [];
  @property({ attribute: false }) finder: ((words: string) => Promise<Option[]>) | null = null;
  /** What was recognised; a person's choice stands above it. */
  @property({ attribute: false }) automatic: Tagged[] = [];
  /** What a person chose; null while the automatic ones stand. */
  @property({ attribute: false }) own: Tagged[] | null = null;
  @state() private isAdding = false;

  /** Codes a person chose; null while the automatic ones stand. */
  get codes(): string[] | null {
    if (!this.own || (!this.own.length && !this.mayBeEmpty)) return null;
    return this.own.map(({ code }) => code);
  }

  override render(): TemplateResult {
    const id = `${this.id}-label`;
    return html`<div class="tagger" role="group" aria-labelledby=${id}>
      <h4 id=${id}>${this.label}</h4>
      <div class="tagger-body">
        <ul class="chips">
          ${this.now.length ? this.now.map((tag) => this.item(tag)) : html`<li class="none">${this.nothing}</li>`}
        </ul>
        <div ?hidden=${!this.isAdding}>
          <label class="unseen" for="${this.id}-add">${t("添加{label}", { label: this.label })}</label>
          <nm-combobox input-id="${this.id}-add" placeholder=${t("输入名称或代码查找")}
            .options=${this.options} .finder=${this.finder} @nm-choose=${this.choose}></nm-combobox>
        </div>
      </div>
      <div class="tagger-tools">
        <span class="origin">${this.isHuman ? t("人工指定") : t("自动识别")}</span>
        <button type="button" class="small add" aria-expanded=${this.isAdding ? "true" : "false"}
          @click=${() => this.toggle(!this.isAdding)}>
          ${this.most === 1 ? t("改选") : t("添加")}<span class="unseen">${this.label}</span>
        </button>
        ${this.own
          ? html`<button type="button" class="small plain" @click=${this.reset}>
              ${t("恢复自动识别")}<span class="unseen">${this.label}</span>
            </button>`
          : nothing}
      </div>
    </div>`;
  }

  private get now(): Tagged[] {
    return this.own ?? this.automatic;
  }

  private get isHuman(): boolean {
    return this.own ? this.codes !== null : this.automatic.some(({ source }) => source === "human");
  }

  private get nothing(): string {
    if (!this.own) return t("未识别到");
    return this.mayBeEmpty ? t("不指定") : t("请另选一个；不选则仍按自动识别");
  }

  private item(tag: Tagged): TemplateResult {
    const name = this.options.find(({ code }) => code === tag.code)?.name || tag.name || tag.code;
    const words = new Set((tag.evidence ?? []).map(({ text }) => text));
    const because = Array.from(words).slice(0, EVIDENCE_SHOWN).map(quoted).join("");
    return html`<li>
      <span class="chip">${name}<button type="button" aria-label=${t("移除{label}{name}", { label: this.label, name: quoted(name) })}
        @click=${() => this.drop(tag.code)}>×</button></span>
      ${because ? html`<span class="because">${t("依据：")}${because}</span>` : nothing}
    </li>`;
  }

  private async toggle(isAdding: boolean): Promise<void> {
    this.isAdding = isAdding;
    await this.updateComplete;
    if (isAdding) this.find<Combobox>("nm-combobox")?.focus();
  }

  private async choose(event: CustomEvent<Option>): Promise<void> {
    event.stopPropagation();
    const { code, name } = event.detail;
    if (this.now.some((tag) => tag.code === code)) return;
    this.change([...this.besides(code), { code, name }]);
    await this.toggle(false);
    this.find("button.add")?.focus();
  }

  /** The tags that stay when one is added. */
  private besides(code: string): Tagged[] {
    if (this.most === 1 || code === this.alone) return [];
    return this.now.filter((tag) => tag.code !== this.alone).slice(0, this.most - 1);
  }

  private async drop(code: string): Promise<void> {
    const place = this.now.findIndex((tag) => tag.code === code);
    this.change(this.now.filter((tag) => tag.code !== code));
    await this.updateComplete;
    const buttons = this.querySelectorAll<HTMLElement>(".chips button");
    if (buttons.length) buttons[Math.min(place, buttons.length - 1)]!.focus();
    else if (this.mayBeEmpty) this.find("button.add")?.focus();
    else await this.toggle(true);
  }

  private async reset(): Promise<void> {
    this.own = null;
    this.tell("nm-tags");
    await this.updateComplete;
    this.find("button.add")?.focus();
  }

  private change(tags: Tagged[]): void {
    this.own = tags;
    this.tell("nm-tags");
  }
}
