/**
 * Building the page. Nodes only, never HTML from strings: what people typed stays text.
 */

/**
 * An element with attributes and children.
 *
 * Attributes whose name starts with "on" are listeners; true writes an empty attribute;
 * false, null and undefined write none.
 */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      node.addEventListener(key.slice(2), value);
    } else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(key, value === true ? "" : String(value));
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** The element of the page with an id. */
export function byId(id) {
  return document.getElementById(id);
}

/** A list of texts or nodes, one item each; null when there are none. */
export function list(items, attributes = {}) {
  if (!items.length) return null;
  return el("ul", attributes, ...items.map((item) => el("li", {}, item)));
}

/** Words of a text in Chinese quotation marks. */
export function quoted(text) {
  return `“${text}”`;
}

/**
 * A text with some stretches marked.
 *
 * @param {string} text
 * @param {{start: number, end: number}[]} spans Offsets in code points, 0 for the first.
 * @returns {(string|HTMLElement)[]} Text and `<mark>` in turn.
 */
export function marked(text, spans) {
  const points = Array.from(text);
  const parts = [];
  let done = 0;
  for (const { start, end } of merged(spans, points.length)) {
    if (start > done) parts.push(points.slice(done, start).join(""));
    parts.push(el("mark", {}, points.slice(start, end).join("")));
    done = end;
  }
  if (done < points.length) parts.push(points.slice(done).join(""));
  return parts;
}

/** Spans cut to 0..length, in order, those that touch or overlap joined. */
function merged(spans, length) {
  const joined = [];
  const ordered = spans
    .map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(length, end) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start || a.end - b.end);
  for (const span of ordered) {
    const last = joined[joined.length - 1];
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else joined.push({ ...span });
  }
  return joined;
}
