/** The audit log: who did what to what, when, with which result. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { actors } from "../core/actors";
import type { Option } from "../core/catalogue";
import { call } from "../core/http";
import { t } from "../core/language";
import { isRowId } from "../core/row-id";
import type { Page } from "../core/types";
import { momentWords } from "../core/wording";
import { Asking } from "../ui/asking";
import { ranked } from "../ui/combobox";
import type { Filter, FilterValues } from "../ui/filter-bar";
import "../ui/filter-bar";
import { emptyState } from "../ui/notices";
import { type Context, View } from "../ui/view";

interface Entry {
  seq: number;
  at: string;
  actor: string | null;
  actor_name: string | null;
  role: string;
  act: string;
  action: string;
  entity: string | null;
  entity_id: string | null;
  detail: string | null;
  result: string;
  client: string | null;
  request_id: string | null;
}

const PAGE_SIZE = 30;
/** Kinds of records the vocabularies have no name for. */
const ENTITIES: Record<string, string> = {
  audit: "审计记录",
  person: "账号",
  api_key: "密钥",
  widget_token: "嵌入令牌",
  interaction: "对接",
  invitation: "邀请",
  contact: "联系人",
  notification: "通知",
  subscription: "订阅",
  webhook: "回调",
  mailbox: "邮箱",
  import: "导入的表格",
  taxonomy: "场景分类",
  retagging: "重新标注",
};

@customElement("nm-audit")
export class Audit extends View {
  @property({ attribute: false }) context!: Context;
  private readonly page = new Asking<Page<Entry>>(this);
  /** Who may have acted; asked for when somebody is first looked for by name, then kept. */
  private readonly actors = new Asking<Option[]>(this);
  private naming: Promise<boolean> | null = null;
  private entries: Entry[] = [];
  /** What the list is narrowed to. */
  @state() private values: FilterValues = {};
  /** Whom it is narrowed to, by name. */
  @state() private chosen: { actor?: Option } = {};

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load({});
  }

  override render(): TemplateResult {
    return html`
      <nm-filter-bar class="panel" .filters=${this.filters()} .values=${this.values} .chosen=${this.chosen}
        @nm-filter=${(event: CustomEvent<FilterValues>) => this.load(event.detail)}></nm-filter-bar>
      <section class="panel" aria-label=${t("审计日志")}>
        <p class="hint">${t("记录只增不改，前后相连；查看本身也记入。时间为北京时间，来源地址除本机外抹去末段。点姓名，只看这一位做的；点记录的编号，只看这条记录的。")}</p>
        ${this.page.render((page) =>
          this.entries.length
            ? html`${this.table()}${page.items.length === PAGE_SIZE
                ? html`<button type="button" class="more" @click=${this.more}>${t("显示更多")}</button>`
                : ""}`
            : emptyState(t("没有符合条件的记录。"), t("减少几个条件，或点“重置”看全部。")),
        )}
      </section>
    `;
  }

  private filters(): Filter[] {
    const { catalogue } = this.context;
    return [
      { name: "actor", label: t("谁（姓名或密钥的用途）"), kind: "search", finder: this.findActors, typed: whoever },
      { name: "entity_id", label: t("对哪条记录（编号）"), kind: "text" },
      { name: "action", label: t("做了什么"), kind: "choice", options: catalogue.choices("AuditAction") },
      { name: "result", label: t("结果"), kind: "choice", options: catalogue.choices("AuditResult") },
    ];
  }

  private async load(values: FilterValues, actor?: Option): Promise<void> {
    const { actor: code = "" } = values;
    const known = [actor, this.chosen.actor, ...(this.actors.answer ?? []), whoever(code)];
    this.chosen = { actor: known.find((option) => option?.code === code) };
    this.values = values;
    await this.ask(null);
  }

  private readonly findActors = async (words: string): Promise<Option[]> => {
    if (!this.actors.answer) {
      this.naming ??= this.actors.ask(actors);
      await this.naming;
      this.naming = null;
    }
    if (this.actors.problem) throw this.actors.problem;
    return ranked(this.actors.answer ?? [], words);
  };

  /** A part of an entry that narrows the list to the entries that have it too. */
  private narrowing(words: string, name: "actor" | "entity_id", code: string | null, actor?: Option): TemplateResult {
    if (!code || !isRowId(code)) return html`${words}`;
    return html`<button type="button" class="link" title=${t("只看它的记录")} @click=${() => this.load({ ...this.values, [name]: code }, actor)}>${words}</button>`;
  }

  private more(): void {
    void this.ask(this.entries[this.entries.length - 1]?.seq ?? null);
  }

  private async ask(before: number | null): Promise<void> {
    const query = { ...this.values, before, limit: PAGE_SIZE };
    await this.page.ask(async (signal) => {
      const page = await call<Page<Entry>>("GET", "/v1/audit", { query, signal });
      this.entries = before ? [...this.entries, ...page.items] : page.items;
      return page;
    });
  }

  private table(): TemplateResult {
    const { catalogue } = this.context;
    return html`<table class="rows">
      <caption class="unseen">${t("审计日志")}</caption>
      <thead><tr>
        <th scope="col">${t("时间")}</th><th scope="col">${t("谁")}</th><th scope="col">${t("做了什么")}</th>
        <th scope="col">${t("对哪条记录")}</th><th scope="col">${t("结果")}</th><th scope="col">${t("来源地址")}</th>
      </tr></thead>
      <tbody>
        ${this.entries.map(
          (entry) => html`<tr>
            <th scope="row" data-name=${t("时间")} class="nowrap">${momentWords(entry.at)}</th>
            <td data-name=${t("谁")}>${this.who(entry)}</td>
            <td data-name=${t("做了什么")}><span title=${entry.act}>${catalogue.label("AuditAction", entry.action)}</span>${because(entry.detail ?? unnamed(entry))}</td>
            <td data-name=${t("对哪条记录")}>${this.kind(entry.entity)}${because(entry.entity_id && this.narrowing(entry.entity_id, "entity_id", entry.entity_id))}</td>
            <td data-name=${t("结果")}><span class="state ${entry.result === "done" ? "active" : "rejected"}">${catalogue.label("AuditResult", entry.result)}</span></td>
            <td data-name=${t("来源地址")} class="nowrap">${entry.client ?? ""}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  /** By name where it is still known, else by role; the id is small below. */
  private who({ actor, actor_name: name, role }: Entry): TemplateResult {
    const words = this.context.catalogue.label("Role", role);
    const narrowed = actor ? { code: actor, name: name ?? actor } : undefined;
    return html`${this.narrowing(name ?? words, "actor", actor, narrowed)}${because(name ? words : null)}${because(actor)}`;
  }

  private kind(entity: string | null): string {
    if (!entity) return "";
    return ENTITIES[entity] ? t(ENTITIES[entity]) : this.context.catalogue.label("Entity", entity);
  }
}

/** Somebody by id: those who were erased are on no list any more. */
function whoever(words: string): Option | undefined {
  return isRowId(words) ? { code: words, name: words } : undefined;
}

/** The operation by its name, where only that tells what was asked: of a refusal there is no record. */
function unnamed({ act, result }: Entry): string | null {
  return result === "done" ? null : t("操作：{name}", { name: act });
}

function because(words: string | TemplateResult | null): TemplateResult | typeof nothing {
  return words ? html`<span class="because">${words}</span>` : nothing;
}
