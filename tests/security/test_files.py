"""Hostile files are refused at little cost, and no export holds a live formula (goal S7)."""

import csv
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from python_calamine import CalamineWorkbook

from api.exchange.columns import ImportKind, columns_of
from api.exchange.formulas import make_plain, restore
from api.exchange.read import open_rows
from api.exchange.records import Record
from api.exchange.rows import SCHEMAS
from api.exchange.sheets import SheetMaker
from api.exchange.types import FileRefusedError
from api.exchange.writing import write_delimited, write_workbook
from api.vocabularies import Vocabularies
from tests.hostile.corpus import TEXTS
from tests.security.bombs import CELL, EXTERNAL, REFUSED, SOUND, changed, sheet, workbook, write

MAX_MIB: Final = 50
REFUSED_S: Final = 0.2
"""How much a refusal may add to the memory of the process."""

ROOT: Final = Path(__file__).resolve().parents[2]
STARTERS: Final = "=+-@\t\r\n＝＋－＠"
INVISIBLE: Final = re.compile(r"^[\s\ufeff\u200b]+")
PAYLOADS: Final[list[str]] = [
    *(f"{starter}1+1" for starter in STARTERS),
    *(f"{starter}cmd|'/C calc'!A1" for starter in STARTERS),
    *(
        f"{blank}={rest}"
        for blank in ("", " ", "\u3000", "\ufeff", "\u200b", "'", "''")
        for rest in (
            "1+1",
            'HYPERLINK("http://a.example","x")',
            '专利"导航"',
            "a,b;c\td",
            "第一\n=第二",
        )
    ),
    "专利\n=1+1",
    '专利","=1+1',
    "-5",
    "+86 138",
    *(str(entry.value) for entry in TEXTS if entry.group == "formula"),
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What reading each hostile file came to, all in one process of its own."""
    paths = write(tmp_path_factory.mktemp("files"), REFUSED)
    command = [sys.executable, "-m", "tests.security.reading", *map(str, paths)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    return {answer["name"]: answer for answer in answers}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_file_is_refused_at_little_cost(
    told: Mapping[str, Mapping[str, Any]], name: str
) -> None:
    answer = told[name]
    assert answer["problem"], answer["rows"]
    assert answer["mib"] <= MAX_MIB
    assert len(answer["problem"]) < 300


@pytest.mark.nightly
def test_hostile_files_are_refused_at_once(told: Mapping[str, Mapping[str, Any]]) -> None:
    seconds = {name: answer["seconds"] for name, answer in told.items()}
    worst = max(seconds, key=lambda name: seconds[name])
    assert seconds[worst] <= REFUSED_S, worst


def test_sound_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sound.xlsx"
    path.write_bytes(SOUND)
    assert [dict(row.cells) for row in open_rows(path).rows] == [{"标题": "一", "内容": "二"}]


def test_entity_of_another_file_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("CANARY-OF-ANOTHER-FILE", "utf-8")
    path = tmp_path / "external.xlsx"
    path.write_bytes(sheet(CELL % b"title" + CELL % b"&e8;", EXTERNAL % str(secret).encode()))
    assert "CANARY" not in outcome_of(path)


def outcome_of(path: Path) -> str:
    """What reading a file gives, rows or refusal."""
    try:
        return str([dict(row.cells) for row in open_rows(path).rows])
    except FileRefusedError as error:
        return error.message


def test_link_to_another_workbook_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "linked.xlsx"
    link = b'<externalLink xmlns="x"><externalBook r:id="rId1"/></externalLink>'
    target = b'<Relationships><Relationship Target="http://127.0.0.1:9/x.xlsx"/></Relationships>'
    path.write_bytes(
        changed(
            {},
            {
                "xl/externalLinks/externalLink1.xml": link,
                "xl/externalLinks/_rels/externalLink1.xml.rels": target,
            },
        )
    )
    assert [dict(row.cells) for row in open_rows(path).rows] == [{"标题": "一", "内容": "二"}]


@pytest.mark.parametrize(
    "name", ["../../outside.txt", "/outside.txt", "..\\outside.txt", "xl/../../outside.txt"]
)
def test_archive_is_never_unpacked_to_disk(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    path = folder / "slip.xlsx"
    path.write_bytes(changed({}, {name: b"outside"}))
    assert open_rows(path).n_rows == 1
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a", "b", "slip.xlsx"]


def test_formula_in_a_file_is_read_as_its_last_value(tmp_path: Path) -> None:
    path = tmp_path / "formula.xlsx"
    path.write_bytes(workbook([["标题"], ["=WEBSERVICE(1)"]]))
    assert [dict(row.cells) for row in open_rows(path).rows] in ([], [{"标题": 0.0}])


@pytest.mark.parametrize("kind", ImportKind)
def test_exported_sheet_holds_no_live_formula(tmp_path: Path, kind: ImportKind) -> None:
    maker = SheetMaker(kind, Vocabularies.load().labels)
    rows = [maker.cells(record_of(kind, payload)) for payload in PAYLOADS]
    csv_path, xlsx_path = tmp_path / "out.csv", tmp_path / "out.xlsx"
    write_delimited(csv_path, maker.headings(), rows)
    write_workbook(xlsx_path, maker.headings(), rows)
    assert [cell for cell in csv_cells(csv_path) if is_live(cell)] == []
    assert [cell for cell in xlsx_cells(xlsx_path) if is_live(cell)] == []
    assert formulas(xlsx_path) == []


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_cell_stays_whole_whatever_separates(tmp_path: Path, separator: str) -> None:
    """A program that takes another separator must not find a formula at the start of a piece."""
    path = tmp_path / "out.csv"
    write_delimited(path, ["a", "b"], [["专利", make_plain("=1+1")]])
    with path.open(encoding="utf-8-sig", newline="") as file:
        pieces = [piece for row in csv.reader(file, delimiter=separator) for piece in row]
    assert [piece for piece in pieces if is_live(piece)] == []


def test_check_finds_a_live_formula(tmp_path: Path) -> None:
    """The checks above can fail: rows written without being made plain are found."""
    path = tmp_path / "out.csv"
    write_delimited(path, ["a"], [[payload] for payload in PAYLOADS])
    assert len([cell for cell in csv_cells(path) if is_live(cell)]) > len(STARTERS)
    live = tmp_path / "live.xlsx"
    live.write_bytes(workbook([["=1+1"]]))
    assert formulas(live) == ["1+1"]


@pytest.mark.parametrize("text", PAYLOADS, ids=ascii)
def test_text_made_plain_comes_back(text: str) -> None:
    assert restore(make_plain(text)) == text


def record_of(kind: ImportKind, payload: str) -> Record:
    """A record in which every column that can hold a text holds this one."""
    values: dict[str, Any] = {}
    for column in columns_of(kind).columns:
        outer, _, inner = column.path.partition(".")
        if outer not in SCHEMAS[kind].model_fields and outer != "provider_id":
            continue
        if column.of and not column.cell.value.startswith("code"):
            continue  # choices are written by their own names
        if column.cell.value in ("text", "key", "reference"):
            value: Any = payload
        elif column.cell.value in ("words", "lines", "references", "codes"):
            value = [payload, payload]
        elif column.cell.value in ("json", "json_or_lines"):
            value = [{"name": payload}]
        elif column.cell.value == "budget":
            value = {"kind": "ceiling", "max_fen": 1, "raw": payload}
        else:
            continue
        if inner:
            values.setdefault(outer, {})[inner] = value
        else:
            values[outer] = value
    tags = [{"code": payload, "name": payload, "confidence": 0.5}]
    return Record(values, {"id": payload, "state": payload, "scenario_tags": tags})


def is_live(cell: str) -> bool:
    """Whether a spreadsheet may take a cell for a formula."""
    return INVISIBLE.sub("", cell)[:1] in {*"=+-@＝＋－＠"} or cell[:1] in {*"\t\r\n"}


def csv_cells(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            yield from row


def xlsx_cells(path: Path) -> Iterator[str]:
    sheet_read = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    for row in sheet_read.to_python():
        yield from (cell for cell in row if isinstance(cell, str))


def formulas(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        content = archive.read("xl/worksheets/sheet1.xml").decode()
    return re.findall(r"<f[^>]*>([^<]*)</f>", content)
