/** A capability being written: its values, its checks, and what a person chose of its tags. */

import type { Tagged } from "../ui/tagger";
import { count, numberOf } from "./draft";
import type { FieldProblem } from "./http";
import { t } from "./language";
import type { Capability, Tag } from "./types";

const LIMITS = { title: [2, 80], description: [30, 2000] } as const;
const MOST_DAYS = 100_000;
export const MOST_DESCRIPTION = LIMITS.description[1];

/** What a person can choose in the place of what is read from the text. */
export type ChosenName = "scenarios" | "industries" | "deliverables";

export class CapabilityDraft {
  title = "";
  description = "";
  leastDays = "";
  mostDays = "";
  methods = "";
  keywords = "";
  validUntil = "";
  visibility = "platform";
  /** Codes a person chose instead of those recognised. */
  own: Partial<Record<ChosenName, Tagged[]>> = {};
  /** Whether scenarios and industries a person chose before are to be read from the text again. */
  isGivenBack = false;
  private stored: Capability | null = null;

  static of(capability: Capability | null): CapabilityDraft {
    const draft = new CapabilityDraft();
    if (!capability) return draft;
    const { min, max } = capability.typical_days;
    draft.title = capability.title;
    draft.description = capability.description;
    draft.leastDays = min === null ? "" : String(min);
    draft.mostDays = max === null ? "" : String(max);
    draft.methods = capability.methods.join("\n");
    draft.keywords = capability.tech_keywords.join("、");
    draft.validUntil = capability.valid_until ?? "";
    draft.visibility = capability.visibility;
    draft.stored = capability;
    return draft;
  }

  /** Tags of a vocabulary a person gave before; none while the automatic ones stand. */
  chosenBefore(scheme: Tag["scheme"]): Tag[] {
    if (this.isGivenBack || !this.stored) return [];
    return this.stored.tags.filter((tag) => tag.scheme === scheme && tag.source === "human");
  }

  /** Kinds of result a person gave before; null while those read from the text stand. */
  get deliverablesBefore(): string[] | null {
    const isHuman = !this.isGivenBack && this.stored?.human_fields.includes("deliverables");
    return isHuman ? this.stored!.deliverables : null;
  }

  get hasChosenBefore(): boolean {
    const schemes = ["scenario", "sei2018"] as const;
    return schemes.some((scheme) => this.chosenBefore(scheme).length > 0) || this.deliverablesBefore !== null;
  }

  get hasDays(): boolean {
    return Boolean(this.leastDays.trim() || this.mostDays.trim());
  }

  /** What is filled in, by field of the API. */
  get values(): Record<string, unknown> {
    return {
      title: this.title.trim(),
      description: this.description.trim(),
      typical_days: this.hasDays ? { min: numberOf(this.leastDays), max: numberOf(this.mostDays) } : null,
      methods: parts(this.methods, /\n/),
      tech_keywords: parts(this.keywords, /[、，,;；\n]/),
      valid_until: this.validUntil || null,
      visibility: this.visibility,
      ...(this.isGivenBack ? { deliverables: null } : {}),
      ...(this.own.deliverables ? { deliverables: codes(this.own.deliverables) } : {}),
    };
  }

  /** The body of a new capability. */
  get body(): Record<string, unknown> {
    const { scenarios, industries } = this.own;
    return {
      ...this.values,
      ...(scenarios?.length ? { scenario_tags: codes(scenarios) } : {}),
      ...(industries?.length ? { industry_tags: codes(industries) } : {}),
    };
  }

  /** What is to be stored of the tags of a capability that is changed; null for nothing. */
  get tags(): Record<string, string[] | null> | null {
    const { scenarios, industries } = this.own;
    const back: Record<string, null> = this.isGivenBack ? { scenarios: null, industries: null } : {};
    const chosen = {
      ...back,
      ...(scenarios?.length ? { scenarios: codes(scenarios) } : {}),
      ...(industries?.length ? { industries: codes(industries) } : {}),
    };
    return Object.keys(chosen).length ? chosen : null;
  }

  get problems(): FieldProblem[] {
    const texts = (["title", "description"] as const)
      .map((field) => ({ field, n: count(this[field].trim()), least: LIMITS[field][0], most: LIMITS[field][1] }))
      .filter(({ n, least, most }) => n < least || n > most)
      .map(({ field, n, least, most }) => ({ field, message: t("请写 {least} 至 {most} 字，现在 {n} 字。", { least, most, n }) }));
    return [...texts, ...this.daysProblems];
  }

  private get daysProblems(): FieldProblem[] {
    const [least, most] = [numberOf(this.leastDays), numberOf(this.mostDays)];
    const isGood = (days: number | null): boolean => days === null || (Number.isInteger(days) && days <= MOST_DAYS);
    if (!isGood(least) || !isGood(most)) return [{ field: "days", message: t("工期请写天数的整数，例如 30。") }];
    const isTurned = least !== null && most !== null && least > most;
    return isTurned ? [{ field: "days", message: t("最短天数不能大于最长天数。") }] : [];
  }
}

function codes(tags: Tagged[]): string[] {
  return tags.map(({ code }) => code);
}

function parts(text: string, between: RegExp): string[] {
  const found = text.split(between).map((part) => part.trim());
  return Array.from(new Set(found.filter(Boolean)));
}
