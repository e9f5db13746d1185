/** Reading the scenarios of all stored texts anew: how far the last round has come. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { call } from "../core/http";
import { t } from "../core/language";
import { momentWords } from "../core/wording";
import { Asking } from "./asking";
import { Attempt } from "./attempt";
import { track } from "./cards";
import { emptyState } from "./notices";
import { View } from "./view";

const PAUSE_MS = 1500;

interface Round {
  taxonomy: string;
  state: string;
  n_total: number;
  n_done: number;
  n_changed: number;
  n_kept: number;
  n_rejected: number;
  begun_at: string;
  ended_at: string | null;
}

@customElement("nm-retagging")
export class Retagging extends View {
  /** Version of the taxonomy in force. */
  @property() version = "";
  @property({ type: Boolean }) startable = false;
  private readonly newest = new Asking<{ round: Round | null }>(this);
  private readonly attempt = new Attempt(this);
  private timer = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  override disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    return html`<p class="hint">${t("改了分类，只影响之后读的文本。重新标注把已存的需求、能力和案例的场景再读一遍，在后台做；由人或导入指定的不动。")}</p>
      ${this.startable ? html`<div class="actions"><button type="button" @click=${this.start}>${t("重新标注")}</button></div>` : nothing}
      ${this.attempt.outcome()}
      ${this.newest.render(({ round }) =>
        round ? this.round(round) : emptyState(t("还没有重新标注过。"), t("改了分类之后，点“重新标注”。")),
      )}`;
  }

  /** Ask how far it has come, and again while it goes on. */
  private async load(): Promise<void> {
    window.clearTimeout(this.timer);
    await this.newest.ask(async (signal) => ({ round: await call("GET", "/v1/taxonomy/retagging", { signal }) }));
    const isOn = this.newest.answer?.round?.state === "running";
    if (isOn && this.isConnected) this.timer = window.setTimeout(() => void this.load(), PAUSE_MS);
  }

  private round(found: Round): TemplateResult {
    const words: Record<string, string> = {
      running: t("进行中"),
      done: t("已完成"),
      superseded: t("已被新版本取代"),
    };
    return html`<p role="status">${words[found.state] ?? found.state}　${t("{done} / {total} 条", { done: found.n_done, total: found.n_total })}</p>
      ${track(found.n_total ? found.n_done / found.n_total : 1)}
      <p class="hint">${t("标签变了 {changed} 条，由人指定而不动 {kept} 条，改标后不属于任何场景的需求 {rejected} 条。", {
        changed: found.n_changed,
        kept: found.n_kept,
        rejected: found.n_rejected,
      })}</p>
      <p class="hint">${t("所用分类：{version}；开始：{begun}；结束：{ended}", {
        version: found.taxonomy,
        begun: momentWords(found.begun_at),
        ended: momentWords(found.ended_at) || t("还没有"),
      })}</p>
      ${found.taxonomy === this.version || found.state !== "done"
        ? nothing
        : html`<p class="hint">${t("此后分类又改过，可以再做一次。")}</p>`}`;
  }

  private async start(): Promise<void> {
    await this.attempt.make(async () => {
      await call("POST", "/v1/taxonomy/retagging");
      await this.load();
      return t("已开始重新标注。");
    });
  }
}
