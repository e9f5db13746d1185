/** What has been done about a demand and a provider, and what can be done next. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { act, type Acting, actsOf, actWords, needsReason, needsStars, needsWords, noteOn, questionBefore, reasonsFor, reasonWords, type Said, takesNumber } from "../core/dealing";
import { Problem } from "../core/http";
import { t } from "../core/language";
import type { Interaction } from "../core/types";
import { momentWords } from "../core/wording";
import { problemNotice } from "./notices";
import { View } from "./view";

const MOST_WORDS = 2000;
const MOST_OF_NUMBER = 60;
const N_SHOWN = 4;
const STARS = [5, 4, 3, 2, 1];

/** Tells `nm-dealt` with the interaction as it is now. */
@customElement("nm-dealing")
export class Dealing extends View {
  @property({ attribute: "demand-id" }) demandId = "";
  @property({ attribute: "provider-id" }) providerId = "";
  @property() acting: Acting = "base";
  /** Whom it is about, to tell buttons apart. */
  @property() about = "";
  /** Whether the demand looks for nobody any more. */
  @property({ type: Boolean, attribute: "is-over" }) isOver = false;
  @property({ attribute: false }) known: Interaction | null = null;
  @state() private opened = "";
  @state() private problem: Problem | null = null;
  @state() private isBusy = false;

  override render(): TemplateResult {
    return html`<div class="dealing">
      ${this.known ? this.standing(this.known) : nothing}
      <div class="actions">
        ${actsOf(this.known, this.acting, this.isOver)
          .slice(0, this.known ? undefined : N_SHOWN)
          .map((name, place) => this.button(name, place === 0))}
      </div>
      ${this.opened ? this.form(this.opened) : nothing}
      <div role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>
    </div>`;
  }

  private standing(known: Interaction): TemplateResult {
    const due = known.due_at ? t("请在 {moment} 前答复", { moment: momentWords(known.due_at) }) : "";
    const isMine = known.awaiting === known.my_side;
    return html`<p class="dealing-state">
      <span class="state">${t(known.state_label)}</span>
      ${known.is_shortlisted ? html`<span class="state active">${t("候选")}</span>` : nothing}
      ${known.hidden_reason ? html`<span class="state">${t("不再显示：{reason}", { reason: reasonWords(known.hidden_reason) })}</span>` : nothing}
      ${isMine && due ? html`<span class="due">${due}</span>` : nothing}
    </p>`;
  }

  private button(name: string, isFirst: boolean): TemplateResult {
    const asks = needsWords(name) || needsReason(name) || needsStars(name) || takesNumber(name);
    return html`<button type="button" class=${isFirst ? "small primary" : "small"} aria-disabled=${this.isBusy ? "true" : "false"}
      aria-expanded=${asks ? (this.opened === name ? "true" : "false") : nothing}
      @click=${() => (asks ? this.toggle(name) : this.take(name, {}))}>${actWords(name)}<span class="unseen">${this.about}</span></button>`;
  }

  private form(name: string): TemplateResult {
    const id = `${name}-${this.demandId}-${this.providerId}`;
    return html`<form class="dealing-form" novalidate @submit=${(event: Event) => this.submitted(event, name)}>
      ${needsReason(name)
        ? html`<div class="field">
            <label for="${id}-reason">${t("原因")}</label>
            <select id="${id}-reason" name="reason">
              ${reasonsFor(this.acting).map((reason) => html`<option value=${reason}>${reasonWords(reason)}</option>`)}
            </select>
          </div>`
        : nothing}
      ${needsStars(name) ? this.stars(id) : nothing}
      <div class="field">
        ${takesNumber(name)
          ? html`<label for="${id}-body">${t("立项号（可不填）")}</label>
              <input id="${id}-body" name="body" type="text" autocomplete="off" maxlength=${MOST_OF_NUMBER} aria-describedby="${id}-hint">`
          : html`<label for="${id}-body">${needsWords(name) ? t("内容") : t("补充说明（可不填）")}</label>
              <textarea id="${id}-body" name="body" rows="3" maxlength=${MOST_WORDS} aria-describedby="${id}-hint"></textarea>`}
        <p class="hint" id="${id}-hint">${noteOn(name)}</p>
      </div>
      <div class="actions">
        <button type="submit" class="small primary">${t("确定")}${actWords(name)}</button>
        <button type="button" class="small" @click=${() => this.toggle("")}>${t("取消")}</button>
      </div>
    </form>`;
  }

  private stars(id: string): TemplateResult[] {
    const fields: [string, string][] = [
      ["quality", t("完成质量")],
      ["usefulness", t("成果实用性")],
    ];
    return fields.map(
      ([name, label]) => html`<div class="field">
        <label for="${id}-${name}">${label}</label>
        <select id="${id}-${name}" name=${name}>${STARS.map((n) => html`<option value=${n}>${t("{n} 星", { n })}</option>`)}</select>
      </div>`,
    );
  }

  private async toggle(name: string): Promise<void> {
    this.opened = this.opened === name ? "" : name;
    await this.updateComplete;
    this.find(".dealing-form select, .dealing-form textarea, .dealing-form input")?.focus();
  }

  private submitted(event: Event, name: string): void {
    event.preventDefault();
    const filled = new FormData(event.target as HTMLFormElement);
    const text = (field: string): string => String(filled.get(field) ?? "").trim();
    const said: Said = {};
    if (text("body")) said.body = text("body");
    if (text("reason")) said.reason = text("reason");
    if (needsStars(name)) {
      said.quality = Number(text("quality"));
      said.usefulness = Number(text("usefulness"));
    }
    void this.take(name, said);
  }

  private async take(name: string, said: Said): Promise<void> {
    if (this.isBusy) return;
    const question = questionBefore(name, this.about);
    if (question && !window.confirm(question)) return;
    this.isBusy = true;
    try {
      const pair = { demand_id: this.demandId, provider_id: this.providerId };
      this.known = await act(this.known, pair, name, said);
      this.problem = null;
      this.opened = "";
      this.tell("nm-dealt", this.known);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    } finally {
      this.isBusy = false;
    }
  }
}
