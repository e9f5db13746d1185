/** Keys for embedding: which sites may show what, the code to paste, what it will look like. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call, Problem } from "../core/http";
import { t } from "../core/language";
import { may } from "../core/session";
import { momentWords } from "../core/wording";
import { Asking } from "../ui/asking";
import "../ui/drawer";
import { emptyState, problemNotice } from "../ui/notices";
import { type Context, View } from "../ui/view";

interface Token {
  id: string;
  token: string;
  name: string;
  origins: string[];
  kinds: string[];
  created_at: string;
  revoked_at: string | null;
}

interface Snippet {
  element: string;
  frame: string;
}

const SORTS = ["latest", "cases", "providers", "demands"];

@customElement("nm-widgets")
export class Widgets extends View {
  @property({ attribute: false }) context!: Context;
  @state() private isAdding = false;
  @state() private problem: Problem | null = null;
  @state() private chosen: Token | null = null;
  @state() private said = "";
  private readonly tokens = new Asking<Token[]>(this);
  private readonly snippet = new Asking<Snippet>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-label=${t("网站嵌入")}>
        <p class="panel-tools"><button type="button" class="primary" @click=${() => (this.isAdding = true)}>${t("签发令牌")}</button></p>
        <p class="hint">${t("令牌写在网页里，是公开的：只能在列出的网站上使用，只看得到公开的内容。")}</p>
        <div role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>
        ${this.tokens.render((tokens) =>
          tokens.length ? this.table(tokens) : emptyState(t("还没有嵌入令牌。"), t("签发后得到一段代码，贴到门户网页里就能显示最新需求、案例或匹配结果。")),
        )}
      </section>
      <nm-drawer heading=${t("签发令牌")} .open=${this.isAdding} .content=${() => this.form()} @nm-close=${() => (this.isAdding = false)}></nm-drawer>
      <nm-drawer wide heading=${t("嵌入代码与预览")} .open=${this.chosen !== null} .content=${() => this.embedding()}
        @nm-close=${() => (this.chosen = null)}></nm-drawer>`;
  }

  private load(): Promise<boolean> {
    return this.tokens.ask((signal) => call("GET", "/v1/widget-tokens", { signal }));
  }

  private table(tokens: Token[]): TemplateResult {
    const hasSnippet = may(this.context.session, "read_widget_snippet");
    return html`<table class="rows">
      <caption class="unseen">${t("嵌入令牌")}</caption>
      <thead><tr>
        <th scope="col">${t("用途")}</th><th scope="col">${t("许可的网站")}</th><th scope="col">${t("显示什么")}</th>
        <th scope="col">${t("签发时间")}</th><th scope="col">${t("状态")}</th><th scope="col">${t("操作")}</th>
      </tr></thead>
      <tbody>
        ${tokens.map(
          (token) => html`<tr>
            <th scope="row" data-name=${t("用途")}>${token.name}</th>
            <td data-name=${t("许可的网站")}>${token.origins.join("、")}</td>
            <td data-name=${t("显示什么")}>${token.kinds.map((kind) => this.context.catalogue.label("WidgetKind", kind)).join("、")}</td>
            <td data-name=${t("签发时间")} class="nowrap">${momentWords(token.created_at)}</td>
            <td data-name=${t("状态")}><span class="state ${token.revoked_at ? "revoked" : "active"}">${token.revoked_at ? t("已撤销") : t("有效")}</span></td>
            <td data-name=${t("操作")}>${token.revoked_at
              ? nothing
              : html`${hasSnippet
                    ? html`<button type="button" class="link" @click=${() => this.show(token, "latest")}>${t("嵌入代码")}<span class="unseen">${token.name}</span></button> `
                    : nothing}
                  <button type="button" class="link" @click=${() => this.revoke(token)}>${t("撤销")}<span class="unseen">${token.name}</span></button>`}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  private form(): TemplateResult {
    const kinds = this.context.catalogue.choices("WidgetKind");
    return html`<form novalidate @submit=${this.add}>
      <div class="field"><label for="token-name">${t("用途")}</label><input id="token-name" name="name" type="text"></div>
      <div class="field"><label for="token-origins">${t("许可的网站，一行一个")}</label>
        <textarea id="token-origins" name="origins" rows="3" placeholder="https://www.example.gov.cn" aria-describedby="token-hint"></textarea>
        <p class="hint" id="token-hint">${t("写到域名和端口为止，不带路径。")}</p></div>
      <fieldset class="checks"><legend>${t("显示什么")}</legend>
        ${kinds.map(({ code, name }) => html`<label class="check"><input type="checkbox" name="kinds" value=${code} checked>${name}</label>`)}
      </fieldset>
      <div class="actions"><button type="submit" class="primary">${t("签发")}</button></div>
      <div role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>
    </form>`;
  }

  private async show(token: Token, sort: string): Promise<void> {
    this.chosen = token;
    this.said = "";
    const query = { token: token.token, sort };
    await this.snippet.ask((signal) => call("GET", "/v1/widget/snippet", { query, signal }));
  }

  private embedding(): TemplateResult {
    const token = this.chosen!;
    return html`<div class="field">
        <label for="snippet-sort">${t("显示什么")}</label>
        <select id="snippet-sort" @change=${(event: Event) => this.show(token, (event.target as HTMLSelectElement).value)}>
          ${SORTS.slice(0, 2).map((sort) => html`<option value=${sort}>${sort === "latest" ? t("最新需求") : t("案例")}</option>`)}
        </select>
      </div>
      ${this.snippet.render(
        (snippet) => html`
          <h3>${t("网页组件")}</h3>
          <p class="hint">${t("贴到网页里要显示的位置。")}</p>
          <pre class="secret" tabindex="0"><code>${snippet.element}</code></pre>
          <button type="button" class="small" @click=${() => this.copy(snippet.element)}>${t("复制")}</button>
          <h3>${t("内嵌框架（网站不许可外来脚本时用）")}</h3>
          <pre class="secret" tabindex="0"><code>${snippet.frame}</code></pre>
          <button type="button" class="small" @click=${() => this.copy(snippet.frame)}>${t("复制")}</button>
          <p role="status">${this.said}</p>
        `,
      )}`;
  }

  private async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.said = t("已复制。");
    } catch {
      this.said = t("浏览器不许可复制，请选中代码后按 Ctrl+C。");
    }
  }

  /** Bound: the drawer draws the form, and would be `this` otherwise. */
  private readonly add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const filled = new FormData(event.target as HTMLFormElement);
    const lines = String(filled.get("origins")).split(/\s+/);
    const body = {
      name: String(filled.get("name")).trim(),
      origins: lines.filter(Boolean),
      kinds: filled.getAll("kinds"),
    };
    await this.attempt(async () => {
      await call("POST", "/v1/widget-tokens", { body });
      this.isAdding = false;
    });
  };

  private async revoke(token: Token): Promise<void> {
    if (!window.confirm(t("撤销后立即无效，不能恢复。确定撤销“{name}”吗？", { name: token.name }))) return;
    await this.attempt(() => call("DELETE", `/v1/widget-tokens/${token.id}`));
  }

  private async attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
      this.problem = null;
      await this.load();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    }
  }
}
