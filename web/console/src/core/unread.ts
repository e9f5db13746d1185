/** Notifications, how many somebody has not read, and saying that some were. */

import { call, Problem } from "./http";

/** Sent to the window with the number of notifications not read. */
export const UNREAD_CHANGED = "navmatch-unread-changed";

export interface Notification {
  id: string;
  kind_label: string;
  text: string;
  interaction_id: string | null;
  demand_id: string | null;
  provider_id: string | null;
  subscription_id: string | null;
  created_at: string;
  read_at: string | null;
}

interface Counted {
  n_unread: number;
}

/** Beginnings and ends of marking so far: a number counted across one of them is out of date. */
let nMarked = 0;

/** Ask for the number; should that fail, the one shown stays. */
export async function countUnread(): Promise<void> {
  const before = nMarked;
  try {
    const query = { unread: true, limit: 1 };
    const { n_unread: n } = await call<Counted>("GET", "/v1/notifications", { query });
    if (before === nMarked) tell(n);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

/** Mark notifications as read, all of them when none are named. */
export async function markRead(ids?: string[]): Promise<void> {
  nMarked += 1;
  try {
    const { n_unread: n } = await call<Counted>("POST", "/v1/notifications/read", { body: ids ? { ids } : {} });
    tell(n);
  } finally {
    nMarked += 1;
  }
}

function tell(n: number): void {
  window.dispatchEvent(new CustomEvent(UNREAD_CHANGED, { detail: n }));
}
