/**
 * A stored demand above its matches: state, tags to correct, publish.
 */

import { notForYou } from "./account.js";
import { byId, el } from "./dom.js";
import { call } from "./http.js";
import { say, showLoading, showMatches, showProblem } from "./results.js";
import { TagEditor } from "./tags.js";

const N_MATCHES = 10;
const UNPUBLISHED = ["draft", "returned", "paused", "rejected"];

export class StoredDemand {
  #catalogue;
  #account;
  #onchanged;
  #asking = null;

  /**
   * @param {import("./catalogue.js").Catalogue} catalogue
   * @param {import("./account.js").Account} account
   * @param {{onchanged: () => void}} settings `onchanged`: the demand has another state now.
   */
  constructor(catalogue, account, { onchanged }) {
    this.#catalogue = catalogue;
    this.#account = account;
    this.#onchanged = onchanged;
  }

  /** Show a demand and the providers that fit it. */
  async open(id, lead = "") {
    this.#asking = this.close();
    const { signal } = this.#asking;
    showLoading();
    try {
      const demand = await call("GET", `/v1/demands/${id}`, { signal });
      this.#show(demand);
      if (!this.#account.may("match_demand") || !demand.quality) {
        say(lead);
        byId("results").replaceChildren(notForYou());
        return;
      }
      const query = { k: N_MATCHES };
      const answer = await call("GET", `/v1/demands/${id}/matches`, { query, signal });
      showMatches(answer, lead);
    } catch (error) {
      showProblem(error, () => this.open(id));
    }
  }

  /** Take the demand off the page; returns what the next request is aborted by. */
  close() {
    if (this.#asking) this.#asking.abort();
    byId("subject").replaceChildren();
    return new AbortController();
  }

  #show(demand) {
    const editors = this.#editors(demand);
    const corrected = (name) => editors[name].chosen ?? undefined;
    const save = el(
      "button",
      {
        type: "button",
        class: "small",
        hidden: true,
        onclick: () => this.#save(demand, corrected("scenarios"), corrected("industries")),
      },
      "保存标签并重新匹配",
    );
    const isOurs = this.#account.may("decide_demand_tags") && demand.quality !== null;
    for (const editor of Object.values(editors)) {
      editor.onchange = () => {
        save.hidden = !corrected("scenarios") && !corrected("industries");
      };
    }
    byId("subject").replaceChildren(
      el(
        "div",
        { class: "subject" },
        el("h3", {}, demand.title),
        el("p", { class: "hint" }, this.#facts(demand)),
        el("p", {}, isOurs ? "" : demand.description),
        ...(isOurs ? Object.values(editors).map((editor) => editor.node) : []),
        isOurs ? el("div", { class: "actions" }, save, ...this.#steps(demand)) : null,
      ),
    );
  }

  #facts(demand) {
    const state = this.#catalogue.label("DemandState", demand.state);
    return [demand.demand_no, state, demand.region_name].filter(Boolean).join("　");
  }

  #editors(demand) {
    const make = (name, label, max, options, scheme, alone) => {
      const editor = new TagEditor({ id: `stored-${name}`, label, max, alone });
      editor.options = options;
      editor.show(demand.tags.filter((tag) => tag.scheme === scheme));
      return editor;
    };
    const { scenarios, industries } = this.#catalogue;
    return {
      scenarios: make("scenarios", "应用场景", 3, scenarios, "scenario", "OTH"),
      industries: make("industries", "产业", 5, industries, "sei2018", null),
    };
  }

  #steps(demand) {
    const steps = [];
    if (UNPUBLISHED.includes(demand.state)) {
      steps.push(step("发布", "primary small", () => this.#publish(demand)));
    }
    if (demand.tags.some((tag) => tag.source === "human")) {
      steps.push(step("恢复自动标签", "small", () => this.#save(demand, null, null)));
    }
    return steps;
  }

  async #publish(demand) {
    try {
      await call("POST", `/v1/demands/${demand.id}/publish`);
    } catch (error) {
      showProblem(error, () => this.open(demand.id));
      return;
    }
    this.#onchanged();
    await this.open(demand.id, "已发布。");
  }

  async #save(demand, scenarios, industries) {
    const body = {
      version: demand.version,
      ...(scenarios === undefined ? {} : { scenarios }),
      ...(industries === undefined ? {} : { industries }),
    };
    try {
      await call("PUT", `/v1/demands/${demand.id}/tags`, { body });
    } catch (error) {
      showProblem(error, () => this.open(demand.id));
      return;
    }
    await this.open(demand.id, "标签已保存。");
  }
}

function step(words, look, onclick) {
  return el("button", { type: "button", class: look, onclick }, words);
}
