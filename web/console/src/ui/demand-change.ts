/** Changing a stored demand: its text, its facts, who sees it. */

import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Catalogue } from "../core/catalogue";
import { Draft } from "../core/draft";
import { call } from "../core/http";
import { t } from "../core/language";
import type { Demand } from "../core/types";
import { Attempt } from "./attempt";
import type { DemandForm } from "./demand-form";
import "./demand-form";
import { View } from "./view";

/** Tells `nm-saved` once it is stored. */
@customElement("nm-demand-change")
export class DemandChange extends View {
  @property({ attribute: false }) catalogue!: Catalogue;
  @property({ attribute: false }) demand!: Demand;
  @state() private draft = new Draft();
  private readonly attempt = new Attempt(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("demand")) this.draft = Draft.ofDemand(this.demand);
  }

  override render(): TemplateResult {
    return html`<form novalidate autocomplete="off" @submit=${this.submitted}>
      <nm-demand-form .catalogue=${this.catalogue} .draft=${this.draft}></nm-demand-form>
      <p class="hint">${t("只保存改动的几项；清空的交回由正文识别。标签在“应用场景”“产业”里改。")}</p>
      <div class="actions"><button type="submit" class="primary">${t("保存")}</button></div>
      ${this.attempt.refusal()}
    </form>`;
  }

  private async submitted(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.find<DemandForm>("nm-demand-form")!;
    const { problems, changes } = this.draft;
    await form.show(problems);
    if (problems.length) return;
    const { id, version } = this.demand;
    const isDone = await this.attempt.make(async () => {
      if (Object.keys(changes).length) await call("PATCH", `/v1/demands/${id}`, { body: { ...changes, version } });
      return "";
    });
    if (isDone) this.tell("nm-saved");
    else await form.show(this.attempt.problem?.errors ?? []);
  }
}
