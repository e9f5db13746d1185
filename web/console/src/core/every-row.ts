/** A list as a whole, page after page: for choices that are found by name. */

import { call } from "./http";
import type { Page } from "./types";

export async function everyRow<Row>(path: string, signal: AbortSignal): Promise<Row[]> {
  const found: Row[] = [];
  let cursor: string | null = null;
  do {
    const query = { limit: 50, cursor };
    const page: Page<Row> = await call<Page<Row>>("GET", path, { query, signal });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}
