"""The short form of `python -m tests.hostile.sheets`, and the proof that it can fail."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

import api.routes.imports
from api.exchange.columns import ImportKind
from api.exchange.rows import InputRow, RowReader
from api.exchange.types import FileRefusedError, RawRow
from api.exchange.uploading import Uploads
from api.intake.problems import FieldProblem
from api.schemas.imports import ImportRead
from models.import_job import ImportJob
from models.vocabulary.row import ImportState
from tests.hostile.corpus import CORPUS, TEXTS
from tests.hostile.sheet_cases import Place, SheetCase, all_sheets, drawn
from tests.hostile.sheets import Flaw, Tally, send_all, visit_all
from tests.hostile.target import database, serving
from tests.hostile.verdict import Fault
from tests.hostile.written_sheets import Form
from tests.postgres import require_postgresql

N_SHEETS: Final = 15
N_ROWS: Final = 8
SEED: Final = 20_261_126

Patch = pytest.MonkeyPatch


def test_every_value_stands_in_every_column_and_every_text_is_a_name() -> None:
    sheets = all_sheets()
    assert len({sheet.key for sheet in sheets}) == len(sheets)
    for form in (Form.CSV, Form.XLSX):
        columns: dict[tuple[str, str], set[str]] = {}
        alone: dict[str, set[str]] = {}
        for sheet in sheets:
            if sheet.place is Place.CELL and sheet.form is form:
                found = {entry.key for entry in sheet.entries}
                columns.setdefault((sheet.kind, sheet.header), set()).update(found)
                if not sheet.is_readable:
                    alone.setdefault(sheet.kind, set()).update(found)
        assert len(columns) > 100
        everything = {entry.key for entry in CORPUS}
        assert all(found | alone[kind] == everything for (kind, _), found in columns.items())
    for place in set(Place) - {Place.CELL}:
        named = {sheet.entries[0].key for sheet in sheets if sheet.place is place}
        assert named == {entry.key for entry in TEXTS}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_sample_of_the_corpus_in_sheets_finds_nothing(kind: str, tmp_path: Path) -> None:
    if kind == "postgresql":
        require_postgresql()
    print(f"seed {SEED}")
    cases = drawn(N_SHEETS, N_ROWS, SEED)
    assert {case.place for case in cases} == set(Place)
    with database(kind) as new_url:
        tally = asyncio.run(send_all(tmp_path, new_url(), cases))
    assert tally.findings == []
    assert tally.n_sheets == N_SHEETS
    assert tally.ends[ImportState.DONE] > N_SHEETS / 2


def changed_reply(patch: Patch, **values: object) -> None:
    """Let a sheet be shown with other values."""
    shown: Callable[[ImportJob], ImportRead] = vars(api.routes.imports)["_shown"]
    patch.setattr(
        "api.routes.imports._shown", lambda job: shown(job).model_copy(update=dict(values))
    )


def problem_in_each_row(patch: Patch, say: Callable[[RawRow], str]) -> None:
    """Let each row have a problem that says something of it."""

    def read(self: RowReader, raw: RawRow) -> InputRow:
        return InputRow(raw.number, {}, (FieldProblem("title", "wrong", say(raw)),))

    patch.setattr(RowReader, "read", read)


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*arguments: object, **named: object) -> None:
        raise error

    return fail


FLAWS: Final[Mapping[Flaw | Fault, Callable[[Patch], None]]] = {
    Flaw.UNENDED: lambda p: changed_reply(p, state=ImportState.CHECKING),
    Flaw.OUR_FAILURE: lambda p: p.setattr(RowReader, "read", raising(ValueError("no row"))),
    Flaw.READER_DIED: lambda p: p.setattr(
        "api.exchange.confined.parsing", SimpleNamespace(__name__="no_reader", cell_of=str)
    ),
    Flaw.UNREAD: lambda p: p.setattr(
        "api.exchange.import_work.open_rows", raising(FileRefusedError("读不了。"))
    ),
    Flaw.ROWS_LOST: lambda p: changed_reply(p, n_done=0),
    Flaw.SOUND_ROW_REFUSED: lambda p: problem_in_each_row(p, lambda raw: "不行。"),
    Flaw.LONG_REPLY: lambda p: changed_reply(p, note="长" * 100_000),
    Flaw.ECHO: lambda p: problem_in_each_row(p, lambda raw: str(raw.cells)),
    Fault.SERVER_ERROR: lambda p: p.setattr(Uploads, "refusals", raising(ValueError("none"))),
    Fault.UNCLEAN: lambda p: changed_reply(p, note="\x1b"),
}
"""Ways to make the service bad, by what has to be found then."""


def test_flaw_of_every_kind_is_found(tmp_path: Path) -> None:
    assert FLAWS.keys() >= set(Flaw)
    found = asyncio.run(found_with_each_flaw(tmp_path))
    assert {flaw: flaw in seen for flaw, seen in found.items()} == dict.fromkeys(FLAWS, True)


async def found_with_each_flaw(folder: Path) -> dict[Flaw | Fault, set[Flaw | Fault]]:
    """What is found in one service that has one flaw after another."""
    entries = tuple(entry for entry in TEXTS if entry.group == "markup")[:3]
    cases = [
        SheetCase(ImportKind.DEMANDS, form, Place.CELL, "背景", entries)
        for form in (Form.CSV, Form.XLSX)
    ]
    found = {}
    async with serving(folder, None) as target:
        for flaw, build_in in FLAWS.items():
            with pytest.MonkeyPatch.context() as patch:
                build_in(patch)
                tally: Tally = await visit_all(target, cases)
            found[flaw] = {finding.fault for finding in tally.findings}
    return found
