/** What is on the screen as a file: the same rows by the same conditions. */

import { html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fetchFile, type Query, searchOf } from "../core/http";
import { t } from "../core/language";
import { Attempt } from "./attempt";
import { View } from "./view";

@customElement("nm-export")
export class Export extends View {
  @property() path = "";
  /** What the list on the screen was asked with. */
  @property({ attribute: false }) query: Query = {};
  private readonly attempt = new Attempt(this);

  override render(): TemplateResult {
    return html`<button type="button" class="small" @click=${() => this.save("xlsx")}>${t("导出 XLSX")}</button>
      <button type="button" class="small" @click=${() => this.save("csv")}>${t("导出 CSV")}</button>
      ${this.attempt.outcome()}`;
  }

  private async save(format: string): Promise<void> {
    await this.attempt.make(async () => {
      const { name, content } = await fetchFile(this.path + searchOf({ ...this.query, format }));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(content);
      link.download = name;
      link.click();
      URL.revokeObjectURL(link.href);
      return "";
    });
  }
}
