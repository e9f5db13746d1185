/**
 * Talking to the API. Every failure becomes a Problem with a Chinese title and a stable code.
 */

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
  try {
    const request = { method, headers: sent, body: body && JSON.stringify(body), signal };
    const response = await fetch(url, request);
    return read(response, await response.text());
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

function read(response, text) {
  let content = null;
  try {
    content = text ? JSON.parse(text) : null;
  } catch {
    content = null;
  }
  if (response.ok) return content;
  if (content && content.code && content.title) throw new Problem(content);
  throw new Problem({
    title: "服务没有正常答复",
    code: `http_${response.status}`,
    detail: "请稍后重试；反复出现时请把代码告诉管理员。",
  });
}
