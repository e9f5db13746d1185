/** The provider somebody works for. */

import { call } from "./http";
import type { Page, Provider, Session } from "./types";

/** The provider of an organisation; null when it has not registered one. */
export async function ownProvider(session: Session, signal: AbortSignal): Promise<Provider | null> {
  if (!session.organisation_id) return null;
  const query = { own: true, limit: 1 };
  const page = await call<Page<Provider>>("GET", "/v1/providers", { query, signal });
  return page.items[0] ?? null;
}
