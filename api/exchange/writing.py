"""Files of rows written whole: aside first, then put in the place of what was there."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from traceback import clear_frames
from typing import IO, TYPE_CHECKING, Any, Final, TextIO

from api.exchange.limits import EXPORT_ROWS, SHEET_LIMITS
from api.exchange.scratch import scratch_folder
from api.exchange.templates import Template, TemplateColumn
from api.exchange.types import FileRefusedError
from models.durable import NO_SPACE, replacing
from models.errors import DiskFullError, NavmatchError

if TYPE_CHECKING:
    from xlsxwriter import Workbook

MAX_CELL_CHARS: Final = 32_767
"""Characters a cell of a workbook can hold."""

_COLUMN_WIDTH: Final = 18
_TEXTS_STAY_TEXTS: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_PLAIN: Final = {**_TEXTS_STAY_TEXTS, "constant_memory": True}

EXAMPLE_SHEET: Final = "示例"
NOTES_SHEET: Final = "填写说明"
_CHOICES_SHEET: Final = "可选项"
_NOTES: Final = (("列", 26), ("必填", 6), ("怎样填", 60), ("单位", 6), ("例", 40))
_MAX_PROMPT_CHARS: Final = 255
"""Characters of the message a spreadsheet shows beside a cell."""


def write_lines(path: Path, values: Iterable[Any]) -> int:
    """Write one JSON value a line and return how many there were."""
    n_rows = 0
    with _replacing(path) as whole, _texts(whole, "utf-8") as file:
        for value in values:
            file.write(json.dumps(value, ensure_ascii=False) + "\n")
            n_rows += 1
    return n_rows


def write_report(path: Path, values: Iterable[Any]) -> int:
    """Write one JSON value a line, each at once, and return how many there were.

    What happened is kept however it ends: rows that were stored before an interruption are
    stored, and their answers are in the file.

    Raises:
        FileRefusedError: it cannot be written.
        DiskFullError: there is no space for it.
    """
    n_rows = 0
    with _opened(path) as file:
        for value in values:
            try:
                file.write(json.dumps(value, ensure_ascii=False) + "\n")
            except OSError as error:
                raise _unwritable(path, error) from error
            n_rows += 1
    return n_rows


def write_delimited(
    path: Path, headings: Sequence[str], rows: Iterable[Sequence[str | int]]
) -> int:
    """Write a CSV file that spreadsheets open as UTF-8 and return how many rows it has.

    Raises:
        FileRefusedError: there are more rows than a sheet is for, or it cannot be written.
        DiskFullError: there is no space for it.
    """
    n_rows = 0
    with _replacing(path) as whole, _texts(whole, "utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for n_rows, cells in enumerate(rows, start=1):
            if n_rows > EXPORT_ROWS:
                raise _too_many()
            writer.writerow(cells)
    return n_rows


def write_workbook(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str | int]]) -> int:
    """Write an XLSX file whose texts stay texts and return how many rows it has.

    Raises:
        FileRefusedError: a workbook cannot hold it, or it cannot be written.
        DiskFullError: there is no space for it, or for its rows on the way.
    """
    n_rows = 0
    with _replacing(path) as file, _written_workbook(file) as workbook:
        sheet = workbook.add_worksheet("导出")
        bold = workbook.add_format({"bold": True})
        sheet.set_column(0, len(headings) - 1, _COLUMN_WIDTH)
        sheet.freeze_panes(1, 0)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, bold)
        for n_rows, cells in enumerate(rows, start=1):
            if n_rows > EXPORT_ROWS:
                raise _too_many()
            if any(len(str(c)) > MAX_CELL_CHARS for c in cells):
                raise _too_long_cell(n_rows)
            for place, cell in enumerate(cells):
                _write_cell(sheet, n_rows, place, cell)
    return n_rows


def write_template(path: Path, template: Template) -> None:
    """Write an empty sheet people fill in.

    Raises:
        FileRefusedError: it cannot be written.
    """
    with _replacing(path) as file:
        file.write(template_bytes(template))


def template_bytes(template: Template) -> bytes:
    """Return a workbook to fill in: the empty sheet first, then an example and what to fill in.

    The example stands on a sheet of its own: one that was left in the first would be imported.
    """
    made = io.BytesIO()
    with _workbook(made, {**_TEXTS_STAY_TEXTS, "in_memory": True}) as workbook:
        formats = {
            True: workbook.add_format({"bold": True, "font_color": "#B00020"}),
            False: workbook.add_format({"bold": True}),
        }
        sheets = [workbook.add_worksheet(name) for name in (template.title, EXAMPLE_SHEET)]
        for sheet in sheets:
            _write_headings(sheet, template.columns, formats)
        for place, column in enumerate(template.columns):
            _write_cell(sheets[1], 1, place, column.example)
        _write_notes(workbook.add_worksheet(NOTES_SHEET), template, formats[False])
        _offer_choices(workbook, sheets[0], template.columns)
    return made.getvalue()


def _write_headings(
    sheet: Any,  # noqa: ANN401 - the library has no types
    columns: Sequence[TemplateColumn],
    formats: Mapping[bool, Any],
) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, _COLUMN_WIDTH)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.header, formats[column.is_required])


def _write_cell(sheet: Any, row: int, place: int, cell: str | int) -> None:  # noqa: ANN401
    if isinstance(cell, str):
        sheet.write_string(row, place, cell)
    else:
        sheet.write_number(row, place, cell)


def _write_notes(sheet: Any, template: Template, bold: Any) -> None:  # noqa: ANN401
    told = (
        f"在“{template.title}”表中填写，一行一条；红字的列必填，其余可以不填。",
        "列的次序可以换，不用的列可以删去；第一行的列名请保留。",
        f"填好后可以先试导入：每一处问题都会指出行和列。“{EXAMPLE_SHEET}”表中的行不会导入。",
    )
    for row, sentence in enumerate(told):
        sheet.write_string(row, 0, sentence)
    first = len(told) + 1
    for place, (heading, width) in enumerate(_NOTES):
        sheet.set_column(place, place, width)
        sheet.write_string(first, place, heading, bold)
    for row, column in enumerate(template.columns, start=first + 1):
        must = "是" if column.is_required else ""
        cells = (column.header, must, column.how, column.unit, column.example)
        for place, cell in enumerate(cells):
            _write_cell(sheet, row, place, cell)


def _workbook(into: IO[bytes], options: Mapping[str, bool | str]) -> "Workbook":
    """Return a workbook that is written; what writes it is loaded when the first one is."""
    from xlsxwriter import Workbook

    return Workbook(into, dict(options))


@contextmanager
def _written_workbook(file: IO[bytes]) -> Iterator[Any]:
    """Give a workbook whose rows wait on disk; it is written into a file when all went well.

    Its rows wait in a folder of their own: the library leaves them behind where they cannot be
    written. It is packed in memory: an archive the library gives up is written to once more when
    it is forgotten, which is to be at once, while there is a place for that.
    """
    from xlsxwriter.exceptions import FileCreateError

    packed = io.BytesIO()
    with scratch_folder() as folder:
        workbook: Any = _workbook(packed, {**_PLAIN, "tmpdir": str(folder)})
        try:
            yield workbook
            workbook.close()
        except FileCreateError as error:
            refused: OSError = error.args[0]
            clear_frames(refused.__traceback__)
            raise refused from None
        finally:
            _let_go(workbook)
    file.write(packed.getbuffer())


def _let_go(workbook: Any) -> None:  # noqa: ANN401
    """Close what a workbook that failed has open; what cannot be written is not wanted."""
    for sheet in workbook.worksheets():
        for opened in (sheet.row_data_fh, sheet.fh):
            with suppress(OSError):
                opened.close()


def _offer_choices(workbook: Any, sheet: Any, columns: Sequence[TemplateColumn]) -> None:  # noqa: ANN401
    """Give columns their drop-downs; what they offer stands on a hidden sheet."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    hidden = workbook.add_worksheet(_CHOICES_SHEET)
    hidden.hide()
    for place, column in enumerate(columns):
        rules: dict[str, Any] = {
            "validate": "any",
            "input_title": column.header,
            "input_message": column.how[:_MAX_PROMPT_CHARS],
        }
        if column.choices:
            hidden.write_column(0, place, column.choices)
            last = xl_rowcol_to_cell(len(column.choices) - 1, place, True, True)
            first = xl_rowcol_to_cell(0, place, True, True)
            rules |= {"validate": "list", "source": f"={_CHOICES_SHEET}!{first}:{last}"}
            rules |= {"show_error": not column.is_open, "error_title": "不在可选项中"}
            rules |= {"error_message": "请从下拉列表中选一项。"}
        sheet.data_validation(1, place, SHEET_LIMITS.max_rows, place, rules)


def _opened(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", buffering=1)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> NavmatchError:
    if error.errno in NO_SPACE:
        return DiskFullError("磁盘空间不足，文件写不进去。请清理磁盘后重试，临时目录也要有空间。")
    return FileRefusedError(
        f"文件 {path.name} 无法写入：{error.strerror}。请检查目录是否存在、磁盘空间和权限。"
    )


def _too_long_cell(n_rows: int) -> FileRefusedError:
    return FileRefusedError(
        f"第 {n_rows} 条有一格超过 {MAX_CELL_CHARS} 字，XLSX 装不下。请改为导出 CSV；"
        "命令行也可以导出 JSONL（--format jsonl）。",
        limit=MAX_CELL_CHARS,
    )


def _too_many() -> FileRefusedError:
    return FileRefusedError(
        f"表格最多导出 {EXPORT_ROWS} 行，请加些条件分几次导出；"
        "命令行可以改为导出 JSONL（--format jsonl），没有行数限制。",
        limit=EXPORT_ROWS,
    )


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write into; it takes the place of `path` when all went well."""
    try:
        with replacing(path) as file:
            yield file
    except OSError as error:
        raise _unwritable(path, error) from error


@contextmanager
def _texts(file: IO[bytes], encoding: str) -> Iterator[TextIO]:
    """Give a file for texts that are written into another one, which stays open."""
    texts = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield texts
    finally:
        texts.detach()
