/**
 * Ranked matches as cards: how strong, why, what speaks against, what nobody knows yet.
 */

import { el, list, marked } from "./dom.js";

const BANDS = { strong: "强", good: "较强", fair: "一般", weak: "弱" };
const OUTCOMES = {
  met: { word: "满足", look: "met" },
  unmet: { word: "不满足", look: "unmet" },
  unknown: { word: "待核实", look: "unsure" },
};
const ENOUGH_KNOWN = 0.999;

/** An ordered list of cards, best first; the first one with its evidence unfolded. */
export function cards(matches) {
  return el("ol", { class: "cards" }, ...matches.map((match, place) => card(match, place === 0)));
}

function card(match, isOpen) {
  const why = match.explanation;
  return el(
    "li",
    {},
    el(
      "article",
      { class: "card", "aria-label": `第 ${match.rank} 位：${match.organisation.name}` },
      head(match),
      el("p", { class: "capability" }, match.item.title),
      el("p", { class: "about" }, about(match)),
      folded(match),
      el("p", { class: "summary" }, why.summary),
      grounds(why),
      evidence(match, isOpen),
    ),
  );
}

function head(match) {
  return el(
    "header",
    {},
    el("span", { class: "rank" }, el("span", { class: "unseen" }, "排名"), String(match.rank)),
    el("h3", {}, match.organisation.name),
    el("span", { class: `band ${match.band}` }, el("span", { class: "unseen" }, "匹配程度："), BANDS[match.band]),
  );
}

/** Where the organisation is and what the capability is tagged with. */
function about({ organisation, item, others }) {
  const names = item.tags.filter((tag) => tag.scheme !== "gb4754").map((tag) => tag.name);
  const more = others.length ? `另有 ${others.length} 项能力也相关` : "";
  return [organisation.region_name, ...names, more].filter(Boolean).join("　·　");
}

/** Which near copies were folded into a result: nobody disappears without a word. */
function folded({ near_duplicates: copies }) {
  if (!copies.length) return null;
  const keys = copies.join("、");
  return el("p", { class: "hint" }, `另有 ${copies.length} 条内容近乎相同的结果并入了这一条：${keys}`);
}

function grounds(why) {
  return el(
    "div",
    { class: "grounds" },
    ground("for", "支持", why.reasons_for, "没有明显的支持理由。"),
    ground("against", "不利", why.reasons_against, "没有发现。"),
    ground("unknown", "待核实", why.unknowns, "没有。"),
  );
}

function ground(look, title, statements, nothing) {
  return el(
    "section",
    { class: look },
    el("h4", {}, title),
    list(statements.map((statement) => statement.text)) || el("p", { class: "nothing" }, nothing),
  );
}

/** Everything behind the summary: rules, sentences, contributions. */
function evidence(match, isOpen) {
  const { sentence_pair: pair, shared_terms: terms } = match.explanation;
  return el(
    "details",
    { open: isOpen },
    el("summary", {}, "依据：资格核对、原文对照、分项贡献"),
    rules(match.rules),
    pair && comparison(pair, terms),
    contributions(match),
  );
}

function rules(results) {
  if (!results.length) return el("p", { class: "hint" }, "这条需求没有需要逐项核对的资格条件。");
  return el(
    "table",
    { class: "rules" },
    el("caption", { class: "unseen" }, "资格核对"),
    el(
      "thead",
      {},
      el("tr", {}, ...["要求", "结果", "事实与来源"].map((name) => el("th", { scope: "col" }, name))),
    ),
    el("tbody", {}, ...results.map(rule)),
  );
}

function rule(result) {
  const outcome = OUTCOMES[result.outcome];
  const wish = result.strength === "prefer" ? "（优先条件）" : "";
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, `${result.title}${wish}`),
    el("td", { class: `outcome ${outcome.look}` }, outcome.word),
    el("td", {}, result.fact, el("span", { class: "source because" }, `来源：${result.source}`)),
  );
}

function comparison(pair, terms) {
  return el(
    "section",
    {},
    el("h4", {}, "意思最接近的一处"),
    el(
      "div",
      { class: "pair" },
      side("需求写道", pair.query, terms.flatMap((term) => term.query_spans)),
      side("机构写道", pair.candidate, terms.flatMap((term) => term.candidate_spans)),
    ),
  );
}

/** A sentence with the shared terms marked; spans count from the start of the whole text. */
function side(title, sentence, spans) {
  const within = spans.map(({ start, end }) => ({
    start: start - sentence.start,
    end: end - sentence.start,
  }));
  return el(
    "figure",
    {},
    el("figcaption", {}, title),
    el("blockquote", {}, ...marked(sentence.text, within)),
  );
}

function contributions(match) {
  const known = match.parts.filter((part) => part.value !== null);
  const unknown = match.parts.filter((part) => part.value === null);
  const most = Math.max(...known.map((part) => part.contribution), 1e-9);
  return el(
    "section",
    {},
    el("h4", {}, "分项贡献"),
    el(
      "ul",
      { class: "parts" },
      ...known.map((part) => bar(part, part.contribution / most)),
      el(
        "li",
        { class: "total" },
        el("span", {}, "合计"),
        el("span", {}),
        el("span", { class: "number" }, match.score.toFixed(3)),
      ),
    ),
    el("p", { class: "hint" }, "合计只用来在本次结果中排序，不是百分比，也不是成功率。"),
    match.coverage < ENOUGH_KNOWN && unknown.length
      ? el("p", { class: "hint" }, `没有依据、未计入：${unknown.map((part) => part.title).join("、")}。补充后排序可能变化。`)
      : null,
  );
}

function bar(part, share) {
  const fill = el("span");
  fill.style.width = `${(share * 100).toFixed(1)}%`;
  return el(
    "li",
    {},
    el("span", {}, part.title),
    el("span", { class: "track", "aria-hidden": "true" }, fill),
    el("span", { class: "number" }, part.contribution.toFixed(3)),
  );
}
