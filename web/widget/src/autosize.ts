/**
 * Runs in the page around `<iframe data-navmatch>`: makes each as high as what is in it, and turns
 * what it tells into events of the iframe. A site may keep a copy of its own.
 *
 * Only what comes from the window of such an iframe and from the origin in its `src` counts.
 */

import { type Message, VERSION, read } from "./messages";

const SELECTOR = "iframe[data-navmatch]";
const LOWEST = 40;
const HIGHEST = 20_000;

const findAll = Document.prototype.querySelectorAll;

function frames(): HTMLIFrameElement[] {
  return [...findAll.call(document, SELECTOR)].filter(
    (found): found is HTMLIFrameElement => found instanceof HTMLIFrameElement,
  );
}

function originOf(frame: HTMLIFrameElement): string | null {
  try {
    return new URL(frame.src).origin;
  } catch {
    return null;
  }
}

function greet(frame: HTMLIFrameElement): void {
  const hello: Message = { navmatch: "hello", v: VERSION };
  frame.contentWindow?.postMessage(hello, "*"); // holds nothing; a browser names the sender
}

function fit(frame: HTMLIFrameElement, height: unknown): void {
  if (typeof height === "number" && Number.isFinite(height) && height >= LOWEST && height <= HIGHEST) {
    frame.style.height = `${Math.ceil(height)}px`;
  }
}

function hear(event: MessageEvent): void {
  const message = read(event.data);
  const frame = frames().find((found) => found.contentWindow === event.source);
  if (message === null || frame === undefined || event.origin !== originOf(frame)) {
    return;
  }
  if (message.navmatch === "ready") {
    greet(frame);
  } else if (message.navmatch === "resize") {
    fit(frame, message.height);
  } else if (message.navmatch !== "hello") {
    const { detail } = message;
    frame.dispatchEvent(new CustomEvent(`navmatch-${message.navmatch}`, { bubbles: true, detail }));
  }
}

window.addEventListener("message", hear);
frames().forEach(greet);
