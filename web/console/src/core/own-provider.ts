/** The provider somebody works for. */

import { call } from "./http";
import type { Page, Provider, Session } from "./types";

const MOST_READ = 50;

/** The provider of an organisation; null when it has not registered one. */
export async function ownProvider(session: Session, signal: AbortSignal): Promise<Provider | null> {
  if (!session.organisation_id) return null;
  const query = { text: session.organisation_name, limit: MOST_READ };
  const page = await call<Page<Provider>>("GET", "/v1/providers", { query, signal });
  return page.items.find((provider) => provider.organisation_id === session.organisation_id) ?? null;
}
