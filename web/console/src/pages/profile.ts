/** A provider's own page: its facts and its capabilities, with advice on their wording. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call, Problem } from "../core/http";
import { t } from "../core/language";
import { ownProvider } from "../core/own-provider";
import { may } from "../core/session";
import type { Capability, Provider } from "../core/types";
import { money } from "../core/wording";
import { Asking } from "../ui/asking";
import "../ui/capability-form";
import "../ui/contact";
import { stateTag, tagNames } from "../ui/demand-facts";
import "../ui/drawer";
import { emptyState, problemNotice } from "../ui/notices";
import "../ui/provider-form";
import { servedName } from "../ui/served";
import { type Context, View } from "../ui/view";

interface Own {
  provider: Provider | null;
  /** Names of where it works. */
  served: string[];
  capabilities: Capability[];
}

@customElement("nm-profile")
export class Profile extends View {
  @property({ attribute: false }) context!: Context;
  @state() private edited: Capability | "new" | null = null;
  @state() private isEditingFacts = false;
  @state() private said = "";
  @state() private problem: Problem | null = null;
  private readonly own = new Asking<Own>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  override render(): TemplateResult {
    return html`<p class="status" role="status">${this.said}</p>
      <div role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>
      ${this.own.render(({ provider, served, capabilities }) => (provider ? this.shown(provider, served, capabilities) : this.nobody()))}`;
  }

  private async load(): Promise<void> {
    await this.own.ask(async (signal) => {
      const provider = await ownProvider(this.context.session, signal);
      const path = `/v1/providers/${provider?.id}/capabilities`;
      const served = provider ? await Promise.all(provider.service_regions.map((code) => servedName(code, this.context.catalogue))) : [];
      return { provider, served, capabilities: provider ? await call<Capability[]>("GET", path, { signal }) : [] };
    });
  }

  private nobody(): TemplateResult {
    const mayLeave = may(this.context.session, "create_provider");
    return html`<section class="panel">
      ${emptyState(
        t("贵单位还没有登记为服务机构。"),
        mayLeave ? t("填写下面几项即可登记；其余事实可以之后补充。") : t("请贵单位的管理员登录后登记。"),
      )}
      ${mayLeave
        ? html`<nm-provider-form .catalogue=${this.context.catalogue} .session=${this.context.session} @nm-saved=${this.saved}></nm-provider-form>`
        : nothing}
    </section>`;
  }

  private shown(provider: Provider, served: string[], capabilities: Capability[]): TemplateResult {
    const { session } = this.context;
    return html`
      <section class="panel" aria-labelledby="provider-title">
        ${may(session, "change_provider")
          ? html`<p class="panel-tools"><button type="button" class="small" @click=${() => (this.isEditingFacts = true)}>${t("修改")}</button></p>`
          : nothing}
        <h2 id="provider-title">${provider.name}</h2>
        ${this.facts(provider, served)}
        ${may(session, "set_contact") ? html`<nm-contact-form row-id=${provider.id}></nm-contact-form>` : nothing}
      </section>
      <section class="panel" aria-labelledby="capabilities-title">
        ${may(session, "create_capability")
          ? html`<p class="panel-tools"><button type="button" class="primary" @click=${() => (this.edited = "new")}>${t("登记一项能力")}</button></p>`
          : nothing}
        <h2 id="capabilities-title">${t("能力（{n} 项）", { n: capabilities.length })}</h2>
        ${capabilities.length ? this.table(capabilities) : emptyState(t("还没有登记能力。"), t("匹配以能力为单位：一项能力写一类服务，写清对象、方法和交付的成果。"))}
      </section>
      <nm-drawer heading=${this.edited === "new" ? t("登记一项能力") : t("修改能力")} .open=${this.edited !== null}
        .content=${() => this.form(provider)} @nm-close=${() => (this.edited = null)}></nm-drawer>
      <nm-drawer heading=${t("修改机构信息")} .open=${this.isEditingFacts} @nm-close=${() => (this.isEditingFacts = false)}
        .content=${() => html`<nm-provider-form .catalogue=${this.context.catalogue} .session=${session} .provider=${provider} @nm-saved=${this.saved}></nm-provider-form>`}></nm-drawer>
    `;
  }

  private facts(provider: Provider, served: string[]): TemplateResult {
    const { catalogue } = this.context;
    const yes = (value: boolean | null): string => (value === null ? unknown() : value ? t("是") : t("否"));
    const number = (value: number | null | undefined): string => (value ?? null) === null ? unknown() : String(value);
    const { preferences } = provider;
    const credentials = provider.credentials.map(({ type, verified_at }) =>
      `${catalogue.label("CredentialType", type)}${verified_at ? "" : t("（自行填报）")}`,
    );
    const rows: [string, unknown][] = [
      [t("状态"), stateTag(catalogue, "ProviderState", provider.state)],
      [t("类型"), catalogue.label("OrganisationType", provider.org_type)],
      [t("所在地"), provider.region_name ?? unknown()],
      [t("服务区域"), served.join(t("、")) || unknown()],
      [t("团队总人数"), number(provider.team?.total)],
      [t("三年以上分析人员"), number(provider.analysts_stability_3y)],
      [t("还可承接的项目"), number(provider.capacity?.open_slots)],
      [t("最低承接金额"), (preferences?.budget_min_fen ?? null) === null ? unknown() : money(preferences!.budget_min_fen!)],
      [t("最短承接周期"), (preferences?.period_min_days ?? null) === null ? unknown() : t("{n} 天", { n: preferences!.period_min_days! })],
      [t("能作保密承诺"), yes(provider.nda_ready)],
      [t("能驻场或本地部署"), yes(provider.on_prem_ok)],
      [t("资质"), credentials.join(t("、")) || unknown()],
    ];
    return html`${provider.intro ? html`<p class="description">${provider.intro}</p>` : nothing}
      <dl class="pairs">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
      <p class="hint">${t("没有填报的事不当作满足，匹配时标为“待核实”；补上就能核对。")}</p>`;
  }

  private table(capabilities: Capability[]): TemplateResult {
    return html`<table class="rows">
      <caption class="unseen">${t("能力")}</caption>
      <thead>
        <tr><th scope="col">${t("标题")}</th><th scope="col">${t("应用场景")}</th><th scope="col">${t("产业")}</th>
          <th scope="col">${t("通常工期")}</th><th scope="col">${t("可见范围")}</th><th scope="col">${t("依据的程度")}</th><th scope="col">${t("操作")}</th></tr>
      </thead>
      <tbody>
        ${capabilities.map(
          (capability) => html`<tr>
            <th scope="row" data-name=${t("标题")}>${capability.title}</th>
            <td data-name=${t("应用场景")}>${tagNames(capability.tags, "scenario", this.context.catalogue) || t("未识别到")}</td>
            <td data-name=${t("产业")}>${tagNames(capability.tags, "sei2018", this.context.catalogue) || t("未识别到")}</td>
            <td data-name=${t("通常工期")} class="nowrap">${daysWords(capability)}</td>
            <td data-name=${t("可见范围")}>${this.context.catalogue.label("Visibility", capability.visibility)}</td>
            <td data-name=${t("依据的程度")}>${this.context.catalogue.label("EvidenceLevel", capability.evidence_level)}</td>
            <td data-name=${t("操作")}><button type="button" class="link" @click=${() => (this.edited = capability)}>
              ${t("查看与修改")}<span class="unseen">${capability.title}</span></button></td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  private form(provider: Provider): unknown {
    const capability = this.edited === "new" ? null : this.edited;
    return html`<nm-capability-form .catalogue=${this.context.catalogue} .provider=${provider} .capability=${capability}
      @nm-saved=${this.saved}></nm-capability-form>`;
  }

  /** Bound: the drawer draws the form, and would be `this` otherwise. */
  private readonly saved = async (): Promise<void> => {
    this.edited = null;
    this.isEditingFacts = false;
    this.said = t("已保存，匹配随即更新。");
    await this.load();
  };
}

function daysWords({ typical_days: { min, max } }: Capability): string {
  if (min !== null && max !== null) return min === max ? t("{n} 天", { n: min }) : t("{least} 至 {most} 天", { least: min, most: max });
  if (min !== null) return t("{least} 天以上", { least: min });
  return max === null ? unknown() : t("不超过 {most} 天", { most: max });
}

function unknown(): string {
  return t("没有填报");
}
