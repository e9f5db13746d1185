/** Something the service tells only once: an address or a secret, to be copied now. */

import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { copy } from "../core/copying";
import { t } from "../core/language";
import { notice } from "./notices";
import { View } from "./view";

@customElement("nm-once")
export class Once extends View {
  @property() heading = "";
  @property() value = "";
  /** What it is good for. */
  @property() hint = "";
  @state() private said = "";

  override render(): TemplateResult {
    return notice(
      this.heading,
      html`<p><code class="secret">${this.value}</code></p>
        <p class="hint">${this.hint}</p>
        <button type="button" class="small" @click=${this.copy}>${t("复制")}</button>
        <span role="status">${this.said}</span>`,
    );
  }

  private async copy(): Promise<void> {
    this.said = await copy(this.value);
  }
}
