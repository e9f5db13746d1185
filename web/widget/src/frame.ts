/**
 * Runs in the framed page: puts one element into it, and tells the page around how high it is.
 *
 * Nothing but the bare word that it is ready goes out before that page has said hello from an
 * origin the service named; the browser lets no other page frame this one anyway.
 */

import { type Message, type Name, VERSION, read } from "./messages";

const TAKEN = ["kind", "demand", "provider", "text", "token", "limit", "lang", "theme"];

const asked = new URLSearchParams(location.search);
const listed = (document.documentElement.dataset["origins"] ?? "").split(" ").filter(Boolean);
const allowed = [location.origin, ...listed];
let host: string | null = null;

function send(navmatch: Name, more: object, to: string): void {
  const message: Message = { navmatch, v: VERSION, ...more };
  window.parent.postMessage(message, to);
}

function tellHeight(): void {
  if (host !== null) {
    send("resize", { height: Math.ceil(document.body.getBoundingClientRect().height) }, host);
  }
}

/** A link leads to the sites the token was made for, and to no other. */
function mayLink(link: string): boolean {
  try {
    return allowed.includes(new URL(link).origin);
  } catch {
    return false;
  }
}

function addElement(): void {
  const widget = document.createElement("navmatch-matches");
  for (const name of TAKEN) {
    const value = asked.get(name);
    if (value !== null) {
      widget.setAttribute(name, value);
    }
  }
  const link = asked.get("link") ?? "";
  if (mayLink(link)) {
    widget.setAttribute("link", link);
    widget.setAttribute("target", "_blank");
  }
  if (asked.has("selectable")) {
    widget.setAttribute("selectable", "");
  }
  for (const name of ["select", "loaded", "error"] as const) {
    widget.addEventListener(`navmatch-${name}`, (event) => {
      if (host !== null) {
        send(name, { detail: (event as CustomEvent).detail }, host);
      }
    });
  }
  document.body.append(widget);
}

const bare = new CSSStyleSheet();
bare.replaceSync("body{margin:0}");
document.adoptedStyleSheets = [bare];
document.documentElement.lang = asked.get("lang") === "en" ? "en" : "zh-CN";

window.addEventListener("message", (event) => {
  const isHost = event.source === window.parent && allowed.includes(event.origin);
  if (isHost && read(event.data)?.navmatch === "hello") {
    host = event.origin;
    tellHeight();
  }
});
addElement();
new ResizeObserver(tellHeight).observe(document.body);
if (window.parent !== window) {
  send("ready", {}, "*");
}
