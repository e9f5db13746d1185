import json
from pathlib import Path
from typing import Any

import pytest

from tests.api.cli.conftest import Run
from tests.api.exchange.conftest import DEMAND, lines


def tagged(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_tag_keeps_order_and_writes_the_agreed_form(run_on: Run, tmp_path: Path) -> None:
    rows = [
        {
            "id": n,
            "title": f"{DEMAND['title']}{n}",
            "text": f"江苏省苏州市。{DEMAND['description']}",
        }
        for n in range(300)
    ]
    source, target = lines(tmp_path / "in.jsonl", *rows), tmp_path / "out.jsonl"
    assert run_on("tag", "--in", str(source), "--out", str(target)) == 0
    found = tagged(target)
    assert [row["id"] for row in found] == list(range(300))
    first = found[0]
    assert set(first) == {"id", "primary", "scenarios", "industries", "region"}
    assert first["primary"] == first["scenarios"][0]["code"]
    assert set(first["scenarios"][0]) == {"code", "confidence", "evidence"}
    assert first["region"]["code"] == "320500"
    text = f"{rows[0]['title']}\n{rows[0]['text']}"
    for evidence in first["region"]["evidence"]:
        assert text[evidence["start"] : evidence["end"]] == evidence["text"]


def test_tag_bad_lines_are_reported_and_passed_over(
    run_on: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    good = json.dumps({"id": "a", "title": DEMAND["title"], "text": ""})
    bad = [
        "{",
        "[]",
        '{"title": "x"}',
        '{"id": 1}',
        '{"id": 1, "title": 5}',
        '{"id":1,"text":"\\u0000"}',
    ]
    source.write_text("\n".join([bad[0], good, *bad[1:]]), "utf-8")
    assert run_on("tag", "--in", str(source), "--out", str(target)) == 0
    assert [row["id"] for row in tagged(target)] == ["a"]
    assert f"共 {len(bad)} 行不能标注" in capsys.readouterr().err


def test_tag_fails_when_no_line_can_be_tagged(run_on: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("{\n{\n", "utf-8")
    assert run_on("tag", "--in", str(source), "--out", str(target)) == 1


def test_tag_missing_file_fails_with_words(
    run_on: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "no.jsonl"
    assert run_on("tag", "--in", str(missing), "--out", str(tmp_path / "o")) == 1
    assert "找不到文件" in capsys.readouterr().err
