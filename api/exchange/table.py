"""Tables with a header: what CSV and XLSX share."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from api.exchange.formulas import restore
from api.exchange.limits import FileLimits
from api.exchange.places_in_sheet import column_letters
from api.exchange.types import FileRefusedError, RawRow
from indexer.text import drop_refused

_FIRST_ROW: Final = 2
"""Row of a sheet that stands below the header."""


def check_header(header: Sequence[object] | None, name: str, limits: FileLimits) -> tuple[str, ...]:
    """Return the column headings, empty for columns without one, no control characters in them.

    Raises:
        FileRefusedError: there is none, a heading stands twice or is too long, or there are too
            many.
    """
    headings = tuple(drop_refused(str(cell)).strip() for cell in header or ())
    if not any(headings):
        raise FileRefusedError(
            f"文件 {name} 的第一行没有列名。请把列名写在第一行，数据从第二行起。"
        )
    if len(headings) > limits.max_columns:
        raise FileRefusedError(
            f"文件 {name} 有 {len(headings)} 列，上限为 {limits.max_columns} 列。",
            limit=limits.max_columns,
        )
    for column, heading in enumerate(headings, start=1):
        if len(heading) > limits.max_heading_chars:
            raise FileRefusedError(
                f"文件 {name} 中 {column_letters(column)} 列的列名"
                f"超过 {limits.max_heading_chars} 字，请只写列名，说明写在别处。",
                limit=limits.max_heading_chars,
            )
    repeated = [text for text, n in Counter(headings).items() if text and n > 1]
    if repeated:
        raise FileRefusedError(
            f"文件 {name} 中列名“{repeated[0][:40]}”出现了不止一次，请改成不同的列名。"
        )
    return headings


def check_cells(n_cells: int, name: str, limits: FileLimits) -> None:
    """Refuse a table with more filled cells than anybody fills.

    Raises:
        FileRefusedError: there are too many.
    """
    if n_cells > limits.max_cells:
        raise FileRefusedError(
            f"文件 {name} 有超过 {limits.max_cells} 个单元格，请拆成几份再导入。",
            limit=limits.max_cells,
        )


def table_rows(headings: Sequence[str], records: Iterable[Sequence[object]]) -> Iterator[RawRow]:
    """Yield the records that are not blank, with the row they have in the sheet."""
    for number, record in enumerate(records, start=_FIRST_ROW):
        cells: dict[str, Any] = {
            heading: restore(cell) if isinstance(cell, str) else cell
            for heading, cell in zip(headings, record, strict=False)
            if heading and not _is_blank(cell)
        }
        if cells:
            yield RawRow(number, cells)


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
