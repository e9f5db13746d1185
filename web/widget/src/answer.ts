/** Asking the service, and believing only what has the shape of an answer. */

import type { Texts } from "./texts";

export type Kind = "providers" | "demands" | "latest" | "cases";
export type Trouble = keyof Texts["error"];

export interface Item {
  rank: number;
  kind: string;
  id: string;
  band: string;
  title: string;
  organisation: string;
  region: string;
  scenarios: string[];
  reason: string;
  date: string;
}

export interface Answer {
  version: string;
  degraded: boolean;
  items: Item[];
}

/** The service did not give an answer; `trouble` names what is said about it. */
export class AnswerError extends Error {
  constructor(
    readonly trouble: Trouble,
    readonly status: number,
  ) {
    super(trouble);
  }
}

const PATIENCE_MS = 15_000;
const MAX_ITEMS = 10;

/** Return what an address answers; a page elsewhere sends and gets no cookie. */
export async function ask(address: URL, ended: AbortSignal): Promise<Answer> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const timer = setTimeout(stop, PATIENCE_MS);
  ended.addEventListener("abort", stop);
  try {
    const reply = await fetch(address.href, init(controller.signal));
    if (!reply.ok) {
      throw new AnswerError(troubleOf(reply.status), reply.status);
    }
    return read(await reply.json());
  } catch (error) {
    throw error instanceof AnswerError ? error : new AnswerError("network", 0);
  } finally {
    clearTimeout(timer);
    ended.removeEventListener("abort", stop);
  }
}

/** Without a prototype, so that nothing a page put on Object.prototype gets into the request. */
function init(signal: AbortSignal): RequestInit {
  return Object.assign(Object.create(null), {
    method: "GET",
    mode: "cors",
    credentials: "omit",
    redirect: "error",
    referrerPolicy: "no-referrer",
    signal,
  });
}

function troubleOf(status: number): Trouble {
  const known: [number, Trouble][] = [
    [401, "credential"],
    [403, "forbidden"],
    [404, "missing"],
    [429, "often"],
  ];
  const found = known.find(([code]) => code === status);
  return found ? found[1] : status < 500 ? "setup" : "unavailable";
}

function read(body: unknown): Answer {
  const items = own(body, "items");
  if (!Array.isArray(items)) {
    throw new AnswerError("unavailable", 200);
  }
  return {
    version: text(body, "version"),
    degraded: own(body, "degraded") === true,
    items: items.slice(0, MAX_ITEMS).map(item),
  };
}

function item(given: unknown, place: number): Item {
  const scenarios = own(given, "scenarios");
  return {
    rank: place + 1,
    kind: text(given, "kind"),
    id: text(given, "id"),
    band: text(given, "band"),
    title: text(given, "title"),
    organisation: text(given, "organisation"),
    region: text(given, "region_name"),
    scenarios: Array.isArray(scenarios)
      ? scenarios.filter((name): name is string => typeof name === "string")
      : [],
    reason: text(given, "reason"),
    date: text(given, "posted_on"),
  };
}

function text(holder: unknown, name: string): string {
  const value = own(holder, name);
  return typeof value === "string" ? value : "";
}

function own(holder: unknown, name: string): unknown {
  return typeof holder === "object" && holder !== null && Object.prototype.hasOwnProperty.call(holder, name)
    ? (holder as Record<string, unknown>)[name]
    : undefined;
}
