/** A list of rows page by page: the rows so far, how many there are, more of them. */

import { html, nothing, type ReactiveControllerHost, type TemplateResult } from "lit";
import { call, type Query } from "../core/http";
import { t } from "../core/language";
import type { Page } from "../core/types";
import { Asking } from "./asking";

export class Paged<Row> {
  private readonly asking: Asking<Page<Row>>;
  private readonly path: string;
  private query: Query = {};
  rows: Row[] = [];

  constructor(host: ReactiveControllerHost, path: string) {
    this.asking = new Asking(host);
    this.path = path;
  }

  /** Load the list from its beginning. */
  async load(query: Query = this.query): Promise<void> {
    this.query = query;
    await this.next(null);
  }

  /** Draw the rows with their number, or what stands for them. */
  render(draw: (rows: Row[]) => unknown, empty: () => unknown): TemplateResult {
    return this.asking.render((page) =>
      this.rows.length
        ? html`<p class="hint" role="status">${t("共 {n} 条，新的在前。", { n: page.total.value })}</p>
            ${draw(this.rows)}
            ${page.next_cursor
              ? html`<button type="button" class="more" @click=${() => this.next(page.next_cursor)}>${t("显示更多")}</button>`
              : nothing}`
        : empty(),
    );
  }

  private async next(cursor: string | null): Promise<void> {
    const query = { ...this.query, cursor };
    await this.asking.ask(async (signal) => {
      const page = await call<Page<Row>>("GET", this.path, { query, signal });
      this.rows = cursor ? [...this.rows, ...page.items] : page.items;
      return page;
    });
  }
}
