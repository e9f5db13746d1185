"""`navmatch import` and `navmatch export`."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from api.cli.console import add_row, complain, messages, output, progress, say, table
from api.cli.sending import Sending, send_sheet
from api.exchange.cells import CellReader
from api.exchange.columns import ImportKind, columns_of
from api.exchange.exporting import Exporter
from api.exchange.importing import Importer, patiently
from api.exchange.mapping import read_mappings, shipped_mappings
from api.exchange.naming import field_title
from api.exchange.placing import ColumnPlaces
from api.exchange.read import open_rows
from api.exchange.results import RowResult, RowStatus
from api.exchange.rows import RowReader
from api.exchange.templates import template_of
from api.exchange.types import FileFormat, RowFile
from api.exchange.writing import write_report, write_template
from api.wiring import Service
from models import repository
from models.audit_trail import record
from models.errors import InvalidInputError
from models.vocabulary.access import AuditAction
from models.vocabulary.row import Entity

MAX_SHOWN: Final = 10
"""Problems shown on the screen; the report file holds them all."""

DOCUMENTS_AT_ONCE: Final = 256

_STATUS_NAMES: Final = {
    RowStatus.CREATED: "新增",
    RowStatus.UPDATED: "更新",
    RowStatus.UNCHANGED: "未变",
    RowStatus.REFUSED: "拒绝",
}
_INDEXED: Final = {
    ImportKind.DEMANDS: Entity.DEMAND,
    ImportKind.PROVIDERS: Entity.CAPABILITY,
    ImportKind.CAPABILITIES: Entity.CAPABILITY,
    ImportKind.CASES: Entity.CASE,
}

KindOption = Annotated[
    ImportKind,
    typer.Option(
        "--kind",
        help="内容：demands 需求、providers 服务机构、capabilities 服务能力、cases 案例。",
        metavar="种类",
    ),
]


def import_file(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="要导入的文件（.jsonl .csv .xlsx）。", metavar="文件")
    ],
    kind: KindOption,
    commit: Annotated[
        bool, typer.Option("--commit", help="真正写入；不加时只试运行并列出问题。")
    ] = False,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            help="列的对应：列名=字段，或 TOML 文件，或内置的 "
            f"{'、'.join(shipped_mappings())}；可以多次给出。",
            metavar="对应",
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="把每一行的结果写到这个 JSONL 文件。", metavar="文件")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="XLSX 中的工作表名。", metavar="名称")] = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="有任何一行被拒绝就以退出码 1 结束；--server 时总是这样。"),
    ] = False,
    server: Annotated[
        str | None,
        typer.Option(
            help="交给这个地址上的服务导入（只收 .csv 和 .xlsx），不打开本机的数据；"
            "退回的表格存在原文件旁边。",
            metavar="地址",
        ),
    ] = None,
    key_file: Annotated[
        Path | None,
        typer.Option(help="存放密钥的文件，配合 --server。", metavar="文件"),
    ] = None,
) -> int:
    """Import a file, or say what importing it would do."""
    if server is not None or key_file is not None:
        if mapping:
            raise InvalidInputError("--server 不能和 --mapping 一起用，请先在表中改列名。")
        sending = Sending(file, kind, sheet, commit, report)
        return send_sheet((server, key_file), sending)
    rows = open_rows(file, sheet)
    columns = read_mappings(mapping or [], columns_of(kind))
    if rows.note:
        say(rows.note)
    opened = ctx.obj.readers() if commit else ctx.obj.store()
    with opened as service:
        reader = RowReader(kind, CellReader(service.vocabularies), columns)
        importer = Importer(service, reader, commit=commit)
        if commit:
            _record(service, AuditAction.IMPORT, kind)
        results = _import_all(importer, rows, report, commit=commit)
        if commit:
            _compute_vectors(service, kind, results)
    _show_results(results, reader, ColumnPlaces(reader, rows.headings), commit=commit)
    n_refused = sum(result.status is RowStatus.REFUSED for result in results)
    return int(bool(results) and (n_refused == len(results) or (strict and n_refused > 0)))


def export_file(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="写到哪个文件。", metavar="文件")],
    kind: KindOption,
    format_: Annotated[
        FileFormat | None,
        typer.Option("--format", help="jsonl、csv 或 xlsx；不填时看文件名。", metavar="格式"),
    ] = None,
) -> int:
    """Export all rows of a kind."""
    wanted = format_ or _format_of_name(file)
    with ctx.obj.store() as service:
        _record(service, AuditAction.EXPORT, kind)
        exporter = Exporter(service, kind)
        total = exporter.count()
        with progress("正在导出", total) as told:
            n_rows = exporter.write(file, wanted, lambda done: told(done, max(total, done)))
    say(f"已导出 {n_rows} 条到 {file}。")
    if kind is ImportKind.PROVIDERS and wanted is not FileFormat.JSONL:
        say("表格中不含服务能力；请另用 navmatch export --kind capabilities 导出。")
    return 0


def write_empty(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="写到哪个文件（.xlsx）。", metavar="文件")],
    kind: KindOption,
) -> int:
    """Write a sheet to fill in, with drop-downs, an example and notes."""
    with ctx.obj.store() as service:
        template = template_of(kind, service.vocabularies, service.today())
    write_template(file, template)
    say(f"已写出空白的{template.title}表 {file}，填好后用 navmatch import 导入。")
    return 0


def _record(service: Service, action: AuditAction, kind: ImportKind) -> None:
    """Put an import or export into the audit chain before it begins."""

    def enter() -> None:
        with service.database.write() as session:
            record(session, action, kind.value)

    patiently(enter)


def _format_of_name(file: Path) -> FileFormat:
    suffix = file.suffix.lower().lstrip(".")
    return FileFormat(suffix) if suffix in set(FileFormat) else FileFormat.JSONL


def _import_all(
    importer: Importer, rows: RowFile, report: Path | None, *, commit: bool
) -> list[RowResult]:
    """Answer every row, with a bar, and write the report as it goes."""
    results: list[RowResult] = []
    with progress("正在导入" if commit else "正在检查", rows.n_rows) as told:

        def answered() -> Iterator[dict[str, Any]]:
            for result in importer.run(rows):
                results.append(result)
                told(len(results), rows.n_rows)
                yield _line(result, importer.kind)

        if report is None:
            for _ in answered():
                pass
        else:
            write_report(report, answered())
    return results


def _line(result: RowResult, kind: ImportKind) -> dict[str, Any]:
    return {
        "row": result.number,
        "id": result.id,
        "status": result.status.value,
        "errors": [
            {
                "field": p.field,
                "column": field_title(kind, p.field),
                "code": p.code,
                "message": p.message,
            }
            for p in result.errors
        ],
    }


def _compute_vectors(service: Service, kind: ImportKind, results: Sequence[RowResult]) -> None:
    """Put the vectors of new texts into the cache, so that no request has to wait for them."""
    changed = {RowStatus.CREATED, RowStatus.UPDATED}
    ids = [r.id for r in results if r.id is not None and r.status in changed]
    if kind is ImportKind.PROVIDERS:
        with service.database.read() as session:
            ids = [c.id for i in ids for c in repository.capabilities_of(session, i)]
    if not ids:
        return
    keys = iter(ids)
    n_done = 0
    with progress("计算向量", len(ids)) as told:
        while part := list(islice(keys, DOCUMENTS_AT_ONCE)):
            service.embedder.embed_documents(service.source.load(_INDEXED[kind], part))
            n_done += len(part)
            told(n_done, len(ids))


def _show_results(
    results: Sequence[RowResult], reader: RowReader, places: ColumnPlaces, *, commit: bool
) -> None:
    counts = Counter(result.status for result in results)
    if reader.unknown:
        names = "、".join(f"“{name[:20]}”" for name in list(reader.unknown)[:MAX_SHOWN])
        say(f"以下列没有对应的字段，已忽略：{names}。需要时用 --mapping 列名=字段 指定。")
    refused = [result for result in results if result.errors]
    if refused:
        shown = table(f"有问题的数据，列出 {min(MAX_SHOWN, len(refused))} 行", "行", "字段", "原因")
        for result in refused[:MAX_SHOWN]:
            for problem in result.errors:
                told = places.told(result.number, problem)
                title = told["heading"] or f"{told['title']}（{told['field']}）"
                add_row(shown, str(result.number), title, problem.message)
        messages().print(shown)
    parts = [f"{name} {counts[status]}" for status, name in _STATUS_NAMES.items()]
    output().print(f"共 {len(results)} 行：{'，'.join(parts)}。")
    if not results:
        complain("文件中没有数据行。")
    elif not commit:
        say("这是试运行，没有写入。确认无误后加 --commit 再运行一次。")
    elif counts[RowStatus.CREATED] and reader.kind in (ImportKind.DEMANDS, ImportKind.CASES):
        say("没有写明发布（publish）的行存为草稿，不参加匹配；发布后才会出现在结果里。")
