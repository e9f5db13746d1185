"""The program that reads a workbook: started for one file, bounded, and gone afterwards.

    python -m api.exchange.parsing FILE BYTES SECONDS [SHEET]

It writes JSON lines: what the workbook is, then a list a row. It imports nothing else of ours,
so that it starts at once.
"""

import json
import resource
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TextIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

DAMAGED: Final = "damaged"
NO_SUCH_SHEET: Final = "no_such_sheet"
NOTHING_VISIBLE: Final = "nothing_visible"

_TAGS: Final = {date: "date", datetime: "datetime", time: "time"}


def main(arguments: Sequence[str], output: TextIO) -> int:
    """Read a sheet under limits and write it out."""
    path, n_bytes, seconds, *more = arguments
    for kind, most in (
        (resource.RLIMIT_AS, int(n_bytes)),
        (resource.RLIMIT_CPU, int(seconds)),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    wanted = more[0] if more else None
    try:
        workbook = CalamineWorkbook.from_path(path)
        names = list(workbook.sheet_names)
        table = _choose(workbook, wanted)
        if isinstance(table, str):
            _write(output, {"fault": table, "names": names})
            return 0
        records = table.to_python(skip_empty_area=False)
    except CalamineError:
        _write(output, {"fault": DAMAGED, "names": []})
        return 0
    _write(output, {"fault": None, "names": names, "name": table.name})
    for record in records:
        _write(output, [_plain(cell) for cell in record])
    return 0


def cell_of(written: Any) -> Any:  # noqa: ANN401 - whatever a cell holds
    """Return the cell that was written down."""
    if not isinstance(written, dict):
        return written
    ((tag, value),) = written.items()
    if tag == "seconds":
        return timedelta(seconds=value)
    kinds: dict[str, Any] = {name: kind for kind, name in _TAGS.items()}
    return kinds[tag].fromisoformat(value)


def _choose(workbook: CalamineWorkbook, wanted: str | None) -> CalamineSheet | str:
    """Return the sheet wanted, the first visible one when none is, or what is wrong."""
    if wanted is not None:
        is_there = wanted in workbook.sheet_names
        return workbook.get_sheet_by_name(wanted) if is_there else NO_SUCH_SHEET
    visible = [m.name for m in workbook.sheets_metadata if m.visible == SheetVisibleEnum.Visible]
    return workbook.get_sheet_by_name(visible[0]) if visible else NOTHING_VISIBLE


def _plain(cell: object) -> object:
    """Return a cell as JSON can carry it."""
    if isinstance(cell, timedelta):
        return {"seconds": cell.total_seconds()}
    if isinstance(cell, (date, datetime, time)):
        return {_TAGS[type(cell)]: cell.isoformat()}
    return cell


def _write(output: TextIO, value: object) -> None:
    output.write(json.dumps(value, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdout))
