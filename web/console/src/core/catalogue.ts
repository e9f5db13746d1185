/** The vocabularies of the service, in the form choices and labels need. */

import { call } from "./http";
import { currentLanguage, t } from "./language";
import type { Industry, Region, Scenario, Taxonomy } from "./types";

/** Sent to the window when the vocabularies are others than before. */
export const TAXONOMY_CHANGED = "navmatch-taxonomy-changed";

export interface Option {
  code: string;
  name: string;
  hint?: string;
  /** Further words the option is found by. */
  search?: string;
}

export class Catalogue {
  readonly taxonomy: Taxonomy;
  private readonly labels = new Map<string, Map<string, string>>();
  private readonly provinces: Option[];

  constructor(taxonomy: Taxonomy) {
    this.taxonomy = taxonomy;
    this.provinces = taxonomy.regions.filter(({ level }) => level === "province").map(regionOption);
    for (const [vocabulary, entries] of Object.entries(taxonomy.choices)) {
      this.labels.set(vocabulary, new Map(entries.map(({ value, label }) => [value, label])));
    }
  }

  static async load(): Promise<Catalogue> {
    return new Catalogue(await call<Taxonomy>("GET", "/v1/taxonomy"));
  }

  /** Scenarios with the reject class last. */
  get scenarios(): Option[] {
    const { fields, reject } = this.taxonomy.scenarios;
    return [
      ...fields.flatMap((field) =>
        field.scenarios.map((scenario) => scenarioOption(scenario, english() ? field.en : field.zh)),
      ),
      scenarioOption(reject, t("不参加匹配，另给去处建议")),
    ];
  }

  /** Strategic industries, two levels. */
  get industries(): Option[] {
    const names = new Map(this.taxonomy.industries.map(({ code, name }) => [code, name]));
    return this.taxonomy.industries.map(({ code, name, parent }) => ({
      code,
      name,
      hint: parent ? names.get(parent) : t("大类"),
    }));
  }

  /** Divisions whose name holds the words; the provinces when there are none. */
  async findRegions(words: string): Promise<Option[]> {
    if (!words) return this.provinces;
    const found = await call<Region[]>("GET", "/v1/taxonomy/regions", { query: { text: words } });
    return found.map(regionOption);
  }

  /** Economic classes whose name holds the words; the sections when there are none. */
  async findClasses(words: string): Promise<Option[]> {
    const query = { scheme: "gb4754", text: words };
    const found = await call<Industry[]>("GET", "/v1/taxonomy/industries", { query });
    return found.map(({ code, name }) => ({ code, name, hint: code }));
  }

  /** Name of a division or larger region; the code itself when there is none. */
  async regionName(code: string): Promise<string> {
    const whole = /^\d+$/.test(code) ? code.padEnd(6, "0") : code;
    const known = this.taxonomy.regions.find((region) => region.code === whole);
    if (known || !/^\d{6}$/.test(whole)) return known?.full_name ?? code;
    const parent = whole.endsWith("00") ? `${whole.slice(0, 2)}0000` : `${whole.slice(0, 4)}00`;
    const nearby = await call<Region[]>("GET", "/v1/taxonomy/regions", { query: { parent } });
    return nearby.find((region) => region.code === whole)?.full_name ?? code;
  }

  /** Name of a scenario or its field; what else is known of it, or its code, when it is no longer in use. */
  scenarioName(code: string, otherwise = code): string {
    const { fields, reject } = this.taxonomy.scenarios;
    const known = [...fields, ...fields.flatMap(({ scenarios }) => scenarios), reject].find((found) => found.code === code);
    return (english() && known?.en) || known?.zh || otherwise;
  }

  industryName(code: string): string {
    return this.taxonomy.industries.find((industry) => industry.code === code)?.name ?? code;
  }

  /** Name of a value in the language of the interface; the value itself when the service has none. */
  label(vocabulary: string, value: string): string {
    return t(this.labels.get(vocabulary)?.get(value) ?? value);
  }

  /** Values of a closed list as options. */
  choices(vocabulary: string): Option[] {
    return Array.from(this.labels.get(vocabulary) ?? [], ([code, name]) => ({ code, name: t(name) }));
  }
}

function english(): boolean {
  return currentLanguage() === "en";
}

function scenarioOption({ code, zh, en, triggers }: Scenario, hint: string): Option {
  const name = english() && en ? en : zh;
  return { code, name, hint, search: `${zh} ${triggers.join(" ")}` };
}

function regionOption({ code, full_name: name }: Region): Option {
  return { code, name, hint: code };
}
