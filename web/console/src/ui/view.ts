/** What every element of the console shares: one style sheet, one language, who is asking. */

import { LitElement } from "lit";
import type { Catalogue } from "../core/catalogue";
import { LANGUAGE_CHANGED } from "../core/language";
import type { Session } from "../core/types";

/** What every page is given. */
export interface Context {
  session: Session;
  catalogue: Catalogue;
}

/** An element drawn into the page itself, so that labels, focus and the style sheet reach it. */
export class View extends LitElement {
  private readonly redraw = (): void => this.requestUpdate();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener(LANGUAGE_CHANGED, this.redraw);
  }

  override disconnectedCallback(): void {
    window.removeEventListener(LANGUAGE_CHANGED, this.redraw);
    super.disconnectedCallback();
  }

  /** The first element inside that fits a selector. */
  protected find<Found extends HTMLElement>(selector: string): Found | null {
    return this.querySelector<Found>(selector);
  }

  /** Tell whoever holds this element something. */
  protected tell(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
