/**
 * The page: post a demand, see what was understood and who fits, open a stored demand.
 */

import { Account } from "./account.js";
import { Catalogue } from "./catalogue.js";
import { Combobox } from "./combobox.js";
import { DemandList } from "./demands.js";
import { byId, el } from "./dom.js";
import { DemandForm } from "./form.js";
import { call, isAborted, Problem } from "./http.js";
import {
  problemNotice,
  say,
  showLoading,
  showMatches,
  showOutOfScope,
  showProblem,
  showWaiting,
} from "./results.js";
import { SAMPLES } from "./samples.js";
import { StoredDemand } from "./stored.js";
import { Understanding } from "./understanding.js";

const PAUSE_MS = 300;
const READ_FIELDS = ["text", "title", "question", "budget-kind", "period"];
const N_PREVIEWED = 5;

class Page {
  #form;
  #understanding;
  #stored;
  #list;
  #timer = 0;
  #asking = null;
  #answer = null;
  #openId = null;
  #isPosting = false;

  constructor(catalogue, account) {
    const region = new Combobox(byId("region"), { onchoose: () => this.#typed() });
    region.finder = (words) => catalogue.findRegions(words);
    this.#form = new DemandForm(region);
    this.#understanding = new Understanding(catalogue, {
      onchange: () => this.#corrected(),
      goTo: (field) => this.#form.goTo(field),
    });
    this.#list = new DemandList(catalogue);
    this.#stored = new StoredDemand(catalogue, account, {
      onchanged: () => this.#list.reload(),
    });
    this.#listen();
  }

  /** Show what the address names, and the list of stored demands. */
  async start() {
    showWaiting();
    await Promise.all([this.#list.reload(), this.#follow()]);
  }

  #listen() {
    const form = byId("form");
    form.addEventListener("input", (event) => {
      if (!event.isComposing && READ_FIELDS.includes(event.target.id)) this.#typed();
    });
    form.addEventListener("compositionend", () => this.#typed());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#post(true);
    });
    byId("save").addEventListener("click", () => this.#post(false));
    byId("clear").addEventListener("click", () => this.#clear());
    window.addEventListener("hashchange", () => this.#follow());
    byId("samples").append(
      ...SAMPLES.map((sample) =>
        el(
          "button",
          { type: "button", class: "small plain", onclick: () => this.#try(sample) },
          sample.name,
        ),
      ),
    );
  }

  /** Open the demand the address names; a preview under way gives way. */
  async #follow() {
    const id = window.location.hash.slice(1);
    if (!id) this.#leaveStored();
    if (!/^dm_\w+$/.test(id)) return;
    this.#openId = id;
    this.#stop();
    this.#list.mark(id);
    await this.#stored.open(id);
  }

  #try(sample) {
    this.#clear();
    this.#form.fill(sample);
    this.#typed();
  }

  #typed() {
    this.#stop();
    if (!this.#form.previewed) {
      this.#forget();
      return;
    }
    this.#timer = window.setTimeout(() => this.#preview(), PAUSE_MS);
  }

  /** Give up the preview that waits or is under way. */
  #stop() {
    window.clearTimeout(this.#timer);
    if (this.#asking) this.#asking.abort();
    this.#asking = null;
  }

  async #preview() {
    this.#leaveStored();
    const filled = this.#form.values();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const body = { ...this.#form.previewed, k: N_PREVIEWED };
    showLoading("正在识别和匹配……");
    try {
      const answer = await call("POST", "/v1/preview", { body, signal });
      this.#understanding.show(answer, filled);
      this.#answer = answer;
      this.#showPreviewed();
    } catch (error) {
      showProblem(error, () => this.#preview());
    }
  }

  #showPreviewed() {
    const show = this.#understanding.isOutOfScope ? showOutOfScope : showMatches;
    show(this.#answer, "预览（未保存）：");
  }

  /** Drop what was read from a text that is gone. */
  #forget() {
    this.#answer = null;
    this.#understanding.clear();
    this.#tellCorrected();
    if (!this.#openId) showWaiting();
  }

  /** Close the stored demand; the preview takes its place again. */
  #leaveStored() {
    if (!this.#openId) return;
    this.#openId = null;
    this.#stored.close();
    this.#list.mark(null);
    window.history.replaceState(null, "", window.location.pathname);
    if (this.#answer) this.#showPreviewed();
    else showWaiting();
  }

  #corrected() {
    this.#tellCorrected();
    if (this.#answer && !this.#openId) this.#showPreviewed();
  }

  #tellCorrected() {
    const n = Object.keys(this.#understanding.chosen).length;
    byId("corrected").hidden = !n;
    byId("corrected").textContent = "标签已更正，发布或保存时按更正的算；右边的预览仍按自动识别排序。";
  }

  #clear() {
    this.#stop();
    this.#form.clear();
    this.#forget();
    byId("posting-problem").replaceChildren();
    byId("text").focus();
  }

  async #post(isPublishing) {
    if (this.#isPosting || !this.#form.check()) return;
    this.#stop();
    this.#setPosting(true);
    byId("posting-problem").replaceChildren();
    try {
      const demand = await this.#store();
      await this.#posted(demand, isPublishing);
    } catch (error) {
      if (isAborted(error) || !(error instanceof Problem)) throw error;
      byId("posting-problem").replaceChildren(problemNotice(error));
      this.#form.show(error.errors);
    } finally {
      this.#setPosting(false);
    }
  }

  /** Store what the form and the corrections say. */
  #store() {
    const { scenarios, industries, deliverables, audience } = this.#understanding.chosen;
    const body = {
      ...this.#form.values(),
      ...(scenarios ? { scenario_tags: scenarios } : {}),
      ...(industries ? { industry_tags: industries } : {}),
      ...(deliverables ? { deliverables } : {}),
      ...(audience ? { audience: audience[0] } : {}),
    };
    return call("POST", "/v1/demands", { body });
  }

  /** Finish a demand just stored and show it with its matches; it stays when a step fails. */
  async #posted(demand, isPublishing) {
    const { classes } = this.#understanding.chosen;
    this.#openId = demand.id;
    this.#clear();
    let failed = null;
    try {
      if (classes) {
        const body = { version: demand.version, classes };
        await call("PUT", `/v1/demands/${demand.id}/tags`, { body });
      }
      if (isPublishing) await call("POST", `/v1/demands/${demand.id}/publish`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      failed = error;
    }
    const published = failed ? "已存为草稿，没有发布。" : "已发布。";
    window.history.pushState(null, "", `#${demand.id}`);
    byId("matches").focus();
    this.#list.mark(demand.id);
    const lead = isPublishing ? published : "已存为草稿。";
    await Promise.all([this.#list.reload(), this.#stored.open(demand.id, lead)]);
    if (failed) byId("subject").append(problemNotice(failed));
  }

  #setPosting(isPosting) {
    this.#isPosting = isPosting;
    for (const id of ["publish", "save"]) byId(id).setAttribute("aria-disabled", String(isPosting));
    if (isPosting) say("正在保存……");
  }
}

const account = new Account();

/** Let somebody in, then load the vocabularies: without them there is nothing to choose from. */
async function start() {
  try {
    await account.enter();
    showLoading("正在载入词表……");
    const catalogue = await Catalogue.load();
    await new Page(catalogue, account).start();
  } catch (error) {
    byId("work").hidden = false;
    showProblem(error, start);
  }
}

start();
