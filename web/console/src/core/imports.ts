/** Uploaded sheets: what the service says of them. */

import { may } from "./session";
import type { Session } from "./types";

export interface Import {
  id: string;
  kind: string;
  kind_label: string;
  name: string;
  state: "checking" | "checked" | "running" | "done" | "failed";
  state_label: string;
  n_rows: number;
  n_done: number;
  n_created: number;
  n_updated: number;
  n_unchanged: number;
  n_refused: number;
  note: string;
  fault: string | null;
  columns: { column: string; heading: string; meaning: string }[];
  unknown: string[];
  preview: { row: number; values: { title: string; text: string }[] }[];
  created_at: string;
  begun_at: string | null;
}

export interface RowProblem {
  row: number;
  cell: string | null;
  heading: string | null;
  title: string;
  message: string;
}

export interface RowProblems {
  items: RowProblem[];
  next_after: number | null;
}

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/** The operation that stores one row of each kind: who may call it may import sheets of them. */
const CREATES: Record<string, string> = {
  demands: "create_demand",
  providers: "create_provider",
  capabilities: "create_capability",
  cases: "create_case",
};

/** The kinds of rows somebody may import. */
export function importable(session: Session): string[] {
  return Object.keys(CREATES).filter((kind) => may(session, CREATES[kind]!));
}

/** Whether the service is at work on it. */
export function isGoing({ state }: Import): boolean {
  return state === "checking" || state === "running";
}

/** A chosen file as it is sent: browsers name the type of a sheet in different ways, or not at all. */
export function sheetOf(file: File): Blob {
  const type = file.name.toLowerCase().endsWith(".csv") ? "text/csv" : XLSX;
  return new Blob([file], { type });
}
