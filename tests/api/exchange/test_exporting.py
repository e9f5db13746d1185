import csv
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from api.exchange.cells import CellReader
from api.exchange.columns import ImportKind
from api.exchange.exporting import Exporter
from api.exchange.importing import Importer
from api.exchange.read import open_rows
from api.exchange.results import RowResult
from api.exchange.rows import RowReader
from api.exchange.types import FileFormat, FileRefusedError
from api.exchange.writing import write_lines
from api.wiring import Service
from models import repository
from models.case import Case
from models.demand import MATCHABLE_STATES, Demand
from models.vocabulary.demand import DemandState
from models.vocabulary.organisation import CaseState
from tests.api.exchange.conftest import CAPABILITY, DEMAND, PROVIDER, lines

RunImport = Callable[..., list[RowResult]]

FULL_DEMAND = {
    **DEMAND,
    "title": "=1+1 碳化硅模块出口排查",
    "decision_question": "-董事会决定是否出口",
    "background": "＝SUM(A1:A9)\n第二行",
    "budget": {"kind": "range", "min_fen": 30_000_001, "max_fen": 50_000_000, "raw": "三十来万"},
    "deliverables": ["report", "list"],
    "tech_keywords": ["@碳化硅", "a,b"],
    "requirements": [{"kind": "staff_count", "strength": "must", "value": 5, "text": "不少于5人"}],
    "region_code": "320500",
    "period_days": 90,
    "scenario_tags": ["ENT.RISK"],
    "industry_tags": ["1.2"],
    "class_tags": ["C3973", "I6520"],
    "urgent": True,
    "publish": True,
}
FULL_PROVIDER = {
    **PROVIDER,
    "region_code": "320500",
    "service_regions": ["32", "nation"],
    "team": {"analysis": 8, "total": 20},
    "credentials": [{"type": "star_grade", "level": "四星", "valid_to": "2027-04-30"}],
    "tools": ["检索式库", "A,B 比对台"],
    "nda_ready": False,
    "languages": ["zh", "en"],
    "capacity": {"open_slots": 3, "next_free_date": "2026-05-01"},
    "preferences": {"scenarios": ["ENT"], "budget_min_fen": 8_000_050},
    "capabilities": [
        {
            **CAPABILITY,
            "typical_days": {"min": 5, "max": 9},
            "methods": ["甲、乙法"],
            "class_tags": ["C3973"],
        }
    ],
}


@pytest.fixture
def stored(run_import: RunImport, tmp_path: Path) -> None:
    run_import(lines(tmp_path / "p.jsonl", FULL_PROVIDER), "providers")
    run_import(lines(tmp_path / "d.jsonl", FULL_DEMAND, DEMAND), "demands")
    case = {
        "title": "某市功率半导体产业专利导航",
        "summary": "面向某市功率半导体产业。" * 10,
        "provider": PROVIDER["name"],
        "year": 2024,
        "publish": True,
        "application": [{"form": "plan_text", "date": "2024-06-30"}],
    }
    run_import(lines(tmp_path / "c.jsonl", case), "cases")


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("format_", list(FileFormat))
@pytest.mark.parametrize("kind", list(ImportKind))
def test_export_imports_back_unchanged(
    service: Service, run_import: RunImport, tmp_path: Path, kind: ImportKind, format_: FileFormat
) -> None:
    path = tmp_path / f"out.{format_}"
    exporter = Exporter(service, kind)
    n_rows = exporter.write(path, format_)
    results = run_import(path, kind)
    assert n_rows == exporter.count() == len(results)
    assert [(r.status.value, r.errors) for r in results] == [("unchanged", ())] * n_rows


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("format_", [FileFormat.CSV, FileFormat.XLSX])
def test_export_sheet_holds_no_live_formula(
    service: Service, tmp_path: Path, format_: FileFormat
) -> None:
    path = tmp_path / f"out.{format_}"
    Exporter(service, ImportKind.DEMANDS).write(path, format_)
    if format_ is FileFormat.CSV:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = [list(map(str, record)) for record in csv.reader(file)]
    else:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        table = [list(map(str, record)) for record in sheet.to_python()]
        assert b"<f>" not in _sheet_xml(path)
    cells = [cell for record in table for cell in record]
    assert "'=1+1 碳化硅模块出口排查" in cells
    assert not [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@＝＋－＠") and cell]


@pytest.mark.usefixtures("stored")
def test_export_lines_keep_texts_and_set_apart_what_was_read(
    service: Service, tmp_path: Path
) -> None:
    path = tmp_path / "out.jsonl"
    Exporter(service, ImportKind.DEMANDS).write(path, FileFormat.JSONL)
    full, plain = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert full["title"] == FULL_DEMAND["title"]
    assert full["budget"] == FULL_DEMAND["budget"]
    assert full["class_tags"] == FULL_DEMAND["class_tags"]
    assert "deliverables" not in plain
    assert "report" in plain["readonly"]["deliverables"]
    assert plain["source_ref"].startswith("text:")


@pytest.mark.usefixtures("stored")
def test_export_reads_into_an_empty_installation(
    service: Service, run_import: RunImport, tmp_path: Path
) -> None:
    path = tmp_path / "out.jsonl"
    Exporter(service, ImportKind.PROVIDERS).write(path, FileFormat.JSONL)
    other = Service(
        service.settings.model_copy(update={"data_dir": tmp_path / "other"}),
        service.embedder.encoder,
        service.today,
    )
    other.database.migrate()
    results = _import_into(other, path)
    other.close()
    assert [(r.status.value, r.errors) for r in results] == [("created", ())]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("kind", "table", "state", "is_offered"),
    [
        *((ImportKind.DEMANDS, Demand, state, state in MATCHABLE_STATES) for state in DemandState),
        *((ImportKind.CASES, Case, state, state == CaseState.PUBLISHED) for state in CaseState),
    ],
)
def test_export_publishes_only_what_is_offered(
    service: Service,
    tmp_path: Path,
    kind: ImportKind,
    table: type[Demand] | type[Case],
    state: Any,
    is_offered: bool,
) -> None:
    with service.database.write() as session:
        for row in repository.page(session, table, after=None, limit=9):
            row.state = state
    path = tmp_path / "out.jsonl"
    Exporter(service, kind).write(path, FileFormat.JSONL)
    exported = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert {record["publish"] for record in exported} == {is_offered}


def test_export_without_rows_writes_headings_only(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert Exporter(service, ImportKind.CASES).write(path, FileFormat.CSV) == 0
    assert open_rows(path).n_rows == 0


def test_export_into_missing_folder_is_refused_with_words(service: Service, tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="无法写入"):
        Exporter(service, ImportKind.CASES).write(tmp_path / "no" / "out.csv", FileFormat.CSV)


def _import_into(service: Service, path: Path) -> list[RowResult]:
    reader = RowReader(ImportKind.PROVIDERS, CellReader(service.vocabularies))
    return list(Importer(service, reader, commit=True).run(open_rows(path)))


def _sheet_xml(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def test_exports_to_one_place_at_the_same_time_are_both_whole(tmp_path: Path) -> None:
    place = tmp_path / "导出.jsonl"

    def rows() -> Iterator[dict[str, int]]:
        yield {"outer": 1}
        assert write_lines(place, [{"inner": 1}, {"inner": 2}]) == 2
        assert place.read_text("utf-8") == '{"inner": 1}\n{"inner": 2}\n'
        yield {"outer": 2}

    assert write_lines(place, rows()) == 2
    assert place.read_text("utf-8") == '{"outer": 1}\n{"outer": 2}\n'
    assert list(tmp_path.iterdir()) == [place]
