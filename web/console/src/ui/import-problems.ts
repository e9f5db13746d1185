/** What is wrong with the rows of an uploaded sheet, row by row. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { call } from "../core/http";
import type { RowProblem, RowProblems } from "../core/imports";
import { t } from "../core/language";
import { Asking } from "./asking";
import { View } from "./view";

@customElement("nm-import-problems")
export class ImportProblems extends View {
  /** Key of the upload. */
  @property() key = "";
  private readonly asking = new Asking<RowProblems>(this);
  private rows: RowProblem[] = [];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("key")) void this.load(0);
  }

  override render(): TemplateResult {
    return this.asking.render(
      ({ next_after: next }) => html`<table class="rows">
          <caption class="unseen">${t("有问题的行")}</caption>
          <thead><tr>
            <th scope="col">${t("行")}</th><th scope="col">${t("单元格")}</th><th scope="col">${t("哪一项")}</th><th scope="col">${t("怎样改")}</th>
          </tr></thead>
          <tbody>${this.rows.map(
            ({ row, cell, heading, title, message }) => html`<tr>
              <td data-name=${t("行")}>${row}</td><td data-name=${t("单元格")}>${cell ?? t("表中没有这一列")}</td>
              <td data-name=${t("哪一项")}>${heading ?? title}</td><td data-name=${t("怎样改")}>${message}</td>
            </tr>`,
          )}</tbody>
        </table>
        ${next === null ? nothing : html`<button type="button" class="more" @click=${() => this.load(next)}>${t("显示更多")}</button>`}`,
    );
  }

  private async load(after: number): Promise<void> {
    await this.asking.ask(async (signal) => {
      const found = await call<RowProblems>("GET", `/v1/imports/${this.key}/problems`, { query: { after, limit: 20 }, signal });
      this.rows = after ? [...this.rows, ...found.items] : found.items;
      return found;
    });
  }
}
