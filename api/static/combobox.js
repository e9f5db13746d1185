/**
 * A searchable choice: a text field with a list of options under it (ARIA combobox pattern).
 */

import { el } from "./dom.js";
import { Problem } from "./http.js";

const SHOWN = 40;
const PAUSE_MS = 200;

/**
 * @typedef {{code: string, name: string, hint?: string, search?: string}} Option
 * `search` holds further words the option is found by.
 */
export class Combobox {
  #input;
  #popup;
  #options = [];
  #find = null;
  #timer = 0;
  #found = [];
  #active = -1;
  #chosen = null;
  #keeps;
  #onchoose;

  /**
   * Turn a text field into a searchable choice.
   *
   * @param {HTMLInputElement} input A labelled text field with an id.
   * @param {{keeps?: boolean, onchoose?: (option: Option|null) => void}} settings `keeps`:
   *   the choice stays in the field; otherwise the field is emptied for the next one.
   */
  constructor(input, { keeps = true, onchoose = () => {} } = {}) {
    this.#input = input;
    this.#keeps = keeps;
    this.#onchoose = onchoose;
    this.#popup = el("ul", {
      class: "options",
      role: "listbox",
      id: `${input.id}-options`,
      "aria-label": "可选项",
      hidden: true,
      onmousedown: (event) => event.preventDefault(),
      onclick: (event) => this.#clicked(event),
    });
    for (const [name, value] of [
      ["role", "combobox"],
      ["autocomplete", "off"],
      ["aria-autocomplete", "list"],
      ["aria-expanded", "false"],
      ["aria-controls", this.#popup.id],
    ]) {
      input.setAttribute(name, value);
    }
    input.after(this.#popup);
    input.addEventListener("input", () => this.#search());
    input.addEventListener("click", () => this.#search());
    input.addEventListener("keydown", (event) => this.#pressed(event));
    input.addEventListener("blur", () => this.#left());
  }

  /** Set what can be chosen, all of it at hand. */
  set options(options) {
    this.#options = options;
  }

  /** Set who is asked for the options that fit some words: a function of the words. */
  set finder(find) {
    this.#find = find;
  }

  /** Code of the choice; null when nothing is chosen. */
  get code() {
    return this.#chosen && this.#chosen.code;
  }

  /** Give up the choice without telling anyone. */
  clear() {
    this.#chosen = null;
    this.#input.value = "";
  }

  /** The words to look for: none while the field shows the choice. */
  get #words() {
    const words = this.#input.value.trim();
    return this.#chosen && this.#chosen.name === words ? "" : words;
  }

  #search() {
    window.clearTimeout(this.#timer);
    const words = this.#words;
    if (this.#find) this.#timer = window.setTimeout(() => this.#ask(words), PAUSE_MS);
    else this.#offer(ranked(this.#options, words), words);
  }

  async #ask(words) {
    let found = [];
    try {
      found = await this.#find(words);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
    if (words === this.#words && document.activeElement === this.#input) this.#offer(found, words);
  }

  #offer(found, words) {
    this.#found = found;
    this.#active = words && found.length ? 0 : -1;
    this.#open();
  }

  #open() {
    const rows = this.#found.slice(0, SHOWN).map((option, place) =>
      el(
        "li",
        { role: "option", id: `${this.#popup.id}-${place}`, "aria-selected": "false" },
        el("span", {}, option.name),
        option.hint ? el("small", {}, option.hint) : null,
      ),
    );
    const rest = this.#found.length - rows.length;
    if (!rows.length) rows.push(note("没有相符的选项"));
    else if (rest > 0) rows.push(note(`还有 ${rest} 项，请继续输入以缩小范围`));
    this.#popup.replaceChildren(...rows);
    this.#popup.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    this.#point(this.#active);
  }

  #close() {
    this.#popup.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
    this.#active = -1;
  }

  #point(place) {
    const rows = this.#popup.querySelectorAll("[role=option][id]");
    const before = this.#popup.querySelector("[aria-selected=true]");
    if (before) before.setAttribute("aria-selected", "false");
    this.#active = rows.length ? Math.min(place, rows.length - 1) : -1;
    const row = rows[this.#active];
    if (!row) {
      this.#input.removeAttribute("aria-activedescendant");
      return;
    }
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", row.id);
  }

  #pressed(event) {
    if (event.isComposing) return;
    const isOpen = !this.#popup.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) this.#search();
      this.#point(Math.max(0, this.#active + (event.key === "ArrowDown" ? 1 : -1)));
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      if (this.#active >= 0) this.#choose(this.#found[this.#active]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      this.#close();
    }
  }

  #clicked(event) {
    const row = event.target.closest("[role=option][id]");
    if (!row) return;
    const place = Array.prototype.indexOf.call(this.#popup.children, row);
    this.#choose(this.#found[place]);
  }

  #choose(option) {
    this.#chosen = this.#keeps ? option : null;
    this.#input.value = this.#keeps ? option.name : "";
    this.#close();
    this.#onchoose(option);
  }

  /** Leaving the field: an emptied field gives up the choice, a half-typed one goes back. */
  #left() {
    this.#close();
    if (this.#keeps && this.#chosen && !this.#input.value.trim()) {
      this.#chosen = null;
      this.#onchoose(null);
    } else {
      this.#input.value = this.#chosen ? this.#chosen.name : "";
    }
  }
}

function note(text) {
  return el("li", { class: "note", role: "option", "aria-disabled": "true" }, text);
}

/** The options that fit the words, those whose name begins with them first. */
function ranked(options, words) {
  return options
    .map((option) => [rank(option, words.toLowerCase()), option])
    .filter(([place]) => place >= 0)
    .sort((a, b) => a[0] - b[0])
    .map(([, option]) => option);
}

/** 0 when the name begins with the words, 1 when it has them, 2 when the rest has them, else -1. */
function rank(option, words) {
  if (!words) return 0;
  const name = option.name.toLowerCase();
  if (name.startsWith(words)) return 0;
  if (name.includes(words)) return 1;
  const more = `${option.code} ${option.hint || ""} ${option.search || ""}`.toLowerCase();
  return more.includes(words) ? 2 : -1;
}
