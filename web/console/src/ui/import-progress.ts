/** One uploaded sheet: how far it is, what was understood, what is wrong, the step that is next. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { call } from "../core/http";
import { type Import, isGoing } from "../core/imports";
import { t } from "../core/language";
import { Asking } from "./asking";
import { Attempt } from "./attempt";
import { track } from "./cards";
import "./import-problems";
import { notice } from "./notices";
import { View } from "./view";

const PAUSE_MS = 1000;

/** Tells `nm-moved` when it has come to another state. */
@customElement("nm-import-progress")
export class ImportProgress extends View {
  /** Key of the upload. */
  @property() key = "";
  private readonly upload = new Asking<Import>(this);
  private readonly attempt = new Attempt(this);
  private timer = 0;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("key")) void this.load();
  }

  override disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    return this.upload.render((found) => this.report(found));
  }

  /** Ask how far it is, and again while the service is at work on it. */
  private async load(): Promise<void> {
    window.clearTimeout(this.timer);
    const before = this.upload.answer?.state;
    await this.upload.ask((signal) => call("GET", `/v1/imports/${this.key}`, { signal }));
    const { answer } = this.upload;
    if (!answer || !this.isConnected) return;
    if (before && before !== answer.state) this.tell("nm-moved");
    if (isGoing(answer)) this.timer = window.setTimeout(() => void this.load(), PAUSE_MS);
  }

  private report(found: Import): TemplateResult {
    return html`<h3>${found.name}　<span class="hint">${t(found.kind_label)}</span></h3>
      <p role="status"><span class="state">${t(found.state_label)}</span>　${t("{done} / {total} 行", { done: found.n_done, total: found.n_rows })}</p>
      ${track(found.n_rows ? found.n_done / found.n_rows : 0)}
      ${found.fault ? notice(t("没有完成"), html`<p>${found.fault}</p>`) : nothing}
      ${found.note ? notice(t("请留意"), html`<p>${found.note}</p>`) : nothing}
      ${isGoing(found) ? nothing : this.counts(found)}
      ${this.attempt.refusal()}
      ${found.n_refused && !isGoing(found) ? html`<nm-import-problems key=${found.id}></nm-import-problems>` : nothing}
      ${found.columns.length ? columns(found) : nothing} ${found.preview.length ? preview(found) : nothing}`;
  }

  private counts(found: Import): TemplateResult {
    const isAhead = found.state === "checked";
    const hasSheet = found.n_refused > 0 && found.state !== "failed";
    const n = { created: found.n_created, updated: found.n_updated, unchanged: found.n_unchanged, refused: found.n_refused };
    const words = isAhead
      ? t("将新增 {created} 行，更新 {updated} 行；没有改动 {unchanged} 行，有问题而不导入 {refused} 行。", n)
      : t("新增 {created} 行，更新 {updated} 行；没有改动 {unchanged} 行，有问题而没有导入 {refused} 行。", n);
    const nGood = found.n_created + found.n_updated;
    const isDone = found.state === "done" && found.kind === "demands" && nGood;
    return html`<p><strong>${words}</strong></p>
      ${isDone
        ? html`<p class="hint">${t("“立即发布”没有填“是”的存为草稿，不参加匹配；到“我的需求”里逐条看过再发布。")}<a href="#/mine">${t("我的需求")}</a></p>`
        : nothing}
      <div class="actions">
        ${isAhead && nGood
          ? html`<button type="button" class="primary" @click=${this.run}>${t("确认导入 {n} 行", { n: nGood })}</button>`
          : nothing}
        ${hasSheet ? html`<a class="button" href="v1/imports/${found.id}/sheet" download>${t("下载退回的表格")}</a>` : nothing}
      </div>
      ${hasSheet
        ? html`<p class="hint">${t("退回的就是您的原表，末尾多一列错误；改好后可以原样再上传。")}</p>`
        : nothing}`;
  }

  private async run(): Promise<void> {
    await this.attempt.make(async () => {
      await call("POST", `/v1/imports/${this.key}/run`);
      await this.load();
      return "";
    });
  }
}

function columns({ columns: found }: Import): TemplateResult {
  return html`<details>
    <summary>${t("各列当作什么（{n} 列）", { n: found.length })}</summary>
    <table class="rows">
      <caption class="unseen">${t("各列当作什么")}</caption>
      <thead><tr><th scope="col">${t("列")}</th><th scope="col">${t("表中的列名")}</th><th scope="col">${t("当作")}</th></tr></thead>
      <tbody>${found.map(
        ({ column, heading, meaning }) => html`<tr><td data-name=${t("列")}>${column}</td>
          <th scope="row" data-name=${t("表中的列名")}>${heading}</th><td data-name=${t("当作")}>${meaning || t("不认识，不导入")}</td></tr>`,
      )}</tbody>
    </table>
  </details>`;
}

function preview({ preview: rows }: Import): TemplateResult {
  return html`<details open>
    <summary>${t("前 {n} 行读出来的样子", { n: rows.length })}</summary>
    ${rows.map(
      ({ row, values }) => html`<h4>${t("第 {row} 行", { row })}</h4>
        <dl class="pairs">${values.map(({ title, text }) => html`<dt>${title}</dt><dd class="clamped">${text}</dd>`)}</dl>`,
    )}
  </details>`;
}
