/** Where somebody begins: what this is, the first steps of their role, texts to try it with. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { call } from "../core/http";
import { noteInvented } from "../core/invented";
import { t } from "../core/language";
import { SAMPLES, type Sample } from "../core/samples";
import { isBase, isOperator, isProvider, may } from "../core/session";
import type { Demand, Page, Session } from "../core/types";
import { Asking } from "../ui/asking";
import { stateTag } from "../ui/demand-facts";
import { emptyState } from "../ui/notices";
import { type Context, View } from "../ui/view";
import { beginWith } from "./post";

const N_LATEST = 5;

interface Step {
  title: string;
  text: string;
  href: string;
  words: string;
}

@customElement("nm-start")
export class Start extends View {
  @property({ attribute: false }) context!: Context;
  private readonly latest = new Asking<Page<Demand>>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  override render(): TemplateResult {
    const { session } = this.context;
    return html`
      <section class="panel" aria-labelledby="steps-title">
        <h2 id="steps-title">${t("头几步")}</h2>
        <ol class="steps">
          ${stepsOf(session).map(
            ({ title, text, href, words }) => html`<li>
              <h3>${title}</h3>
              <p>${text}</p>
              <a class="button" href=${href}>${words}</a>
            </li>`,
          )}
        </ol>
      </section>
      ${may(session, "create_demand") ? this.samples() : nothing}
      <section class="panel" aria-labelledby="latest-title">
        <h2 id="latest-title">${t("最近的需求")}</h2>
        ${this.latest.render(({ items }) => (items.length ? this.rows(items) : this.empty()))}
      </section>
    `;
  }

  private samples(): TemplateResult {
    return html`<section class="panel" aria-labelledby="samples-title">
      <h2 id="samples-title">${t("用示例文字试一试")}</h2>
      <p class="hint">${t("点一段文字，看看系统读出什么、推荐谁。不点“发布”就不会保存。")}</p>
      <ul class="tiles">
        ${SAMPLES.map(
          (sample) => html`<li>
            <button type="button" class="tile" @click=${() => this.try(sample)}>
              <strong>${t(sample.name)}</strong><span>${sample.text.split("\n")[0]}</span>
            </button>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  private rows(demands: Demand[]): TemplateResult {
    return html`<ul class="lines">
      ${demands.map(
        (demand) => html`<li>
          <a href="#/demands/${demand.id}">${demand.title}</a>
          <span class="hint">${demand.region_name ?? ""}　${stateTag(this.context.catalogue, "DemandState", demand.state)}</span>
        </li>`,
      )}
    </ul>`;
  }

  private empty(): TemplateResult {
    return emptyState(
      t("还没有登记的需求。"),
      t("想先看看效果，可以载入演示数据：在服务器上运行 navmatch demo，机构、需求和案例都是虚构的。"),
    );
  }

  private async load(): Promise<void> {
    const query = { limit: N_LATEST };
    await this.latest.ask((signal) => call("GET", "/v1/demands", { query, signal }));
    noteInvented(this.latest.answer?.items ?? []);
  }

  private try(sample: Sample): void {
    beginWith(sample);
    window.location.hash = "#/post";
  }
}

function stepsOf(session: Session): Step[] {
  if (isProvider(session)) return providerSteps();
  return isOperator(session) ? [...baseSteps(session), ...operatorSteps()] : baseSteps(session);
}

function baseSteps(session: Session): Step[] {
  return [
    {
      title: t("粘贴需求原文"),
      text: t("不用先填表：应用场景、产业、地区、预算和期限由正文读出，每一项都可以改。"),
      href: "#/post",
      words: t("发布需求"),
    },
    {
      title: t("看谁合适、凭什么"),
      text: t("每家机构附理由、对照的原句、资格核对和待核实的事；最多四家并排比较。"),
      href: isBase(session) ? "#/mine" : "#/demands",
      words: isBase(session) ? t("我的需求") : t("全部需求"),
    },
  ];
}

function providerSteps(): Step[] {
  return [
    {
      title: t("看看有哪些需求"),
      text: t("公开的需求都在这里；匹配以贵机构登记的能力为准。"),
      href: "#/demands",
      words: t("浏览需求"),
    },
    {
      title: t("登记机构和能力"),
      text: t("一项能力写一类服务；边写边提示哪里不清楚、还缺什么。"),
      href: "#/profile",
      words: t("机构与能力"),
    },
    {
      title: t("看推荐给您的需求"),
      text: t("每条附理由和待核实的事；可以表示意向、提问，或说明原因谢绝。"),
      href: "#/recommended",
      words: t("推荐的需求"),
    },
  ];
}

function operatorSteps(): Step[] {
  return [
    {
      title: t("保护好管理账号"),
      text: t("管理账号和密钥前，先绑定身份验证器。"),
      href: "#/account",
      words: t("我的账号"),
    },
  ];
}
