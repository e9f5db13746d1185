/** The scenario taxonomy as its operator edits it: whole, with what is no longer in use. */

export interface Field {
  code: string;
  zh: string;
  en: string;
  definition: string;
}

export interface Entry extends Field {
  parent: string | null;
  triggers: string[];
  examples: string[];
  retired: boolean;
}

export interface Content {
  version: string;
  level1: Field[];
  level2: Entry[];
  reject: Entry;
}

export interface Exported {
  version: string;
  content: Content;
}

export interface Version {
  number: number;
  act: string;
  code: string | null;
  made_by: string | null;
  made_at: string;
}

export interface Versions {
  version: string;
  items: Version[];
}

/** What taking over another taxonomy would change, as codes. */
export interface Differences {
  added: string[];
  changed: string[];
  retired: string[];
}

/** The taxonomy in a file: an export, or only its content; null when it is neither. */
export function readTaxonomy(text: string): Content | null {
  try {
    const read = JSON.parse(text) as Partial<Exported & Content> | null;
    const content = read?.content ?? (read as Content | null);
    return Array.isArray(content?.level1) && Array.isArray(content.level2) && content.reject ? content : null;
  } catch {
    return null;
  }
}

/** What of a taxonomy another one adds, changes and retires; codes it leaves out are retired. */
export function differencesOf(now: Content, next: Content): Differences {
  const before = new Map(now.level2.map((entry) => [entry.code, entry]));
  const after = new Map(next.level2.map((entry) => [entry.code, entry]));
  const isLive = (entry: Entry | undefined): boolean => Boolean(entry && !entry.retired);
  const codes = Array.from(new Set([...before.keys(), ...after.keys()])).sort();
  return {
    added: codes.filter((code) => !isLive(before.get(code)) && isLive(after.get(code))),
    retired: codes.filter((code) => isLive(before.get(code)) && !isLive(after.get(code))),
    changed: codes.filter((code) => {
      const [old, fresh] = [before.get(code), after.get(code)];
      return isLive(old) && isLive(fresh) && wording(old!) !== wording(fresh!);
    }),
  };
}

function wording({ zh, en, definition, triggers, examples }: Entry): string {
  return JSON.stringify([zh, en ?? "", definition, triggers ?? [], examples ?? []]);
}
