"""Reading a workbook in a process of its own, so that a hostile one costs that process at most."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from api.exchange import parsing
from api.exchange.limits import READING_LIMITS, ReadingLimits
from api.exchange.types import FileRefusedError
from indexer.text import drop_refused

MAX_NAMES: Final = 10
"""Sheets that are named to whoever asked for one there is not."""

MAX_NAME_CHARS: Final = 31
"""Characters of the name of a sheet that spreadsheets allow."""


@dataclass(frozen=True, slots=True)
class SheetContent:
    """What stands in a sheet.

    Attributes:
        name: Its name.
        sheets: Names of all sheets of the workbook.
        records: Its rows, the header first.
    """

    name: str
    sheets: tuple[str, ...]
    records: Sequence[Sequence[Any]]


def read_sheet(
    path: Path, wanted: str | None, limits: ReadingLimits = READING_LIMITS
) -> SheetContent:
    """Return a sheet of a workbook: the one wanted, else the first visible one.

    Raises:
        FileRefusedError: it is damaged, has no such sheet, or takes more memory or time than a
            file may.
    """
    program = [
        *(sys.executable, "-P", "-m", parsing.__name__, str(path.absolute())),
        *(str(limits.max_bytes), str(limits.max_seconds)),
        *(() if wanted is None else (wanted,)),
    ]
    with subprocess.Popen(  # noqa: S603 - our own program
        program, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        lines = process.stdout or ()
        told: dict[str, Any] = json.loads(next(iter(lines), b"{}"))
        records = [[parsing.cell_of(cell) for cell in json.loads(line)] for line in lines]
    if process.returncode != 0 or not told:
        raise FileRefusedError(
            f"读取文件 {path.name} 要用的内存或时间超过限度，已拒绝。"
            "请删去空白行列、图片和无关工作表，或改用 JSONL 格式。"
        )
    _check(told, wanted, path.name)
    return SheetContent(told["name"], tuple(told["names"]), records)


def shown_sheet(name: str) -> str:
    """Return the name of a sheet as it is told: whole as spreadsheets allow it, no longer."""
    return drop_refused(name)[:MAX_NAME_CHARS]


def damaged(name: str) -> FileRefusedError:
    """Return the error of a file that is no sound workbook."""
    return FileRefusedError(
        f"文件 {name} 不是完好的 XLSX 表格：可能已损坏、加了密码或是旧版 .xls。"
        "请在表格软件中打开后另存为 .xlsx 再导入。"
    )


def _check(told: dict[str, Any], wanted: str | None, name: str) -> None:
    if told["fault"] == parsing.DAMAGED:
        raise damaged(name)
    if told["fault"] == parsing.NO_SUCH_SHEET:
        names = "、".join(map(shown_sheet, told["names"][:MAX_NAMES]))
        raise FileRefusedError(
            f"文件 {name} 中没有名为“{shown_sheet(wanted or '')}”的工作表，现有：{names}。"
        )
    if told["fault"] == parsing.NOTHING_VISIBLE:
        raise FileRefusedError(f"文件 {name} 中没有可见的工作表。")
