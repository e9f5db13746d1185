/** Demands that fit a provider, and why a given demand was recommended or was not. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { dealingsOf } from "../core/dealing";
import { call, Problem } from "../core/http";
import { t } from "../core/language";
import { ownProvider } from "../core/own-provider";
import { may } from "../core/session";
import type { Demand, Interaction, Match, Matches, Provider } from "../core/types";
import { Asking } from "../ui/asking";
import { card } from "../ui/cards";
import "../ui/dealing";
import { matchList, statusWords } from "../ui/match-list";
import { emptyState, notice, points, problemNotice } from "../ui/notices";
import { type Context, View } from "../ui/view";

const N_MATCHES = 20;

interface Recommended {
  provider: Provider | null;
  answer: Matches | null;
  dealings: Map<string, Interaction>;
}

/** Why a provider is, or is not, recommended for a demand. */
interface Fit {
  is_recommended: boolean;
  summary: string;
  blockers: string[];
  gaps: string[];
  match: Match | null;
}

interface Reason {
  demand: Demand;
  fit: Fit;
}

@customElement("nm-recommended")
export class RecommendedPage extends View {
  @property({ attribute: false }) context!: Context;
  @state() private problem: Problem | null = null;
  private readonly recommended = new Asking<Recommended>(this);
  private readonly reason = new Asking<Reason>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.recommended.ask((signal) => this.load(signal));
  }

  override render(): TemplateResult {
    return html`
      <section class="panel" aria-labelledby="why-title">
        <h2 id="why-title">${t("为什么推荐（或不推荐）这条需求")}</h2>
        <form class="filter-bar" novalidate @submit=${this.asked}>
          <div class="field">
            <label for="why">${t("需求编号")}</label>
            <input id="why" type="text" placeholder="XQ-32-2026-000001" aria-describedby="why-hint">
          </div>
          <div class="filter-actions"><button type="submit">${t("查看原因")}</button></div>
        </form>
        <p class="hint" id="why-hint">${t("编号见需求列表。说明与匹配用的是同一套依据。")}</p>
        <div role="status">${this.reason.render((reason) => this.explained(reason))}</div>
        <div role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>
      </section>
      <section class="panel" aria-labelledby="recommended-title">
        <h2 id="recommended-title">${t("推荐的需求")}</h2>
        ${this.recommended.render((found) => this.list(found))}
      </section>
    `;
  }

  private async load(signal: AbortSignal): Promise<Recommended> {
    const { session } = this.context;
    const provider = await ownProvider(session, signal);
    if (!provider) return { provider, answer: null, dealings: new Map() };
    const query = { k: N_MATCHES };
    const answer = await call<Matches>("GET", `/v1/providers/${provider.id}/matches`, { query, signal });
    const knows = may(session, "list_interactions");
    const dealings = knows ? await dealingsOf({ provider: provider.id }, signal) : new Map<string, Interaction>();
    return { provider, answer, dealings };
  }

  private list({ provider, answer, dealings }: Recommended): TemplateResult {
    if (!provider || !answer) {
      return emptyState(t("贵单位还没有登记为服务机构。"), html`${t("登记机构和能力后才能推荐需求：")}<a href="#/profile">${t("机构与能力")}</a>`);
    }
    return html`<p class="status" role="status" id="status">${statusWords(answer, "demand")}</p>
      <div id="results">
        ${matchList(answer, {
          sides: "provider-demand",
          actions: (match) => this.actions(match, provider, dealings.get(match.item.id) ?? null),
        })}
      </div>`;
  }

  private actions(match: Match, provider: Provider, known: Interaction | null): TemplateResult {
    return html`<a class="button small" href="#/demands/${match.item.id}">${t("需求全文")}<span class="unseen">${match.item.title}</span></a>
      ${may(this.context.session, "begin_interaction")
        ? html`<nm-dealing acting="provider" demand-id=${match.item.id} provider-id=${provider.id} about=${match.item.title}
            .known=${known}></nm-dealing>`
        : nothing}`;
  }

  private asked(event: Event): void {
    event.preventDefault();
    const number = this.find<HTMLInputElement>("#why")!.value.trim();
    const provider = this.recommended.answer?.provider;
    if (number && provider) void this.reason.ask((signal) => this.explain(number, provider, signal));
  }

  private async explain(number: string, provider: Provider, signal: AbortSignal): Promise<Reason> {
    const page = await call<{ items: Demand[] }>("GET", "/v1/demands", { query: { text: number, limit: 1 }, signal });
    const demand = page.items[0];
    if (!demand) {
      throw new Problem({ title: t("没有这条需求"), code: "not_found", detail: t("编号不对，或这条需求没有向您公开。") });
    }
    const query = { demand: demand.id };
    const fit = await call<Fit>("GET", `/v1/providers/${provider.id}/fit`, { query, signal });
    return { demand, fit };
  }

  private explained({ demand, fit }: Reason): TemplateResult {
    return html`
      <h3><a href="#/demands/${demand.id}">${demand.title}</a></h3>
      <p>${fit.is_recommended
        ? html`<span class="state active">${t("已推荐")}</span>`
        : html`<span class="state draft">${t("没有推荐")}</span>`} ${fit.summary}</p>
      ${fit.blockers.length ? notice(t("不满足的条件"), points(fit.blockers)) : nothing}
      ${fit.gaps.length ? notice(t("可以补充或改进的地方"), points(fit.gaps)) : nothing}
      ${fit.match ? card(fit.match, { isOpen: true, sides: "demand-provider" }) : nothing}
    `;
  }
}
