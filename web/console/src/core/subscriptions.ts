/** Subscriptions: what the service says of them, and what they look for in words. */

import type { Catalogue, Option } from "./catalogue";
import { t } from "./language";
import { quoted } from "./wording";

/** What of a record a subscription can be narrowed to by codes. */
export const CODED = ["region", "scenario", "industry"] as const;
export type Coded = (typeof CODED)[number];
export type Chosen = Partial<Record<Coded, Option>>;

export interface Subscription {
  id: string;
  name: string;
  kind: string;
  entity: string;
  text: string | null;
  filters: Partial<Record<Coded | "text", string>>;
  min_band: string;
  cadence: string;
  n_found: number;
  created_at: string;
}

/** A subscription with the address of its feed, which is told once. */
export interface Made {
  feed: string;
  about: Subscription;
}

const MOST_NAME = 40;

/** The whole address of a feed. */
export function feedAddress({ feed }: Made): string {
  return new URL(feed.replace(/^\//, ""), new URL(".", window.location.href)).href;
}

/** A name for a subscription nobody named. */
export function nameFrom(text: string, chosen: Chosen, words: string): string {
  const names = CODED.map((coded) => chosen[coded]?.name ?? "");
  const name = text ? t("像“{text}”", { text: cut(text.split("\n")[0]!, MOST_NAME / 2) }) : [...names, words].filter(Boolean).join(t("、"));
  return cut(name, MOST_NAME);
}

/** Whether it is a search of demands: its conditions can be set on their list again. */
export function isSearch({ entity, text, filters }: Subscription): boolean {
  return entity === "demand" && !text && Object.keys(filters).length > 0;
}

/** The choices some codes stand for, by name of the condition. */
export async function chosenFrom(values: Record<string, string>, catalogue: Catalogue): Promise<Chosen> {
  const { region, scenario, industry } = values;
  return {
    ...(region ? { region: { code: region, name: await catalogue.regionName(region) } } : {}),
    ...(scenario ? { scenario: { code: scenario, name: catalogue.scenarioName(scenario) } } : {}),
    ...(industry ? { industry: { code: industry, name: catalogue.industryName(industry) } } : {}),
  };
}

/** Its conditions in words, as far as the vocabularies at hand know them. */
export async function conditionWords({ filters }: Subscription, catalogue: Catalogue): Promise<string[]> {
  const { region, scenario, industry, text } = filters;
  return [
    region ? await catalogue.regionName(region) : "",
    scenario ? catalogue.scenarioName(scenario) : "",
    industry ? catalogue.industryName(industry) : "",
    text ? quoted(text) : "",
  ].filter(Boolean);
}

function cut(text: string, most: number): string {
  const points = Array.from(text.replace(/\s+/g, " ").trim());
  return points.length > most ? `${points.slice(0, most - 1).join("")}…` : points.join("");
}
