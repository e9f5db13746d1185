/** Posting a demand: paste a text, see what was understood and who fits, correct it, post. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Draft } from "../core/draft";
import { call, isAborted, Problem } from "../core/http";
import { t } from "../core/language";
import { SAMPLES, type Sample } from "../core/samples";
import { sayNext } from "../core/spoken";
import type { Demand, Preview } from "../core/types";
import { cards, matchList, statusWords } from "../ui/match-list";
import { Asking } from "../ui/asking";
import type { DemandForm } from "../ui/demand-form";
import "../ui/demand-form";
import { notice, problemNotice } from "../ui/notices";
import { isOutOfScope } from "../ui/understanding";
import "../ui/understanding";
import { type Context, View } from "../ui/view";

const PAUSE_MS = 300;
const N_PREVIEWED = 5;

/** What is being written; it waits here while somebody looks at another page. */
let draft = new Draft();

/** Begin a demand with one of the invented texts. */
export function beginWith(sample: Sample): void {
  draft = Draft.of(sample);
}

@customElement("nm-post")
export class Post extends View {
  @property({ attribute: false }) context!: Context;
  @state() private problem: Problem | null = null;
  @state() private isPosting = false;
  private readonly asking = new Asking<Preview>(this);
  private timer = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    if (draft.previewed) void this.preview();
  }

  override disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    return html`<div class="columns">
      <section class="panel" id="posting" aria-label=${t("填写需求")}>
        <p class="hint" id="samples">
          ${t("先看看效果：")}${SAMPLES.map(
            (sample) => html`<button type="button" class="small plain" @click=${() => this.try(sample)}>${t(sample.name)}</button>`,
          )}
        </p>
        <form id="form" novalidate autocomplete="off" @submit=${this.submitted} @nm-typed=${this.typed}>
          <nm-demand-form .catalogue=${this.context.catalogue} .draft=${draft}></nm-demand-form>
          <nm-understanding .catalogue=${this.context.catalogue} .draft=${draft} .answer=${this.asking.answer}
            @nm-go=${(event: CustomEvent) => this.form.goTo(event.detail)}
            @nm-corrected=${() => this.requestUpdate()}></nm-understanding>
          ${this.decision()}
        </form>
      </section>
      <section class="panel" id="matches" aria-labelledby="matches-title" tabindex="-1">
        <h2 id="matches-title">${t("匹配的服务机构")}</h2>
        <p class="status" id="status" role="status">${this.said()}</p>
        <p class="hint" id="disclaimer">${t("推荐不代表中选；是否委托由需求方自行核实后决定。排序依据公开列在每一条中。")}</p>
        <div id="results" aria-busy=${this.asking.isBusy ? "true" : "false"}>${this.results()}</div>
      </section>
    </div>`;
  }

  private decision(): TemplateResult {
    const isCorrected = Object.keys(draft.own).length > 0;
    const busy = this.isPosting ? "true" : "false";
    return html`
      <p class="hint" id="corrected" ?hidden=${!isCorrected}>${t("标签已更正，发布或保存时按更正的算；右边的预览仍按自动识别排序。")}</p>
      <div class="actions sticky">
        <button type="submit" class="primary" id="publish" aria-disabled=${busy}>${t("发布并匹配")}</button>
        <button type="button" id="save" aria-disabled=${busy} @click=${() => this.post(false)}>${t("存为草稿")}</button>
        <button type="button" class="plain" id="clear" @click=${this.clear}>${t("清空")}</button>
      </div>
      <div id="posting-problem" role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>
    `;
  }

  private said(): string {
    const { answer, problem, isBusy } = this.asking;
    if (this.isPosting) return t("正在保存……");
    if (isBusy) return t("正在识别和匹配……");
    if (problem) return `${problem.title}。`;
    if (!answer) return "";
    const lead = t("预览（未保存）：");
    return lead + (isOutOfScope(answer, draft) ? t("不像是专利导航需求，不参加匹配。") : statusWords(answer));
  }

  private results(): TemplateResult {
    if (!this.asking.answer && !this.asking.problem && !this.asking.isBusy) {
      return html`<div class="empty">
        <p>${t("粘贴或写下需求，这里会实时列出匹配的服务机构：谁排在前面、凭什么、哪里不合、哪些待核实。")}</p>
      </div>`;
    }
    return this.asking.render((answer) =>
      isOutOfScope(answer, draft) ? outOfScope(answer) : matchList(answer, { sides: "demand-provider" }),
    );
  }

  private get form(): DemandForm {
    return this.find<DemandForm>("nm-demand-form")!;
  }

  private try(sample: Sample): void {
    this.begin(Draft.of(sample));
    void this.preview();
  }

  private clear(): void {
    this.begin(new Draft());
    void this.form.goTo("text");
  }

  private begin(next: Draft): void {
    window.clearTimeout(this.timer);
    draft = next;
    this.problem = null;
    this.asking.forget();
    void this.form.show([]);
  }

  private typed(): void {
    window.clearTimeout(this.timer);
    this.asking.stop();
    this.requestUpdate();
    if (draft.previewed) {
      this.timer = window.setTimeout(() => void this.preview(), PAUSE_MS);
      return;
    }
    draft.own = {};
    this.asking.forget();
  }

  private async preview(): Promise<void> {
    const body = { ...draft.previewed, k: N_PREVIEWED, include_weak: true };
    await this.asking.ask((signal) => call("POST", "/v1/preview", { body, signal }));
  }

  private submitted(event: Event): void {
    event.preventDefault();
    void this.post(true);
  }

  private async post(isPublishing: boolean): Promise<void> {
    if (this.isPosting) return;
    const problems = draft.problems;
    await this.form.show(problems);
    if (problems.length) return;
    window.clearTimeout(this.timer);
    this.asking.stop();
    this.isPosting = true;
    this.problem = null;
    try {
      const demand = await call<Demand>("POST", "/v1/demands", { body: draft.body });
      draft = new Draft();
      await this.finish(demand, isPublishing);
    } catch (error) {
      if (isAborted(error) || !(error instanceof Problem)) throw error;
      this.problem = error;
      await this.form.show(error.errors);
    } finally {
      this.isPosting = false;
    }
  }

  /** Publish a demand just stored and go to it; it stays a draft when that is refused. */
  private async finish(demand: Demand, isPublishing: boolean): Promise<void> {
    sayNext(t("已存为草稿。"));
    if (isPublishing) {
      try {
        await call("POST", `/v1/demands/${demand.id}/publish`);
        sayNext(t("已发布。"));
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        sayNext(t("已存为草稿，没有发布。"), error);
      }
    }
    window.location.hash = `#/demands/${demand.id}`;
  }
}

/** A demand that is none to be matched; the nearest providers only for who asks. */
function outOfScope(answer: Preview): TemplateResult {
  const { routing_hint: hint } = answer.understanding.quality;
  const n = answer.matches.length;
  return html`
    ${notice(t("这条内容不会参加匹配"), hint ?? t("应用场景已指定为不属于专利导航的事务。"))}
    ${n
      ? html`<details>
          <summary>${t("仍要查看最接近的 {n} 家服务机构", { n })}</summary>
          ${cards(answer.matches, { sides: "demand-provider" })}
        </details>`
      : nothing}
  `;
}
