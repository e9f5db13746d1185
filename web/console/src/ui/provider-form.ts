/** The facts of a provider, to be registered or changed. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Catalogue, Option } from "../core/catalogue";
import { call, Problem } from "../core/http";
import { t } from "../core/language";
import type { Provider, Session } from "../core/types";
import "./combobox";
import type { Credentials } from "./credentials";
import "./credentials";
import { problemNotice } from "./notices";
import type { Served } from "./served";
import "./served";
import { View } from "./view";

const FEN_PER_WAN = 1_000_000;
/** Nothing stored yet; the same each time, so that drawing again forgets nothing. */
const NONE: never[] = [];

/** Tells `nm-saved` once they are stored. */
@customElement("nm-provider-form")
export class ProviderForm extends View {
  @property({ attribute: false }) catalogue!: Catalogue;
  @property({ attribute: false }) session!: Session;
  /** What is changed; null to register one. */
  @property({ attribute: false }) provider: Provider | null = null;
  @state() private problem: Problem | null = null;
  private region: Option | null = null;

  override render(): TemplateResult {
    const { provider } = this;
    const known = provider?.region_code ? { code: provider.region_code, name: provider.region_name ?? "" } : null;
    return html`<form class="narrow" novalidate @submit=${this.save}>
      <div class="field">
        <label for="provider-name">${t("机构名称")}<span class="must">${t("（必填）")}</span></label>
        <input id="provider-name" name="name" type="text" .value=${provider?.name ?? this.session.organisation_name ?? ""}>
      </div>
      <div class="field">
        <label for="provider-type">${t("类型")}</label>
        <select id="provider-type" name="org_type">
          ${this.catalogue.choices("OrganisationType").map(
            ({ code, name }) => html`<option value=${code} ?selected=${code === (provider?.org_type ?? "agency")}>${name}</option>`,
          )}
        </select>
      </div>
      <div class="field">
        <label for="provider-region">${t("所在地")}</label>
        <nm-combobox input-id="provider-region" keeps .finder=${(words: string) => this.catalogue.findRegions(words)}
          .chosen=${this.region ?? known} @nm-choose=${(event: CustomEvent<Option | null>) => (this.region = event.detail)}></nm-combobox>
      </div>
      <div class="field">
        <label for="provider-intro">${t("机构介绍")}</label>
        <textarea id="provider-intro" name="intro" rows="5" .value=${provider?.intro ?? ""}></textarea>
      </div>
      ${this.number("team", t("团队总人数"), provider?.team?.total)}
      ${this.number("analysts", t("三年以上分析人员"), provider?.analysts_stability_3y)}
      ${this.number("slots", t("还可承接的项目"), provider?.capacity?.open_slots)}
      ${this.number("least_money", t("最低承接金额（万元）"), inWan(provider?.preferences?.budget_min_fen), t("预算比它低的需求，匹配结果里会写明；不填就不提。"))}
      ${this.number("least_days", t("最短承接周期（天）"), provider?.preferences?.period_min_days)}
      <nm-served .catalogue=${this.catalogue} .stored=${provider?.service_regions ?? NONE}></nm-served>
      <nm-credentials .catalogue=${this.catalogue} .stored=${provider?.credentials ?? NONE}></nm-credentials>
      ${this.answer("nda_ready", t("能作保密承诺"), provider?.nda_ready)}
      ${this.answer("on_prem_ok", t("能驻场或本地部署"), provider?.on_prem_ok)}
      <div class="actions"><button type="submit" class="primary">${t("保存")}</button></div>
      <div role="alert">${this.problem ? problemNotice(this.problem) : nothing}</div>
    </form>`;
  }

  private number(name: string, label: string, value: number | null | undefined, hint = ""): TemplateResult {
    return html`<div class="field">
      <label for="provider-${name}">${label}</label>
      <input id="provider-${name}" name=${name} type="number" min="0" step="any" aria-describedby="provider-${name}-hint"
        .value=${value === null || value === undefined ? "" : String(value)}>
      <p class="hint" id="provider-${name}-hint">${hint}</p>
    </div>`;
  }

  /** Yes, no, or not said: what was never said is no refusal. */
  private answer(name: string, label: string, value: boolean | null | undefined): TemplateResult {
    const now = (value ?? null) === null ? "" : String(value);
    const choices = [["", t("没有填报")], ["true", t("能")], ["false", t("不能")]] as const;
    return html`<div class="field">
      <label for="provider-${name}">${label}</label>
      <select id="provider-${name}" name=${name}>
        ${choices.map(([code, words]) => html`<option value=${code} ?selected=${code === now}>${words}</option>`)}
      </select>
    </div>`;
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    const body = this.body(new FormData(event.target as HTMLFormElement));
    try {
      if (this.provider) {
        const { id, version } = this.provider;
        await call("PATCH", `/v1/providers/${id}`, { body: { ...body, version } });
      } else {
        await call("POST", "/v1/providers", { body });
      }
      this.problem = null;
      this.tell("nm-saved");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
    }
  }

  /** What is filled in; what was never said and is left empty stays unknown. */
  private body(filled: FormData): Record<string, unknown> {
    const text = (name: string): string => String(filled.get(name) ?? "").trim();
    const number = (name: string): number | null => (text(name) === "" ? null : Number(text(name)));
    const { provider } = this;
    const answer = (name: string): boolean | null => (text(name) ? text(name) === "true" : null);
    const total = number("team");
    const slots = number("slots");
    const analysts = number("analysts");
    const money = number("least_money");
    const [fen, days] = [money === null ? null : Math.round(money * FEN_PER_WAN), number("least_days")];
    const wishes = provider?.preferences;
    const isWish = isChange(fen, wishes?.budget_min_fen) || isChange(days, wishes?.period_min_days);
    const served = this.find<Served>("nm-served")!.values;
    const credentials = this.find<Credentials>("nm-credentials")!.values;
    return {
      name: text("name"),
      org_type: text("org_type"),
      ...(text("intro") ? { intro: text("intro") } : {}),
      ...(this.region ? { region_code: this.region.code } : {}),
      ...(isChange(total, provider?.team?.total) ? { team: { ...provider?.team, total } } : {}),
      ...(isChange(analysts, provider?.analysts_stability_3y) ? { analysts_stability_3y: analysts } : {}),
      ...(isChange(slots, provider?.capacity?.open_slots) ? { capacity: { ...provider?.capacity, open_slots: slots } } : {}),
      ...(isWish ? { preferences: { ...wishes, budget_min_fen: fen, period_min_days: days } } : {}),
      ...(served ? { service_regions: served } : {}),
      ...(credentials ? { credentials } : {}),
      nda_ready: answer("nda_ready"),
      on_prem_ok: answer("on_prem_ok"),
    };
  }
}

/** An amount in 万元. */
function inWan(fen: number | null | undefined): number | null {
  return (fen ?? null) === null ? null : fen! / FEN_PER_WAN;
}

/** Whether a number was given or taken back; one never given and left empty is neither. */
function isChange(given: number | null, before: number | null | undefined): boolean {
  return given !== null || (before ?? null) !== null;
}
