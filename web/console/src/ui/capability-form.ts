/** One capability being written, with advice on its wording as it is typed. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { customElement, property, state } from "lit/decorators.js";
import type { Catalogue } from "../core/catalogue";
import { call, type FieldProblem, Problem } from "../core/http";
import { count } from "../core/draft";
import { t } from "../core/language";
import type { Capability, Provider, Tag, Understood } from "../core/types";
import { quoted } from "../core/wording";
import { Asking } from "./asking";
import { points, problemNotice } from "./notices";
import { View } from "./view";

const PAUSE_MS = 300;
const LEAST_READ = 10;
const LIMITS = { title: [2, 80], description: [30, 2000] } as const;
const ENOUGH_WORDS = 80;

/** Tells `nm-saved` once it is stored. */
@customElement("nm-capability-form")
export class CapabilityForm extends View {
  @property({ attribute: false }) catalogue!: Catalogue;
  @property({ attribute: false }) provider!: Provider;
  /** What is changed; null for a new one. */
  @property({ attribute: false }) capability: Capability | null = null;
  @state() private title_ = "";
  @state() private description = "";
  @state() private errors: FieldProblem[] = [];
  @state() private problem: Problem | null = null;
  private readonly read = new Asking<Understood>(this);
  private timer = 0;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("capability")) return;
    this.title_ = this.capability?.title ?? "";
    this.description = this.capability?.description ?? "";
    void this.ask();
  }

  override render(): TemplateResult {
    return html`<form novalidate @submit=${this.save}>
      ${this.field("title", t("标题"), html`<input id="capability-title" type="text" .value=${live(this.title_)}
        aria-describedby="capability-title-error" aria-invalid=${this.invalid("title")}
        @input=${(event: Event) => this.wrote("title_", event)}>`)}
      ${this.field("description", t("能力描述"), html`<textarea id="capability-description" rows="8" .value=${live(this.description)}
        aria-describedby="capability-hint capability-description-error" aria-invalid=${this.invalid("description")}
        @input=${(event: Event) => this.wrote("description", event)}></textarea>`)}
      <p class="hint" id="capability-hint">${t("写清面向谁、做什么决策、用什么方法、交付什么成果。{n} / {most} 字", { n: count(this.description), most: LIMITS.description[1] })}</p>
      <section class="understanding" aria-labelledby="advice-title">
        <h3 id="advice-title">${t("写得怎么样")}</h3>
        ${this.read.render((read) => this.advice(read))}
      </section>
      <div class="actions"><button type="submit" class="primary">${t("保存")}</button></div>
      <div role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>
    </form>`;
  }

  private field(name: "title" | "description", label: string, control: TemplateResult): TemplateResult {
    const error = this.errors.find(({ field }) => field === name);
    return html`<div class="field">
      <label for="capability-${name}">${label}<span class="must">${t("（必填）")}</span></label>
      ${control}
      <p class="error" id="capability-${name}-error">${error?.message ?? nothing}</p>
    </div>`;
  }

  private invalid(name: string): string | typeof nothing {
    return this.errors.some(({ field }) => field === name) ? "true" : nothing;
  }

  private wrote(name: "title_" | "description", event: Event): void {
    this[name] = (event.target as HTMLInputElement).value;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), PAUSE_MS);
  }

  private async ask(): Promise<void> {
    const text = this.description.trim();
    const title = this.title_.trim();
    if (count(text) < LEAST_READ) {
      this.read.forget();
      return;
    }
    const body = { text, ...(count(title) > 1 ? { title } : {}) };
    await this.read.ask((signal) => call("POST", "/v1/tags", { body, signal }));
  }

  private advice(read: Understood): TemplateResult {
    const names = (tags: Tag[]): string => tags.map(({ name }) => name).join("、");
    const deliverables = new Set(read.deliverables.map(({ deliverable }) => this.catalogue.label("Deliverable", deliverable)));
    const missing = this.missing(read);
    return html`
      <dl class="pairs">
        <dt>${t("应用场景")}</dt><dd>${names(read.scenarios) || t("未识别到")}</dd>
        <dt>${t("产业")}</dt><dd>${read.any_industry ? t("不限行业") : names(read.industries.filter(({ scheme }) => scheme === "sei2018")) || t("未识别到")}</dd>
        <dt>${t("成果形式")}</dt><dd>${Array.from(deliverables).join("、") || t("未识别到")}</dd>
      </dl>
      ${missing.length ? html`<p class="hint">${t("补充下面几点，更容易被合适的需求找到：")}</p>${points(missing)}` : html`<p class="met">${t("写得清楚，没有要补充的。")}</p>`}
    `;
  }

  private missing(read: Understood): string[] {
    const vague = read.quality.vague_terms.map(({ text }) => quoted(text)).join("");
    const isOther = read.scenarios.some(({ code }) => code === "OTH");
    const hasIndustry = read.any_industry || read.industries.length > 0;
    return [
      read.scenarios.length && !isOther ? "" : t("没有看出服务于哪种决策，例如侵权风险排查、产业规划、招商引智。"),
      hasIndustry ? "" : t("没有写明产业或技术领域；什么行业都做的，请写“不限行业”。"),
      read.deliverables.length ? "" : t("没有写明交付什么，例如分析报告、专题数据库、名单。"),
      count(this.description) < ENOUGH_WORDS ? t("偏短：写上做过的对象、方法和数据来源，区分度更高。") : "",
      vague ? t("有些说法不够具体：{terms}。", { terms: vague }) : "",
      ...read.quality.advice.filter(({ code }) => code === "personal_data").map(({ message }) => message),
    ].filter(Boolean);
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    this.errors = this.check();
    if (this.errors.length) {
      this.find(`#capability-${this.errors[0]!.field}`)?.focus();
      return;
    }
    const body = { title: this.title_.trim(), description: this.description.trim() };
    try {
      if (this.capability) {
        const { id, version } = this.capability;
        await call("PATCH", `/v1/capabilities/${id}`, { body: { ...body, version } });
      } else {
        await call("POST", `/v1/providers/${this.provider.id}/capabilities`, { body });
      }
      this.problem = null;
      this.tell("nm-saved");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    }
  }

  private check(): FieldProblem[] {
    const texts = { title: this.title_.trim(), description: this.description.trim() };
    return (["title", "description"] as const)
      .filter((field) => count(texts[field]) < LIMITS[field][0] || count(texts[field]) > LIMITS[field][1])
      .map((field) => ({
        field,
        message: t("请写 {least} 至 {most} 字，现在 {n} 字。", { least: LIMITS[field][0], most: LIMITS[field][1], n: count(texts[field]) }),
      }));
  }
}
