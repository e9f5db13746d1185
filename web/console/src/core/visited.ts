/** Which pages somebody has looked at; this browser remembers, nobody else is told. */

const KEPT = "navmatch-visited";

/** Note that a page was looked at by somebody. */
export function noteVisit(login: string, path: string): void {
  const all = kept();
  const paths = new Set(all[login]);
  if (paths.has(path)) return;
  try {
    localStorage.setItem(KEPT, JSON.stringify({ ...all, [login]: [...paths, path] }));
  } catch {
    // the browser keeps nothing; the page then counts as not looked at
  }
}

export function hasVisited(login: string, path: string): boolean {
  return Boolean(kept()[login]?.includes(path));
}

function kept(): Record<string, string[]> {
  try {
    const read = JSON.parse(localStorage.getItem(KEPT) ?? "{}") as unknown;
    return typeof read === "object" && read !== null ? (read as Record<string, string[]>) : {};
  } catch {
    return {};
  }
}
