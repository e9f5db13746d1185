/** Sheets: an empty one to fill in, one looked through before it is imported, those uploaded. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call } from "../core/http";
import { type Import, importable, sheetOf } from "../core/imports";
import { t } from "../core/language";
import { momentWords } from "../core/wording";
import { Attempt } from "../ui/attempt";
import "../ui/drawer";
import "../ui/import-progress";
import { emptyState } from "../ui/notices";
import { Paged } from "../ui/paged";
import { type Context, View } from "../ui/view";

@customElement("nm-imports")
export class Imports extends View {
  @property({ attribute: false }) context!: Context;
  @state() private kind = "";
  @state() private shown = "";
  private readonly uploads = new Paged<Import>(this, "/v1/imports");
  private readonly attempt = new Attempt(this);

  override connectedCallback(): void {
    super.connectedCallback();
    this.kind = importable(this.context.session)[0] ?? "";
    void this.uploads.load({ limit: 20 });
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="upload-title">
        <h2 id="upload-title">${t("上传一份表格")}</h2>
        ${this.upload()} ${this.attempt.outcome()}
      </section>
      <section class="panel" aria-labelledby="uploads-title">
        <h2 id="uploads-title">${t("上传过的")}</h2>
        <p class="hint">${t("保留 30 天。")}</p>
        ${this.uploads.render(
          (rows) => this.table(rows),
          () => emptyState(t("还没有上传过。"), t("先下载空白表格，照“填写说明”填好，再上传；自己的表格只要列名认得出，也可以直接上传。")),
        )}
      </section>
      <nm-drawer wide heading=${t("导入表格")} .open=${this.shown !== ""} .content=${() => this.progress()}
        @nm-close=${() => (this.shown = "")}></nm-drawer>`;
  }

  private upload(): TemplateResult {
    const names: Record<string, string> = {
      demands: t("需求"),
      providers: t("服务机构"),
      capabilities: t("服务能力"),
      cases: t("案例"),
    };
    return html`<form class="narrow" novalidate @submit=${this.send}>
      <div class="field">
        <label for="import-kind">${t("表格里是什么")}</label>
        <select id="import-kind" @change=${(event: Event) => (this.kind = (event.target as HTMLSelectElement).value)}>
          ${importable(this.context.session).map((kind) => html`<option value=${kind} ?selected=${kind === this.kind}>${names[kind]}</option>`)}
        </select>
        <p class="hint"><a href="v1/imports/template?kind=${this.kind}" download>${t("下载空白表格（XLSX）")}</a>　${t("带下拉列表、示例和填写说明。")}</p>
      </div>
      <div class="field">
        <label for="import-file">${t("文件（XLSX 或 CSV，不超过 10 MB）")}</label>
        <input id="import-file" name="file" type="file" accept=".xlsx,.csv">
      </div>
      <div class="field">
        <label for="import-sheet">${t("工作表名（不填读第一张）")}</label>
        <input id="import-sheet" name="sheet" type="text">
      </div>
      <p class="hint">${t("先逐行检查，什么也不写入；看过结果再确认导入。")}</p>
      <div class="actions"><button type="submit" class="primary" aria-disabled=${this.attempt.isBusy ? "true" : "false"}>${t("上传并检查")}</button></div>
    </form>`;
  }

  private table(rows: Import[]): TemplateResult {
    return html`<table class="rows">
      <caption class="unseen">${t("上传过的")}</caption>
      <thead><tr>
        <th scope="col">${t("文件")}</th><th scope="col">${t("种类")}</th><th scope="col">${t("进展")}</th><th scope="col">${t("行数")}</th>
        <th scope="col">${t("有问题的行")}</th><th scope="col">${t("上传时间")}</th><th scope="col">${t("操作")}</th>
      </tr></thead>
      <tbody>${rows.map(
        (row) => html`<tr>
          <th scope="row" data-name=${t("文件")}>${row.name}</th>
          <td data-name=${t("种类")}>${t(row.kind_label)}</td>
          <td data-name=${t("进展")}><span class="state">${t(row.state_label)}</span></td>
          <td data-name=${t("行数")}>${row.n_rows}</td>
          <td data-name=${t("有问题的行")}>${row.n_refused}</td>
          <td data-name=${t("上传时间")} class="nowrap">${momentWords(row.created_at)}</td>
          <td data-name=${t("操作")}>
            <button type="button" class="link" @click=${() => (this.shown = row.id)}>${t("查看")}<span class="unseen">${row.name}</span></button>
            <button type="button" class="link" @click=${() => this.drop(row)}>${t("删除")}<span class="unseen">${row.name}</span></button></td>
        </tr>`,
      )}</tbody>
    </table>`;
  }

  private progress(): unknown {
    if (!this.shown) return nothing;
    return html`<nm-import-progress key=${this.shown} @nm-moved=${() => void this.uploads.load()}></nm-import-progress>`;
  }

  private async send(event: Event): Promise<void> {
    event.preventDefault();
    const filled = new FormData(event.target as HTMLFormElement);
    const file = filled.get("file") as File;
    await this.attempt.make(async () => {
      if (!file.name) return t("请先选择文件。");
      const query = { kind: this.kind, name: file.name, sheet: String(filled.get("sheet")).trim() };
      const made = await call<Import>("POST", "/v1/imports", { file: sheetOf(file), query });
      this.shown = made.id;
      void this.uploads.load();
      return t("已上传，正在检查。");
    });
  }

  private async drop(row: Import): Promise<void> {
    if (!window.confirm(t("文件和问题列表一并删去；已经写入的行保留。确定删除“{name}”吗？", { name: row.name }))) return;
    await this.attempt.make(async () => {
      await call("DELETE", `/v1/imports/${row.id}`);
      await this.uploads.load();
      return t("已删除“{name}”。", { name: row.name });
    });
  }
}
