/** `<navmatch-matches>`: public results of a navmatch service in a page of another site. */

import { type Answer, AnswerError, type Item, type Kind, ask } from "./answer";
import { element, scriptAddress, webAddress } from "./dom";
import { list } from "./list";
import style from "./style.css?inline";
import { EN, type Texts, ZH } from "./texts";

declare const __VERSION__: string;

export type GetToken = () => string | Promise<string>;

const SCRIPT = scriptAddress();
const KINDS: readonly string[] = ["providers", "demands", "latest", "cases"];
const TARGETS: readonly string[] = ["_blank", "_top", "_parent", "_self"];
const ASKING = ["src", "kind", "demand", "provider", "text", "token", "limit"];
const LOOKING = ["lang", "theme", "link", "target", "heading", "selectable"];
const N_BONES = 3;

let sheet: CSSStyleSheet | undefined;

/** One style sheet for all of them; made by script, it needs no permission of the page's policy. */
function styles(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
  }
  return sheet;
}

export class NavmatchMatches extends HTMLElement {
  static readonly version = __VERSION__;
  static readonly observedAttributes = [...ASKING, ...LOOKING];

  private readonly _root = element("section", "root");
  private readonly _heading = element("h3", "heading");
  private readonly _status = element("p", "status");
  private readonly _body = element("div", "body");
  private _getToken: GetToken | null = null;
  private _answer: Answer | null = null;
  private _error: AnswerError | null = null;
  private _running: AbortController | null = null;
  private _isQueued = false;

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [styles()];
    this._status.setAttribute("role", "status");
    this._root.tabIndex = -1;
    this._root.append(this._heading, this._status, this._body);
    shadow.append(this._root);
  }

  connectedCallback(): void {
    if (Object.prototype.hasOwnProperty.call(this, "getToken")) {
      const early = this.getToken; // set before the script was there
      delete (this as { getToken?: unknown }).getToken;
      this._getToken = early;
    }
    this.refresh();
  }

  disconnectedCallback(): void {
    this._running?.abort();
    this._running = null;
  }

  attributeChangedCallback(name: string, old: string | null, now: string | null): void {
    if (old === now || !this.isConnected) {
      return;
    }
    if (ASKING.includes(name)) {
      this.refresh();
    } else {
      this._show();
    }
  }

  /** Called before each request for the token to send; wins over the attribute. */
  get getToken(): GetToken | null {
    return this._getToken;
  }

  set getToken(given: GetToken | null) {
    this._getToken = given;
    this.refresh();
  }

  /** Ask again; several calls at once ask once. */
  refresh(): void {
    if (this._isQueued || !this.isConnected) {
      return;
    }
    this._isQueued = true;
    queueMicrotask(() => {
      this._isQueued = false;
      void this._load();
    });
  }

  private async _load(): Promise<void> {
    this._running?.abort();
    const running = new AbortController();
    this._running = running;
    this._answer = this._error = null;
    this._show();
    try {
      const answer = await this._ask(running.signal);
      if (!running.signal.aborted) {
        this._answer = answer;
      }
    } catch (error) {
      if (!running.signal.aborted) {
        this._error = error instanceof AnswerError ? error : new AnswerError("network", 0);
      }
    }
    if (running.signal.aborted) {
      return;
    }
    this._running = null;
    this._show();
    this._tell();
  }

  private async _ask(ended: AbortSignal): Promise<Answer> {
    const token = await this._token();
    try {
      return await ask(this._address(token), ended);
    } catch (error) {
      // Of a token that ended a page of another site cannot read more than that it failed.
      const mayHaveEnded = error instanceof AnswerError && [0, 401].includes(error.status);
      const fresh = mayHaveEnded && !ended.aborted && this._getToken ? await this._token() : token;
      if (fresh === token) {
        throw error;
      }
      return ask(this._address(fresh), ended);
    }
  }

  private async _token(): Promise<string> {
    const given = this._getToken ? await this._getToken() : this.getAttribute("token");
    return typeof given === "string" ? given : "";
  }

  private _address(token: string): URL {
    const base = this._base();
    const asked = this._asked();
    if (base === null || asked === null) {
      throw new AnswerError("setup", 0);
    }
    const [path, name] = asked;
    const url = new URL(`v1/widget/${path}`, base);
    if (name) {
      url.searchParams.set(name, this.getAttribute(name) ?? "");
    }
    for (const [key, value] of [
      ["limit", this.getAttribute("limit")],
      ["token", token],
    ] as const) {
      if (value) {
        url.searchParams.set(key, value);
      }
    }
    return url;
  }

  /** The service: what `src` says, or where the script came from. */
  private _base(): URL | null {
    const src = this.getAttribute("src");
    if (src) {
      return webAddress(src.replace(/\/*$/, "/"), document.baseURI);
    }
    return SCRIPT ? webAddress("../../", SCRIPT) : null;
  }

  /** What is asked: a path, and the attribute that goes with it. */
  private _asked(): [string, string] | null {
    const kind = this._kind();
    if (kind === "latest" || kind === "cases") {
      return [kind === "latest" ? "demands" : "cases", ""];
    }
    const names = kind === "demands" ? ["provider"] : ["demand", "text"];
    const given = names.find((name) => this.getAttribute(name));
    return given ? ["matches", given] : null;
  }

  private _kind(): Kind {
    const said = this.getAttribute("kind") ?? "";
    if (KINDS.includes(said)) {
      return said as Kind;
    }
    if (this.hasAttribute("demand") || this.hasAttribute("text")) {
      return "providers";
    }
    return this.hasAttribute("provider") ? "demands" : "latest";
  }

  private _texts(): Texts {
    const lang = this.closest("[lang]")?.getAttribute("lang") ?? "";
    return lang.toLowerCase().startsWith("en") ? EN : ZH;
  }

  private _show(): void {
    const texts = this._texts();
    const kind = this._kind();
    const theme = this.getAttribute("theme") ?? "";
    const heading = this.getAttribute("heading") ?? texts.heading[kind];
    const hadFocus = this.shadowRoot?.activeElement;
    this._root.className = `root ${["light", "dark"].includes(theme) ? theme : "auto"}`;
    this._root.lang = texts === EN ? "en" : "zh-CN";
    this._root.setAttribute("aria-label", heading || texts.heading[kind]);
    this._root.setAttribute("aria-busy", String(!this._answer && !this._error));
    this._heading.hidden = !heading;
    this._heading.textContent = heading;
    this._fill(texts, kind);
    if (hadFocus && !hadFocus.isConnected) {
      this._root.focus();
    }
  }

  private _fill(texts: Texts, kind: Kind): void {
    const [state, said, content] = this._content(texts, kind);
    this._status.setAttribute("part", `status ${state}`);
    if (this._status.textContent !== said) {
      this._status.textContent = said;
    }
    this._body.replaceChildren(...content);
  }

  /** The state, what is said of it, and what is shown below. */
  private _content(texts: Texts, kind: Kind): [string, string, Node[]] {
    if (this._error) {
      return ["error", texts.error[this._error.trouble], [this._retry(texts)]];
    }
    if (!this._answer) {
      const bones = Array.from({ length: N_BONES }, () => element("div", "bone"));
      return ["loading", texts.loading, bones];
    }
    const note = this._answer.degraded ? [element("p", "note", texts.degraded)] : [];
    const { items } = this._answer;
    if (!items.length) {
      return ["empty", texts.empty[kind], [element("p", "hint", texts.emptyHint[kind]), ...note]];
    }
    return ["ready", texts.count(items.length), [this._list(items, texts), ...note]];
  }

  private _list(items: Item[], texts: Texts): Node {
    const target = this.getAttribute("target") ?? "";
    return list(items, {
      texts,
      link: this.getAttribute("link") ?? "",
      selectable: this.hasAttribute("selectable"),
      target: TARGETS.includes(target) ? target : "",
      choose: ({ id, kind, rank, title }) => this._send("select", { id, kind, rank, title }),
    });
  }

  private _retry(texts: Texts): Node {
    const button = element("button", "retry", texts.retry);
    button.type = "button";
    button.addEventListener("click", () => this.refresh());
    return button;
  }

  private _tell(): void {
    if (this._error) {
      this._send("error", { code: this._error.trouble, status: this._error.status });
    } else if (this._answer) {
      const { items, version, degraded } = this._answer;
      this._send("loaded", { count: items.length, kind: this._kind(), version, degraded });
    }
  }

  /** Tell the page; returns false when it says that this is all. */
  private _send(name: string, detail: object): boolean {
    const isChoice = name === "select";
    return this.dispatchEvent(
      new CustomEvent(`navmatch-${name}`, { bubbles: true, composed: true, cancelable: isChoice, detail }),
    );
  }
}
