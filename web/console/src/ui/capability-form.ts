/** One capability being written: what is read from it, what a person corrects, advice as it is typed. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { customElement, property, state } from "lit/decorators.js";
import { CapabilityDraft, type ChosenName, MOST_DESCRIPTION } from "../core/capability";
import type { Catalogue } from "../core/catalogue";
import { count } from "../core/draft";
import { call, type FieldProblem } from "../core/http";
import { t } from "../core/language";
import { capabilitySeenBy, VISIBILITIES } from "../core/openness";
import type { Capability, Provider, Understood } from "../core/types";
import { quoted } from "../core/wording";
import { Asking } from "./asking";
import { Attempt } from "./attempt";
import { points } from "./notices";
import "./levels";
import type { Tagged, Tagger } from "./tagger";
import "./tagger";
import { View } from "./view";

const PAUSE_MS = 300;
const LEAST_READ = 10;
const ENOUGH_WORDS = 80;
const REJECT = "OTH";

type Typed = "title" | "description" | "leastDays" | "mostDays" | "methods" | "keywords" | "validUntil";

/** Tells `nm-saved` once it is stored. */
@customElement("nm-capability-form")
export class CapabilityForm extends View {
  @property({ attribute: false }) catalogue!: Catalogue;
  @property({ attribute: false }) provider!: Provider;
  /** What is changed; null for a new one. */
  @property({ attribute: false }) capability: Capability | null = null;
  @state() private draft = new CapabilityDraft();
  @state() private errors: FieldProblem[] = [];
  private readonly read = new Asking<Understood>(this);
  private readonly attempt = new Attempt(this);
  private timer = 0;
  /** Of what is changed; a step that was stored counts even when the next one is refused. */
  private version = 0;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("capability")) return;
    this.draft = CapabilityDraft.of(this.capability);
    this.version = this.capability?.version ?? 0;
    void this.ask();
  }

  override render(): TemplateResult {
    const { draft } = this;
    return html`<form novalidate autocomplete="off" @submit=${this.save}>
      ${this.field("title", t("标题"), html`<input id="capability-title" type="text" .value=${live(draft.title)}
        aria-describedby="capability-title-error" aria-invalid=${this.invalid("title")} @input=${this.wrote("title")}>`, true)}
      ${this.field("description", t("能力描述"), html`<textarea id="capability-description" rows="8" .value=${live(draft.description)}
        aria-describedby="capability-hint capability-description-error" aria-invalid=${this.invalid("description")}
        @input=${this.wrote("description")}></textarea>`, true)}
      <p class="hint" id="capability-hint">${t("写清面向谁、做什么决策、用什么方法、交付什么成果。{n} / {most} 字", { n: count(draft.description), most: MOST_DESCRIPTION })}</p>
      <section class="understanding" aria-labelledby="advice-title">
        <h3 id="advice-title">${t("写得怎么样")}</h3>
        ${this.read.render((read) => this.advice(read))}
      </section>
      ${this.days()} ${this.more()}
      <nm-levels name="capability-visibility" heading=${t("可见范围")} described-by="capability-visibility-hint" .value=${draft.visibility} .levels=${this.levels}
        @nm-level=${(event: CustomEvent<string>) => (draft.visibility = event.detail)}></nm-levels>
      <p class="hint" id="capability-visibility-hint">${t("机构本身的可见范围更窄的，以机构的为准。")}</p>
      <div class="actions sticky"><button type="submit" class="primary">${t("保存")}</button></div>
      ${this.attempt.refusal()}
    </form>`;
  }

  private field(name: string, label: string, control: TemplateResult, isMust = false): TemplateResult {
    const error = this.errors.find(({ field }) => field === name);
    return html`<div class="field">
      <label for="capability-${name}">${label}${isMust ? html`<span class="must">${t("（必填）")}</span>` : nothing}</label>
      ${control}
      <p class="error" id="capability-${name}-error">${error?.message ?? nothing}</p>
    </div>`;
  }

  private days(): TemplateResult {
    const box = (id: string, label: string, typed: "leastDays" | "mostDays"): TemplateResult => html`<div class="field">
      <label for=${id}>${label}</label>
      <input id=${id} type="text" inputmode="numeric" .value=${live(this.draft[typed])} aria-invalid=${this.invalid("days")}
        aria-describedby="capability-days-hint capability-days-error" @input=${this.wrote(typed)}></div>`;
    const error = this.errors.find(({ field }) => field === "days");
    return html`<fieldset class="row">
        <legend>${t("通常工期")}</legend>
        ${box("capability-days", t("最短（天）"), "leastDays")} ${box("capability-most-days", t("最长（天）"), "mostDays")}
        <p class="error" id="capability-days-error">${error?.message ?? nothing}</p>
      </fieldset>
      <p class="hint" id="capability-days-hint">${t("需求的期限比最短工期还短时，匹配结果里会写明。金额按机构登记：在“修改机构信息”里填最低承接金额。")}</p>`;
  }

  private more(): TemplateResult {
    const { draft } = this;
    return html`<details>
      <summary>${t("方法、技术关键词和有效期（可选）")}</summary>
      ${this.field("methods", t("采用的方法，一行一个"), html`<textarea id="capability-methods" rows="3" .value=${live(draft.methods)}
        @input=${this.wrote("methods")}></textarea>`)}
      ${this.field("keywords", t("技术关键词，用顿号隔开"), html`<input id="capability-keywords" type="text" .value=${live(draft.keywords)}
        @input=${this.wrote("keywords")}>`)}
      ${this.field("validUntil", t("有效期，长期有效的不填"), html`<input id="capability-validUntil" type="date" .value=${live(draft.validUntil)}
        @input=${this.wrote("validUntil")}>`)}
    </details>`;
  }

  private get levels(): { value: string; name: string; words: string }[] {
    return VISIBILITIES.map((value) => ({ value, name: this.catalogue.label("Visibility", value), words: capabilitySeenBy(value) }));
  }

  private invalid(name: string): string | typeof nothing {
    return this.errors.some(({ field }) => field === name) ? "true" : nothing;
  }

  private wrote(name: Typed) {
    return (event: Event): void => {
      this.draft[name] = (event.target as HTMLInputElement).value;
      const field = name === "leastDays" || name === "mostDays" ? "days" : name;
      this.errors = this.errors.filter((error) => error.field !== field);
      if (name !== "title" && name !== "description") return;
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.ask(), PAUSE_MS);
    };
  }

  private async ask(): Promise<void> {
    const text = this.draft.description.trim();
    const title = this.draft.title.trim();
    if (count(text) < LEAST_READ) {
      this.read.forget();
      return;
    }
    const body = { text, ...(count(title) > 1 ? { title } : {}) };
    await this.read.ask((signal) => call("POST", "/v1/tags", { body, signal }));
  }

  /** What was read and can be corrected, and what is still missing. */
  private advice(read: Understood): TemplateResult {
    const missing = this.missing(read);
    return html`<div @nm-tags=${this.corrected}>
        ${this.tagger("scenarios", t("应用场景"), 3, this.standing(read, "scenarios"))}
        ${this.tagger("industries", t("产业"), 5, this.standing(read, "industries"))}
        ${this.tagger("deliverables", t("成果形式"), 13, this.standing(read, "deliverables"))}
      </div>
      ${this.draft.hasChosenBefore
        ? html`<button type="button" class="small" @click=${this.giveBack}>${t("全部恢复自动识别")}</button>`
        : nothing}
      ${missing.length ? html`<p class="hint">${t("补充下面几点，更容易被合适的需求找到：")}</p>${points(missing)}` : html`<p class="met">${t("写得清楚，没有要补充的。")}</p>`}`;
  }

  private tagger(name: ChosenName, label: string, most: number, automatic: Tagged[]): TemplateResult {
    const { scenarios, industries } = this.catalogue;
    const options = { scenarios, industries, deliverables: this.catalogue.choices("Deliverable") };
    return html`<nm-tagger id="capability-${name}" label=${label} most=${most} alone=${name === "scenarios" ? REJECT : ""}
      ?may-be-empty=${name === "deliverables"} .options=${options[name]} .automatic=${automatic} .own=${this.draft.own[name] ?? null}></nm-tagger>`;
  }

  /** What counts as long as nothing else is chosen here: what a person chose before, else what is read. */
  private standing(read: Understood, name: ChosenName): Tagged[] {
    const { draft, catalogue } = this;
    const orRead = (before: Tagged[], found: Tagged[]): Tagged[] => (before.length ? before : found);
    if (name === "scenarios") return orRead(draft.chosenBefore("scenario"), read.scenarios);
    if (name === "industries") {
      return orRead(draft.chosenBefore("sei2018"), read.industries.filter(({ scheme }) => scheme === "sei2018"));
    }
    const before = draft.deliverablesBefore?.map((code) => ({ code, name: catalogue.label("Deliverable", code), source: "human" }));
    if (before) return before;
    const kinds = new Set(read.deliverables.map(({ deliverable }) => deliverable));
    return Array.from(kinds, (code) => ({ code, name: catalogue.label("Deliverable", code) }));
  }

  private corrected(event: Event): void {
    const tagger = event.target as Tagger;
    const name = tagger.id.replace("capability-", "") as ChosenName;
    if (tagger.own) this.draft.own[name] = tagger.own;
    else delete this.draft.own[name];
    this.requestUpdate();
  }

  private giveBack(): void {
    this.draft.isGivenBack = true;
    this.draft.own = {};
    this.requestUpdate();
  }

  private missing(read: Understood): string[] {
    const { draft } = this;
    const now = (name: ChosenName): Tagged[] => draft.own[name] ?? this.standing(read, name);
    const vague = read.quality.vague_terms.map(({ text }) => quoted(text)).join("");
    const hasScenario = now("scenarios").some(({ code }) => code !== REJECT);
    const hasIndustry = read.any_industry || read.industries.length > 0 || now("industries").length > 0;
    return [
      hasScenario ? "" : t("没有看出服务于哪种决策，例如侵权风险排查、产业规划、招商引智。"),
      hasIndustry ? "" : t("没有写明产业或技术领域；什么行业都做的，请写“不限行业”。"),
      now("deliverables").length ? "" : t("没有写明交付什么，例如分析报告、专题数据库、名单。"),
      count(draft.description) < ENOUGH_WORDS ? t("偏短：写上做过的对象、方法和数据来源，区分度更高。") : "",
      draft.hasDays ? "" : t("没有填通常工期；填了，期限太紧的需求会标出来。"),
      vague ? t("有些说法不够具体：{terms}。", { terms: vague }) : "",
      ...read.quality.advice.filter(({ code }) => code === "personal_data").map(({ message }) => message),
    ].filter(Boolean);
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    this.errors = this.draft.problems;
    if (this.errors.length) {
      this.find(`#capability-${this.errors[0]!.field}`)?.focus();
      return;
    }
    const isDone = await this.attempt.make(async () => {
      await this.store();
      return "";
    });
    if (isDone) this.tell("nm-saved");
  }

  private async store(): Promise<void> {
    const { draft, capability, provider } = this;
    if (!capability) {
      await call("POST", `/v1/providers/${provider.id}/capabilities`, { body: draft.body });
      return;
    }
    const path = `/v1/capabilities/${capability.id}`;
    const body = { ...draft.values, version: this.version };
    ({ version: this.version } = await call<Capability>("PATCH", path, { body }));
    if (draft.tags) await call("PUT", `${path}/tags`, { body: { ...draft.tags, version: this.version } });
  }
}
