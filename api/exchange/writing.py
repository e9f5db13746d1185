"""Files of rows written whole: aside first, then put in the place of what was there."""

import csv
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TextIO

import xlsxwriter

from api.exchange.limits import EXPORT_ROWS
from api.exchange.types import FileRefusedError

MAX_CELL_CHARS: Final = 32_767
"""Characters a cell of a workbook can hold."""

_COLUMN_WIDTH: Final = 18
_PLAIN: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "constant_memory": True,
}


def write_lines(path: Path, values: Iterable[Any]) -> int:
    """Write one JSON value a line and return how many there were."""
    n_rows = 0
    with _aside(path) as part, part.open("w", encoding="utf-8") as file:
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
        FileRefusedError: there are more rows than a sheet is for.
    """
    n_rows = 0
    with _aside(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
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
        FileRefusedError: a workbook cannot hold it.
    """
    n_rows = 0
    with _aside(path) as part, xlsxwriter.Workbook(str(part), _PLAIN) as workbook:
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
                raise FileRefusedError("内容超出 XLSX 的容量，请改用 --format jsonl 导出。")
            for place, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(n_rows, place, cell)
                else:
                    sheet.write_number(n_rows, place, cell)
    return n_rows


def _opened(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", buffering=1)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> FileRefusedError:
    return FileRefusedError(
        f"文件 {path.name} 无法写入：{error.strerror}。请检查目录是否存在、磁盘空间和权限。"
    )


def _too_many() -> FileRefusedError:
    return FileRefusedError(
        f"表格最多导出 {EXPORT_ROWS} 行，请改用 --format jsonl 导出，它没有行数限制。",
        limit=EXPORT_ROWS,
    )


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """Give a file to write into; it takes the place of `path` when all went well."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        os.replace(part, path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        part.unlink(missing_ok=True)
