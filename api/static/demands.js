/**
 * The list of stored demands with their state; one of them can be opened.
 */

import { byId, el } from "./dom.js";
import { call, Problem } from "./http.js";
import { problemNotice } from "./results.js";

const PAGE_SIZE = 12;

export class DemandList {
  #catalogue;
  #list;
  #more;
  #next = null;
  #current = null;

  /** @param {import("./catalogue.js").Catalogue} catalogue */
  constructor(catalogue) {
    this.#catalogue = catalogue;
    this.#list = el("ul", { class: "demand-list" });
    this.#more = el(
      "button",
      { type: "button", class: "small", hidden: true, onclick: () => this.#load(this.#next) },
      "显示更多",
    );
  }

  /** Load the list from its beginning. */
  async reload() {
    await this.#load(null);
  }

  /** Mark the demand that is open; null for none. */
  mark(id) {
    this.#current = id;
    for (const link of this.#list.querySelectorAll("a")) {
      if (link.hash === `#${id}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  async #load(cursor) {
    const place = byId("demand-list");
    try {
      const query = { limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) };
      const page = await call("GET", "/v1/demands", { query });
      const rows = page.items.map((demand) => this.#row(demand));
      if (page.items.some(isInvented)) byId("invented").hidden = false;
      if (!cursor) this.#list.replaceChildren();
      this.#list.append(...rows);
      this.#next = page.next_cursor;
      this.#more.hidden = !this.#next;
      const count = el("p", { class: "hint" }, `共 ${page.total.value} 条，新的在前。`);
      if (!page.total.value) count.textContent = "还没有登记的需求。";
      place.replaceChildren(count, this.#list, this.#more);
      if (cursor && rows.length) rows[0].querySelector("a").focus();
      this.mark(this.#current);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      place.replaceChildren(problemNotice(error, () => this.#load(cursor)));
    }
  }

  #row(demand) {
    const state = this.#catalogue.label("DemandState", demand.state);
    const about = [isInvented(demand) ? "演示" : "", demand.region_name, state];
    return el(
      "li",
      {},
      el(
        "a",
        { href: `#${demand.id}` },
        el("span", { class: "name" }, demand.title),
        el("span", { class: "state" }, about.filter(Boolean).join("　")),
      ),
    );
  }
}

/** Whether a row came with the software to try it. */
function isInvented(row) {
  return (row.source_ref || "").startsWith("demo:");
}
