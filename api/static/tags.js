/**
 * Tags somebody can correct: what was recognised, the words that caused it, remove and add.
 */

import { Combobox } from "./combobox.js";
import { el, quoted } from "./dom.js";

const EVIDENCE_SHOWN = 4;

/**
 * @typedef {{code: string, name: string, confidence?: number, evidence?: {text: string}[]}} Tag
 */
export class TagEditor {
  /** The element to put on the page. */
  node;
  /** Called after a person changed the tags. */
  onchange;
  #label;
  #max;
  #mayBeEmpty;
  #alone;
  #automatic = [];
  #chosen = null;
  #chips;
  #origin;
  #restore;
  #add;
  #search;
  #combobox;
  #names = new Map();

  /**
   * An editor without tags.
   *
   * @param {{id: string, label: string, max: number, mayBeEmpty?: boolean, alone?: string,
   *   onchange?: () => void}} settings `mayBeEmpty`: no tag at all is a decision too; `alone`:
   *   a code that goes with no other.
   */
  constructor({ id, label, max, mayBeEmpty = false, alone = null, onchange = () => {} }) {
    this.#label = label;
    this.#max = max;
    this.#mayBeEmpty = mayBeEmpty;
    this.#alone = alone;
    this.onchange = onchange;
    this.#chips = el("ul", { class: "chips" });
    this.#origin = el("span", { class: "origin" });
    this.#add = el(
      "button",
      { type: "button", class: "small", "aria-expanded": "false", onclick: () => this.#toggle() },
      max === 1 ? "改选" : "添加",
      el("span", { class: "unseen" }, label),
    );
    this.#restore = el(
      "button",
      { type: "button", class: "small plain", hidden: true, onclick: () => this.reset(true) },
      "恢复自动识别",
      el("span", { class: "unseen" }, label),
    );
    const input = el("input", { id: `${id}-add`, type: "text", placeholder: "输入名称或代码查找" });
    this.#search = el(
      "div",
      { class: "combobox", hidden: true },
      el("label", { class: "unseen", for: input.id }, `选择${label}`),
      input,
    );
    this.#combobox = new Combobox(input, { keeps: false, onchoose: (o) => this.#choose(o) });
    this.node = el(
      "div",
      { class: "tagger", role: "group", "aria-labelledby": `${id}-label`, id },
      el("h4", { id: `${id}-label` }, label),
      el("div", { class: "tagger-body" }, this.#chips, this.#search),
      el("div", { class: "tagger-tools" }, this.#origin, this.#add, this.#restore),
    );
    this.#render();
  }

  /** Set what can be chosen. */
  set options(options) {
    this.#combobox.options = options;
    this.#names = new Map(options.map((option) => [option.code, option.name]));
    this.#render();
  }

  /** Set who is asked what can be chosen: a function of the words typed. */
  set finder(find) {
    this.#combobox.finder = find;
  }

  /** Codes a person chose; null while the automatic ones stand. */
  get chosen() {
    if (!this.#chosen || (!this.#chosen.length && !this.#mayBeEmpty)) return null;
    return this.#chosen.map((tag) => tag.code);
  }

  /** Show what was recognised; a person's choice stays. */
  show(tags) {
    this.#automatic = tags;
    if (!this.#chosen) this.#render();
  }

  /** Give up the person's choice. */
  reset(tell = false) {
    this.#chosen = null;
    this.#render();
    if (!tell) return;
    this.#add.focus();
    this.onchange();
  }

  #toggle(open = this.#search.hidden) {
    this.#search.hidden = !open;
    this.#add.setAttribute("aria-expanded", String(open));
    if (open) this.#search.querySelector("input").focus();
  }

  #choose(option) {
    const now = this.#chosen || this.#automatic;
    if (now.some((tag) => tag.code === option.code)) return;
    const tag = { code: option.code, name: option.name };
    this.#change([...this.#besides(option.code, now), tag]);
    this.#toggle(false);
    this.#add.focus();
  }

  /** The tags that stay when one is added. */
  #besides(code, now) {
    if (this.#max === 1 || code === this.#alone) return [];
    return now.filter((tag) => tag.code !== this.#alone).slice(0, this.#max - 1);
  }

  #remove(code) {
    const now = this.#chosen || this.#automatic;
    const place = now.findIndex((tag) => tag.code === code);
    this.#change(now.filter((tag) => tag.code !== code));
    const buttons = this.#chips.querySelectorAll("button");
    if (buttons.length) buttons[Math.min(place, buttons.length - 1)].focus();
    else if (this.#mayBeEmpty) this.#add.focus();
    else this.#toggle(true);
  }

  #change(tags) {
    this.#chosen = tags;
    this.#render();
    this.onchange();
  }

  #render() {
    const tags = this.#chosen || this.#automatic;
    const items = tags.map((tag) => this.#item(tag));
    if (!items.length) items.push(el("li", { class: "none" }, this.#nothing()));
    this.#chips.replaceChildren(...items);
    this.#restore.hidden = !this.#chosen;
    const isHuman = this.chosen || (!this.#chosen && tags.some((tag) => tag.source === "human"));
    this.#origin.textContent = isHuman ? "人工指定" : "自动识别";
  }

  #nothing() {
    if (!this.#chosen) return "未识别到";
    return this.#mayBeEmpty ? "不指定" : "请另选一个；不选则仍按自动识别";
  }

  #item(tag) {
    const name = tag.name || this.#names.get(tag.code) || tag.code;
    const words = (tag.evidence || []).map((evidence) => evidence.text);
    const distinct = Array.from(new Set(words)).slice(0, EVIDENCE_SHOWN);
    return el(
      "li",
      {},
      el(
        "span",
        { class: "chip" },
        name,
        el(
          "button",
          {
            type: "button",
            "aria-label": `移除${this.#label}${quoted(name)}`,
            onclick: () => this.#remove(tag.code),
          },
          "×",
        ),
      ),
      distinct.length
        ? el("span", { class: "because" }, "依据：", distinct.map(quoted).join(""))
        : null,
    );
  }
}
