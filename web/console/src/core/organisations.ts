/** Organisations one looks after: all of them by name, and roles that can be given in them. */

import type { Option } from "./catalogue";
import { everyRow } from "./every-row";
import { call } from "./http";
import type { Page } from "./types";

export interface Organisation {
  id: string;
  version: number;
  name: string;
  org_type: string;
  uscc: string | null;
  region_code: string | null;
  region_name: string | null;
}

/** Shorter names nobody has. */
const LEAST_NAME = 2;

/** Roles somebody can give, by their own. */
const BELOW: Record<string, string[]> = {
  operator: ["base_admin", "base_staff", "provider_admin", "provider_staff", "recipient", "regional_operator", "operator"],
  regional_operator: ["base_admin", "base_staff", "provider_admin", "provider_staff", "recipient"],
  base_admin: ["base_staff", "base_admin"],
  provider_admin: ["provider_staff", "provider_admin"],
};

export function rolesBelow(role: string): string[] {
  return BELOW[role] ?? [];
}

/** Whether whoever has the role acts for the platform or a region rather than for an organisation. */
export function isOfficial(role: string): boolean {
  return role.endsWith("operator");
}

/** The organisation of a full name or credit code, as one a demand can be for. */
export async function findRecipients(name: string): Promise<Option[]> {
  if (name.length < LEAST_NAME) return [];
  const { items } = await call<Page<Pick<Organisation, "id" | "name">>>("GET", "/v1/recipients", { query: { name } });
  return items.map((found) => ({ code: found.id, name: found.name }));
}

/** Every organisation one looks after, to be found by name. */
export async function everyOrganisation(signal: AbortSignal): Promise<Option[]> {
  const found = await everyRow<Organisation>("/v1/organisations", signal);
  return found.map(({ id, name }) => ({ code: id, name }));
}
