"""The sender's own sheet with one more column that says what is wrong with each row.

Nothing else of it changes: a workbook keeps its formats, drop-downs and other sheets, since the
cells are put into its XML as it came; a CSV file keeps its encoding and separator.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final

from api.exchange.columns import READ_ONLY_MARK
from api.exchange.delimited import encoding_of, records_of, separator_of
from api.exchange.formulas import make_plain, restore
from api.exchange.limits import SHEET_LIMITS
from api.exchange.types import FileRefusedError
from api.exchange.workbook_patch import patch_workbook

ERROR_HEADING: Final = f"{READ_ONLY_MARK}错误"
"""Imports pass over it, so a corrected sheet can be sent back as it is."""

_NAME: Final = "上传的表格"
_WRITTEN_AS: Final = {"utf-8": "utf-8-sig"}
"""Encodings spreadsheets only recognise with a byte-order mark."""


def mark_workbook(
    content: bytes, sheet: str, headings: Sequence[str], errors: Mapping[int, str]
) -> bytes:
    """Return a workbook with its errors.

    Args:
        content: The workbook as it came.
        sheet: Name of the sheet that was read.
        headings: Headings of that sheet.
        errors: What is wrong, by row.

    Raises:
        FileRefusedError: it is built so unusually that nothing can be put in.
    """
    known = headings.index(ERROR_HEADING) + 1 if ERROR_HEADING in headings else None
    return patch_workbook(content, sheet, known, {1: ERROR_HEADING, **errors})


def mark_delimited(content: bytes, errors: Mapping[int, str]) -> bytes:
    """Return a CSV file with its errors; cells a spreadsheet would run are made plain.

    Raises:
        FileRefusedError: a row is so long that all others would have to be as long.
    """
    encoding, _ = encoding_of(content, _NAME)
    records = [_filled(record) for record in records_of(content, encoding, _NAME)]
    headings = [cell.strip() for cell in records[0]]
    known = headings.index(ERROR_HEADING) if ERROR_HEADING in headings else None
    width = max(map(len, records)) if known is None else known
    if width > SHEET_LIMITS.max_columns:
        raise FileRefusedError(
            f"有一行超过 {SHEET_LIMITS.max_columns} 列，不能在上面标注。"
            "请删去多余的列，或按问题列表中的行和列修改。",
            limit=SHEET_LIMITS.max_columns,
        )
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator_of(content, encoding))
    for number, record in enumerate(records, start=1):
        said = ERROR_HEADING if number == 1 else errors.get(number, "")
        cells = [_harmless(cell) for cell in record]
        cells += [""] * (width + 1 - len(cells))
        cells[width] = said
        writer.writerow(cells if record or said else [])
    return out.getvalue().encode(_WRITTEN_AS.get(encoding, encoding))


def _filled(record: list[str]) -> list[str]:
    """Return a record without the blank cells at its end: one row of commas widens them all."""
    while record and not record[-1].strip():
        record.pop()
    return record


def _harmless(cell: str) -> str:
    """Return a cell as no spreadsheet runs it; one that was made plain before stays as it is."""
    return cell if restore(cell) != cell else make_plain(cell)
