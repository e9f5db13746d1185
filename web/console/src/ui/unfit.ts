/** Demands that fit no scenario, in groups: whether a new code is worth having. */

import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { call } from "../core/http";
import { t } from "../core/language";
import { Asking } from "./asking";
import { emptyState } from "./notices";
import { View } from "./view";

interface Group {
  words: string[];
  n_demands: number;
  demands: { id: string; title: string }[];
}

interface Unfit {
  n_demands: number;
  n_rejected: number;
  n_unsure: number;
  n_alone: number;
  groups: Group[];
}

@customElement("nm-unfit")
export class UnfitDemands extends View {
  private readonly unfit = new Asking<Unfit>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.unfit.ask((signal) => call("GET", "/v1/taxonomy/unfit", { signal }));
  }

  override render(): TemplateResult {
    return html`<p class="hint">${t("一组里确是同一类专利导航的事，才值得加一个代码；多数组会是年费、商标这类本来就不受理的。")}</p>
      ${this.unfit.render((found) => this.report(found))}`;
  }

  private report(found: Unfit): TemplateResult {
    return html`<p>${t("看过需求 {n} 条：不属于任何场景的 {rejected} 条，程序没有把握、也没有人确认的 {unsure} 条；其中 {alone} 条与别的没有共同用语。", {
        n: found.n_demands,
        rejected: found.n_rejected,
        unsure: found.n_unsure,
        alone: found.n_alone,
      })}</p>
      ${found.groups.length
        ? found.groups.map((group) => this.group(group))
        : emptyState(t("没有成组的。"), t("现有的代码够用；需求多了再来看。"))}`;
  }

  private group({ words, n_demands: n, demands }: Group): TemplateResult {
    return html`<details>
      <summary>${t("{n} 条：{words}", { n, words: words.join(t("、")) })}</summary>
      <ul class="points">${demands.map(({ id, title }) => html`<li><a href="#/demands/${id}">${title}</a></li>`)}</ul>
      ${n > demands.length ? html`<p class="hint">${t("另有 {n} 条没有列出。", { n: n - demands.length })}</p>` : ""}
    </details>`;
  }
}
