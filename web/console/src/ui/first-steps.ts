/** The first steps of a role: which are taken, which is next. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type Step, stepsOf } from "../core/first-steps";
import { t } from "../core/language";
import { may } from "../core/session";
import type { Session } from "../core/types";
import { Asking } from "./asking";
import { track } from "./cards";
import { View } from "./view";

@customElement("nm-first-steps")
export class FirstSteps extends View {
  @property({ attribute: false }) session!: Session;
  /** By place, whether a step is taken. */
  private readonly taken = new Asking<boolean[]>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    const steps = stepsOf(this.session);
    void this.taken.ask((signal) => Promise.all(steps.map((step) => this.isTaken(step, signal))));
  }

  override render(): TemplateResult {
    const steps = stepsOf(this.session);
    return html`<section class="panel" aria-labelledby="steps-title">
      <h2 id="steps-title">${t("头几步")}</h2>
      ${this.taken.render((taken) => this.list(steps, taken))}
    </section>`;
  }

  private isTaken(step: Step, signal: AbortSignal): Promise<boolean> {
    return may(this.session, step.operation) ? step.isDone(signal) : Promise.resolve(false);
  }

  private list(steps: Step[], taken: boolean[]): TemplateResult {
    const n = taken.filter(Boolean).length;
    const rows = html`<ol class="steps">
      ${steps.map((step, place) => this.step(step, taken[place]!, place === taken.indexOf(false)))}
    </ol>`;
    if (n === steps.length) {
      return html`<p role="status">${t("头几步都做完了。")}</p><details><summary>${t("再看一遍")}</summary>${rows}</details>`;
    }
    return html`<p class="hint" role="status">${t("已做 {n} 步，共 {total} 步；做过的自己打勾。", { n, total: steps.length })}</p>
      ${track(n / steps.length)} ${rows}`;
  }

  private step(step: Step, isTaken: boolean, isNext: boolean): TemplateResult {
    const mayTake = may(this.session, step.operation);
    const look = isTaken ? "taken" : isNext ? "next" : "";
    return html`<li class=${look} aria-current=${isNext ? "step" : nothing}>
      <h3>${step.title}${isTaken
        ? html` <span class="state active">${t("已做")}</span>`
        : isNext
          ? html` <span class="state draft">${t("下一步")}</span>`
          : nothing}</h3>
      <p>${step.text}</p>
      ${mayTake
        ? html`<a class=${isNext ? "button primary" : "button"} href=${step.href}>${step.words}</a>`
        : html`<p class="hint">${t("绑定身份验证器、用验证码登录后可以做。")}</p>`}
    </li>`;
  }
}
