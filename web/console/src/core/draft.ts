/** A demand being written: its values, its checks, and the corrections to what was read from it. */

import type { Tagged } from "../ui/tagger";
import type { Option } from "./catalogue";
import type { FieldProblem } from "./http";
import { t } from "./language";
import type { Sample } from "./samples";
import type { Demand } from "./types";

export const MOST_TEXT = 5000;
const LIMITS = { text: [30, MOST_TEXT], title: [6, 80], question: [0, 300] } as const;
const LEAST_READ = 10;
const SHORT_TITLE = 40;
const ENOUGH_TITLE = 12;
const FEN_PER_WAN = 1_000_000;
const MAX_DAYS = 1095;
type Written = keyof typeof LIMITS;
export type FieldName = Written | "region" | "recipient" | "budget" | "period" | "visibility";
export const FIELDS: FieldName[] = ["text", "title", "question", "region", "recipient", "budget", "period", "visibility"];
const FIELD_OF: Record<string, FieldName> = {
  description: "text",
  title: "title",
  decision_question: "question",
  region_code: "region",
  recipient_id: "recipient",
  budget: "budget",
  period_days: "period",
  visibility: "visibility",
};

/** What of a text can be corrected by choosing other codes. */
export type TagName = "scenarios" | "industries" | "classes" | "deliverables" | "audience";

export class Draft {
  text = "";
  title = "";
  question = "";
  region: Option | null = null;
  /** Whom it is for. */
  recipient: Option | null = null;
  budgetKind = "";
  budgetMin = "";
  budgetMax = "";
  period = "";
  visibility = "platform";
  confidentiality = "open";
  /** Codes a person chose instead of those recognised. */
  own: Partial<Record<TagName, Tagged[]>> = {};
  private isOwnTitle = false;
  /** What was stored before it was changed; null for a new demand. */
  private stored: Record<string, unknown> | null = null;

  static of(sample: Sample): Draft {
    const draft = new Draft();
    draft.question = sample.question ?? "";
    draft.writeText(sample.text);
    return draft;
  }

  /** A stored demand, to be changed. */
  static ofDemand(demand: Demand): Draft {
    const draft = new Draft();
    const { budget, region_code: region, recipient_id: recipient } = demand;
    const wan = (fen: number | null | undefined): string => (fen ? String(Number((fen / FEN_PER_WAN).toFixed(4))) : "");
    draft.writeTitle(demand.title);
    draft.writeText(demand.description);
    draft.question = demand.decision_question ?? "";
    draft.region = region ? { code: region, name: demand.region_name ?? region } : null;
    draft.recipient = recipient ? { code: recipient, name: demand.recipient_name ?? recipient } : null;
    draft.budgetKind = budget?.kind ?? "";
    draft.budgetMin = wan(budget?.min_fen);
    draft.budgetMax = wan(budget?.max_fen);
    draft.period = demand.period_days ? String(demand.period_days) : "";
    draft.visibility = demand.visibility;
    draft.confidentiality = demand.confidentiality;
    draft.stored = draft.values;
    return draft;
  }

  get isStored(): boolean {
    return this.stored !== null;
  }

  /** Take over a text; the title follows its first sentence until somebody writes another. */
  writeText(text: string): void {
    this.text = text;
    if (!this.isOwnTitle) this.title = titleFrom(text.trim());
  }

  writeTitle(title: string): void {
    this.title = title;
    this.isOwnTitle = title.trim() !== "";
  }

  /** What is filled in, by field of the API; empty fields are left out. */
  get values(): Record<string, unknown> {
    const filled = {
      title: this.title.trim(),
      description: this.description,
      decision_question: this.question.trim(),
      region_code: this.region?.code ?? null,
      recipient_id: this.recipient?.code ?? null,
      budget: this.budget,
      period_days: numberOf(this.period),
      visibility: this.visibility,
      confidentiality: this.confidentiality,
    };
    return Object.fromEntries(Object.entries(filled).filter(([, given]) => given !== "" && given !== null));
  }

  /** What differs from what was stored; a field emptied is given back to reading. */
  get changes(): Record<string, unknown> {
    const [before, now] = [this.stored ?? {}, this.values];
    const names = Object.keys({ ...before, ...now });
    const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]));
    return Object.fromEntries(changed.map((name) => [name, now[name] ?? null]));
  }

  /** The body of a new demand: values and corrections. */
  get body(): Record<string, unknown> {
    const { scenarios, industries, classes, deliverables, audience } = this.own;
    const codes = (tags: Tagged[]): string[] => tags.map(({ code }) => code);
    return {
      ...this.values,
      ...(scenarios?.length ? { scenario_tags: codes(scenarios) } : {}),
      ...(industries?.length ? { industry_tags: codes(industries) } : {}),
      ...(classes?.length ? { class_tags: codes(classes) } : {}),
      ...(deliverables ? { deliverables: codes(deliverables) } : {}),
      ...(audience?.[0] ? { audience: audience[0].code } : {}),
    };
  }

  /** What a preview is asked with; null while there is too little or too much to read. */
  get previewed(): Record<string, unknown> | null {
    const { title, description, decision_question: question } = this.values;
    if (typeof description !== "string" || count(description) < LEAST_READ || this.tooLong.length) return null;
    return {
      description,
      ...(typeof title === "string" && count(title) > 1 ? { title } : {}),
      ...(question ? { decision_question: question } : {}),
    };
  }

  /** What keeps the demand from being posted. */
  get problems(): FieldProblem[] {
    return [...this.tooShort, ...this.tooLong, ...this.budgetProblems, ...this.periodProblems, ...this.opennessProblems];
  }

  get tooLong(): FieldProblem[] {
    return this.lengths
      .filter(({ length, most }) => length > most)
      .map(({ field, length, most }) => ({
        field,
        message: t("{name}最多 {most} 字，现在 {length} 字。", { name: nameOf(field), most, length }),
      }));
  }

  private get tooShort(): FieldProblem[] {
    return this.lengths
      .filter(({ length, least }) => length < least)
      .map(({ field, length, least }) => ({
        field,
        message: t("{name}至少 {least} 字，现在 {length} 字。", { name: nameOf(field), least, length }),
      }));
  }

  private get lengths(): { field: Written; length: number; least: number; most: number }[] {
    return (Object.keys(LIMITS) as Written[]).map((field) => {
      const [least, most] = LIMITS[field];
      const text = field === "text" ? this.description : this[field].trim();
      return { field, length: count(text), least, most };
    });
  }

  private get budgetProblems(): FieldProblem[] {
    const { min_fen: least, max_fen: most } = this.budget ?? {};
    if ([least, most].some((fen) => fen !== undefined && !(fen > 0))) {
      return [{ field: "budget", message: t("预算金额请写数字，单位万元，例如 30 或 12.5。") }];
    }
    const isTurned = least !== undefined && most !== undefined && least > most;
    return isTurned ? [{ field: "budget", message: t("预算下限不能大于上限。") }] : [];
  }

  private get periodProblems(): FieldProblem[] {
    const days = numberOf(this.period);
    const isGood = days === null || (Number.isInteger(days) && days >= 1 && days <= MAX_DAYS);
    return isGood ? [] : [{ field: "period", message: t("完成期限请写天数，1 至 {most} 的整数。", { most: MAX_DAYS }) }];
  }

  private get opennessProblems(): FieldProblem[] {
    const isRefused = this.visibility === "public" && this.confidentiality === "restricted";
    return isRefused ? [{ field: "visibility", message: t("限定范围的需求不能公开；请改小可见范围，或改公开程度。") }] : [];
  }

  /** The text without its first line where that line is the title. */
  private get description(): string {
    const text = this.text.trim();
    const [first, ...rest] = text.split("\n");
    const others = rest.join("\n").trim();
    return others && first!.trim() === this.title.trim() ? others : text;
  }

  private get budget(): { kind: string; min_fen?: number; max_fen?: number } | null {
    const kind = this.budgetKind;
    if (!kind) return null;
    const fen = (text: string): number => Math.round((numberOf(text) ?? 0) * FEN_PER_WAN);
    if (kind === "fixed") return { kind, min_fen: fen(this.budgetMax), max_fen: fen(this.budgetMax) };
    if (kind === "range") {
      const most = this.budgetMax.trim() ? { max_fen: fen(this.budgetMax) } : {};
      return { kind, min_fen: fen(this.budgetMin), ...most };
    }
    return kind === "ceiling" ? { kind, max_fen: fen(this.budgetMax) } : { kind };
  }
}

/** The field of the form a problem of the page or of the API belongs to. */
export function fieldOf(problem: FieldProblem): FieldName | undefined {
  const own = FIELDS.find((field) => field === problem.field);
  return own ?? FIELD_OF[problem.field.split(".")[0] ?? ""];
}

export function count(text: string): number {
  return Array.from(text).length;
}

function nameOf(field: Written): string {
  return { text: t("需求描述"), title: t("标题"), question: t("要支撑的决策") }[field];
}

/** The first line when it is short enough for a title, else its first clauses. */
function titleFrom(text: string): string {
  const first = text.split("\n")[0] ?? "";
  if (count(first) <= SHORT_TITLE && text.includes("\n")) return first.trim();
  let title = "";
  for (const clause of first.split(/(?<=[，。；！？,;!?])/)) {
    title += clause;
    if (count(title) > ENOUGH_TITLE) break;
  }
  return Array.from(title.replace(/[，。；！？,;!?\s]+$/, "")).slice(0, SHORT_TITLE).join("");
}

/** A number typed in any width of digits; null when nothing is typed, NaN when it is none. */
export function numberOf(text: string): number | null {
  const plain = text.trim().normalize("NFKC").replace(/,/g, "");
  if (!plain) return null;
  return /^\d{1,7}(\.\d{1,4})?$/.test(plain) ? Number(plain) : NaN;
}
