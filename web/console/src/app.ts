/** The frame: who is signed in, the menu of their role, the page the address names. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { Catalogue, TAXONOMY_CHANGED } from "./core/catalogue";
import { Problem, SIGNED_OUT } from "./core/http";
import { choose, currentLanguage, LANGUAGE_CHANGED, t } from "./core/language";
import { pathOf, ROUTES, type Route, routeOf } from "./core/routes";
import { may, present, signOut } from "./core/session";
import type { Session } from "./core/types";
import { countUnread, UNREAD_CHANGED } from "./core/unread";
import { noteVisit } from "./core/visited";
import { bracketed } from "./core/wording";
import "./pages/sign-in";
import { problemNotice } from "./ui/notices";
import { View } from "./ui/view";

@customElement("nm-app")
export class App extends View {
  @state() private session: Session | null = null;
  @state() private catalogue: Catalogue | null = null;
  @state() private problem: Problem | null = null;
  @state() private isKnown = false;
  @state() private isMenuOpen = false;
  /** Notifications not read yet; null while nobody knows. */
  @state() private nUnread: number | null = null;
  @state() private address = window.location.hash.slice(1);

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", () => this.moved());
    window.addEventListener(SIGNED_OUT, () => {
      this.session = null;
    });
    window.addEventListener(UNREAD_CHANGED, (event) => {
      this.nUnread = (event as CustomEvent<number>).detail;
    });
    window.addEventListener(LANGUAGE_CHANGED, () => this.name());
    window.addEventListener(TAXONOMY_CHANGED, () => void this.learn());
    void this.begin();
  }

  override render(): TemplateResult {
    return html`
      <a class="skip" href="#content" @click=${this.skip}>${t("跳到正文")}</a>
      ${this.bar()}
      ${this.gate()}
      ${this.catalogue ? this.frame(this.catalogue) : nothing}
    `;
  }

  /** Find out who is there, then load the vocabularies: without them there is nothing to choose. */
  private async begin(): Promise<void> {
    this.problem = null;
    try {
      if (!this.session) this.session = await present();
      if (this.mayWork && !this.catalogue) this.catalogue = await Catalogue.load();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    }
    this.isKnown = true;
    this.name();
    this.count();
  }

  /** Ask how many notifications wait; they come in at any time, so each page asks anew. */
  private count(): void {
    if (this.mayWork && may(this.session, "list_notifications")) void countUnread();
  }

  /** Load the vocabularies anew; until then, or should it fail, those at hand serve. */
  private async learn(): Promise<void> {
    try {
      this.catalogue = await Catalogue.load();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }

  private get mayWork(): boolean {
    return Boolean(this.session && !this.session.must_change_password);
  }

  private bar(): TemplateResult {
    const other = currentLanguage() === "en" ? "zh-CN" : "en";
    return html`<header class="bar">
      ${this.mayWork
        ? html`<button type="button" class="menu-button" aria-expanded=${this.isMenuOpen ? "true" : "false"}
            aria-controls="menu" @click=${() => (this.isMenuOpen = !this.isMenuOpen)}>${t("菜单")}</button>`
        : nothing}
      <p class="brand">${t("专利导航需求匹配")}</p>
      ${this.session?.has_demo_data ? html`<p class="invented">${t("载有演示数据：机构、需求和案例均为虚构。")}</p>` : nothing}
      <div class="bar-tools">
        <button type="button" class="small plain" lang=${other} @click=${() => choose(other)}>
          ${other === "en" ? "English" : "中文"}
        </button>
        ${this.session ? this.person(this.session) : nothing}
      </div>
    </header>`;
  }

  private person(session: Session): TemplateResult {
    const of = session.organisation_name ? `　${session.organisation_name}` : "";
    return html`${this.waiting(session)}<a href="#/account" id="who">${session.name || session.login}${bracketed(t(session.role_label))}${of}</a>
      <button type="button" class="small" @click=${this.leave}>${t("退出登录")}</button>`;
  }

  /** How many notifications wait, on every page. */
  private waiting(session: Session): TemplateResult | typeof nothing {
    if (!may(session, "list_notifications") || this.nUnread === null) return nothing;
    const words = this.nUnread ? t("通知，{n} 条未读", { n: this.nUnread }) : t("通知，没有未读");
    const most = this.nUnread > 99 ? "99+" : this.nUnread;
    return html`<a href="#/notices" id="waiting" aria-label=${words}>${t("通知")}${this.nUnread ? html` <span class="badge">${most}</span>` : nothing}</a>`;
  }

  private gate(): TemplateResult | typeof nothing {
    if (this.problem) {
      return html`<div class="gate panel">${problemNotice(this.problem, () => void this.begin())}</div>`;
    }
    if (!this.isKnown) return html`<p class="gate loading">${t("正在载入……")}</p>`;
    if (this.mayWork) return nothing;
    return html`<main class="gate" id="content" tabindex="-1">
      <nm-sign-in .session=${this.session} @nm-session=${this.entered}></nm-sign-in>
    </main>`;
  }

  /** Menu and page; they stay, out of sight, while somebody signs in again. */
  private frame(catalogue: Catalogue): TemplateResult {
    const { session } = this;
    return html`<div class="frame" ?hidden=${!this.mayWork}>
      <nav id="menu" class=${this.isMenuOpen ? "menu open" : "menu"} aria-label=${t("主菜单")}>
        ${session ? this.menu(session) : nothing}
      </nav>
      ${this.page(catalogue)}
    </div>`;
  }

  private menu(session: Session): unknown[] {
    const shown = ROUTES.filter(({ group, isFor }) => group && isFor(session));
    const groups = Array.from(new Set(shown.map(({ group }) => group!)));
    const rows = groups.map(
      (group) => html`<h2>${t(group)}</h2>
        <ul>${shown.filter((route) => route.group === group).map((route) => this.entry(route))}</ul>`,
    );
    return [...rows, html`<ul class="apart"><li><a href="docs" target="_blank" rel="noopener">${t("接口文档")}<span class="unseen">${t("（在新页打开）")}</span></a></li></ul>`];
  }

  private entry(route: Route): TemplateResult {
    const path = pathOf(this.address);
    const isHere = path === route.path || path.startsWith(`${route.path}/`);
    return html`<li><a href="#${route.path}" aria-current=${isHere ? "page" : nothing}
      @click=${() => (this.isMenuOpen = false)}>${t(route.title)}</a></li>`;
  }

  private lastSession: Session | null = null;

  private page(catalogue: Catalogue): TemplateResult {
    this.lastSession = this.session ?? this.lastSession;
    const found = routeOf(this.address);
    const session = this.lastSession!;
    if (!found || !found.route.isFor(session)) {
      return html`<main id="content" tabindex="-1" class="panel">
        <h1>${t("没有这一页")}</h1>
        <p>${t("地址不对，或您的角色用不到这一页。")}<a href="#/start">${t("回到开始页")}</a></p>
      </main>`;
    }
    const context = { session, catalogue };
    return html`<main id="content" tabindex="-1" @nm-session=${this.entered}>
      <h1>${t(found.route.title)}</h1>
      ${found.route.draw(context, found.id, found.search)}
    </main>`;
  }

  private async entered(event: CustomEvent<Session>): Promise<void> {
    this.session = event.detail;
    await this.begin();
  }

  private async leave(): Promise<void> {
    await signOut();
    window.location.assign(window.location.pathname); // nothing of the last person stays behind
  }

  /** Another page: its name is read out, the focus is at its beginning. Other conditions leave the focus. */
  private async moved(): Promise<void> {
    const address = window.location.hash.slice(1);
    if (!address.startsWith("/") && address) return;
    const isSamePage = pathOf(address) === pathOf(this.address);
    this.address = address;
    this.isMenuOpen = false;
    this.name();
    this.count();
    if (isSamePage) return;
    await this.updateComplete;
    if (this.mayWork) this.find("#content")?.focus();
    window.scrollTo(0, 0);
  }

  private name(): void {
    if (this.mayWork && !this.address) this.address = "/start";
    const found = this.mayWork ? routeOf(this.address) : null;
    if (found) noteVisit(this.session?.login ?? "", found.route.path);
    const page = found ? `${t(found.route.title)} - ` : "";
    document.title = page + t("专利导航需求匹配");
  }

  /** The address names the page, so the way past the menu must not change it. */
  private skip(event: Event): void {
    event.preventDefault();
    this.find("#content")?.focus();
  }
}
