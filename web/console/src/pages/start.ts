/** Where somebody begins: what this is, the first steps of their role, texts to try it with. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { call } from "../core/http";
import { t } from "../core/language";
import { SAMPLES, type Sample } from "../core/samples";
import { isOperator, may } from "../core/session";
import type { Demand, Page } from "../core/types";
import { Asking } from "../ui/asking";
import { stateTag } from "../ui/demand-facts";
import "../ui/first-steps";
import { emptyState } from "../ui/notices";
import { type Context, View } from "../ui/view";
import { beginWith } from "./post";

const N_LATEST = 5;

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
      <nm-first-steps .session=${session}></nm-first-steps>
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
    const loading = isOperator(this.context.session)
      ? t("想先看看效果，可以在服务器上另用一个数据目录运行演示：NAVMATCH_DATA_DIR=data-demo NAVMATCH_PORT=8001 make demo，其中的机构、需求和案例都是虚构的。")
      : t("想先看看效果，可以请管理员载入演示数据：机构、需求和案例都是虚构的。");
    return emptyState(t("还没有登记的需求。"), loading);
  }

  private async load(): Promise<void> {
    const query = { limit: N_LATEST };
    await this.latest.ask((signal) => call("GET", "/v1/demands", { query, signal }));
  }

  private try(sample: Sample): void {
    beginWith(sample);
    window.location.hash = "#/post";
  }
}
