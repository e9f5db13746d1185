"""The bench on a small set with an encoder of hashes: every part of the report is there."""

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench.quality.compare import SYSTEMS, TRAINED, compare
from bench.quality.goals import Goals
from bench.quality.measured import SetResult
from bench.quality.peers import NEEDS, missing
from bench.quality.report import Report, write_report
from bench.quality.sets import LabelledSet
from bench.quality.vectors import RememberingEncoder
from indexer.encoder import HashEncoder
from matcher.features import FEATURES
from matcher.learning.trial import MIN_QUERIES
from tests.factories import SUBJECTS, WORKS


def _lines(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> LabelledSet:
    """Every subject with every work; right is the same subject."""
    folder = tmp_path_factory.mktemp("set")
    pairs = [(subject, work) for subject in SUBJECTS for _, work in WORKS]
    _lines(
        folder / "documents.jsonl",
        [
            {"id": f"d{n:03}", "title": subject, "text": work, "group": f"g{n // 2:03}"}
            for n, (subject, work) in enumerate(pairs)
        ],
    )
    asked = [pairs[(5 * n) % len(pairs)] for n in range(MIN_QUERIES)]
    _lines(
        folder / "queries.dev.jsonl",
        [{"id": f"q{n:02}", "title": s, "text": f"想做{s}{w}"} for n, (s, w) in enumerate(asked)],
    )
    judged = [
        f"q{n:02} 0 g{m // 2:03} 2\n"
        for n, (subject, _) in enumerate(asked)
        for m, (other, _) in enumerate(pairs)
        if other == subject
    ]
    (folder / "qrels.dev.trec").write_text("".join(judged), "utf-8")
    return LabelledSet("small", folder, "dev", None, ("ndcg@10", "recall@10"))


@pytest.fixture(scope="module")
def result(labelled: LabelledSet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SetResult]:
    encoder = RememberingEncoder(HashEncoder(), tmp_path_factory.mktemp("vectors"))
    wanted = [name for name in SYSTEMS if name not in NEEDS]
    yield compare(labelled, wanted, encoder)
    encoder.close()


def test_every_system_ranks_every_query(result: SetResult) -> None:
    assert [s.name for s in result.systems][:2] == ["navmatch", TRAINED]
    assert {s.name for s in result.systems} == set(SYSTEMS) - set(NEEDS)
    for system in result.systems:
        ratio = system.ratios["ndcg@10"]
        assert len(ratio.over) == len(result.keys) == MIN_QUERIES
        assert 0 < ratio.value <= 1


def test_difference_from_itself_is_nothing(result: SetResult) -> None:
    same = result.difference(result.ours, "ndcg@10")
    assert (same.mean, same.low, same.high, same.p_value) == (0, 0, 0, 1)


def test_each_feature_is_ablated(result: SetResult) -> None:
    assert set(result.ablation) == {f.name for f in FEATURES}
    assert result.lost_without("region").mean == pytest.approx(0, abs=0.01)


def test_report_has_tables_plot_and_figures(result: SetResult, tmp_path: Path) -> None:
    write_report(Report("编码器：散列。", [result]), Goals("", ()), tmp_path, "quality")
    text = (tmp_path / "quality.md").read_text("utf-8")
    figures = json.loads((tmp_path / "quality.json").read_text("utf-8"))["sets"]["small"]
    ElementTree.parse(tmp_path / "quality.svg")  # noqa: S314 - we wrote it
    for system in result.systems:
        assert f"| {system.name} |" in text
        measured = figures["systems"][system.name]["measures"]["recall@10"]
        assert len(measured["over"]) == len(figures["keys"]) == MIN_QUERIES
    assert all(f"| {f.name} |" in text for f in FEATURES)
    assert "区间为 95%" in text


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.quality.peers.find_spec", lambda name: None)
    assert missing("txtai") == ["txtai"]
    assert missing("bm25s-st") == ["bm25s", "jieba"]
