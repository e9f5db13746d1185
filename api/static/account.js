/**
 * Who is using the page: signing in, the first password, signing out, what the role may do.
 */

import { byId, el } from "./dom.js";
import { call, Problem, SIGNED_OUT } from "./http.js";
import { problemNotice } from "./results.js";

const NOBODY = new Set(["unauthenticated", "credential_refused"]);

/** The person signed in, and the way to them. */
export class Account {
  #session = null;
  #entered = () => {};

  constructor() {
    byId("sign-in-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#signIn();
    });
    byId("password-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#changePassword();
    });
    byId("sign-out").addEventListener("click", () => this.#signOut());
    window.addEventListener(SIGNED_OUT, () => this.#show(null));
  }

  /** Resolves when somebody is signed in who may use the page. */
  async enter() {
    const entered = new Promise((resolve) => {
      this.#entered = resolve;
    });
    this.#show(await present());
    await entered;
  }

  /** Whether the role may call an operation; for a single row the service still decides. */
  may(operation) {
    return Boolean(this.#session && this.#session.may.includes(operation));
  }

  #show(session) {
    this.#session = session;
    const isFirst = Boolean(session && session.must_change_password);
    byId("sign-in").hidden = Boolean(session);
    byId("first-password").hidden = !isFirst;
    byId("work").hidden = !session || isFirst;
    byId("account").hidden = !session;
    if (!session) {
      byId("login").focus();
      return;
    }
    const of = session.organisation_name ? `　${session.organisation_name}` : "";
    byId("who").textContent = `${session.name || session.login}（${session.role_label}）${of}`;
    byId("posting").hidden = !this.may("create_demand");
    if (!isFirst) this.#entered();
  }

  async #signIn() {
    const code = byId("code").value.trim();
    const body = {
      login: byId("login").value.trim(),
      password: byId("password").value,
      ...(code ? { code } : {}),
    };
    try {
      const session = await call("POST", "/v1/session", { body });
      byId("sign-in-form").reset();
      byId("code-field").hidden = true;
      byId("sign-in-problem").replaceChildren();
      this.#show(session);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      byId("sign-in-problem").replaceChildren(problemNotice(error));
      if (error.code === "totp_required") {
        byId("code-field").hidden = false;
        byId("code").focus();
      }
    }
  }

  async #changePassword() {
    const body = {
      old_password: byId("old-password").value,
      new_password: byId("new-password").value,
    };
    try {
      await call("PUT", "/v1/session/password", { body });
      byId("password-form").reset();
      byId("password-problem").replaceChildren();
      this.#show(await present());
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      byId("password-problem").replaceChildren(problemNotice(error));
    }
  }

  async #signOut() {
    try {
      await call("DELETE", "/v1/session");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
    window.location.assign(window.location.pathname); // nothing of the last person stays behind
  }
}

/** Who is signed in; null for nobody. */
async function present() {
  try {
    return await call("GET", "/v1/session");
  } catch (error) {
    if (error instanceof Problem && NOBODY.has(error.code)) return null;
    throw error;
  }
}

/** A short note in place of what only the owner of a demand is shown. */
export function notForYou() {
  return el("p", { class: "hint" }, "匹配结果只给发布这条需求的单位看。");
}
