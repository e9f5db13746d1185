/** What the framed page and the page around it say to each other. */

export const VERSION = 1;

export type Name = "hello" | "ready" | "resize" | "select" | "loaded" | "error";

export interface Message {
  navmatch: Name;
  v: typeof VERSION;
  height?: number;
  detail?: unknown;
}

const NAMES: readonly string[] = ["hello", "ready", "resize", "select", "loaded", "error"];

/** Return a message of ours, or null: other scripts of the page send theirs the same way. */
export function read(given: unknown): Message | null {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return null;
  }
  const has = (name: string) => Object.prototype.hasOwnProperty.call(given, name);
  const { navmatch, v } = given as Record<string, unknown>;
  const isOurs = has("navmatch") && has("v") && v === VERSION;
  return isOurs && typeof navmatch === "string" && NAMES.includes(navmatch) ? (given as Message) : null;
}
