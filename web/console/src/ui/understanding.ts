/** What the service read from a text: notices, completeness, tags to correct, facts. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Catalogue } from "../core/catalogue";
import type { Draft, FieldName, TagName } from "../core/draft";
import { t } from "../core/language";
import type { Budget, MissingFact, Preview, Quality, Tag, Understood } from "../core/types";
import { budgetWords, labelled, periodWords, quoted } from "../core/wording";
import { track } from "./cards";
import { notice, points } from "./notices";
import type { Tagged, Tagger } from "./tagger";
import "./tagger";
import { View } from "./view";

const REJECT = "OTH";
const EVIDENCE_SHOWN = 3;
/** Lowest score of each grade, as the service has it (indexer/annotate/completeness.py). */
const GRADES: [string, number][] = [
  ["A", 85],
  ["B", 70],
  ["C", 50],
  ["D", 0],
];
const PLACE_OF: Record<string, FieldName> = {
  decision_question: "question",
  region: "region",
  budget: "budget",
  period: "period",
};
const FILLED_BY: Record<string, string> = {
  decision_question: "decision_question",
  region: "region_code",
  budget: "budget",
  period: "period_days",
};

/** Whether a demand counts as something else than patent navigation, as things stand. */
export function isOutOfScope(answer: Preview, draft: Draft): boolean {
  const { scenarios } = draft.own;
  if (scenarios?.length) return scenarios.some(({ code }) => code === REJECT);
  return Boolean(answer.understanding.quality.routing_hint);
}

/** Tells `nm-go` with the field to fill, and `nm-corrected` after a correction. */
@customElement("nm-understanding")
export class Understanding extends View {
  @property({ attribute: false }) catalogue!: Catalogue;
  @property({ attribute: false }) draft!: Draft;
  @property({ attribute: false }) answer: Preview | null = null;

  override render(): TemplateResult {
    const { answer } = this;
    return html`<section class="understanding" aria-labelledby="understanding-title">
      <h3 id="understanding-title">${t("系统的理解")}</h3>
      <div id="notices">${answer ? this.notices(answer) : nothing}</div>
      <div id="completeness">${answer && !isOutOfScope(answer, this.draft) ? this.completeness(answer) : nothing}</div>
      <div id="tags" ?hidden=${!answer} @nm-tags=${this.corrected}>${answer ? this.taggers(answer.understanding) : nothing}</div>
      <dl id="facts">${answer ? this.facts(answer.understanding) : nothing}</dl>
      ${answer ? nothing : html`<p class="hint">${t("写下需求后，这里会列出识别出的标签和依据的原文。")}</p>`}
    </section>`;
  }

  private taggers(read: Understood): TemplateResult[] {
    const { catalogue } = this;
    const named = (vocabulary: string, code: string, evidence: Tagged["evidence"]): Tagged => ({
      code,
      name: catalogue.label(vocabulary, code),
      evidence,
    });
    const ofScheme = (scheme: Tag["scheme"]): Tag[] => read.industries.filter((tag) => tag.scheme === scheme);
    const deliverables = read.deliverables.map((found) => named("Deliverable", found.deliverable, [found.evidence]));
    const audience = read.audience ? [named("Audience", read.audience.audience, read.audience.evidence)] : [];
    const findClasses = (words: string) => catalogue.findClasses(words);
    return [
      this.tagger("scenarios", t("应用场景"), 3, read.scenarios, { options: catalogue.scenarios, alone: REJECT }),
      this.tagger("industries", t("产业"), 5, ofScheme("sei2018"), { options: catalogue.industries }),
      this.tagger("classes", t("国民经济行业"), 5, ofScheme("gb4754"), { finder: findClasses }),
      this.tagger("deliverables", t("成果形式"), 13, grouped(deliverables), {
        options: catalogue.choices("Deliverable"),
        mayBeEmpty: true,
      }),
      this.tagger("audience", t("服务对象"), 1, audience, { options: catalogue.choices("Audience") }),
    ];
  }

  private tagger(
    name: TagName,
    label: string,
    most: number,
    automatic: Tagged[],
    more: Partial<Pick<Tagger, "options" | "finder" | "alone" | "mayBeEmpty">>,
  ): TemplateResult {
    return html`<nm-tagger id=${name} label=${label} most=${most} alone=${more.alone ?? ""}
      ?may-be-empty=${more.mayBeEmpty ?? false} .options=${more.options ?? []} .finder=${more.finder ?? null}
      .automatic=${automatic} .own=${this.draft.own[name] ?? null}></nm-tagger>`;
  }

  private corrected(event: Event): void {
    const tagger = event.target as Tagger;
    const name = tagger.id as TagName;
    if (tagger.own) this.draft.own[name] = tagger.own;
    else delete this.draft.own[name];
    this.requestUpdate();
    this.tell("nm-corrected");
  }

  private notices({ understanding: read, near_duplicates: copies }: Preview): unknown[] {
    const { quality } = read;
    const isOut = isOutOfScope({ understanding: read } as Preview, this.draft);
    const isChosen = Boolean(this.draft.own.scenarios?.length);
    const vague = quality.vague_terms.map(({ text }) => quoted(text)).join("");
    return [
      isOut
        ? notice(t("不像是专利导航需求"), quality.routing_hint ?? t("已指定为不属于专利导航的事务，发布后不参加匹配。"))
        : nothing,
      read.needs_confirmation && !isOut && !isChosen
        ? notice(t("请确认应用场景"), t("系统对应用场景的把握不大，请看一看下面的标签，不对就改。"))
        : nothing,
      quality.advice.map(({ message }) => notice(t("请留意"), message)),
      vague ? notice(t("有些说法不够具体"), t("{terms}，换成具体的对象、数量或日期，匹配会更准。", { terms: vague })) : nothing,
      copies.length
        ? notice(
            t("已有近乎相同的需求"),
            t("发布前请先看看是否重复："),
            points(copies.map(({ id, title }) => html`<a href="#/demands/${id}">${title}</a>`)),
          )
        : nothing,
    ];
  }

  private completeness({ understanding, effects }: Preview): TemplateResult {
    const { quality } = understanding;
    const gained = new Map(effects.map(({ name, n_providers: n }) => [name, n]));
    const filled = quality.missing.filter(({ name }) => this.isFilled(name));
    const asked = quality.missing.filter((fact) => !filled.includes(fact));
    const reached = withFilled(quality, filled);
    return html`<div class="completeness">
      <h4>${scoreWords(reached)}</h4>
      ${track(reached.score / 100)}
      ${asked.length ? html`<p class="hint">${t("补充下面几点，匹配会更准：")}</p>` : nothing}
      ${points(asked.map((fact) => this.question(fact, gained.get(fact.name) ?? 0)))}
    </div>`;
  }

  /** Whether the form says what the text does not; what cannot be read is not said. */
  private isFilled(name: string): boolean {
    const given = this.draft.values[FILLED_BY[name] ?? ""];
    return given !== undefined && !Number.isNaN(given);
  }

  private question(fact: MissingFact, nGained: number): TemplateResult {
    return html`${fact.question}
      <span class="effect">${effectWords(fact, nGained)}</span>
      <button type="button" class="small plain" @click=${() => this.tell("nm-go", PLACE_OF[fact.name] ?? "text")}>
        ${t("去填写")}<span class="unseen">${fact.question}</span>
      </button>`;
  }

  private facts(read: Understood): unknown[] {
    const label = (vocabulary: string, code: string): string => this.catalogue.label(vocabulary, code);
    const { budget, period, deadline } = read;
    const { region_code: region, budget: ownBudget, period_days: ownDays } = this.draft.values;
    const uses = new Set(read.applications.map(({ application }) => label("ApplicationForm", application)));
    const conditions = read.requirements.map(({ strength, text }) => labelled(label("RequirementStrength", strength), text));
    const evidence = (found: { evidence: { text: string } } | null): string[] => (found ? [found.evidence.text] : []);
    return [
      region
        ? this.fact(t("地区"), this.asFilled(this.draft.region?.name), [], "region")
        : this.fact(t("地区"), read.regions.map(({ name }) => name).join(t("、")), read.regions.flatMap(wordsOf), "region"),
      ownBudget
        ? this.fact(t("预算"), this.asFilled(budgetWords({ min_fen: null, max_fen: null, ...ownBudget } as Budget, label("BudgetKind", this.draft.budgetKind))), [], "budget")
        : this.fact(t("预算"), budget && budgetWords(budget, label("BudgetKind", budget.kind)), evidence(budget), "budget"),
      this.isFilled("period")
        ? this.fact(t("期限"), this.asFilled(t("{n} 天", { n: Number(ownDays) })), [], "period")
        : this.fact(t("期限"), period && periodWords(period), evidence(period), "period"),
      this.fact(t("截止"), deadline?.due, evidence(deadline)),
      this.fact(t("成果用途"), Array.from(uses).join(t("、")), read.applications.map((found) => found.evidence.text)),
      this.fact(t("机构条件"), conditions.length ? points(conditions) : null, []),
      this.fact(t("明确程度"), read.quality.clarity && label("Clarity", read.quality.clarity), []),
    ];
  }

  private asFilled(value: string | undefined): TemplateResult {
    return html`${value ?? ""} <span class="because">${t("上面填写的")}</span>`;
  }

  private fact(title: string, value: unknown, evidence: string[], field?: FieldName): TemplateResult {
    const because = Array.from(new Set(evidence)).slice(0, EVIDENCE_SHOWN).map(quoted).join("");
    return html`<dt>${title}</dt>
      <dd>
        ${value || html`<span class="because">${t("未说明")}</span>`}
        ${field
          ? html`<button type="button" class="small plain" @click=${() => this.tell("nm-go", field)}>
              ${value ? t("更正") : t("填写")}<span class="unseen">${title}</span>
            </button>`
          : nothing}
        ${value && because ? html`<span class="because">${t("依据：")}${because}</span>` : nothing}
      </dd>`;
  }
}

export function scoreWords(quality: Quality): string {
  return t("完整度 {score} 分（满分 100），{grade} 级", { score: quality.score, grade: quality.grade });
}

/** The completeness with what the form says beside the text. */
function withFilled(quality: Quality, filled: MissingFact[]): Quality {
  if (!filled.length) return quality;
  const score = Math.min(100, filled.reduce((sum, { weight }) => sum + weight, quality.score));
  return { ...quality, score, grade: GRADES.find(([, lowest]) => score >= lowest)![0] };
}

/** What adding a fact would bring. */
function effectWords({ weight }: MissingFact, nGained: number): string {
  const points = t("补上加 {n} 分", { n: weight });
  return nGained ? `${points}；${t("所列机构可多核对 {n} 家", { n: nGained })}` : points;
}

/** Findings of one code as one tag with all its evidence. */
function grouped(tags: Tagged[]): Tagged[] {
  const byCode = new Map<string, Tagged>();
  for (const tag of tags) {
    const before = byCode.get(tag.code);
    if (before) before.evidence = [...(before.evidence ?? []), ...(tag.evidence ?? [])];
    else byCode.set(tag.code, { ...tag });
  }
  return Array.from(byCode.values());
}

function wordsOf(tag: Tag): string[] {
  return (tag.evidence ?? []).map(({ text }) => text);
}
