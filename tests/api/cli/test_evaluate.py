import json
from pathlib import Path

import pytest

from tests.api.cli.conftest import Run
from tests.api.exchange.conftest import CAPABILITY, DEMAND, lines


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    folder.mkdir()
    lines(
        folder / "documents.jsonl",
        {
            "id": "c1",
            "title": CAPABILITY["title"],
            "text": CAPABILITY["description"],
            "group": "p1",
        },
        {"id": "c2", "title": "会务服务", "text": "承办各类会议与展览。", "group": "p2"},
    )
    lines(
        folder / "queries.dev.jsonl",
        {"id": "q1", "title": DEMAND["title"], "text": DEMAND["description"]},
    )
    (folder / "qrels.dev.trec").write_text("q1 0 p1 3\n", "utf-8")
    return folder


def test_evaluate_writes_run_file_and_measures(
    run_on: Run, tmp_path: Path, collection: Path
) -> None:
    target, figures = tmp_path / "out.trec", tmp_path / "out.json"
    words = ("--collection", str(collection), "--split", "dev", "--run", str(target))
    assert run_on("evaluate", *words, "--json", str(figures)) == 0
    first = target.read_text("utf-8").splitlines()[0].split()
    assert first[:4] == ["q1", "Q0", "p1", "1"]
    assert first[5] == "navmatch"
    assert json.loads(figures.read_text("utf-8"))["means"]["mrr"] == 1.0


def test_evaluate_takes_other_weights(run_on: Run, tmp_path: Path, collection: Path) -> None:
    weights = tmp_path / "w.toml"
    weights.write_text("scenario = 1.0\n", "utf-8")
    words = ("--collection", str(collection), "--split", "dev", "--run", str(tmp_path / "o"))
    assert run_on("evaluate", *words, "--weights", str(weights)) == 0


@pytest.mark.parametrize("content", ["[1]", "{", '{"scenario": "x"}'])
def test_evaluate_unreadable_weights_are_refused(
    run_on: Run, tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = tmp_path / "w.json"
    weights.write_text(content, "utf-8")
    words = ("--collection", str(tmp_path), "--split", "dev", "--run", str(tmp_path / "o"))
    assert run_on("evaluate", *words, "--weights", str(weights)) == 1
    assert "权重文件" in capsys.readouterr().err


def test_evaluate_missing_collection_is_refused_with_words(
    run_on: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--collection", str(tmp_path), "--split", "dev", "--run", str(tmp_path / "o"))
    assert run_on("evaluate", *words) == 1
    assert "documents.jsonl" in capsys.readouterr().err
