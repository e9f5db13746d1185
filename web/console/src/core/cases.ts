/** Cases: finished work, as it is stored and as it is being written. */

import type { Option } from "./catalogue";
import { numberOf } from "./draft";
import { call, type FieldProblem } from "./http";
import { t } from "./language";
import { ownProvider } from "./own-provider";
import { isBase, isProvider } from "./session";
import type { Page, Session, Tag } from "./types";

export interface Application {
  form: string;
  adopted_by?: string | null;
  date?: string | null;
  effect_text?: string | null;
}

export interface Case {
  id: string;
  version: number;
  state: string;
  title: string;
  summary: string;
  recipient_type: string | null;
  region_code: string | null;
  region_name: string | null;
  year: number | null;
  deliverables: string[];
  report_pages: number | null;
  data_volume: number | null;
  standard_followed: string | null;
  application: Application[];
  award: string | null;
  source_url: string | null;
  verified: boolean;
  visibility: string;
  source_ref: string | null;
  is_own: boolean;
  tags: Tag[];
  updated_at: string;
}

/** Fields that hold what was typed as it stands. */
export type Typed = "title" | "summary" | "year" | "pages" | "volume" | "standard" | "award" | "link";

/** A case being written. */
export class CaseDraft {
  title = "";
  summary = "";
  year = "";
  pages = "";
  volume = "";
  standard = "";
  award = "";
  link = "";
  /** How the result was used. */
  uses: Application[] = [];
  /** Kinds of result; none at all leaves them to the summary. */
  deliverables: string[] = [];
  recipient = "";
  region: Option | null = null;
  visibility = "platform";
  private stored: Record<string, unknown> = {};

  static of(stored: Case | null): CaseDraft {
    const draft = new CaseDraft();
    if (!stored) return draft;
    const { region_code: region } = stored;
    draft.title = stored.title;
    draft.summary = stored.summary;
    draft.year = String(stored.year ?? "");
    draft.pages = String(stored.report_pages ?? "");
    draft.volume = String(stored.data_volume ?? "");
    draft.standard = stored.standard_followed ?? "";
    draft.award = stored.award ?? "";
    draft.link = stored.source_url ?? "";
    draft.uses = stored.application;
    draft.deliverables = stored.deliverables;
    draft.recipient = stored.recipient_type ?? "";
    draft.region = region ? { code: region, name: stored.region_name ?? region } : null;
    draft.visibility = stored.visibility;
    draft.stored = draft.values;
    return draft;
  }

  /** What is filled in, by field of the API; an empty field is null. */
  get values(): Record<string, unknown> {
    const text = (typed: string): string | null => typed.trim() || null;
    return {
      title: this.title.trim(),
      summary: this.summary.trim(),
      year: numberOf(this.year),
      deliverables: this.deliverables.length ? this.deliverables : null,
      report_pages: numberOf(this.pages),
      data_volume: numberOf(this.volume),
      standard_followed: text(this.standard),
      award: text(this.award),
      source_url: text(this.link),
      recipient_type: text(this.recipient),
      region_code: this.region?.code ?? null,
      application: this.uses,
      visibility: this.visibility,
    };
  }

  /** What differs from what was stored. */
  get changes(): Record<string, unknown> {
    const changed = ([name, now]: [string, unknown]): boolean => JSON.stringify(now) !== JSON.stringify(this.stored[name]);
    return Object.fromEntries(Object.entries(this.values).filter(changed));
  }

  /** What is no number, which the API would not be told of; the rest it checks itself. */
  get problems(): FieldProblem[] {
    const wrong = (typed: string): boolean => !(Number.isInteger(numberOf(typed) ?? 0));
    return [
      ...(wrong(this.year) ? [{ field: "year", message: t("完成年份请写四位数字，例如 2024。") }] : []),
      ...(wrong(this.pages) ? [{ field: "report_pages", message: t("报告页数请写整数。") }] : []),
      ...(wrong(this.volume) ? [{ field: "data_volume", message: t("数据量请写整数，例如 40000。") }] : []),
      ...(this.uses.some(({ form }) => !form) ? [{ field: "application", message: t("填了采用单位、日期或成效，请选怎样应用。") }] : []),
    ];
  }
}

/** Whose work a new case is: the provider or base one acts for. */
export async function behind(session: Session, signal: AbortSignal): Promise<Record<string, string>> {
  if (isProvider(session)) {
    const provider = await ownProvider(session, signal);
    return provider ? { provider_id: provider.id } : {};
  }
  if (!isBase(session)) return {};
  const query = { text: session.organisation_name };
  const { items } = await call<Page<{ id: string; organisation_id: string }>>("GET", "/v1/bases", { query, signal });
  const base = items.find(({ organisation_id: organisation }) => organisation === session.organisation_id);
  return base ? { base_id: base.id } : {};
}
