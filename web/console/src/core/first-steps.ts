/** The first steps of each role, and how to tell from what is stored that one was taken. */

import { call } from "./http";
import { isInvented } from "./invented";
import { t } from "./language";
import { ownProvider } from "./own-provider";
import { isBase, isOperator, isProvider, may } from "./session";
import type { Interaction, Page, Session } from "./types";
import { hasVisited } from "./visited";

export interface Step {
  title: string;
  text: string;
  href: string;
  words: string;
  /** What one must be allowed to for it; it waits for the authenticator otherwise. */
  operation: string;
  /** Whether it was taken. */
  isDone: (signal: AbortSignal) => Promise<boolean>;
}

/** A dealing the other side began and nobody here has answered is none of one's own steps. */
const UNANSWERED = new Set(["invited", "interested"]);

interface Listed {
  items: { source_ref: string | null }[];
  total: { value: number };
}

/** The steps of somebody, in the order they are best taken. */
export function stepsOf(session: Session): Step[] {
  if (isOperator(session)) return operatorSteps(session);
  if (isBase(session)) return [posting(), inviting(), ...beingTold(session), ...protecting(session)];
  if (isProvider(session)) return [registering(session), answering(), ...beingTold(session), ...protecting(session)];
  return [following(session), ...beingTold(session)];
}

function posting(): Step {
  return {
    title: t("发布一条需求"),
    text: t("粘贴原文，或点下面的示例文字；场景、地区、预算由正文读出，都可以改。存为草稿也算。"),
    href: "#/post",
    words: t("发布需求"),
    operation: "create_demand",
    isDone: async (signal) => {
      const { items } = await list("/v1/demands", { own: true, limit: 20 }, signal);
      return items.some((demand) => !isInvented(demand));
    },
  };
}

function inviting(): Step {
  return {
    title: t("看谁合适，邀请或列入候选"),
    text: t("点“看匹配”：每家附理由、对照的原句、资格核对和待核实的事；最多四家并排比较。"),
    href: "#/mine",
    words: t("我的需求"),
    operation: "begin_interaction",
    isDone: hasDealt,
  };
}

function registering(session: Session): Step {
  return {
    title: t("登记机构和能力"),
    text: t("一项能力写一类服务；边写边提示哪里不清楚、还缺什么。匹配以能力为准。"),
    href: "#/profile",
    words: t("机构与能力"),
    operation: "create_capability",
    isDone: async (signal) => ((await ownProvider(session, signal))?.n_capabilities ?? 0) > 0,
  };
}

function answering(): Step {
  return {
    title: t("答复一条推荐的需求"),
    text: t("每条附理由和待核实的事；表示意向、提问，或说明原因谢绝。收到的邀请在“对接”里答复。"),
    href: "#/recommended",
    words: t("推荐的需求"),
    operation: "begin_interaction",
    isDone: hasDealt,
  };
}

function following(session: Session): Step {
  return looking(session, "/dealings", {
    title: t("看对接到了哪一步"),
    text: t("基地为贵单位找机构：邀请、提问、方案都在这里，可以答复。"),
    words: t("对接"),
    operation: "list_interactions",
  });
}

function beingTold(session: Session): Step[] {
  const subscribing = {
    title: t("订阅想知道的"),
    text: t("粘贴一段文字，像它的一发布就通知；也可以把筛选条件存成订阅。"),
    href: "#/subscriptions",
    words: t("订阅"),
    operation: "list_subscriptions",
    isDone: async (signal: AbortSignal) => (await call<unknown[]>("GET", "/v1/subscriptions", { signal })).length > 0,
  };
  const mailing = {
    title: t("让通知也到邮箱"),
    text: t("未读的通知汇成一封邮件，多久一封自己定。"),
    href: "#/account",
    words: t("我的账号"),
    operation: "read_mailbox",
    isDone: async (signal: AbortSignal) =>
      Boolean((await call<{ address: string | null }>("GET", "/v1/mailbox", { signal })).address),
  };
  return [subscribing, mailing].filter(({ operation }) => may(session, operation));
}

/** For those who look after accounts. */
function protecting(session: Session): Step[] {
  if (!session.role.endsWith("_admin") && !isOperator(session)) return [];
  return [
    {
      title: t("保护好管理账号"),
      text: isOperator(session)
        ? t("绑定身份验证器，再用验证码登录；登记、修改、导出、生成报告、查看联系人，管理账号、密钥和看审计，都要先绑定。")
        : t("绑定身份验证器，再用验证码登录；管理账号、密钥和看审计都要先绑定。"),
      href: "#/account",
      words: t("我的账号"),
      operation: "read_session",
      isDone: () => Promise.resolve(session.has_authenticator),
    },
  ];
}

function operatorSteps(session: Session): Step[] {
  const filling = {
    title: t("有数据才看得到效果"),
    text: t("试用：在服务器上另用一个数据目录运行演示（NAVMATCH_DATA_DIR=data-demo NAVMATCH_PORT=8001 make demo），其中的机构、需求和案例都是虚构的；正式使用：让各单位登录填写，或导入。"),
    href: "#/demands",
    words: t("全部需求"),
    operation: "list_demands",
    isDone: (signal: AbortSignal) => isThere("/v1/demands", signal),
  };
  const accounts = {
    title: t("给各单位建立账号"),
    text: t("先建立单位的管理员，他们再建立自己的同事；初始密码只显示一次。"),
    href: "#/people",
    words: t("账号"),
    operation: "list_people",
    isDone: async (signal: AbortSignal) => (await list("/v1/people", { limit: 1 }, signal)).total.value > 1,
  };
  const figures = looking(session, "/figures", {
    title: t("看供需缺口"),
    text: t("哪些场景、产业、地区有需求而没有机构；对接走到哪一步，答复快不快。"),
    words: t("供需统计"),
    operation: "read_gaps",
  });
  const embedding = {
    title: t("把结果嵌入门户网站"),
    text: t("签发令牌，先预览，再把代码贴到网页里。"),
    href: "#/widgets",
    words: t("网站嵌入"),
    operation: "list_widget_tokens",
    isDone: (signal: AbortSignal) => isThere("/v1/widget-tokens", signal),
  };
  const isPlatform = session.role === "operator";
  return [...protecting(session), ...(isPlatform ? [filling] : []), accounts, figures, embedding];
}

/** A step that is taken by looking at a page. */
function looking(session: Session, path: string, step: Omit<Step, "href" | "isDone">): Step {
  return { ...step, href: `#${path}`, isDone: () => Promise.resolve(hasVisited(session.login ?? "", path)) };
}

/** Whether this side began a dealing or answered one. */
async function hasDealt(signal: AbortSignal): Promise<boolean> {
  const query = { limit: 50 };
  const { items } = await call<Page<Interaction>>("GET", "/v1/interactions", { query, signal });
  return items.some(({ state, awaiting, my_side: mine }) => awaiting !== mine || !UNANSWERED.has(state));
}

async function isThere(path: string, signal: AbortSignal): Promise<boolean> {
  return (await list(path, { limit: 1 }, signal)).total.value > 0;
}

function list(path: string, query: { own?: boolean; limit: number }, signal: AbortSignal): Promise<Listed> {
  return call<Listed>("GET", path, { query, signal });
}
