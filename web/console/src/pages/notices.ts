/** What an organisation was told: the newest first, unread ones marked. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { Problem } from "../core/http";
import { t } from "../core/language";
import { markRead, type Notification } from "../core/unread";
import { momentWords } from "../core/wording";
import { emptyState } from "../ui/notices";
import { Paged } from "../ui/paged";
import { type Context, View } from "../ui/view";

@customElement("nm-notices")
export class Notices extends View {
  @property({ attribute: false }) context!: Context;
  private readonly notices = new Paged<Notification>(this, "/v1/notifications");

  override connectedCallback(): void {
    super.connectedCallback();
    void this.notices.load({ limit: 20 });
  }

  override render(): TemplateResult {
    const isUnread = this.notices.rows.some(({ read_at }) => !read_at);
    return html`<section class="panel" aria-label=${t("通知")}>
      ${isUnread
        ? html`<p class="panel-tools"><button type="button" class="small" @click=${this.readAll}>${t("全部标为已读")}</button></p>`
        : nothing}
      ${this.notices.render(
        (rows) => html`<ul class="lines">${rows.map((notice) => this.line(notice))}</ul>`,
        () => emptyState(t("还没有通知。"), t("有邀请、意向、提问和答复，订阅有新结果时会出现在这里。在“我的账号”里还可以设成发邮件。")),
      )}
    </section>`;
  }

  private line(notice: Notification): TemplateResult {
    const href = hrefOf(notice);
    const text = href ? html`<a href=${href} @click=${() => this.seen(notice)}>${notice.text}</a>` : notice.text;
    return html`<li class=${notice.read_at ? "" : "unread"}>
      <span>${notice.read_at ? nothing : html`<span class="state active">${t("未读")}</span> `}${text}</span>
      <span class="hint">${t(notice.kind_label)}　${momentWords(notice.created_at)}</span>
    </li>`;
  }

  private async readAll(): Promise<void> {
    await markRead();
    await this.notices.load();
  }

  /** What a notice speaks of is opened: it counts as read; should saying so fail, it stays unread. */
  private async seen({ id, read_at: readAt }: Notification): Promise<void> {
    if (readAt) return;
    try {
      await markRead([id]);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }
}

/** Where what a notice speaks of is to be seen; empty for nowhere. */
function hrefOf({ interaction_id: dealing, demand_id: demand, subscription_id: subscription }: Notification): string {
  if (dealing) return `#/dealings/${dealing}`;
  if (demand) return `#/demands/${demand}`;
  return subscription ? `#/subscriptions/${subscription}` : "";
}
