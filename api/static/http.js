/**
 * Talking to the API. Every failure becomes a Problem with a Chinese title and a stable code.
 */

/** Header of a reply to a change: how new an index must be to show it. */
const VERSION = "X-Navmatch-Version";
/** Header of a question: how new the index must be that answers it. */
const MIN_VERSION = "X-Navmatch-Min-Version";
/** The newest version this window has seen: what was written or shown once is not missed later. */
const SEEN = "navmatch-version";
/** Refusals of that wish; the question was not begun, so it may be put again without it. */
const TOO_NEW = new Set(["version_not_yet", "version_unknown"]);

/** Sent to the window when the service no longer knows who is asking. */
export const SIGNED_OUT = "navmatch-signed-out";
const SIGNED_OUT_CODES = new Set(["unauthenticated", "credential_refused"]);

/** A reply that is no success (RFC 9457), or no reply at all. */
export class Problem extends Error {
  constructor({ title, code, detail = "", errors = [], request_id: requestId = null }) {
    super(title);
    this.title = title;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.requestId = requestId;
  }
}

/**
 * The JSON an address replies with; null for an empty reply.
 *
 * @param {string} method
 * @param {string} path Starts with "/v1/".
 * @param {{body?: object, query?: object, signal?: AbortSignal}} options
 * @throws {Problem} when the service refuses or cannot be reached.
 */
export async function call(method, path, { body, query, signal } = {}) {
  const sent = { Accept: "application/json" };
  if (body) sent["Content-Type"] = "application/json";
  const url = query ? `${path}?${new URLSearchParams(query)}` : path;
  const request = { method, headers: sent, body: body && JSON.stringify(body), signal };
  const newest = seen();
  if (newest) sent[MIN_VERSION] = newest;
  try {
    return await ask(url, request);
  } catch (error) {
    if (newest && error instanceof Problem && TOO_NEW.has(error.code)) {
      delete sent[MIN_VERSION];
      if (error.code === "version_unknown") remember(null);
      return ask(url, request);
    }
    throw error;
  }
}

async function ask(url, request) {
  try {
    const response = await fetch(url, request);
    const content = read(response, await response.text());
    remember(response.headers.get(VERSION) ?? content?.version);
    return content;
  } catch (error) {
    if (isAborted(error) || error instanceof Problem) throw error;
    throw new Problem({
      title: "连不上服务",
      code: "network",
      detail: "请确认服务正在运行、网络可用，然后重试。填写的内容仍在页面上。",
    });
  }
}

/** Whether an error only says that a newer request took the place of this one. */
export function isAborted(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

function seen() {
  try {
    return sessionStorage.getItem(SEEN);
  } catch {
    return null; // the browser keeps nothing; answers may then come from an older index
  }
}

/** Keep a version if it is newer; null forgets. The number of a row's own version is none. */
function remember(version) {
  try {
    if (version === null) sessionStorage.removeItem(SEEN);
    if (typeof version !== "string") return;
    if (changes(version) >= changes(seen() ?? "0")) sessionStorage.setItem(SEEN, version);
  } catch {
    // see above
  }
}

/** How many changes a version holds: `gen-00000007.412-9f3a1c2b`, or without the generation. */
function changes(version) {
  return Number.parseInt(version.slice(version.indexOf(".") + 1), 10) || 0;
}

function read(response, text) {
  let content = null;
  try {
    content = text ? JSON.parse(text) : null;
  } catch {
    content = null;
  }
  if (response.ok) return content;
  if (content && content.code && content.title) {
    if (SIGNED_OUT_CODES.has(content.code)) window.dispatchEvent(new Event(SIGNED_OUT));
    throw new Problem(content);
  }
  throw new Problem({
    title: "服务没有正常答复",
    code: `http_${response.status}`,
    detail: "请稍后重试；反复出现时请把代码告诉管理员。",
  });
}
