/** Making nodes: text is only ever text. */

const create = Document.prototype.createElement;

/** Return an element; a form field named `createElement` in the page does not get in the way. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  part: string,
  ...content: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = create.call(document, tag) as HTMLElementTagNameMap[K];
  if (part) {
    made.setAttribute("part", part);
    made.className = part;
  }
  made.append(...content);
  return made;
}

/** Return the address of the script that is running; null for a module. */
export function scriptAddress(): string | null {
  const getter = Object.getOwnPropertyDescriptor(Document.prototype, "currentScript")?.get;
  const script: unknown = getter?.call(document);
  return script instanceof HTMLScriptElement ? script.src : null;
}

/** Return an address of the web, or null: `javascript:` and the like lead nowhere. */
export function webAddress(address: string, base: string): URL | null {
  try {
    const url = new URL(address, base);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}
