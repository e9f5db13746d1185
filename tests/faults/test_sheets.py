"""A sheet with planted errors: all are told, the rest is imported once, whoever is killed.

Long (5,000 rows, 300 errors, more kills, both databases): `python -m tests.faults.sheets`.
"""

import io
from pathlib import Path

from python_calamine import CalamineWorkbook

from api.exchange.marking import ERROR_HEADING
from tests.faults.server import Server
from tests.faults.sheets import HEADINGS, PLANTED, Seen, faults_of, import_with_kills, planted_sheet

N_ROWS = 200
N_ERRORS = len(PLANTED)


def test_planted_errors_are_told_and_the_rest_is_imported_once(tmp_path: Path) -> None:
    sheet = planted_sheet(N_ROWS, N_ERRORS)
    assert len(sheet.cells) == N_ERRORS
    server = Server(tmp_path / "data")
    try:
        seen = import_with_kills(server, sheet, N_ROWS, more_kills=0)
    finally:
        server.kill()
    assert faults_of(seen, sheet, N_ROWS) == []
    assert seen.n_kills == 1
    check_returned(seen, sheet.cells)


def check_returned(seen: Seen, cells: frozenset[str]) -> None:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(seen.back)).get_sheet_by_index(0).to_python()
    assert rows[0] == [*HEADINGS, ERROR_HEADING]
    marked = {number for number, row in enumerate(rows, start=1) if row[-1]} - {1}
    assert marked == {int(cell[1:]) for cell in cells}


def test_judge_finds_what_is_missing() -> None:
    """It can fail: a place not told, a row imported twice, memory without bound."""
    sheet = planted_sheet(N_ROWS, N_ERRORS)
    seen = Seen(
        checked={"n_created": 180, "n_refused": 20},
        done={"n_created": 180, "n_updated": 0, "n_unchanged": 0, "n_refused": 20},
        problems=[{"row": int(cell[1:]), "cell": cell} for cell in sheet.cells],
        progress={0, 128},
        n_noted=128,
        n_stored_at_death=180,
        n_stored=181,
        peak_mib=300,
    )
    assert len(faults_of(seen, sheet, N_ROWS)) == 2
    seen.problems.pop()
    assert len(faults_of(seen, sheet, N_ROWS)) == 4
