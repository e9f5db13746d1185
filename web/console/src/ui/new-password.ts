/** The field for a new password; what is typed can be shown, since nothing asks for it twice. */

import { html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { t } from "../core/language";
import { View } from "./view";

/** Stands in a form; the password is the value of `#new-password`. */
@customElement("nm-new-password")
export class NewPassword extends View {
  /** What the password must be like. */
  @property() hint = "";
  @state() private isShown = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.closest("form")?.addEventListener("reset", () => (this.isShown = false));
  }

  override render(): TemplateResult {
    return html`<div class="field">
      <label for="new-password">${t("新密码")}</label>
      <input id="new-password" type=${this.isShown ? "text" : "password"} autocomplete="new-password" autocapitalize="none"
        spellcheck="false" required aria-describedby="new-password-hint">
      <p class="hint" id="new-password-hint">${this.hint}</p>
    </div>
    <label class="check"><input type="checkbox" @change=${this.toggle}>${t("显示输入的密码")}</label>`;
  }

  private toggle(event: Event): void {
    this.isShown = (event.target as HTMLInputElement).checked;
  }
}
