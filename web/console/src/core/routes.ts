/** The pages: their addresses after `#`, who sees them in the menu, what draws them. */

import { html, type TemplateResult } from "lit";
import type { Context } from "../ui/view";
import { isBase, isOperator, isProvider, may } from "./session";
import type { Session } from "./types";
import "../pages/start";
import "../pages/post";
import "../pages/demands";
import "../pages/demand";
import "../pages/account";
import "../pages/audit";
import "../pages/cases";
import "../pages/dealings";
import "../pages/figures";
import "../pages/imports";
import "../pages/keys";
import "../pages/notices";
import "../pages/organisations";
import "../pages/people";
import "../pages/profile";
import "../pages/recommended";
import "../pages/subscriptions";
import "../pages/taxonomy";
import "../pages/webhooks";
import "../pages/widgets";

export interface Route {
  /** The address; `:id` stands for a number of a row. */
  path: string;
  /** Heading of the page, in Chinese; the key to its translation. */
  title: string;
  /** Group of the menu it stands in; none when it is reached from another page. */
  group?: string;
  /** Whether somebody may use it. */
  isFor: (session: Session) => boolean;
  draw: (context: Context, id: string, search: string) => TemplateResult;
}

const anybody = (): boolean => true;
const whoMay =
  (operation: string) =>
  (session: Session): boolean =>
    may(session, operation);

export const ROUTES: Route[] = [
  { path: "/start", title: "开始", group: "总览", isFor: anybody, draw: (c) => html`<nm-start .context=${c}></nm-start>` },
  { path: "/post", title: "发布需求", group: "需求", isFor: whoMay("create_demand"), draw: (c) => html`<nm-post .context=${c}></nm-post>` },
  { path: "/mine", title: "我的需求", group: "需求", isFor: isBase, draw: (c, _, search) => html`<nm-demands own .context=${c} search=${search}></nm-demands>` },
  { path: "/demands", title: "全部需求", group: "需求", isFor: whoMay("list_demands"), draw: (c, _, search) => html`<nm-demands .context=${c} search=${search}></nm-demands>` },
  { path: "/demands/:id", title: "需求与匹配", isFor: whoMay("read_demand"), draw: (c, id) => html`<nm-demand .context=${c} row=${id}></nm-demand>` },
  {
    path: "/recommended",
    title: "推荐的需求",
    group: "需求",
    isFor: (session) => isProvider(session) && may(session, "match_provider"),
    draw: (c) => html`<nm-recommended .context=${c}></nm-recommended>`,
  },
  { path: "/dealings", title: "对接", group: "对接", isFor: whoMay("list_interactions"), draw: (c) => html`<nm-dealings .context=${c}></nm-dealings>` },
  { path: "/dealings/:id", title: "对接", isFor: whoMay("list_interactions"), draw: (c, id) => html`<nm-dealings .context=${c} row=${id}></nm-dealings>` },
  { path: "/notices", title: "通知", group: "对接", isFor: whoMay("list_notifications"), draw: (c) => html`<nm-notices .context=${c}></nm-notices>` },
  {
    path: "/subscriptions",
    title: "订阅",
    group: "对接",
    isFor: whoMay("list_subscriptions"),
    draw: (c) => html`<nm-subscriptions .context=${c}></nm-subscriptions>`,
  },
  { path: "/subscriptions/:id", title: "订阅", isFor: whoMay("list_subscriptions"), draw: (c, id) => html`<nm-subscriptions .context=${c} row=${id}></nm-subscriptions>` },
  {
    path: "/figures",
    title: "供需统计",
    group: "总览",
    isFor: (session) => may(session, "read_gaps") && (isOperator(session) || isBase(session)),
    draw: (c) => html`<nm-figures .context=${c}></nm-figures>`,
  },
  { path: "/cases", title: "案例", group: "总览", isFor: whoMay("list_cases"), draw: (c) => html`<nm-cases .context=${c}></nm-cases>` },
  { path: "/imports", title: "导入表格", group: "表格", isFor: whoMay("start_import"), draw: (c) => html`<nm-imports .context=${c}></nm-imports>` },
  { path: "/profile", title: "机构与能力", group: "本机构", isFor: isProvider, draw: (c) => html`<nm-profile .context=${c}></nm-profile>` },
  { path: "/organisations", title: "单位名录", group: "管理", isFor: (session) => isOperator(session) && may(session, "list_organisations"), draw: (c) => html`<nm-organisations .context=${c}></nm-organisations>` },
  { path: "/people", title: "账号", group: "管理", isFor: whoMay("list_people"), draw: (c) => html`<nm-people .context=${c}></nm-people>` },
  { path: "/keys", title: "接口密钥", group: "管理", isFor: whoMay("list_keys"), draw: (c) => html`<nm-keys .context=${c}></nm-keys>` },
  { path: "/widgets", title: "网站嵌入", group: "管理", isFor: whoMay("list_widget_tokens"), draw: (c) => html`<nm-widgets .context=${c}></nm-widgets>` },
  { path: "/webhooks", title: "回调", group: "管理", isFor: whoMay("list_webhooks"), draw: (c) => html`<nm-webhooks .context=${c}></nm-webhooks>` },
  { path: "/taxonomy", title: "场景分类", group: "管理", isFor: whoMay("list_taxonomy_versions"), draw: (c) => html`<nm-taxonomy .context=${c}></nm-taxonomy>` },
  { path: "/audit", title: "审计日志", group: "管理", isFor: whoMay("list_audit"), draw: (c) => html`<nm-audit .context=${c}></nm-audit>` },
  { path: "/account", title: "我的账号", isFor: anybody, draw: (c) => html`<nm-account .context=${c}></nm-account>` },
];

/** The path of an address: what stands before its conditions. */
export function pathOf(address: string): string {
  return address.split("?")[0]!;
}

/** The page an address names, the row in it, its conditions; null when there is none. */
export function routeOf(address: string): { route: Route; id: string; search: string } | null {
  const path = pathOf(address);
  for (const route of ROUTES) {
    const pattern = new RegExp(`^${route.path.replace(":id", "([a-z]{2}_\\w+)")}$`);
    const found = pattern.exec(path);
    if (found) return { route, id: found[1] ?? "", search: address.slice(path.length + 1) };
  }
  return null;
}
