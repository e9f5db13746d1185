"""`navmatch import --server`: the sheet goes to a running service, which does the work."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from api.cli.console import add_row, messages, output, progress, say, table
from api.cli.remote import service_at
from api.client.client import Client
from api.client.retrying import Retries
from api.exchange.columns import ImportKind
from api.exchange.types import FileFormat, FileRefusedError, format_of
from api.exchange.writing import write_report
from api.schemas.imports import ImportRead, RowProblemRead
from models.errors import InvalidInputError
from models.vocabulary.row import ImportState

MAX_SHOWN: Final = 10
"""Rows shown on the screen; the returned sheet holds them all."""

_PATIENT: Final = Retries(most=9)
"""A service that is started anew is waited for: half a minute."""

_MARK: Final = "标注"


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent, and what is wanted of it.

    Attributes:
        file: The sheet.
        kind: What its rows are.
        sheet: Which sheet of a workbook; the first one when None.
        commit: Whether the good rows are stored.
        report: Where to write what is wrong, row by row.
    """

    file: Path
    kind: ImportKind
    sheet: str | None
    commit: bool
    report: Path | None


def send_sheet(where: tuple[str | None, Path | None], sending: Sending) -> int:
    """Have a service import a sheet, or say what importing it would do.

    Returns:
        0 when every row is in order, else 1.

    Raises:
        InvalidInputError: the address or the key is missing, or the service refused.
        FileRefusedError: the file is none that a service takes, or cannot be read.
    """
    server, key_file = where
    if server is None or key_file is None:
        raise InvalidInputError("--server 和 --key-file 要一起给出。")
    content = _content(sending.file)
    with service_at(server, key_file, _PATIENT) as client:
        sent = client.imports.send(
            content, kind=sending.kind.value, name=sending.file.name, sheet=sending.sheet
        )
        say(f"已上传，编号 {sent.id}。检查期间按 Ctrl+C 离开，什么都不会写入。")
        ended = _ended(client, sent, commit=sending.commit)
        _show(ended, list(_first_rows(client.imports.problems(sent.id))))
        if ended.n_refused and ended.state is not ImportState.FAILED:
            _save(client, ended, sending.file)
        if sending.report is not None:
            write_report(sending.report, _lines(client.imports.problems(sent.id)))
        if not sending.commit:
            client.imports.delete(sent.id)
    return _told_end(ended, commit=sending.commit)


def _content(file: Path) -> bytes:
    """Return what is sent."""
    if format_of(file) is FileFormat.JSONL:
        raise FileRefusedError(
            "服务只收 XLSX 和 CSV。请另存为其中一种，或在服务器上用 navmatch import 导入 JSONL。"
        )
    try:
        return file.read_bytes()
    except OSError as error:
        raise FileRefusedError(f"文件 {file.name} 无法读取：{error.strerror}。") from error


def _ended(client: Client, sent: ImportRead, *, commit: bool) -> ImportRead:
    """Return the sheet when it was looked through, or imported where that is wanted."""
    checked = _followed(client, sent, "正在检查")
    has_rows = checked.n_created + checked.n_updated > 0
    if not commit or checked.state is not ImportState.CHECKED or not has_rows:
        return checked
    running = client.imports.run(sent.id)
    say("开始写入。按 Ctrl+C 离开，服务上的写入照常进行。")
    return _followed(client, running, "正在写入")


def _followed(client: Client, sheet: ImportRead, doing: str) -> ImportRead:
    with progress(doing) as told:

        def show(now: ImportRead) -> None:
            if now.n_rows:  # it is not known before the file was opened there
                told(now.n_done, now.n_rows)

        return client.imports.wait(sheet.id, show)


def _first_rows(problems: Iterable[RowProblemRead]) -> Iterator[RowProblemRead]:
    """Yield the problems of the first rows: the others need not be fetched for the screen."""
    rows: set[int] = set()
    for problem in problems:
        rows.add(problem.row)
        if len(rows) > MAX_SHOWN:
            return
        yield problem


def _show(ended: ImportRead, problems: Sequence[RowProblemRead]) -> None:
    """Print what became of the rows."""
    if ended.note:
        say(ended.note)
    if ended.unknown:
        names = "、".join(f"“{name[:20]}”" for name in ended.unknown[:MAX_SHOWN])
        say(f"以下列没有对应的字段，已忽略：{names}。请改列名后再导入。")
    if problems:
        rows = {problem.row for problem in problems}
        shown = table(f"有问题的数据，列出 {len(rows)} 行", "行", "单元格", "内容", "原因")
        for problem in problems:
            place = problem.cell or "—"
            add_row(shown, str(problem.row), place, problem.title, problem.message)
        messages().print(shown)
    if ended.state is ImportState.FAILED and not ended.n_rows:
        return  # it was not opened: there is nothing to count
    output().print(
        f"共 {ended.n_rows} 行：新增 {ended.n_created}，更新 {ended.n_updated}，"
        f"未变 {ended.n_unchanged}，拒绝 {ended.n_refused}。"
    )


def _lines(problems: Iterable[RowProblemRead]) -> list[dict[str, Any]]:
    """Return the refused rows in the form of the report of an import on this machine."""
    rows: dict[int, list[dict[str, Any]]] = {}
    for problem in problems:
        error = {
            "field": problem.field,
            "column": problem.heading or problem.title,
            "code": problem.code,
            "message": problem.message,
            "cell": problem.cell,
        }
        rows.setdefault(problem.row, []).append(error)
    return [
        {"row": row, "id": None, "status": "refused", "errors": errors}
        for row, errors in rows.items()
    ]


def _save(client: Client, ended: ImportRead, file: Path) -> None:
    """Save the sheet that comes back beside the one that was sent, over no file there is."""
    content = client.imports.sheet(ended.id)
    n_before = 0
    while True:
        number = str(n_before + 1) if n_before else ""
        back = file.with_name(f"{file.stem}-{_MARK}{number}{file.suffix}")
        try:
            with back.open("xb") as made:
                made.write(content)
        except FileExistsError:
            n_before += 1
        except OSError as error:
            say(f"退回的表格 {back.name} 无法写入：{error.strerror}。")
            return
        else:
            say(f"退回的表格：{back}，错误写在最后一列；改好后再导入这一份。")
            return


def _told_end(ended: ImportRead, *, commit: bool) -> int:
    """Say how it ended; returns the exit status."""
    if ended.state is ImportState.FAILED:
        say(f"没有完成：{ended.fault}")
        return 1
    if not ended.n_rows:
        say("文件中没有数据行。")
    elif not commit:
        say("这是试运行，没有写入。确认无误后加 --commit 再运行一次。")
    elif ended.state is ImportState.CHECKED:
        say("没有要写入的行。")
    return int(ended.n_refused > 0)
