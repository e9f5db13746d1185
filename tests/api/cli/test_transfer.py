import json
from pathlib import Path
from typing import Any

import pytest

from api.exchange.importing import CHUNK_ROWS
from api.exchange.read import open_rows
from api.wiring import Service
from models import repository
from models.demand import Demand
from tests.api.cli.conftest import Run
from tests.api.exchange.conftest import CAPABILITY, DEMAND, PROVIDER, lines, others_writing


def n_demands(service: Service) -> int:
    with service.database.read() as session:
        return repository.count(session, Demand)


def test_import_shows_problems_and_writes_nothing_without_commit(
    service: Service, run_on: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = lines(tmp_path / "a.jsonl", {**DEMAND, "备注": 1}, {**DEMAND, "title": "短"})
    assert run_on("import", str(path), "--kind", "demands") == 0
    captured = capsys.readouterr()
    assert "共 2 行：新增 1，更新 0，未变 0，拒绝 1。" in captured.out
    assert "标题（title）" in captured.err
    assert "“备注”" in captured.err
    assert "--commit" in captured.err
    assert n_demands(service) == 0


def test_import_names_a_column_as_the_sheet_does(
    run_on: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("需求标题,需求描述,工期,预算万元\n短,也短,尽快,看情况\n", "utf-8")
    run_on("import", str(path), "--kind", "demands")
    said = capsys.readouterr().err
    assert "预算万元" in said
    assert "│ 工期" in said
    assert "“三个月”" in said
    assert "（budget" not in said
    assert "（period_days" not in said


def test_import_commit_writes_and_reports_every_row(
    service: Service, run_on: Run, tmp_path: Path
) -> None:
    path = lines(tmp_path / "a.jsonl", DEMAND, {**DEMAND, "title": "短"})
    report = tmp_path / "report.jsonl"
    words = ("import", str(path), "--kind", "demands", "--commit", "--report", str(report))
    assert run_on(*words) == 0
    first, second = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    assert first["row"] == 1
    assert first["status"] == "created"
    assert first["id"].startswith("dm_")
    assert first["errors"] == []
    assert second == {
        "row": 2,
        "id": None,
        "status": "refused",
        "errors": [
            {
                "field": "title",
                "column": "标题",
                "code": "string_too_short",
                "message": "文本过短，至少 6 个字符。",
            }
        ],
    }
    assert n_demands(service) == 1


def test_import_waits_for_others_before_it_begins(
    service: Service, run_on: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its entry in the audit chain is refused, and with it the whole command."""
    path = lines(tmp_path / "a.jsonl", DEMAND)
    with others_writing(service, monkeypatch) as refused:
        assert run_on("import", str(path), "--kind", "demands", "--commit") == 0
    assert refused.is_set()
    assert n_demands(service) == 1


def test_import_that_is_interrupted_keeps_its_report(
    service: Service, run_on: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{**DEMAND, "title": f"第{n}个碳化硅模块侵权风险排查"} for n in range(CHUNK_ROWS + 1)]
    path = lines(tmp_path / "a.jsonl", *rows)
    report = tmp_path / "report.jsonl"
    stored = iter([True])
    create_many = service.intake.demands.create_many

    def create_first_chunk_only(*args: Any) -> Any:
        if next(stored, False):
            return create_many(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(service.intake.demands, "create_many", create_first_chunk_only)
    words = ("import", str(path), "--kind", "demands", "--commit", "--report", str(report))
    assert run_on(*words) != 0
    told = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    assert [answer["status"] for answer in told] == ["created"] * CHUNK_ROWS
    assert n_demands(service) == CHUNK_ROWS


@pytest.mark.parametrize(
    ("rows", "more", "code"),
    [
        ([{"title": "短"}], (), 1),
        ([DEMAND, {"title": "短"}], (), 0),
        ([DEMAND, {"title": "短"}], ("--strict",), 1),
        ([DEMAND], ("--strict",), 0),
        ([], (), 0),
    ],
    ids=["all_refused", "one_refused", "strict", "strict_clean", "empty"],
)
def test_import_exit_code_says_whether_rows_went_in(
    run_on: Run, tmp_path: Path, rows: list[object], more: tuple[str, ...], code: int
) -> None:
    path = lines(tmp_path / "a.jsonl", *rows)
    assert run_on("import", str(path), "--kind", "demands", *more) == code


def test_import_mapping_words_name_columns(service: Service, run_on: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"项目,说明\n{DEMAND['title']},{DEMAND['description']}\n", "gb18030")
    words = ("--mapping", "项目=title", "--mapping", "说明=description", "--commit")
    assert run_on("import", str(path), "--kind", "demands", *words) == 0
    assert n_demands(service) == 1


def test_import_providers_puts_vectors_into_the_cache(
    service: Service, run_on: Run, tmp_path: Path
) -> None:
    path = lines(tmp_path / "a.jsonl", {**PROVIDER, "capabilities": [CAPABILITY]})
    assert run_on("import", str(path), "--kind", "providers", "--commit") == 0
    assert set(service.source.get([CAPABILITY["title"]])) == {CAPABILITY["title"]}


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx", "out.jsonl"])
def test_export_then_import_changes_nothing(
    run_on: Run, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = lines(tmp_path / "a.jsonl", DEMAND), tmp_path / name
    run_on("import", str(source), "--kind", "demands", "--commit")
    assert run_on("export", str(target), "--kind", "demands") == 0
    capsys.readouterr()
    assert run_on("import", str(target), "--kind", "demands", "--commit") == 0
    assert "未变 1，拒绝 0" in capsys.readouterr().out


def test_export_format_goes_before_the_name(run_on: Run, tmp_path: Path) -> None:
    target = tmp_path / "out.dat"
    assert run_on("export", str(target), "--kind", "cases", "--format", "xlsx") == 0
    assert target.read_bytes().startswith(b"PK")


def test_import_missing_file_fails_with_words(
    run_on: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_on("import", str(tmp_path / "no.csv"), "--kind", "demands") == 1
    assert "找不到文件" in capsys.readouterr().err


def test_import_hostile_names_do_not_reach_the_terminal(
    run_on: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.jsonl"
    row = {**DEMAND, "\ud800": 1, "\x1b[2J": 1, "[/b]": 1, ":smile:": 1, "\u202e": 1}
    path.write_text(json.dumps(row) + "\n", "utf-8")
    assert run_on("import", str(path), "--kind", "demands") == 0
    said = capsys.readouterr().err
    assert "\x1b[2J" not in said
    assert "\u202e" not in said
    assert "“[/b]”" in said
    assert "“:smile:”" in said


def test_template_is_written_and_said(
    run_on: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "案例.xlsx"
    assert run_on("template", str(path), "--kind", "cases") == 0
    assert "空白的案例表" in capsys.readouterr().err
    assert open_rows(path, "示例").n_rows == 1
