/** Who is using the console, and what their role may do. */

import { call, Problem } from "./http";
import type { Session } from "./types";

const NOBODY = new Set(["unauthenticated", "credential_refused"]);

/** Who is signed in; null for nobody. */
export async function present(): Promise<Session | null> {
  try {
    return await call<Session>("GET", "/v1/session");
  } catch (error) {
    if (error instanceof Problem && NOBODY.has(error.code)) return null;
    throw error;
  }
}

export function signIn(login: string, password: string, code: string): Promise<Session> {
  const body = { login, password, ...(code ? { code } : {}) };
  return call<Session>("POST", "/v1/session", { body });
}

export async function signOut(): Promise<void> {
  try {
    await call("DELETE", "/v1/session");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

/** Whether the role may call an operation; for a single row the service still decides. */
export function may(session: Session | null, operation: string): boolean {
  return Boolean(session?.may.includes(operation));
}

/** Whether somebody acts for a provider rather than for a base or the platform. */
export function isProvider(session: Session): boolean {
  return session.role.startsWith("provider_");
}

export function isBase(session: Session): boolean {
  return session.role.startsWith("base_");
}

export function isOperator(session: Session): boolean {
  return session.role.endsWith("operator");
}
