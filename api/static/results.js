/**
 * The column of results: one state at a time - waiting, loading, matches, nothing, problem.
 */

import { byId, el, list } from "./dom.js";
import { isAborted, Problem } from "./http.js";
import { cards } from "./matches.js";

const ADVICE = [
  "补充左边“系统的理解”里问到的事项，尤其是决策问题和具体的产业、产品。",
  "看一看应用场景和产业标签，不对就改。",
  "“必须满足”的条件如果可以放宽，改成“优先”。",
  "仍可发布：之后登记的服务机构也会参与匹配。",
];

/** Show that nothing has been asked yet. */
export function showWaiting() {
  say("");
  place(
    el(
      "div",
      { class: "empty" },
      el("p", {}, "粘贴或写下需求，这里会实时列出匹配的服务机构：谁排在前面、凭什么、哪里不合、哪些待核实。"),
    ),
  );
}

/** Show that an answer is on its way; what stands there stays, dimmed. */
export function showLoading(words = "正在匹配……") {
  say(words);
  const results = byId("results");
  results.setAttribute("aria-busy", "true");
  if (results.querySelector(".card")) results.classList.add("busy");
  else results.replaceChildren(el("p", { class: "loading" }, words));
}

/** Show that a demand is none to be matched; the nearest providers only for who asks. */
export function showOutOfScope(answer, lead) {
  say(`${lead}不像是专利导航需求，不参加匹配。`);
  place(
    el(
      "div",
      { class: "notice" },
      el("h4", {}, "这条内容不会参加匹配"),
      el("p", {}, answer.understanding.quality.routing_hint || "应用场景已指定为不属于专利导航的事务。"),
    ),
    answer.matches.length
      ? el(
          "details",
          {},
          el("summary", {}, `仍要查看最接近的 ${answer.matches.length} 家服务机构`),
          cards(answer.matches),
        )
      : null,
  );
}

/**
 * Show ranked matches; weak ones are folded away and never fill the list up.
 *
 * @param {{matches: object[], n_excluded?: number}} answer
 * @param {string} lead Words the status line begins with.
 */
export function showMatches(answer, lead) {
  const good = answer.matches.filter((match) => match.band !== "weak");
  const weak = answer.matches.filter((match) => match.band === "weak");
  say(good.length ? `${lead}找到 ${good.length} 家匹配的服务机构。` : `${lead}没有达到阈值的匹配。`);
  place(
    good.length ? cards(good) : nothing(),
    answer.n_excluded
      ? el("p", { class: "hint" }, `另有 ${answer.n_excluded} 家因不满足“必须满足”的条件，没有列出。`)
      : null,
    weak.length
      ? el(
          "details",
          {},
          el("summary", {}, `查看 ${weak.length} 条匹配程度为“弱”的结果`),
          cards(weak),
        )
      : null,
  );
}

/** Show what went wrong and offer another try; an aborted request says nothing. */
export function showProblem(error, retry) {
  if (isAborted(error)) return;
  if (!(error instanceof Problem)) throw error;
  say(`${error.title}。`);
  place(problemNotice(error, retry));
}

/** A problem in words: title, what to do, each field, code and number of the request. */
export function problemNotice(problem, retry) {
  return el(
    "div",
    { class: "notice problem" },
    el("h4", {}, problem.title),
    problem.detail ? el("p", {}, problem.detail) : null,
    list(problem.errors.map((error) => error.message)),
    el(
      "p",
      { class: "code" },
      `代码：${problem.code}`,
      problem.requestId ? `，请求编号：${problem.requestId}` : "",
    ),
    retry ? el("button", { type: "button", class: "small", onclick: retry }, "重试") : null,
  );
}

/** Put words into the status line, which screen readers speak. */
export function say(words) {
  byId("status").textContent = words;
}

function nothing() {
  return el(
    "div",
    { class: "empty" },
    el("p", {}, "没有达到阈值的匹配。可以这样做："),
    list(ADVICE),
  );
}

function place(...content) {
  const results = byId("results");
  results.removeAttribute("aria-busy");
  results.classList.remove("busy");
  results.replaceChildren(...content.filter(Boolean));
}
