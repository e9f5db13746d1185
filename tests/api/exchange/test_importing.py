import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from api.exchange import importing
from api.exchange.cells import CellReader
from api.exchange.columns import ImportKind
from api.exchange.importing import Importer
from api.exchange.read import open_rows
from api.exchange.results import RowResult, RowStatus
from api.exchange.rows import RowReader
from api.exchange.targets import DemandTarget
from api.wiring import Service
from models import repository
from models.database import Database
from models.demand import Demand
from models.errors import UnavailableError
from models.provider import Capability, Provider
from models.vocabulary.demand import BudgetKind, DemandState
from models.vocabulary.taxonomy import Scheme
from tests.api.exchange.conftest import (
    CAPABILITY,
    DEMAND,
    PROVIDER,
    lines,
    others_writing,
    problems_of,
)

RunImport = Callable[..., list[RowResult]]


def sheet(path: Path, rows: list[list[Any]]) -> Path:
    if path.suffix == ".csv":
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows(rows)
    else:
        with xlsxwriter.Workbook(str(path)) as book:
            page = book.add_worksheet()
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return path


def demands(service: Service) -> list[Demand]:
    with service.database.read() as session:
        return repository.page(session, Demand, after=None, limit=100)


def statuses(results: list[RowResult]) -> list[str]:
    return [result.status.value for result in results]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_import_sheet_reports_planted_errors_at_row_and_field(
    service: Service, run_import: RunImport, tmp_path: Path, suffix: str
) -> None:
    heading: list[Any] = ["需求名称", "需求内容", "预算（万元）", "地区", "期限", "备注"]
    good = [DEMAND["title"], DEMAND["description"], 30, "江苏省苏州市", "三个月", "无"]
    rows = [
        heading,
        good,
        ["短", "短", "很多", "火星", 90, ""],
        [*good[:1], "另一份" * 20, "", "", "", ""],
    ]
    results = run_import(sheet(tmp_path / f"a.{suffix}", rows))
    assert [result.number for result in results] == [2, 3, 4]
    assert statuses(results) == ["created", "refused", "created"]
    assert problems_of(results[1]) == {
        ("title", "string_too_short"),
        ("description", "string_too_short"),
        ("budget.wan", "not_a_number"),
        ("region_code", "unknown_region"),
    }
    first = demands(service)[0]
    assert (first.budget_kind, first.budget_max_fen) == (BudgetKind.CEILING, 30_000_000)
    assert (first.region_code, first.period_days) == ("320500", 90)


def test_import_dry_run_foresees_and_writes_nothing(
    service: Service, run_import: RunImport, tmp_path: Path
) -> None:
    path = lines(tmp_path / "a.jsonl", DEMAND, {**DEMAND, "scenario_tags": ["XXX.NONE"]}, DEMAND)
    results = run_import(path, commit=False)
    assert statuses(results) == ["created", "refused", "updated"]
    assert problems_of(results[1]) == {("scenario_tags", "unknown_code")}
    assert demands(service) == []
    with service.database.read() as session:
        assert repository.last_seq(session) == 0


def test_import_again_changes_nothing(
    service: Service, run_import: RunImport, tmp_path: Path
) -> None:
    full = {
        **DEMAND,
        "source_ref": "x-1",
        "region_code": "32",
        "budget": "30-50万元",
        "urgent": True,
        "scenario_tags": ["ENT.RISK"],
        "deliverables": ["report"],
        "tech_keywords": ["碳化硅"],
    }
    rows = [full, {**DEMAND, "title": "没有编号的另一条需求"}]
    path = lines(tmp_path / "a.jsonl", *rows)
    created = run_import(path)
    with service.database.read() as session:
        seq = repository.last_seq(session)
    again = run_import(path)
    assert statuses(created) == ["created", "created"]
    assert statuses(again) == ["unchanged", "unchanged"]
    assert [result.id for result in again] == [result.id for result in created]
    with service.database.read() as session:
        assert repository.last_seq(session) == seq


def test_import_same_key_updates_what_differs(
    service: Service, run_import: RunImport, tmp_path: Path
) -> None:
    first = {**DEMAND, "source_ref": "x-1", "urgent": True}
    run_import(lines(tmp_path / "a.jsonl", first))
    second = {"编号": "x-1", "标题": DEMAND["title"], "内容": "改写过的" * 20, "场景": "ENT.RISK"}
    results = run_import(lines(tmp_path / "b.jsonl", second))
    (demand,) = demands(service)
    assert statuses(results) == ["updated"]
    assert demand.description == "改写过的" * 20
    assert demand.urgent
    with service.database.read() as session:
        tags = repository.tags_of(session, demand.entity, [demand.id])[demand.id]
    assert [t.code for t in tags if t.scheme == Scheme.SCENARIO] == ["ENT.RISK"]


def test_import_same_key_twice_in_a_file_updates(run_import: RunImport, tmp_path: Path) -> None:
    row = {**DEMAND, "source_ref": "x-1"}
    path = lines(tmp_path / "a.jsonl", row, {**row, "urgent": True}, {**row, "urgent": True})
    assert statuses(run_import(path)) == ["created", "updated", "unchanged"]


def test_import_same_key_of_two_things_refuses_the_later(
    service: Service, run_import: RunImport, tmp_path: Path
) -> None:
    first = {**DEMAND, "source_ref": "x-1"}
    other = {**first, "title": "充电桩主动均衡技术的专利预警"}
    path = lines(tmp_path / "a.jsonl", first, {**other, "source_ref": "x-2"}, other, first)
    results = run_import(path)
    assert statuses(results) == ["created", "created", "refused", "unchanged"]
    (problem,) = results[2].errors
    assert (problem.field, problem.code) == ("source_ref", "repeated_key")
    assert "第 1 行" in problem.message
    assert [demand.title for demand in demands(service)] == [first["title"], other["title"]]


def test_key_of_a_row_before_an_interruption_is_not_given_to_another(
    service: Service, tmp_path: Path
) -> None:
    first = {**DEMAND, "source_ref": "x-1"}
    path = lines(tmp_path / "a.jsonl", first, {**first, "title": "充电桩主动均衡技术的专利预警"})
    file = open_rows(path)
    reader = RowReader(ImportKind.DEMANDS, CellReader(service.vocabularies))
    importer = Importer(service, reader, commit=True)
    rows = iter(file.rows)
    importer.pass_over(next(rows))
    ((result,),) = importer.chunks(rows)
    assert problems_of(result) == {("source_ref", "repeated_key")}


def test_import_draft_is_published_when_asked(
    service: Service, run_import: RunImport, tmp_path: Path
) -> None:
    row = {**DEMAND, "source_ref": "x-1", "scenario_tags": ["ENT.RISK"]}
    run_import(lines(tmp_path / "a.jsonl", row))
    results = run_import(lines(tmp_path / "b.jsonl", {**row, "publish": "是"}))
    assert statuses(results) == ["updated"]
    assert demands(service)[0].state == DemandState.PUBLISHED


def test_import_hostile_lines_are_refused_and_others_stored(
    run_import: RunImport, tmp_path: Path
) -> None:
    bad = [
        {**DEMAND, "title": "标题\u0000带控制字符"},
        {**DEMAND, "title": 5},
        {**DEMAND, "description": "长" * 5_001},
        {**DEMAND, "budget": {"kind": "range", "min_fen": 2**70, "max_fen": 1}},
        {**DEMAND, "\ud800": 1, "title": "\ud800\ud800\ud800\ud800\ud800\ud800"},
        {"title": None},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in [*bad, DEMAND]), "utf-8")
    results = run_import(path)
    assert statuses(results) == ["refused"] * len(bad) + ["created"]
    assert all(result.errors and result.errors[0].message for result in results[:-1])


@pytest.mark.parametrize("commit", [True, False])
def test_import_number_past_all_bounds_refuses_its_row_alone(
    run_import: RunImport, tmp_path: Path, commit: bool
) -> None:
    path = lines(tmp_path / "a.jsonl", DEMAND)
    wild = json.dumps({**DEMAND, "valid_until": "@"}).replace('"@"', "1e999")
    path.write_text(wild + "\n" + path.read_text("utf-8"), "utf-8")
    results = run_import(path, commit=commit)
    assert statuses(results) == ["refused", "created"]
    assert ("row", "not_json") in problems_of(results[0])


@pytest.mark.parametrize("word", ["a\ud800", "a\u0000b", "长" * 401, {"id": "x"}, [["x"]]])
def test_import_reference_that_cannot_be_looked_up_refuses_its_row_alone(
    run_import: RunImport, tmp_path: Path, word: Any
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({**DEMAND, "base_id": word}) + "\n" + json.dumps(DEMAND), "utf-8")
    results = run_import(path)
    assert statuses(results) == ["refused", "created"]
    assert results[0].errors[0].field == "base_id"


@pytest.mark.parametrize(
    ("owner", "method", "commit"),
    [
        (RowReader, "read", True),
        (DemandTarget, "find", True),
        (DemandTarget, "create_many", True),
        (DemandTarget, "refusal", False),
    ],
)
def test_import_unforeseen_fault_refuses_its_row_alone_and_is_logged(
    run_import: RunImport,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    owner: type,
    method: str,
    commit: bool,
) -> None:
    working = getattr(owner, method)

    def failing(self: Any, *given: Any) -> Any:
        if "有毛病的" in repr(given):
            raise ZeroDivisionError
        return working(self, *given)

    monkeypatch.setattr(owner, method, failing)
    faulty = {**DEMAND, "title": "有毛病的一条需求"}
    results = run_import(lines(tmp_path / "a.jsonl", faulty, DEMAND), commit=commit)
    assert statuses(results) == ["refused", "created"]
    assert ("row", "internal") in problems_of(results[0])
    assert [record.name for record in caplog.records if record.exc_info] == ["navmatch.import"]


def test_import_full_disk_ends_the_import(
    run_import: RunImport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: DemandTarget, entries: Any) -> Any:
        raise OSError

    monkeypatch.setattr(DemandTarget, "create_many", full)
    with pytest.raises(OSError):  # noqa: PT011 - whatever the system says
        run_import(lines(tmp_path / "a.jsonl", DEMAND))


def test_import_texts_at_their_limits_are_stored(run_import: RunImport, tmp_path: Path) -> None:
    at = {**DEMAND, "title": "题" * 80, "description": "长" * 5_000}
    past = {**DEMAND, "title": "题" * 81}
    assert statuses(run_import(lines(tmp_path / "a.jsonl", at, past))) == ["created", "refused"]


def test_import_providers_again_with_more_capabilities_updates(
    service: Service, run_import: RunImport, tmp_path: Path
) -> None:
    one = {**PROVIDER, "key": "p-1", "team": {"analysis": 3}, "capabilities": [CAPABILITY]}
    path = lines(tmp_path / "a.jsonl", one)
    assert statuses(run_import(path, "providers")) == ["created"]
    assert statuses(run_import(path, "providers")) == ["unchanged"]
    two = {**one, "capabilities": [CAPABILITY, {**CAPABILITY, "title": "另一项能力"}]}
    path = lines(tmp_path / "b.jsonl", two)
    assert statuses(run_import(path, "providers", commit=False)) == ["updated"]
    assert statuses(run_import(path, "providers")) == ["updated"]
    with service.database.read() as session:
        assert repository.count(session, Provider) == 1
        assert repository.count(session, Capability) == 2


def test_import_provider_problem_in_a_capability_names_its_place(
    run_import: RunImport, tmp_path: Path
) -> None:
    broken = {**CAPABILITY, "description": "短"}
    path = lines(tmp_path / "a.jsonl", {**PROVIDER, "capabilities": [CAPABILITY, broken]})
    (result,) = run_import(path, "providers")
    assert problems_of(result) == {("capabilities.1.description", "string_too_short")}


def test_import_provider_in_a_sheet_fills_nested_fields(
    service: Service, run_import: RunImport, tmp_path: Path
) -> None:
    heading = [
        "单位名称",
        "单位类型",
        "注册地",
        "分析人数",
        "服务区域",
        "最低承接金额（元）",
        "分析工具",
    ]
    row = [PROVIDER["name"], "咨询公司", "苏州市", 8, "江苏、上海", 80000, "库一；库二"]
    assert statuses(run_import(sheet(tmp_path / "a.csv", [heading, row]), "providers")) == [
        "created"
    ]
    with service.database.read() as session:
        (provider,) = repository.page(session, Provider, after=None, limit=2)
        assert provider.team == {"analysis": 8}
        assert provider.service_regions == ["320000", "310000"]
        assert provider.preferences["budget_min_fen"] == 8_000_000
        assert [tool["name"] for tool in provider.tools] == ["库一", "库二"]


@pytest.mark.parametrize("reference", ["p-1", PROVIDER["name"]])
def test_import_capability_finds_its_provider(
    run_import: RunImport, tmp_path: Path, reference: str
) -> None:
    run_import(lines(tmp_path / "p.jsonl", {**PROVIDER, "source_ref": "p-1"}), "providers")
    path = lines(tmp_path / "c.jsonl", {**CAPABILITY, "所属机构": reference})
    assert statuses(run_import(path, "capabilities")) == ["created"]
    assert statuses(run_import(path, "capabilities")) == ["unchanged"]


@pytest.mark.parametrize("row", [CAPABILITY, {**CAPABILITY, "provider_id": "没有这家"}])
def test_import_capability_without_provider_is_refused(
    run_import: RunImport, tmp_path: Path, row: dict[str, Any]
) -> None:
    (result,) = run_import(lines(tmp_path / "c.jsonl", row), "capabilities")
    assert result.status == RowStatus.REFUSED
    assert {problem.field for problem in result.errors} == {"provider_id"}


def test_import_cases_are_stored_with_their_provider(
    service: Service, run_import: RunImport, tmp_path: Path
) -> None:
    run_import(lines(tmp_path / "p.jsonl", {**PROVIDER, "source_ref": "p-1"}), "providers")
    case = {
        "title": "某市功率半导体产业专利导航",
        "summary": "面向某市功率半导体产业。" * 10,
        "provider": "p-1",
        "year": "2024",
        "publish": True,
    }
    path = lines(tmp_path / "c.jsonl", case)
    assert statuses(run_import(path, "cases")) == ["created"]
    assert statuses(run_import(path, "cases")) == ["unchanged"]


def test_import_procurement_mapping_reads_notices_and_intentions(
    service: Service, run_import: RunImport, tmp_path: Path
) -> None:
    notice = {
        "id": "n-1",
        "title": "某园区改造项目施工招标",
        "content": "招标条件" * 20,
        "date": "x",
    }
    intention = {
        "title": "林地审核技术服务",
        "need": "采购技术服务内容如下" * 5,
        "org": "某院",
        "region": "山东省本级",
        "budget_wan": "25.000000",
    }
    path = lines(tmp_path / "a.jsonl", notice, intention)
    assert statuses(run_import(path, mapping=("procurement",))) == ["created", "created"]
    stored = {demand.title: demand for demand in demands(service)}
    assert stored[notice["title"]].source_ref == "n-1"
    assert stored[intention["title"]].region_code == "370000"
    assert stored[intention["title"]].budget_max_fen == 25_000_000


def test_import_waits_for_others_who_write(
    service: Service,
    run_import: RunImport,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with others_writing(service, monkeypatch) as refused:
        results = run_import(lines(tmp_path / "a.jsonl", DEMAND))
    assert refused.is_set()
    assert statuses(results) == ["created"]


def test_import_ends_when_others_write_all_the_time(
    service: Service, run_import: RunImport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.sqlite.TURN_PATIENCE_S", 0.01)
    monkeypatch.setattr(importing, "BUSY_PAUSES_S", (0.01,))
    other = Database(service.database.url)
    with other.write() as session:
        session.connection()
        with pytest.raises(UnavailableError):
            run_import(lines(tmp_path / "a.jsonl", DEMAND))
    other.close()
    assert demands(service) == []
