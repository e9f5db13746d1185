/** Ids as the service gives them to records, people and keys (api/schemas/texts.py). */

const ROW_ID = /^[a-z]{2}_[0-9A-HJKMNP-TV-Z]{26}$/;

/** Whether a text has the form of an id; the system acts under words of its own instead. */
export function isRowId(text: string): boolean {
  return ROW_ID.test(text);
}
