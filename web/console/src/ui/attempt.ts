/** One change after another: never two at once, the outcome said, a refusal shown. */

import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from "lit";
import { Problem } from "../core/http";
import { problemNotice } from "./notices";

export class Attempt implements ReactiveController {
  said = "";
  problem: Problem | null = null;
  isBusy = false;
  private readonly host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.forget();
  }

  /** Take a step, which resolves to what is said of it. Resolves to whether it was done. */
  async make(step: () => Promise<string>): Promise<boolean> {
    if (this.isBusy) return false;
    this.forget();
    this.isBusy = true;
    try {
      this.said = await step();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    } finally {
      this.isBusy = false;
      this.host.requestUpdate();
    }
    return this.problem === null;
  }

  forget(): void {
    this.said = "";
    this.problem = null;
    this.host.requestUpdate();
  }

  /** The problem, for the foot of a form. */
  refusal(): TemplateResult {
    return html`<div role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>`;
  }

  /** What was said, or the problem, for the head of a page. */
  outcome(): TemplateResult {
    return html`<p class="outcome-line" role="status">${this.said}</p>${this.refusal()}`;
  }
}
