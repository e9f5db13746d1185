/** Cases: finished work to learn from, registered and changed by whose work it is. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Application, Case } from "../core/cases";
import { call, type Query } from "../core/http";
import { isInvented } from "../core/invented";
import { t } from "../core/language";
import { may } from "../core/session";
import { momentWords } from "../core/wording";
import { Attempt } from "../ui/attempt";
import "../ui/case-form";
import { stateTag, tagNames } from "../ui/demand-facts";
import "../ui/drawer";
import "../ui/export";
import type { Filter, FilterValues } from "../ui/filter-bar";
import "../ui/filter-bar";
import { emptyState } from "../ui/notices";
import { Paged } from "../ui/paged";
import "../ui/stored-tags";
import { type Context, View } from "../ui/view";

const PUBLISHABLE = new Set(["draft", "reviewed", "hidden"]);

@customElement("nm-cases")
export class Cases extends View {
  @property({ attribute: false }) context!: Context;
  @state() private shown: Case | null = null;
  @state() private written: Case | "new" | null = null;
  private readonly cases = new Paged<Case>(this, "/v1/cases");
  private readonly attempt = new Attempt(this);
  private query: Query = {};

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load({});
  }

  override render(): TemplateResult {
    const { session, catalogue } = this.context;
    const stored = this.written === "new" ? null : this.written;
    return html`
      <nm-filter-bar class="panel" .filters=${this.filters()} @nm-filter=${(event: CustomEvent<FilterValues>) => this.load(event.detail)}></nm-filter-bar>
      <section class="panel" id="cases" aria-label=${t("案例列表")}>
        <div class="panel-tools">
          ${may(session, "export_cases") ? html`<nm-export path="/v1/cases/export" .query=${this.query}></nm-export>` : nothing}
          ${may(session, "create_case") ? html`<button type="button" class="primary" @click=${() => (this.written = "new")}>${t("登记案例")}</button>` : nothing}
        </div>
        ${this.attempt.outcome()}
        ${this.cases.render(
          (rows) => this.table(rows),
          () => this.empty(),
        )}
      </section>
      <nm-drawer .open=${this.shown !== null} heading=${this.shown?.title ?? ""} .content=${() => this.whole()}
        @nm-close=${() => (this.shown = null)}></nm-drawer>
      <nm-drawer .open=${this.written !== null} heading=${stored ? t("修改案例") : t("登记案例")} @nm-close=${() => (this.written = null)}
        .content=${() => html`<nm-case-form .catalogue=${catalogue} .session=${session} .stored=${stored} @nm-saved=${this.saved}></nm-case-form>`}></nm-drawer>
    `;
  }

  private filters(): Filter[] {
    const { catalogue } = this.context;
    return [
      { name: "text", label: t("标题或摘要中的词"), kind: "text" },
      { name: "state", label: t("状态"), kind: "choice", options: catalogue.choices("CaseState") },
      { name: "region", label: t("所在地"), kind: "search", finder: (words) => catalogue.findRegions(words) },
      { name: "scenario", label: t("应用场景"), kind: "search", options: catalogue.scenarios },
      { name: "industry", label: t("产业"), kind: "search", options: catalogue.industries },
    ];
  }

  private async load(query: Query = this.query): Promise<void> {
    this.query = query;
    await this.cases.load({ ...query, limit: 20 });
  }

  private table(rows: Case[]): TemplateResult {
    return html`<table class="rows">
      <caption class="unseen">${t("案例列表")}</caption>
      <thead><tr>
        <th scope="col">${t("标题")}</th><th scope="col">${t("应用场景")}</th><th scope="col">${t("所在地")}</th>
        <th scope="col">${t("完成年份")}</th><th scope="col">${t("状态")}</th><th scope="col">${t("更新时间")}</th>
      </tr></thead>
      <tbody>${rows.map((row) => this.row(row))}</tbody>
    </table>`;
  }

  private row(row: Case): TemplateResult {
    const { catalogue } = this.context;
    return html`<tr>
      <th scope="row" data-name=${t("标题")}>
        <button type="button" class="link" @click=${() => (this.shown = row)}>${row.title}</button>
        ${isInvented(row) ? html`<span class="because">${t("演示")}</span>` : nothing}
      </th>
      <td data-name=${t("应用场景")}>${tagNames(row.tags, "scenario", catalogue) || t("未识别到")}</td>
      <td data-name=${t("所在地")}>${row.region_name ?? t("未说明")}</td>
      <td data-name=${t("完成年份")}>${row.year ?? t("没有填报")}</td>
      <td data-name=${t("状态")}>${stateTag(catalogue, "CaseState", row.state)}</td>
      <td data-name=${t("更新时间")} class="nowrap">${momentWords(row.updated_at)}</td>
    </tr>`;
  }

  /** The whole case, and what can be done with it by whose it is. */
  private whole(): unknown {
    const row = this.shown;
    if (!row) return nothing;
    const { catalogue, session } = this.context;
    const mayTag = row.is_own && may(session, "decide_case_tags");
    const rows: [string, unknown][] = [
      [t("状态"), stateTag(catalogue, "CaseState", row.state)],
      [t("应用场景"), mayTag ? null : tagNames(row.tags, "scenario", catalogue)],
      [t("产业"), mayTag ? null : tagNames(row.tags, "sei2018", catalogue)],
      [t("所在地"), row.region_name],
      [t("完成年份"), row.year],
      [t("服务对象的类型"), row.recipient_type ? catalogue.label("OrganisationType", row.recipient_type) : null],
      [t("成果形式"), row.deliverables.map((code) => catalogue.label("Deliverable", code)).join(t("、"))],
      [t("应用情况"), row.application.length ? html`<ul>${row.application.map((use) => html`<li>${this.use(use)}</li>`)}</ul>` : null],
      [t("报告页数"), row.report_pages],
      [t("数据量（件）"), row.data_volume],
      [t("依据的标准"), row.standard_followed],
      [t("所获奖励"), row.award],
      [t("出处链接"), row.source_url ? html`<a href=${row.source_url} target="_blank" rel="noopener noreferrer">${row.source_url}</a>` : null],
      [t("核验"), row.verified ? t("已核验") : t("未核验，自行填报")],
      [t("可见范围"), catalogue.label("Visibility", row.visibility)],
      [t("更新时间"), momentWords(row.updated_at)],
    ];
    return html`<p class="description">${row.summary}</p>
      <dl class="pairs">${rows.map(([name, value]) => (value ? html`<dt>${name}</dt><dd>${value}</dd>` : nothing))}</dl>
      ${mayTag
        ? html`<nm-stored-tags .catalogue=${catalogue} .row=${row} path="/v1/cases/${row.id}" words=${t("保存标签")} @nm-saved=${() => this.tagged(row)}></nm-stored-tags>`
        : nothing}
      <div class="actions">${row.is_own ? this.steps(row) : nothing}</div>`;
  }

  private use({ form, adopted_by: adopter, date, effect_text: effect }: Application): string {
    return [this.context.catalogue.label("ApplicationForm", form), adopter, date, effect].filter(Boolean).join(t("；"));
  }

  private steps(row: Case): unknown[] {
    const { session } = this.context;
    const change = (): void => {
      this.shown = null;
      this.written = row;
    };
    return [
      may(session, "change_case") ? html`<button type="button" @click=${change}>${t("修改")}</button>` : nothing,
      PUBLISHABLE.has(row.state) && may(session, "publish_case")
        ? html`<button type="button" class="primary" @click=${() => this.take(row, "publish", t("已发布。"))}>${t("发布")}</button>`
        : nothing,
      row.state === "published" && may(session, "withdraw_case")
        ? html`<button type="button" @click=${() => this.take(row, "withdraw", t("已隐藏，再发布即恢复。"))}>${t("隐藏")}</button>`
        : nothing,
      may(session, "delete_case") ? html`<button type="button" @click=${() => this.erase(row)}>${t("删除")}</button>` : nothing,
    ];
  }

  /** Show a case as it is now that its tags are stored. */
  private async tagged({ id }: Case): Promise<void> {
    const stored = await call<Case>("GET", `/v1/cases/${id}`);
    if (this.shown?.id === id) this.shown = stored;
    await this.load();
  }

  private async erase(row: Case): Promise<void> {
    if (!window.confirm(t("删除后不再出现，也不能恢复。确定删除“{title}”吗？", { title: row.title }))) return;
    this.shown = null;
    await this.attempt.make(async () => {
      await call("DELETE", `/v1/cases/${row.id}`);
      return t("已删除。");
    });
    await this.load();
  }

  private async take(row: Case, name: string, said: string): Promise<void> {
    this.shown = null;
    await this.attempt.make(async () => {
      await call("POST", `/v1/cases/${row.id}/${name}`);
      return said;
    });
    await this.load();
  }

  /** Bound: the drawer draws the form, and would be `this` otherwise. */
  private readonly saved = async (event: CustomEvent<string>): Promise<void> => {
    this.written = null;
    await this.attempt.make(() => Promise.resolve(event.detail));
    await this.load();
  };

  private empty(): TemplateResult {
    if (Object.keys(this.query).length) return emptyState(t("没有符合条件的案例。"), t("减少几个条件，或点“重置”看全部。"));
    const mayAdd = may(this.context.session, "create_case");
    return emptyState(
      t("还没有案例。"),
      mayAdd ? t("点“登记案例”，写一件做完的导航和它的用处；已有一批的，用“导入表格”。") : t("服务基地和服务机构登记并发布后，会出现在这里。"),
    );
  }
}
