/** Rows that came with the software to try it. */

export function isInvented(row: { source_ref: string | null }): boolean {
  return (row.source_ref ?? "").startsWith("demo:");
}
