/**
 * What the service read from a text: notices, completeness, tags to correct, facts.
 */

import { byId, el, list, quoted } from "./dom.js";
import { TagEditor } from "./tags.js";
import { budgetWords, periodWords } from "./wording.js";

const REJECT = "OTH";
const PLACE_OF = {
  decision_question: "question",
  region: "region",
  budget: "budget",
  period: "period",
};
const FILLED_BY = {
  decision_question: "decision_question",
  region: "region_code",
  budget: "budget",
  period: "period_days",
};

export class Understanding {
  #catalogue;
  #goTo;
  #editors;
  #answer = null;

  /**
   * @param {import("./catalogue.js").Catalogue} catalogue
   * @param {{onchange: () => void, goTo: (field: string) => void}} settings
   */
  constructor(catalogue, { onchange, goTo }) {
    this.#catalogue = catalogue;
    this.#goTo = goTo;
    const changed = () => {
      this.#renderAdvice();
      onchange();
    };
    const editor = (id, label, max, choices, more = {}) => {
      const made = new TagEditor({ id, label, max, onchange: changed, ...more });
      if (typeof choices === "function") made.finder = choices;
      else made.options = choices;
      return made;
    };
    const findClasses = (words) => catalogue.findClasses(words);
    this.#editors = {
      scenarios: editor("scenarios", "应用场景", 3, catalogue.scenarios, { alone: REJECT }),
      industries: editor("industries", "产业", 5, catalogue.industries),
      classes: editor("classes", "国民经济行业", 5, findClasses),
      deliverables: editor("deliverables", "成果形式", 13, catalogue.choices("Deliverable"), {
        mayBeEmpty: true,
      }),
      audience: editor("audience", "服务对象", 1, catalogue.choices("Audience")),
    };
    byId("tags").append(...Object.values(this.#editors).map((made) => made.node));
    this.clear();
  }

  /** Codes a person chose, by editor; only those changed. */
  get chosen() {
    const entries = Object.entries(this.#editors).map(([name, editor]) => [name, editor.chosen]);
    return Object.fromEntries(entries.filter(([, codes]) => codes));
  }

  /** Whether the demand counts as something else than patent navigation, as things stand. */
  get isOutOfScope() {
    const { scenarios } = this.chosen;
    if (scenarios) return scenarios.includes(REJECT);
    return Boolean(this.#answer && this.#answer.read.quality.routing_hint);
  }

  /** Show what was read from the text that stands in the form. */
  show({ understanding: read, near_duplicates: duplicates }, filled) {
    this.#answer = { read, duplicates, filled };
    const name = (vocabulary, code) => this.#catalogue.label(vocabulary, code);
    const named = (vocabulary, field) => (found) => ({
      code: found[field],
      name: name(vocabulary, found[field]),
      evidence: Array.isArray(found.evidence) ? found.evidence : [found.evidence],
    });
    this.#editors.scenarios.show(read.scenarios);
    this.#editors.industries.show(read.industries.filter((tag) => tag.scheme === "sei2018"));
    this.#editors.classes.show(read.industries.filter((tag) => tag.scheme === "gb4754"));
    this.#editors.deliverables.show(
      grouped(read.deliverables.map(named("Deliverable", "deliverable"))),
    );
    this.#editors.audience.show(read.audience ? [named("Audience", "audience")(read.audience)] : []);
    this.#renderAdvice();
    byId("facts").replaceChildren(...this.#facts(read));
    this.#reveal(true);
  }

  /** Forget everything, a person's corrections included. */
  clear() {
    this.#answer = null;
    for (const editor of Object.values(this.#editors)) {
      editor.reset();
      editor.show([]);
    }
    for (const id of ["notices", "completeness", "facts"]) byId(id).replaceChildren();
    this.#reveal(false);
  }

  /** Notices and questions; they depend on the scenarios a person chose as well. */
  #renderAdvice() {
    if (!this.#answer) return;
    const { read, duplicates, filled } = this.#answer;
    const isOut = this.isOutOfScope;
    const isChosen = Boolean(this.chosen.scenarios);
    byId("notices").replaceChildren(...notices(read, duplicates, isOut, isChosen));
    byId("completeness").replaceChildren(...(isOut ? [] : [this.#completeness(read.quality, filled)]));
  }

  #reveal(isShown) {
    byId("understanding-empty").hidden = isShown;
    byId("tags").hidden = !isShown;
  }

  #completeness(quality, filled) {
    const fill = el("span");
    fill.style.width = `${quality.score}%`;
    const asked = quality.missing.filter((fact) => !(FILLED_BY[fact.name] in filled));
    return el(
      "div",
      { class: "completeness" },
      el("h4", {}, `完整度 ${quality.score} 分（满分 100），${quality.grade} 级`),
      el("div", { class: "track", "aria-hidden": "true" }, fill),
      asked.length ? el("p", { class: "hint" }, "补充下面几点，匹配会更准：") : null,
      list(asked.map((fact) => this.#question(fact))),
    );
  }

  #question(fact) {
    const place = PLACE_OF[fact.name] || "text";
    return [
      fact.question,
      " ",
      el(
        "button",
        { type: "button", class: "small plain", onclick: () => this.#goTo(place) },
        "去填写",
        el("span", { class: "unseen" }, fact.question),
      ),
    ];
  }

  #facts(read) {
    const label = (vocabulary, code) => this.#catalogue.label(vocabulary, code);
    const budget = read.budget && budgetWords(read.budget, label("BudgetKind", read.budget.kind));
    const uses = read.applications.map((found) => label("ApplicationForm", found.application));
    const conditions = read.requirements.map(
      (found) => `${label("RequirementStrength", found.strength)}：${found.text}`,
    );
    return [
      ...fact("地区", read.regions.map((tag) => tag.name).join("、"), read.regions.flatMap(words)),
      ...fact("预算", budget, words(read.budget)),
      ...fact("期限", read.period && periodWords(read.period), words(read.period)),
      ...fact("截止", read.deadline && read.deadline.due, words(read.deadline)),
      ...fact("成果用途", Array.from(new Set(uses)).join("、"), read.applications.flatMap(words)),
      ...fact("机构条件", list(conditions), []),
      ...fact("明确程度", read.quality.clarity && label("Clarity", read.quality.clarity), []),
    ];
  }
}

function notices(read, duplicates, isOutOfScope, isChosen) {
  const { quality } = read;
  return [
    isOutOfScope
      ? notice("不像是专利导航需求", quality.routing_hint || "已指定为不属于专利导航的事务，发布后不参加匹配。")
      : null,
    read.needs_confirmation && !isOutOfScope && !isChosen
      ? notice("请确认应用场景", "系统对应用场景的把握不大，请看一看下面的标签，不对就改。")
      : null,
    ...quality.advice.map((advice) => notice("请留意", advice.message)),
    quality.vague_terms.length
      ? notice(
          "有些说法不够具体",
          `${quality.vague_terms.map((term) => quoted(term.text)).join("")}，换成具体的对象、数量或日期，匹配会更准。`,
        )
      : null,
    duplicates.length
      ? notice(
          "已有近乎相同的需求",
          "发布前请先看看是否重复：",
          list(duplicates.map(({ id, title }) => el("a", { href: `#${id}` }, title))),
        )
      : null,
  ].filter(Boolean);
}

function notice(title, ...content) {
  return el("div", { class: "notice" }, el("h4", {}, title), ...content);
}

/** Findings of one code as one tag with all its evidence. */
function grouped(tags) {
  const byCode = new Map();
  for (const tag of tags) {
    const before = byCode.get(tag.code);
    if (before) before.evidence.push(...tag.evidence);
    else byCode.set(tag.code, tag);
  }
  return Array.from(byCode.values());
}

/** The words a finding was read from. */
function words(found) {
  if (!found) return [];
  const evidence = Array.isArray(found.evidence) ? found.evidence : [found.evidence];
  return evidence.map((stretch) => stretch.text);
}

function fact(title, value, evidence) {
  const because = Array.from(new Set(evidence)).slice(0, 3);
  return [
    el("dt", {}, title),
    el(
      "dd",
      {},
      value || el("span", { class: "because" }, "未说明"),
      value && because.length
        ? el("span", { class: "because" }, `依据：${because.map(quoted).join("")}`)
        : null,
    ),
  ];
}
