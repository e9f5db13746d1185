/** What the next page says first: the outcome of a step that led to it. */

import type { Problem } from "./http";

export interface Outcome {
  words: string;
  /** Why the step was not done to its end. */
  problem: Problem | null;
}

const NOTHING: Outcome = { words: "", problem: null };
let waiting = NOTHING;

/** Have the next page tell an outcome. */
export function sayNext(words: string, problem: Problem | null = null): void {
  waiting = { words, problem };
}

/** What is to be told first on this page; it is told once. */
export function takeSaid(): Outcome {
  const outcome = waiting;
  waiting = NOTHING;
  return outcome;
}
