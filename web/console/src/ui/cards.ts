/** A ranked match as a card: how strong, why, what speaks against, what nobody knows yet. */

import { html, nothing, type TemplateResult } from "lit";
import { t } from "../core/language";
import type { BandName, Evidence, Explanation, Match, Outcome, Part, RuleResult, Span, Statement } from "../core/types";
import { stretches } from "../core/wording";
import { points } from "./notices";

const ENOUGH_KNOWN = 0.999;

/** Whose words stand on the left and on the right of a comparison. */
export type Sides = "demand-provider" | "provider-demand";

export interface CardSettings {
  isOpen: boolean;
  sides: Sides;
  /** What can be done about the match. */
  actions?: (match: Match) => unknown;
}

export function bandWords(band: BandName): string {
  return { strong: t("强"), good: t("较强"), fair: t("一般"), weak: t("弱") }[band];
}

export function outcomeWords(outcome: Outcome): string {
  return { met: t("满足"), unmet: t("不满足"), unknown: t("待核实") }[outcome];
}

/** Name to show a match by: the organisation, or the demand where that has no name. */
export function nameOf(match: Match): string {
  return match.organisation && match.item.kind !== "demand" ? match.organisation.name : match.item.title;
}

export function bandTag(band: BandName): TemplateResult {
  return html`<span class="band ${band}"><span class="unseen">${t("匹配程度：")}</span>${bandWords(band)}</span>`;
}

export function outcomeTag(outcome: Outcome): TemplateResult {
  const look = { met: "met", unmet: "unmet", unknown: "unsure" }[outcome];
  return html`<span class="outcome ${look}">${outcomeWords(outcome)}</span>`;
}

export function card(match: Match, settings: CardSettings): TemplateResult {
  const why = match.explanation;
  const name = nameOf(match);
  return html`<article class="card" aria-label=${match.rank ? t("第 {rank} 位：{name}", { rank: match.rank, name }) : name}>
    <header>
      ${match.rank ? html`<span class="rank"><span class="unseen">${t("排名")}</span>${match.rank}</span>` : nothing}
      <h3>${name}</h3>
      ${bandTag(match.band)}
    </header>
    ${match.item.kind === "demand" ? nothing : html`<p class="capability">${match.item.title}</p>`}
    <p class="about">${about(match)}</p>
    ${folded(match)}
    ${why ? html`<p class="summary">${why.summary}</p>${grounds(why)}${evidence(match, why, settings)}` : nothing}
    ${settings.actions ? html`<div class="actions">${settings.actions(match)}</div>` : nothing}
  </article>`;
}

/** Where the organisation is and what the record is tagged with. */
function about({ organisation, item, others }: Match): string {
  const names = item.tags.filter(({ scheme }) => scheme !== "gb4754").map(({ name }) => name);
  const more = others.length ? t("另有 {n} 项能力也相关", { n: others.length }) : "";
  const region = organisation?.region_name ?? item.region_name;
  return [region, ...names, more].filter(Boolean).join("　·　");
}

/** Which near copies were folded into a result: nobody disappears without a word. */
function folded({ near_duplicates: copies }: Match): TemplateResult | typeof nothing {
  if (!copies.length) return nothing;
  const words = t("另有 {n} 条内容近乎相同的结果并入了这一条：{keys}", { n: copies.length, keys: copies.join(t("、")) });
  return html`<p class="hint">${words}</p>`;
}

function grounds(why: Explanation): TemplateResult {
  return html`<div class="grounds">
    ${ground("for", t("支持"), why.reasons_for, t("没有明显的支持理由。"))}
    ${ground("against", t("不利"), why.reasons_against, t("没有发现。"))}
    ${ground("unknown", t("待核实"), why.unknowns, t("没有。"))}
  </div>`;
}

function ground(look: string, title: string, statements: Statement[], none: string): TemplateResult {
  return html`<section class=${look}>
    <h4>${title}</h4>
    ${statements.length ? points(statements.map(({ text }) => text)) : html`<p class="none">${none}</p>`}
  </section>`;
}

/** Everything behind the summary: rules, sentences, contributions. */
function evidence(match: Match, why: Explanation, { isOpen, sides }: CardSettings): TemplateResult {
  return html`<details ?open=${isOpen}>
    <summary>${t("依据：资格核对、原文对照、分项贡献")}</summary>
    ${ruleTable(match.rules)}
    ${why.sentence_pair ? comparison(why, why.sentence_pair, sides) : nothing}
    ${contributions(match)}
  </details>`;
}

export function ruleTable(results: RuleResult[]): TemplateResult {
  if (!results.length) return html`<p class="hint">${t("这条需求没有需要逐项核对的资格条件。")}</p>`;
  return html`<table class="rules">
    <caption class="unseen">${t("资格核对")}</caption>
    <thead>
      <tr><th scope="col">${t("要求")}</th><th scope="col">${t("结果")}</th><th scope="col">${t("事实与来源")}</th></tr>
    </thead>
    <tbody>
      ${results.map(
        (result) => html`<tr>
          <th scope="row">${result.title}${result.strength === "prefer" ? t("（优先条件）") : ""}</th>
          <td>${outcomeTag(result.outcome)}</td>
          <td>${result.fact}<span class="source because">${t("来源：{source}", { source: result.source })}</span></td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function comparison(why: Explanation, pair: NonNullable<Explanation["sentence_pair"]>, sides: Sides): TemplateResult {
  const [asking, answering] =
    sides === "demand-provider" ? [t("需求写道"), t("机构写道")] : [t("贵机构写道"), t("需求写道")];
  return html`<section>
    <h4>${t("意思最接近的一处")}</h4>
    <div class="pair">
      ${side(asking, pair.query, why.shared_terms.flatMap((term) => term.query_spans))}
      ${side(answering, pair.candidate, why.shared_terms.flatMap((term) => term.candidate_spans))}
    </div>
  </section>`;
}

/** A sentence with the shared terms marked; spans count from the start of the whole text. */
function side(title: string, sentence: Evidence, spans: Span[]): TemplateResult {
  const within = spans.map(({ start, end }) => ({ start: start - sentence.start, end: end - sentence.start }));
  return html`<figure>
    <figcaption>${title}</figcaption>
    <blockquote>${stretches(sentence.text, within).map(({ text, isMarked }) => (isMarked ? html`<mark>${text}</mark>` : text))}</blockquote>
  </figure>`;
}

function contributions(match: Match): TemplateResult {
  const known = match.parts.filter(({ value }) => value !== null);
  const unknown = match.parts.filter(({ value }) => value === null);
  const most = Math.max(...known.map(({ contribution }) => contribution), 1e-9);
  const titles = unknown.map(({ title }) => t(title)).join(t("、"));
  return html`<section>
    <h4>${t("分项贡献")}</h4>
    <ul class="parts">
      ${known.map((part) => bar(part, part.contribution / most))}
      <li class="total"><span>${t("合计")}</span><span></span><span class="number">${match.score.toFixed(3)}</span></li>
    </ul>
    <p class="hint">${t("合计只用来在本次结果中排序，不是百分比，也不是成功率。")}</p>
    <p class="hint">${t("有据可依的部分约占 {n} 成，其余没有依据，不计入。", { n: Math.round(match.coverage * 10) })}</p>
    ${match.coverage < ENOUGH_KNOWN && unknown.length
      ? html`<p class="hint">${t("没有依据、未计入：{titles}。只计所列一方登记的事；补充后排序可能变化。", { titles })}</p>`
      : nothing}
  </section>`;
}

function bar(part: Part, share: number): TemplateResult {
  return html`<li>
    <span>${t(part.title)}</span>
    ${track(share)}
    <span class="number">${part.contribution.toFixed(3)}</span>
  </li>`;
}

/** A bar filled to a share of its length; the number beside it says the same. */
export function track(share: number): TemplateResult {
  return html`<meter class="track" aria-hidden="true" min="0" max="1" .value=${Math.min(1, Math.max(0, share))}></meter>`;
}
