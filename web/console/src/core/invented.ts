/** Rows that came with the software to try it: whoever shows one says so to the frame. */

/** Sent to the window when an invented row is on the page. */
export const INVENTED_SEEN = "navmatch-invented-seen";

export function isInvented(row: { source_ref: string | null }): boolean {
  return (row.source_ref ?? "").startsWith("demo:");
}

/** Have the frame say that invented rows are shown, when one of these is. */
export function noteInvented(rows: { source_ref: string | null }[]): void {
  if (rows.some(isInvented)) window.dispatchEvent(new Event(INVENTED_SEEN));
}
