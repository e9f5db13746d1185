/** What somebody wants to be told of: like a text, or meeting conditions. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Catalogue, Option } from "../core/catalogue";
import { call } from "../core/http";
import { t } from "../core/language";
import { type Chosen, CODED, type Coded, type Made, nameFrom } from "../core/subscriptions";
import { Attempt } from "./attempt";
import "./combobox";
import { View } from "./view";

const BANDS = ["strong", "good", "fair"];
const CADENCES = ["instant", "hourly", "daily", "weekly"];
const ENTITIES = ["demand", "provider"];

/** Tells `nm-subscribed` with what was made. */
@customElement("nm-subscription-form")
export class SubscriptionForm extends View {
  @property({ attribute: false }) catalogue!: Catalogue;
  /** A text to begin with; what is looked for is then like it. */
  @property() text = "";
  /** Conditions to begin with. */
  @property({ attribute: false }) given: Chosen = {};
  @property() words = "";
  @state() private isLike = true;
  @state() private chosen: Chosen = {};
  private readonly attempt = new Attempt(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("given")) {
      this.chosen = { ...this.given };
      this.isLike = !this.words && !CODED.some((coded) => this.given[coded]);
    }
  }

  override render(): TemplateResult {
    return html`<form novalidate autocomplete="off" @submit=${this.submitted}>
      <fieldset class="checks">
        <legend>${t("怎么找")}</legend>
        ${this.way(true, t("意思像一段文字的"))} ${this.way(false, t("符合几个条件的"))}
      </fieldset>
      ${this.isLike ? this.likeness() : nothing}
      <div class="field">
        <label for="subscription-entity">${t("找什么")}</label>
        ${this.choice("entity", ENTITIES, "Entity", "demand")}
      </div>
      ${CODED.map((coded) => this.condition(coded))}
      ${this.isLike ? nothing : this.keyword()}
      <div class="field">
        <label for="subscription-cadence">${t("最多多久通知一次")}</label>
        ${this.choice("cadence", CADENCES, "Cadence", "daily")}
      </div>
      <div class="field">
        <label for="subscription-name">${t("名称")}</label>
        <input id="subscription-name" name="name" type="text" aria-describedby="subscription-name-hint">
        <p class="hint" id="subscription-name-hint">${t("不填就用要找的内容作名称。")}</p>
      </div>
      <div class="actions"><button type="submit" class="primary">${t("开始订阅")}</button></div>
      ${this.attempt.refusal()}
    </form>`;
  }

  private way(isLike: boolean, words: string): TemplateResult {
    return html`<label class="check">
      <input type="radio" name="way" .checked=${this.isLike === isLike} @change=${() => (this.isLike = isLike)}>${words}
    </label>`;
  }

  private likeness(): TemplateResult {
    return html`<div class="field">
        <label for="subscription-text">${t("像这段文字的")}</label>
        <textarea id="subscription-text" name="text" rows="6" .value=${this.text} aria-describedby="subscription-text-hint"
          @input=${(event: Event) => (this.text = (event.target as HTMLTextAreaElement).value)}></textarea>
        <p class="hint" id="subscription-text-hint">${t("粘贴一条需求或一段业务介绍，意思相近的一发布就通知；用词不必相同。")}</p>
      </div>
      <div class="field">
        <label for="subscription-min_band">${t("至少达到的匹配程度")}</label>
        ${this.choice("min_band", BANDS, "Band", "good")}
      </div>`;
  }

  private choice(name: string, values: string[], vocabulary: string, usual: string): TemplateResult {
    return html`<select id="subscription-${name}" name=${name}>
      ${values.map((value) => html`<option value=${value} ?selected=${value === usual}>${this.catalogue.label(vocabulary, value)}</option>`)}
    </select>`;
  }

  private condition(coded: Coded): TemplateResult {
    const { catalogue } = this;
    const labels = { region: t("所在地"), scenario: t("应用场景"), industry: t("产业") };
    const options = { region: [], scenario: catalogue.scenarios, industry: catalogue.industries };
    const finder = coded === "region" ? (words: string) => catalogue.findRegions(words) : null;
    return html`<div class="field">
      <label for="subscription-${coded}">${labels[coded]}</label>
      <nm-combobox input-id="subscription-${coded}" keeps placeholder=${t("不限")} .options=${options[coded]} .finder=${finder}
        .chosen=${this.chosen[coded] ?? null} @nm-choose=${(event: CustomEvent<Option | null>) => this.choose(coded, event.detail)}></nm-combobox>
    </div>`;
  }

  private keyword(): TemplateResult {
    return html`<div class="field">
      <label for="subscription-words">${t("标题或正文里的词")}</label>
      <input id="subscription-words" name="words" type="text" .value=${this.words}>
    </div>`;
  }

  private choose(coded: Coded, option: Option | null): void {
    this.chosen = { ...this.chosen, [coded]: option ?? undefined };
  }

  private async submitted(event: Event): Promise<void> {
    event.preventDefault();
    const body = this.body(new FormData(event.target as HTMLFormElement));
    await this.attempt.make(async () => {
      this.tell("nm-subscribed", await call<Made>("POST", "/v1/subscriptions", { body }));
      return "";
    });
  }

  private body(filled: FormData): Record<string, unknown> {
    const given = (name: string): string => String(filled.get(name) ?? "").trim();
    const codes = CODED.map((coded) => [coded, this.chosen[coded]?.code]);
    const conditions = [...codes, ["text", given("words")]].filter(([, value]) => value);
    return {
      name: given("name") || nameFrom(given("text"), this.chosen, given("words")) || t("未命名"),
      entity: given("entity"),
      cadence: given("cadence"),
      filters: Object.fromEntries(conditions),
      ...(this.isLike ? { text: given("text"), min_band: given("min_band") } : {}),
    };
  }
}
