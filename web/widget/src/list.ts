/** The list of results, as nodes. */

import type { Item } from "./answer";
import { element, webAddress } from "./dom";
import type { Texts } from "./texts";

export interface Manner {
  texts: Texts;
  /** Address of an item with `{id}` in its place; empty for none. */
  link: string;
  /** Whether an item without an address is a button. */
  selectable: boolean;
  /** Where an address opens. */
  target: string;
  /** Called when somebody chooses an item; says whether to go on to its address. */
  choose: (item: Item) => boolean;
}

export function list(items: Item[], manner: Manner): HTMLUListElement {
  return element("ul", "list", ...items.map((item) => entry(item, manner)));
}

function entry(item: Item, manner: Manner): HTMLLIElement {
  const top = element("div", "top", title(item, manner));
  const bands: Record<string, string> = { ...manner.texts.band };
  if (Object.keys(bands).includes(item.band)) {
    const band = element("span", "band", bands[item.band] ?? "");
    band.classList.add(item.band);
    band.setAttribute("part", `band band-${item.band}`);
    top.append(band);
  }
  const made = element("li", "item", top);
  const meta = [item.organisation, item.region, item.date].filter(Boolean).join(" · ");
  if (meta) {
    made.append(chinese(element("p", "meta", meta)));
  }
  if (item.scenarios.length) {
    made.append(chinese(element("ul", "tags", ...item.scenarios.map((name) => element("li", "tag", name)))));
  }
  if (item.reason) {
    made.append(chinese(element("p", "reason", item.reason)));
  }
  return made;
}

function title(item: Item, manner: Manner): HTMLElement {
  const address = manner.link && webAddress(manner.link.replace("{id}", encodeURIComponent(item.id)), document.baseURI);
  if (address) {
    const link = element("a", "title", item.title);
    link.href = address.href;
    link.rel = "noopener";
    link.target = manner.target;
    link.addEventListener("click", (event) => {
      if (!manner.choose(item)) {
        event.preventDefault();
      }
    });
    return chinese(link);
  }
  if (!manner.selectable) {
    return chinese(element("span", "title", item.title));
  }
  const button = element("button", "title", item.title);
  button.type = "button";
  button.addEventListener("click", () => manner.choose(item));
  return chinese(button);
}

/** What is stored is Chinese, whatever language the rest is in. */
function chinese<T extends HTMLElement>(node: T): T {
  node.lang = "zh-CN";
  return node;
}
