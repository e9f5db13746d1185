/**
 * The vocabularies of the service, in the form choices and labels need.
 */

import { call } from "./http.js";

export class Catalogue {
  /** Scenarios with the reject class last. */
  scenarios;
  /** Strategic industries, two levels. */
  industries;
  #labels;
  #provinces;

  constructor({ scenarios, industries, regions, choices }) {
    this.#provinces = regions.filter(({ level }) => level === "province").map(regionOption);
    this.scenarios = [
      ...scenarios.fields.flatMap((field) =>
        field.scenarios.map((scenario) => scenarioOption(scenario, field.zh)),
      ),
      scenarioOption(scenarios.reject, "不参加匹配，另给去处建议"),
    ];
    const names = new Map(industries.map((industry) => [industry.code, industry.name]));
    this.industries = industries.map(({ code, name, parent }) => ({
      code,
      name,
      hint: parent ? names.get(parent) : "大类",
    }));
    this.#labels = new Map(
      Object.entries(choices).map(([vocabulary, entries]) => [
        vocabulary,
        new Map(entries.map(({ value, label }) => [value, label])),
      ]),
    );
  }

  /** Load the vocabularies. */
  static async load() {
    return new Catalogue(await call("GET", "/v1/taxonomy"));
  }

  /** Divisions whose name holds the words; the provinces when there are none. */
  async findRegions(words) {
    if (!words) return this.#provinces;
    const found = await call("GET", "/v1/taxonomy/regions", { query: { text: words } });
    return found.map(regionOption);
  }

  /** Economic classes whose name holds the words; the sections when there are none. */
  async findClasses(words) {
    const query = { scheme: "gb4754", ...(words ? { text: words } : {}) };
    const found = await call("GET", "/v1/taxonomy/industries", { query });
    return found.map(({ code, name }) => ({ code, name, hint: code }));
  }

  /** Chinese name of a value; the value itself when the service has none. */
  label(vocabulary, value) {
    const labels = this.#labels.get(vocabulary);
    return (labels && labels.get(value)) || value;
  }

  /** Values of a closed list as options. */
  choices(vocabulary) {
    const labels = this.#labels.get(vocabulary) || new Map();
    return Array.from(labels, ([code, name]) => ({ code, name }));
  }
}

function scenarioOption({ code, zh, triggers }, hint) {
  return { code, name: zh, hint, search: triggers.join(" ") };
}

function regionOption({ code, full_name: name }) {
  return { code, name, hint: code };
}
