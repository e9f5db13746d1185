/** The taxonomy as a file: exported whole, or taken over after a look at what that changes. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call } from "../core/http";
import { t } from "../core/language";
import { type Content, type Differences, differencesOf, readTaxonomy } from "../core/taxonomy";
import { Attempt } from "./attempt";
import { notice } from "./notices";
import { View } from "./view";

/** Tells `nm-saved` with what is said of it. */
@customElement("nm-taxonomy-exchange")
export class TaxonomyExchange extends View {
  /** What is in force. */
  @property({ attribute: false }) content!: Content;
  @property({ type: Boolean }) changeable = false;
  @state() private next: Content | null = null;
  @state() private isUnreadable = false;
  private readonly attempt = new Attempt(this);

  override render(): TemplateResult {
    return html`<p class="hint">${t("导出的文件可以改好再导回；没有列出的代码记为停用，不会丢。")}</p>
      <div class="actions"><a class="button" href="v1/taxonomy/export" download="taxonomy.json">${t("导出全部（JSON）")}</a></div>
      ${this.changeable ? this.importing() : nothing}
      <div role="status">${this.next ? this.preview(differencesOf(this.content, this.next)) : nothing}</div>
      <div role="alert">${this.isUnreadable
        ? notice(t("读不出这个文件"), html`<p>${t("请选用这里导出的 JSON 文件，含 level1、level2 和 reject。")}</p>`)
        : nothing}</div>
      ${this.attempt.refusal()}`;
  }

  private importing(): TemplateResult {
    return html`<div class="field">
      <label for="taxonomy-file">${t("导入（先预览，确认后才换上）")}</label>
      <input id="taxonomy-file" type="file" accept="application/json,.json" @change=${this.chosen}>
    </div>`;
  }

  private preview(found: Differences): TemplateResult {
    const { added, changed, retired } = found;
    const rows: [string, string[]][] = [
      [t("新增"), added],
      [t("修改"), changed],
      [t("停用"), retired],
    ];
    const isSame = rows.every(([, codes]) => !codes.length);
    return html`<table class="rows">
        <caption class="unseen">${t("导入会改变什么")}</caption>
        <thead><tr><th scope="col">${t("改动")}</th><th scope="col">${t("几个")}</th><th scope="col">${t("代码")}</th></tr></thead>
        <tbody>${rows.map(
          ([name, codes]) => html`<tr><th scope="row" data-name=${t("改动")}>${name}</th><td data-name=${t("几个")}>${codes.length}</td>
            <td data-name=${t("代码")}>${codes.join(t("、")) || t("没有")}</td></tr>`,
        )}</tbody>
      </table>
      ${isSame ? html`<p class="hint">${t("场景没有变化；大类和 OTH 的改动不在上面列出。")}</p>` : nothing}
      <div class="actions">
        <button type="button" class="primary" @click=${this.take}>${t("换上")}</button>
        <button type="button" @click=${this.giveUp}>${t("不换")}</button>
      </div>`;
  }

  private async chosen(event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0];
    this.attempt.forget();
    this.next = file ? readTaxonomy(await file.text()) : null;
    this.isUnreadable = Boolean(file) && !this.next;
  }

  private giveUp(): void {
    this.next = null;
    this.find<HTMLInputElement>("#taxonomy-file")!.value = "";
  }

  private async take(): Promise<void> {
    const body = { content: this.next };
    const isDone = await this.attempt.make(async () => {
      await call("POST", "/v1/taxonomy/import", { body });
      return "";
    });
    if (!isDone) return;
    this.giveUp();
    this.tell("nm-saved", t("已换上导入的分类。"));
  }
}
