/** Talking to the API. Every failure becomes a Problem with a title and a stable code. */

import { t } from "./language";

/** Header of a reply to a change: how new an index must be to show it. */
const VERSION = "X-Navmatch-Version";
/** Header of a question: how new the index must be that answers it. */
const MIN_VERSION = "X-Navmatch-Min-Version";
/** The newest version this window has seen: what was written or shown once is not missed later. */
const SEEN = "navmatch-version";
/** Refusals of that wish; the question was not begun, so it may be put again without it. */
const TOO_NEW = new Set(["version_not_yet", "version_unknown"]);

/** Sent to the window when the service no longer knows who is asking. */
export const SIGNED_OUT = "navmatch-signed-out";
const SIGNED_OUT_CODES = new Set(["unauthenticated", "credential_refused"]);

export interface FieldProblem {
  field: string;
  message: string;
}

interface ProblemContent {
  title: string;
  code: string;
  detail?: string;
  errors?: FieldProblem[];
  request_id?: string;
}

/** A reply that is no success (RFC 9457), or no reply at all. */
export class Problem extends Error {
  readonly title: string;
  readonly code: string;
  readonly detail: string;
  readonly errors: FieldProblem[];
  readonly requestId: string;

  constructor(content: ProblemContent) {
    super(content.title);
    this.title = content.title;
    this.code = content.code;
    this.detail = content.detail ?? "";
    this.errors = content.errors ?? [];
    this.requestId = content.request_id ?? "";
  }
}

export type Query = Record<string, string | number | boolean | string[] | null | undefined>;

interface Asked {
  body?: unknown;
  /** A file sent as it is, instead of a body. */
  file?: Blob;
  query?: Query;
  signal?: AbortSignal;
}

interface Sent {
  method: string;
  headers: Record<string, string>;
  body?: string | Blob;
  signal?: AbortSignal;
}

/** The JSON an address replies with; null for an empty reply. Throws a Problem on refusal. */
export async function call<Answer>(method: string, path: string, asked: Asked = {}): Promise<Answer> {
  const { body, file, query, signal } = asked;
  const headers: Record<string, string> = { Accept: "application/json" };
  if (file || body !== undefined) headers["Content-Type"] = file?.type ?? "application/json";
  const url = path + searchOf(query);
  const sent: Sent = { method, headers, body: file ?? (body === undefined ? undefined : JSON.stringify(body)), signal };
  const newest = seen();
  if (newest) headers[MIN_VERSION] = newest;
  try {
    return (await ask(url, sent)) as Answer;
  } catch (error) {
    if (!newest || !(error instanceof Problem) || !TOO_NEW.has(error.code)) throw error;
    delete headers[MIN_VERSION];
    if (error.code === "version_unknown") remember(null);
    return (await ask(url, sent)) as Answer;
  }
}

/** A file an address replies with, and the name it is to be saved under. Throws a Problem on refusal. */
export async function fetchFile(path: string): Promise<{ name: string; content: Blob }> {
  try {
    const response = await fetch(path);
    if (!response.ok) read(response, await response.text());
    const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") ?? "");
    return { name: named ? decodeURIComponent(named[1]!) : "export", content: await response.blob() };
  } catch (error) {
    throw asProblem(error);
  }
}

/** Whether an error only says that a newer request took the place of this one. */
export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** The query part of an address; empty values are left out, lists are repeated. */
export function searchOf(query: Query = {}): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === "") continue;
    for (const one of Array.isArray(value) ? value : [value]) pairs.append(name, String(one));
  }
  const text = pairs.toString();
  return text ? `?${text}` : "";
}

async function ask(url: string, sent: Sent): Promise<unknown> {
  try {
    const response = await fetch(url, sent as RequestInit);
    const content = read(response, await response.text());
    remember(response.headers.get(VERSION) ?? (content as { version?: unknown } | null)?.version);
    return content;
  } catch (error) {
    throw sent.body === undefined ? unsaid(asProblem(error)) : asProblem(error);
  }
}

/** A problem of a question that sent no text: too late, it is not advised to shorten one. */
function unsaid(problem: unknown): unknown {
  if (!(problem instanceof Problem) || problem.code !== "deadline") return problem;
  const { title, code, requestId } = problem;
  return new Problem({ title, code, detail: t("已停止处理，请稍后重试。"), request_id: requestId });
}

/** What kept a reply from coming, as a problem; what was given up stays what it is. */
function asProblem(error: unknown): unknown {
  if (isAborted(error) || error instanceof Problem) return error;
  return new Problem({
    title: t("连不上服务"),
    code: "network",
    detail: t("请确认服务正在运行、网络可用，然后重试。填写的内容仍在页面上。"),
  });
}

function read(response: Response, text: string): unknown {
  let content: unknown = null;
  try {
    content = text ? JSON.parse(text) : null;
  } catch {
    content = null;
  }
  if (response.ok) return content;
  const problem = content as ProblemContent | null;
  if (problem?.code && problem.title) {
    if (SIGNED_OUT_CODES.has(problem.code)) window.dispatchEvent(new Event(SIGNED_OUT));
    throw new Problem(problem);
  }
  throw new Problem({
    title: t("服务没有正常答复"),
    code: `http_${response.status}`,
    detail: t("请稍后重试；反复出现时请把代码告诉管理员。"),
  });
}

function seen(): string | null {
  try {
    return sessionStorage.getItem(SEEN);
  } catch {
    return null; // the browser keeps nothing; answers may then come from an older index
  }
}

/** Keep a version if it is newer; null forgets. The number of a row's own version is none. */
function remember(version: unknown): void {
  try {
    if (version === null) sessionStorage.removeItem(SEEN);
    if (typeof version !== "string") return;
    if (changes(version) >= changes(seen() ?? "0")) sessionStorage.setItem(SEEN, version);
  } catch {
    // see above
  }
}

/** How many changes a version holds: `gen-00000007.412-9f3a1c2b`, or without the generation. */
function changes(version: string): number {
  return Number.parseInt(version.slice(version.indexOf(".") + 1), 10) || 0;
}
