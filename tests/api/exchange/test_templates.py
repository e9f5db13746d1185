import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from api.exchange.cells import CellReader
from api.exchange.columns import ImportKind, columns_of
from api.exchange.read import open_rows
from api.exchange.results import RowResult, RowStatus
from api.exchange.templates import KIND_NAMES, Template, is_required, template_of
from api.exchange.types import FileRefusedError
from api.exchange.writing import EXAMPLE_SHEET, NOTES_SHEET, write_template
from api.vocabularies import Vocabularies
from api.wiring import Service
from tests.api.exchange.conftest import PROVIDER, TODAY, lines

VOCABULARIES = Vocabularies.load()


def template(kind: ImportKind, today: date = TODAY) -> Template:
    return template_of(kind, VOCABULARIES, today)


@pytest.fixture(params=ImportKind)
def kind(request: pytest.FixtureRequest) -> ImportKind:
    of_kind: ImportKind = request.param
    return of_kind


def test_headings_are_those_the_importer_knows_best(kind: ImportKind) -> None:
    table = columns_of(kind)
    for column in template(kind).columns:
        found = table.find(column.header)
        assert found is not None
        assert found.header == column.header


def test_every_required_field_has_a_column(kind: ImportKind) -> None:
    table = columns_of(kind)
    wanted = {c.header for c in table.columns if is_required(kind, c.path)}
    marked = {c.header for c in template(kind).columns if c.is_required}
    assert marked == wanted
    assert wanted


def test_required_cells_are_filled_in_the_example(kind: ImportKind) -> None:
    assert all(c.example for c in template(kind).columns if c.is_required)


def test_choices_are_read_by_the_importer(kind: ImportKind, service: Service) -> None:
    reader = CellReader(VOCABULARIES)
    table = columns_of(kind)
    for column in template(kind).columns:
        known = table.find(column.header)
        assert known is not None
        for choice in column.choices:
            assert reader.read(choice, known) is not None


def test_empty_template_brings_no_rows(kind: ImportKind, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_template(path, template(kind))
    assert open_rows(path).n_rows == 0


def test_example_is_accepted_as_it_stands(
    kind: ImportKind,
    service: Service,
    run_import: Callable[..., list[RowResult]],
    tmp_path: Path,
) -> None:
    run_import(lines(tmp_path / "p.jsonl", PROVIDER), "providers")
    path = tmp_path / "a.xlsx"
    write_template(path, template(kind, service.today()))
    results = run_import(path, kind.value, sheet=EXAMPLE_SHEET)
    assert [(r.status, r.errors) for r in results] == [
        (RowStatus.UPDATED if kind is ImportKind.PROVIDERS else RowStatus.CREATED, ())
    ]


def test_sheets_and_drop_downs_are_there(kind: ImportKind, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = template(kind)
    write_template(path, made)
    with zipfile.ZipFile(path) as archive:
        book = archive.read("xl/workbook.xml").decode()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    for name in (KIND_NAMES[kind], EXAMPLE_SHEET, NOTES_SHEET):
        assert f'name="{name}"' in book
    assert 'state="hidden"' in book
    n_lists = sum(bool(column.choices) for column in made.columns)
    assert sheet.count('type="list"') == n_lists
    assert n_lists >= 4


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="无法写入"):
        write_template(tmp_path / "none" / "a.xlsx", template(ImportKind.DEMANDS))
