/** What is said once somebody has subscribed to something. */

import { html, type TemplateResult } from "lit";
import { t } from "../core/language";
import { feedAddress, type Made } from "../core/subscriptions";
import "./once";

export function subscribed(made: Made): TemplateResult {
  return html`<p role="status">${t("已订阅：{name}。", { name: made.about.name })}<a href="#/subscriptions">${t("全部订阅")}</a></p>
    ${feedOnce(made)}`;
}

/** The address of a feed, and what it is good for. */
export function feedOnce(made: Made): TemplateResult {
  const hint = t("填进阅读器（Atom）就能在别处看。谁有这个地址谁就能看，请像密码一样保管；丢了可以换新。");
  return html`<nm-once heading=${t("订阅源地址只显示这一次")} value=${feedAddress(made)} hint=${hint}></nm-once>`;
}
