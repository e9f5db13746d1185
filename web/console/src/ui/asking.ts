/** One question to the service after another: busy, answered or refused, never two at once. */

import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from "lit";
import { isAborted, Problem } from "../core/http";
import { t } from "../core/language";
import { problemNotice } from "./notices";

export class Asking<Answer> implements ReactiveController {
  answer: Answer | null = null;
  problem: Problem | null = null;
  isBusy = false;
  private readonly host: ReactiveControllerHost;
  private current: AbortController | null = null;
  private again: (() => void) | null = null;

  constructor(host: ReactiveControllerHost) {
    this.host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.stop();
  }

  /** Put a question; one under way gives way. Resolves to whether it was answered. */
  async ask(question: (signal: AbortSignal) => Promise<Answer>): Promise<boolean> {
    this.stop();
    const own = new AbortController();
    this.current = own;
    this.again = () => void this.ask(question);
    this.isBusy = true;
    this.problem = null;
    this.host.requestUpdate();
    try {
      const answer = await question(own.signal);
      if (this.current !== own) return false;
      this.answer = answer;
    } catch (error) {
      if (isAborted(error) || this.current !== own) return false;
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    } finally {
      if (this.current === own) {
        this.isBusy = false;
        this.host.requestUpdate();
      }
    }
    return this.problem === null;
  }

  /** Give up the question under way; the last answer stays. */
  stop(): void {
    this.current?.abort();
    this.current = null;
    this.isBusy = false;
  }

  /** Give up question and answer. */
  forget(): void {
    this.stop();
    this.answer = null;
    this.problem = null;
    this.host.requestUpdate();
  }

  /** Draw the state; `done` draws an answer. */
  render(done: (answer: Answer) => unknown): TemplateResult {
    if (this.problem) return problemNotice(this.problem, this.again ?? undefined);
    if (this.answer === null) {
      return this.isBusy ? html`<p class="loading">${t("正在载入……")}</p>` : html``;
    }
    return html`<div class=${this.isBusy ? "busy" : ""} aria-busy=${this.isBusy ? "true" : "false"}>
      ${done(this.answer)}
    </div>`;
  }
}
