/** Notices, empty states and problems, each saying what to do next. */

import { html, nothing, type TemplateResult } from "lit";
import type { Problem } from "../core/http";
import { t } from "../core/language";

export function notice(title: string, ...content: unknown[]): TemplateResult {
  return html`<div class="notice">
    <h4>${title}</h4>
    ${content}
  </div>`;
}

/** A problem in words: title, what to do, each field, code and number of the request. */
export function problemNotice(problem: Problem, retry?: () => void): TemplateResult {
  const number = problem.requestId ? t("，请求编号：{id}", { id: problem.requestId }) : "";
  return html`<div class="notice problem">
    <h4>${problem.title}</h4>
    ${problem.detail ? html`<p>${problem.detail}</p>` : nothing}
    ${points(problem.errors.map(({ message }) => message))}
    <p class="code">${t("代码：{code}", { code: problem.code })}${number}</p>
    ${retry
      ? html`<button type="button" class="small" @click=${retry}>${t("重试")}</button>`
      : nothing}
  </div>`;
}

/** Nothing to show, and what to do about it. */
export function emptyState(title: string, ...advice: unknown[]): TemplateResult {
  return html`<div class="empty">
    <p><strong>${title}</strong></p>
    ${advice.map((line) => html`<p class="hint">${line}</p>`)}
  </div>`;
}

/** A bulleted list; nothing when there are no items. */
export function points(items: unknown[]): TemplateResult | typeof nothing {
  return items.length ? html`<ul class="points">${items.map((item) => html`<li>${item}</li>`)}</ul>` : nothing;
}
