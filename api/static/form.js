/**
 * The form a demand is posted with: its values, its checks, the problems shown at its fields.
 */

import { byId } from "./dom.js";

const LIMITS = { text: [30, 5000], title: [6, 80], question: [0, 300] };
const NAMES = { text: "需求描述", title: "标题", question: "要支撑的决策" };
const LEAST_READ = 10;
const SHORT_TITLE = 40;
const ENOUGH_TITLE = 12;
const FEN_PER_WAN = 1000000;
const MAX_DAYS = 1095;
const FIELDS = ["text", "title", "question", "region", "budget", "period"];
const FIELD_OF = {
  description: "text",
  title: "title",
  decision_question: "question",
  region_code: "region",
  budget: "budget",
  period_days: "period",
};

export class DemandForm {
  #region;
  #ownTitle = false;

  /** @param {import("./combobox.js").Combobox} region */
  constructor(region) {
    this.#region = region;
    byId("text").addEventListener("input", () => this.#typed());
    byId("title").addEventListener("input", () => {
      this.#ownTitle = byId("title").value.trim() !== "";
    });
    byId("budget-kind").addEventListener("change", () => this.#fitAmounts());
    this.#fitAmounts();
  }

  /** What is filled in, by field of the API; empty fields are left out. */
  values() {
    const filled = {
      title: value("title"),
      description: description(),
      decision_question: value("question"),
      region_code: this.#region.code,
      budget: budget(),
      period_days: number(value("period")),
    };
    return Object.fromEntries(
      Object.entries(filled).filter(([, given]) => given !== "" && given !== null),
    );
  }

  /** What a preview is asked with; null while there is too little or too much to read. */
  get previewed() {
    const { title, description: text, decision_question: question } = this.values();
    if (!text || count(text) < LEAST_READ || [...tooLong()].length) return null;
    return {
      description: text,
      ...(title && count(title) > 1 ? { title } : {}),
      ...(question ? { decision_question: question } : {}),
    };
  }

  /** Show what keeps the demand from being posted; true when nothing does. */
  check() {
    const problems = [...tooShort(), ...tooLong(), ...budgetProblems(), ...periodProblems()];
    this.show(problems);
    return !problems.length;
  }

  /**
   * Show problems at their fields and go to the first.
   *
   * @param {{field: string, message: string}[]} problems Fields as the API or the page names them.
   */
  show(problems) {
    const messages = new Map();
    for (const { field, message } of problems) {
      const name = FIELDS.includes(field) ? field : FIELD_OF[field.split(".")[0]];
      if (name && !messages.has(name)) messages.set(name, message);
    }
    for (const name of FIELDS) showError(name, messages.get(name));
    const first = FIELDS.find((name) => messages.has(name));
    if (first) this.goTo(first);
  }

  /** Move the focus to a field, unfolding what hides it. */
  goTo(name) {
    if (name === "budget" || name === "period") byId("more").open = true;
    controls(name)[0].focus();
  }

  /** Fill in a text as if it had been pasted. */
  fill({ text, question = "" }) {
    this.clear();
    byId("text").value = text;
    byId("question").value = question;
    this.#typed();
  }

  /** Empty every field. */
  clear() {
    byId("form").reset();
    this.#region.clear();
    this.#ownTitle = false;
    this.#fitAmounts();
    this.#typed();
    this.show([]);
  }

  #typed() {
    const text = value("text");
    byId("text-count").textContent = text ? `${count(text)} / ${LIMITS.text[1]} 字` : "";
    if (!this.#ownTitle) byId("title").value = titleFrom(text);
    const [problem] = [...tooLong()].filter(({ field }) => field === "text");
    showError("text", problem && problem.message);
  }

  #fitAmounts() {
    const kind = byId("budget-kind").value;
    byId("budget-min-field").hidden = kind !== "range";
    byId("budget-max-field").hidden = !["fixed", "range", "ceiling"].includes(kind);
    byId("budget-max-label").textContent = kind === "range" ? "上限（万元，可不填）" : "金额（万元）";
  }
}

function value(id) {
  return byId(id).value.trim();
}

/** The text without its first line where that line is the title. */
function description() {
  const [first, ...rest] = value("text").split("\n");
  const others = rest.join("\n").trim();
  return others && first.trim() === value("title") ? others : value("text");
}

function count(text) {
  return Array.from(text).length;
}

function controls(name) {
  return name === "budget"
    ? [byId("budget-kind"), byId("budget-min"), byId("budget-max")]
    : [byId(name)];
}

/** Show a message at a field, or take it away. */
function showError(name, message) {
  byId(`${name}-error`).textContent = message || "";
  for (const control of controls(name)) {
    if (message) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}

/** The first line when it is short enough for a title, else its first clauses. */
function titleFrom(text) {
  const [first] = text.split("\n");
  if (count(first) <= SHORT_TITLE && text.includes("\n")) return first.trim();
  let title = "";
  for (const clause of first.split(/(?<=[，。；！？,;!?])/)) {
    title += clause;
    if (count(title) > ENOUGH_TITLE) break;
  }
  return Array.from(title.replace(/[，。；！？,;!?\s]+$/, "")).slice(0, SHORT_TITLE).join("");
}

/** A number typed in any width of digits; null when nothing is typed, NaN when it is none. */
function number(text) {
  const plain = text.normalize("NFKC").replace(/,/g, "");
  if (!plain) return null;
  return /^\d{1,7}(\.\d{1,4})?$/.test(plain) ? Number(plain) : NaN;
}

function budget() {
  const kind = byId("budget-kind").value;
  if (!kind) return null;
  const fen = (id) => Math.round(number(value(id)) * FEN_PER_WAN);
  if (kind === "fixed") return { kind, min_fen: fen("budget-max"), max_fen: fen("budget-max") };
  if (kind === "range") {
    const most = value("budget-max") ? { max_fen: fen("budget-max") } : {};
    return { kind, min_fen: fen("budget-min"), ...most };
  }
  if (kind === "ceiling") return { kind, max_fen: fen("budget-max") };
  return { kind };
}

/** Length of a text as it would be sent. */
function lengthOf(field) {
  return count(field === "text" ? description() : value(field));
}

function* tooShort() {
  for (const [field, [least]] of Object.entries(LIMITS)) {
    const length = lengthOf(field);
    if (length < least) {
      yield { field, message: `${NAMES[field]}至少 ${least} 字，现在 ${length} 字。` };
    }
  }
}

function* tooLong() {
  for (const [field, [, most]] of Object.entries(LIMITS)) {
    const length = lengthOf(field);
    if (length > most) yield { field, message: `${NAMES[field]}最多 ${most} 字，现在 ${length} 字。` };
  }
}

function* budgetProblems() {
  const { min_fen: least, max_fen: most } = budget() || {};
  if ([least, most].some((fen) => fen !== undefined && !(fen > 0))) {
    yield { field: "budget", message: "预算金额请写数字，单位万元，例如 30 或 12.5。" };
  } else if (least !== undefined && most !== undefined && least > most) {
    yield { field: "budget", message: "预算下限不能大于上限。" };
  }
}

function* periodProblems() {
  const days = number(value("period"));
  if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= MAX_DAYS)) {
    yield { field: "period", message: `完成期限请写天数，1 至 ${MAX_DAYS} 的整数。` };
  }
}
