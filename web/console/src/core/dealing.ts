/** What each side may do about a demand and a provider, and what has to be said with it. */

import { call } from "./http";
import { t } from "./language";
import type { Interaction, Page } from "./types";

/** Whom somebody acts for. */
export type Acting = "base" | "provider";

/** What can be done before anything was done, most wanted first. */
const FIRST: Record<Acting, string[]> = {
  base: ["invite", "shortlist", "hide"],
  provider: ["express_interest", "ask", "decline"],
};
/** What the service also allows and nobody looks for: it is noted without a button. */
const SILENT = new Set(["view", "save"]);
const ORDER = [
  "accept",
  "express_interest",
  "invite",
  "answer",
  "ask",
  "offer",
  "offer_revised",
  "meeting_proposed",
  "meeting_held",
  "confirm",
  "convert",
  "shortlist",
  "unshortlist",
  "rate",
  "hide",
  "unhide",
  "decline",
  "withdraw",
  "report_abuse",
];
/** What leads to a choice: nothing comes of it once the choice is made. */
const CHOOSING = new Set(["invite", "express_interest", "ask", "shortlist", "unshortlist", "hide"]);
const SETTLED = new Set(["confirmed", "converted"]);
const SPEAKING = new Set(["ask", "answer", "offer", "offer_revised", "meeting_proposed", "report_abuse"]);
const REASONED = new Set(["decline", "hide"]);
const BOTH = ["region_far", "no_capacity", "conflict_of_interest"];
const REASONS: Record<Acting, string[]> = {
  base: [
    "scenario_mismatch",
    "industry_mismatch",
    "no_similar_case",
    "credential_missing",
    "price_high",
    "chosen_other",
    "description_unclear",
    "demand_changed",
    ...BOTH,
  ],
  provider: [
    "budget_low",
    "period_short",
    "description_vague",
    "data_unavailable",
    "out_of_field",
    "secrecy_required",
    "not_real_demand",
    ...BOTH,
  ],
};

export interface Said {
  body?: string;
  reason?: string;
  quality?: number;
  usefulness?: number;
}

/** What may be done now, the most wanted first; of a demand that looks for nobody any more, what is left. */
export function actsOf(dealing: Interaction | null, acting: Acting, isOver = false): string[] {
  const isChosen = isOver || SETTLED.has(dealing?.state ?? "");
  const isLeft = (act: string): boolean => !isChosen || !CHOOSING.has(act);
  if (!dealing) return FIRST[acting].filter(isLeft);
  const shown = dealing.acts.filter((act) => !SILENT.has(act) && isLeft(act) && fits(dealing, act));
  return shown.sort((a, b) => place(a, dealing) - place(b, dealing));
}

/** A mark is offered only where it changes something. */
function fits(dealing: Interaction, act: string): boolean {
  if (act === "shortlist") return !dealing.is_shortlisted;
  if (act === "unshortlist") return dealing.is_shortlisted;
  if (act === "hide") return !dealing.hidden_reason;
  if (act === "unhide") return Boolean(dealing.hidden_reason);
  if (act === "invite") return !dealing.acts.includes("accept");
  if (act === "express_interest") return !dealing.acts.includes("accept");
  return true;
}

/** An answer comes first only where the other side waits for one. */
function place(act: string, dealing: Interaction): number {
  if (act === "answer" && dealing.awaiting !== dealing.my_side) return ORDER.indexOf("shortlist") - 0.5;
  const found = ORDER.indexOf(act);
  return found < 0 ? ORDER.length : found;
}

export function needsWords(act: string): boolean {
  return SPEAKING.has(act);
}

/** What has to be known before it is done; empty for most. */
export function noteOn(act: string): string {
  const notes: Record<string, string> = {
    report_abuse: t("只有平台管理方和服务基地所在地的主管部门看得到，对方看不到。请写明对方说了或做了什么。"),
    decline: t("谢绝后对接结束，对方看得到原因；以后只有您这一方可以重新开始。"),
    convert: t("记在对接经过里，机构也看得到。"),
  };
  return notes[act] ?? "";
}

/** What is asked before an act that ends something or cannot be taken back; empty for the others. */
export function questionBefore(act: string, about: string): string {
  const questions: Record<string, string> = {
    confirm: t("确认后需求变为“已匹配”，不再找其他机构，不能再修改、暂停或撤回，也不能取消确认。确定与“{name}”确认合作吗？", { name: about }),
    convert: t("立项后需求变为“已立项”，不能取消。确定登记与“{name}”立项吗？", { name: about }),
    withdraw: t("撤回后对接结束，对方会收到通知；以后可以重新开始。确定撤回与“{name}”的对接吗？", { name: about }),
  };
  return questions[act] ?? "";
}

/** Whether the number of the project can be said with it. */
export function takesNumber(act: string): boolean {
  return act === "convert";
}

export function needsReason(act: string): boolean {
  return REASONED.has(act);
}

export function needsStars(act: string): boolean {
  return act === "rate";
}

export function reasonsFor(acting: Acting): string[] {
  return REASONS[acting];
}

/** An act as the vocabulary of the service names it (models/data/labels.toml). */
export function actWords(act: string): string {
  const words: Record<string, string> = {
    invite: t("邀请"),
    shortlist: t("列入候选"),
    unshortlist: t("移出候选"),
    hide: t("不再显示"),
    unhide: t("恢复显示"),
    express_interest: t("表示意向"),
    ask: t("提问"),
    answer: t("答复"),
    accept: t("接受"),
    decline: t("谢绝"),
    withdraw: t("撤回"),
    meeting_proposed: t("约谈"),
    meeting_held: t("已面谈"),
    offer: t("提交方案和报价"),
    offer_revised: t("修改方案和报价"),
    confirm: t("确认合作"),
    rate: t("评价"),
    convert: t("立项"),
    report_abuse: t("举报"),
  };
  return words[act] ?? act;
}

/** A reason as the vocabulary of the service names it. */
export function reasonWords(reason: string): string {
  const words: Record<string, string> = {
    scenario_mismatch: t("应用场景不符"),
    industry_mismatch: t("产业领域不符"),
    no_similar_case: t("没有类似案例"),
    credential_missing: t("缺少所需资质"),
    price_high: t("报价过高"),
    chosen_other: t("已选其他机构"),
    description_unclear: t("能力介绍不清楚"),
    demand_changed: t("需求已变化"),
    region_far: t("距离过远"),
    no_capacity: t("近期无力承接"),
    conflict_of_interest: t("存在利益冲突"),
    budget_low: t("预算过低"),
    period_short: t("期限过短"),
    description_vague: t("需求描述不清楚"),
    data_unavailable: t("缺少所需数据"),
    out_of_field: t("不属于业务领域"),
    secrecy_required: t("保密要求无法满足"),
    not_real_demand: t("疑似不是真实需求"),
  };
  return words[reason] ?? reason;
}

/** Do something; the first act begins the interaction. */
export function act(
  known: Interaction | null,
  pair: { demand_id: string; provider_id: string },
  name: string,
  said: Said,
): Promise<Interaction> {
  if (!known) return call("POST", "/v1/interactions", { body: { ...pair, act: name, ...said } });
  const body = { act: name, version: known.version, ...said };
  return call("POST", `/v1/interactions/${known.id}/acts`, { body });
}

/** Interactions of a demand or a provider, by what stands on the other side. */
export async function dealingsOf(
  row: { demand: string } | { provider: string },
  signal: AbortSignal,
): Promise<Map<string, Interaction>> {
  const query = { ...row, limit: 50 };
  const page = await call<Page<Interaction>>("GET", "/v1/interactions", { query, signal });
  const key = "demand" in row ? "provider_id" : "demand_id";
  return new Map(page.items.map((dealing) => [dealing[key], dealing]));
}
