/** A panel that slides in from the side: the focus stays in it, Escape closes it. */

import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t } from "../core/language";
import { View } from "./view";

/** Tells `nm-close` when it was closed. */
@customElement("nm-drawer")
export class Drawer extends View {
  @property() heading = "";
  @property({ type: Boolean }) wide = false;
  @property({ type: Boolean }) open = false;
  /** Draws what stands in it. */
  @property({ attribute: false }) content: () => unknown = () => "";

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("open")) return;
    const dialog = this.find<HTMLDialogElement>("dialog")!;
    if (this.open && !dialog.open) dialog.showModal();
    if (!this.open && dialog.open) dialog.close();
  }

  override render(): TemplateResult {
    return html`<dialog class=${this.wide ? "drawer wide" : "drawer"} aria-label=${this.heading}
      @close=${this.closed} @click=${this.clicked}>
      <div class="drawer-frame">
        <header>
          <h2>${this.heading}</h2>
          <button type="button" class="small" @click=${() => this.find<HTMLDialogElement>("dialog")!.close()}>${t("关闭")}</button>
        </header>
        <div class="drawer-body">${this.open ? this.content() : ""}</div>
      </div>
    </dialog>`;
  }

  private closed(): void {
    this.open = false;
    this.tell("nm-close");
  }

  /** A click beside the panel, on the dialog's own backdrop, closes it. */
  private clicked(event: Event): void {
    if (event.target === event.currentTarget) this.find<HTMLDialogElement>("dialog")!.close();
  }
}
