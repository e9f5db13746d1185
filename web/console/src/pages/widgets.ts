/** Keys for embedding: which sites may show what, and the code to paste. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { copy } from "../core/copying";
import { call, Problem, type Query, searchOf } from "../core/http";
import { t } from "../core/language";
import { may } from "../core/session";
import { momentWords } from "../core/wording";
import { Asking } from "../ui/asking";
import { Paged } from "../ui/paged";
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
  html: string;
  frame_html: string;
  autosize_html: string;
  policy: string[];
  frame_policy: string[];
}

/** What an element shows: the kind a token must allow, and the record it is shown for. */
interface Sort {
  name: string;
  kind: string;
  label: string;
  about?: { parameter: string; label: string; example: string };
}

function sorts(): Sort[] {
  return [
    { name: "latest", kind: "demands", label: t("最新需求") },
    { name: "cases", kind: "cases", label: t("案例") },
    {
      name: "providers",
      kind: "providers",
      label: t("推荐的服务机构"),
      about: { parameter: "demand", label: t("给哪条需求推荐（公开需求的编号）"), example: "dm_…" },
    },
    {
      name: "demands",
      kind: "demands",
      label: t("推荐的需求"),
      about: { parameter: "provider", label: t("给哪家机构推荐（公开机构的编号）"), example: "pv_…" },
    },
  ];
}

@customElement("nm-widgets")
export class Widgets extends View {
  @property({ attribute: false }) context!: Context;
  @state() private isAdding = false;
  @state() private problem: Problem | null = null;
  @state() private chosen: Token | null = null;
  @state() private sort: Sort | null = null;
  @state() private said = "";
  /** Address of the page that a site would frame. */
  private framed = "";
  private readonly tokens = new Paged<Token>(this, "/v1/widget-tokens");
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
        ${this.tokens.render(
          (tokens) => this.table(tokens),
          () => emptyState(t("还没有嵌入令牌。"), t("签发后得到一段代码，贴到门户网页里就能显示最新需求、案例或匹配结果。")),
        )}
      </section>
      <nm-drawer heading=${t("签发令牌")} .open=${this.isAdding} .content=${() => this.form()} @nm-close=${() => (this.isAdding = false)}></nm-drawer>
      <nm-drawer wide heading=${t("嵌入代码")} .open=${this.chosen !== null} .content=${() => this.embedding()}
        @nm-close=${() => (this.chosen = null)}></nm-drawer>`;
  }

  private load(): Promise<void> {
    return this.tokens.load();
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
            <td data-name=${t("许可的网站")}>${token.origins.join(t("、"))}</td>
            <td data-name=${t("显示什么")}>${token.kinds.map((kind) => this.context.catalogue.label("WidgetKind", kind)).join(t("、"))}</td>
            <td data-name=${t("签发时间")} class="nowrap">${momentWords(token.created_at)}</td>
            <td data-name=${t("状态")}><span class="state ${token.revoked_at ? "revoked" : "active"}">${token.revoked_at ? t("已撤销") : t("有效")}</span></td>
            <td data-name=${t("操作")}>${token.revoked_at
              ? nothing
              : html`${hasSnippet
                    ? html`<button type="button" class="link" @click=${() => this.open(token)}>${t("嵌入代码")}<span class="unseen">${token.name}</span></button> `
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

  private open(token: Token): void {
    this.chosen = token;
    this.pick(this.sortsOf(token)[0] ?? null);
  }

  /** What the token allows to be shown. */
  private sortsOf(token: Token): Sort[] {
    return sorts().filter(({ kind }) => token.kinds.includes(kind));
  }

  /** Show the code of a sort; one about a record waits for its number. */
  private pick(sort: Sort | null): void {
    this.sort = sort;
    this.said = "";
    this.snippet.forget();
    if (sort && !sort.about) void this.ask({ kind: sort.name });
  }

  private async ask(query: Query): Promise<void> {
    const path = `/v1/widget-tokens/${this.chosen!.id}/snippet`;
    this.framed = `v1/widget/frame${searchOf({ ...query, token: this.chosen!.token })}`;
    await this.snippet.ask((signal) => call("GET", path, { query, signal }));
  }

  private embedding(): TemplateResult {
    const offered = this.sortsOf(this.chosen!);
    return html`<div class="field">
        <label for="snippet-sort">${t("显示什么")}</label>
        <select id="snippet-sort" @change=${(event: Event) => this.pick(offered[(event.target as HTMLSelectElement).selectedIndex]!)}>
          ${offered.map((sort) => html`<option ?selected=${sort.name === this.sort?.name}>${sort.label}</option>`)}
        </select>
      </div>
      ${this.sort?.about ? this.record(this.sort) : nothing}
      ${this.snippet.render((snippet) => this.code(snippet))}`;
  }

  private record({ name, about }: Sort): TemplateResult {
    const { parameter, label, example } = about!;
    const asked = (event: Event): void => {
      const value = (event.target as HTMLInputElement).value.trim();
      if (value) void this.ask({ kind: name, [parameter]: value });
    };
    return html`<div class="field">
      <label for="snippet-about">${label}</label>
      <input id="snippet-about" type="text" placeholder=${example} aria-describedby="snippet-hint" @change=${asked}>
      <p class="hint" id="snippet-hint">${t("填好编号，这里给出代码。")}</p>
    </div>`;
  }

  private code(snippet: Snippet): TemplateResult {
    return html`<div class="embedding">
      <h3>${t("预览")}</h3>
      <p class="hint">${t("网站上看到的就是这样；只有可见范围为“公开”的内容，没有就说没有；登记时不指定的是“平台内可见”。颜色、圆角可以由网站改。")}</p>
      <iframe class="preview" title=${t("预览：{label}", { label: this.sort!.label })} src=${this.framed}></iframe>
      <h3>${t("网页组件")}</h3>
      <p class="hint">${t("贴到网页里要显示的位置。")}</p>
      ${this.copied(snippet.html, t("复制网页组件的代码"))}
      ${this.allowing(snippet.policy)}
      <h3>${t("内嵌框架（网站不许可外来脚本时用）")}</h3>
      ${this.copied(snippet.frame_html, t("复制内嵌框架的代码"))}
      ${this.allowing(snippet.frame_policy)}
      <p class="hint">${t("框架的高度固定；要随内容调整，再贴上这一段脚本：")}</p>
      ${this.copied(snippet.autosize_html, t("复制调整高度的脚本"))}
      <p role="status">${this.said}</p>
    </div>`;
  }

  private copied(text: string, label: string): TemplateResult {
    return html`<pre class="secret" tabindex="0"><code>${text}</code></pre>
      <button type="button" class="small" @click=${() => this.copy(text)}>${label}</button>`;
  }

  /** What the site has to allow, if it has a policy at all. */
  private allowing(policy: string[]): TemplateResult {
    return html`<p class="hint">${t("网站设了内容安全策略（CSP）的，要许可：")}</p>
      <ul class="points">${policy.map((line) => html`<li><code>${line}</code></li>`)}</ul>`;
  }

  private async copy(text: string): Promise<void> {
    this.said = await copy(text);
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
