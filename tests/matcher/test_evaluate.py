"""A labelled collection is read, ranked, written and measured."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from indexer.annotate.types import Annotations, Completeness, Tag
from indexer.embed import Embedder
from matcher.evaluate import (
    Collection,
    index_of,
    measure,
    rank_collection,
    read_collection,
    write_run,
)
from models.errors import InvalidInputError
from models.vocabulary.demand import Clarity
from models.vocabulary.taxonomy import Scheme
from tests.factories import SEGMENTER, make_matcher

DOCUMENTS = [
    {
        "id": "c1",
        "title": "碳化硅风险排查",
        "text": "排查碳化硅器件的侵权风险。",
        "group": "甲 公司",
    },
    {"id": "c2", "title": "电池图谱", "text": "绘制固态电池专利图谱。", "group": "甲 公司"},
    {"id": "c3", "title": "育种培训", "text": "讲授水稻育种专利。", "group": "乙公司"},
    {"id": "c4", "title": "风电强链", "text": "分析海上风电产业链。"},
]
QUERIES = [
    {"id": "q1", "title": "碳化硅出口风险", "text": "我们要排查碳化硅器件的侵权风险。"},
    {"id": "q2", "title": "风电产业链", "text": "想看海上风电产业链的短板。"},
]
QRELS = "q1 0 甲_公司 3\nq1 0 乙公司 0\nq2 0 c4 2\n"


class _Reader:
    """Reads every text as one about risk, in a region when it names Jiangsu."""

    def annotate_many(self, texts: Sequence[tuple[str, str]]) -> list[Annotations]:
        tags = (
            Tag(Scheme.SCENARIO, "1", "IND.PATH", "路径", 0.3),
            Tag(Scheme.SCENARIO, "1", "ENT.RISK", "风险", 0.9),
            Tag(Scheme.SCENARIO, "1", "OTH", "其他", 0.1),
        )
        return [_annotations(tags) for _ in texts]


def _annotations(scenarios: tuple[Tag, ...]) -> Annotations:
    return Annotations(
        scenarios=scenarios,
        needs_confirmation=False,
        industries=(
            Tag(Scheme.SEI, "1", "1.2", "电子", 0.8),
            Tag(Scheme.GB4754, "1", "C3982", "电子", 0.7),
        ),
        any_industry=False,
        regions=(Tag(Scheme.REGION, "1", "320000", "江苏省", 1.0),),
        budget=None,
        period=None,
        deadline=None,
        deliverables=(),
        audience=None,
        requirements=(),
        clarity=Clarity.CLEAR,
        completeness=Completeness(score=50, grade="C", missing=()),
    )


def _silent(done: int, total: int) -> None:
    pass


def _jsonl(rows: Sequence[object]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "documents.jsonl").write_text(_jsonl(DOCUMENTS), encoding="utf-8")
    (tmp_path / "queries.dev.jsonl").write_text(_jsonl(QUERIES), encoding="utf-8")
    (tmp_path / "qrels.dev.trec").write_text(QRELS, encoding="utf-8")
    return tmp_path


def _read(folder: Path) -> Collection:
    return read_collection(folder, "dev", _Reader(), _silent)


def _ranked(
    folder: Path, embedder: Embedder
) -> tuple[Collection, dict[str, list[tuple[str, float]]]]:
    collection = _read(folder)
    view = index_of(collection.documents, embedder, SEGMENTER)
    return collection, rank_collection(collection, make_matcher(embedder), view, None, _silent)


def test_documents_carry_what_was_read_of_them(folder: Path) -> None:
    first, *_ = _read(folder).documents
    assert (first.id, first.group_id, first.title) == ("c1", "甲 公司", "碳化硅风险排查")
    assert first.scenarios == (("ENT.RISK", 0.9), ("IND.PATH", 0.3))
    assert first.industries == (("1.2", 0.8),)
    assert first.classes == (("C3982", 0.7),)
    assert first.region_code == "320000"


def test_document_without_group_is_its_own(folder: Path) -> None:
    assert [d.group_id for d in _read(folder).documents] == ["甲 公司", "甲 公司", "乙公司", "c4"]


def test_texts_are_made_canonical(folder: Path) -> None:
    odd = {"id": 7, "title": "ＳｉＣ　风险", "text": "排查\u2028风险", "group": None}
    (folder / "documents.jsonl").write_text(_jsonl([odd]), encoding="utf-8")
    (document,) = _read(folder).documents
    assert (document.id, document.title, document.body) == ("7", "SiC 风险", "排查\n风险")


def test_groups_are_ranked_by_their_best_document(folder: Path, embedder: Embedder) -> None:
    _, rankings = _ranked(folder, embedder)
    assert rankings["q1"][0][0] == "甲 公司"
    assert sorted(key for key, _ in rankings["q1"]) == ["c4", "乙公司", "甲 公司"]
    assert rankings["q2"][0][0] == "c4"


def test_only_candidates_are_ranked_where_they_are_named(folder: Path, embedder: Embedder) -> None:
    (folder / "candidates.dev.tsv").write_text("q1\tc3\nq1\tc4\n", encoding="utf-8")
    collection, rankings = _ranked(folder, embedder)
    assert [d.id for d in collection.documents] == ["c3", "c4"]
    assert sorted(key for key, _ in rankings["q1"]) == ["c4", "乙公司"]
    assert rankings["q2"] == []


def test_run_is_in_trec_format_with_falling_scores(
    folder: Path, tmp_path: Path, embedder: Embedder
) -> None:
    _, rankings = _ranked(folder, embedder)
    run = tmp_path / "out.trec"
    write_run(rankings, run)
    rows = [line.split(" ") for line in run.read_text("utf-8").splitlines()]
    assert [len(row) for row in rows] == [6] * 6
    assert rows[0] == ["q1", "Q0", "甲_公司", "1", "3", "navmatch"]
    for qid in ("q1", "q2"):
        ranks = [(int(row[3]), float(row[4])) for row in rows if row[0] == qid]
        assert ranks == [(1, 3.0), (2, 2.0), (3, 1.0)]


def test_empty_rankings_write_an_empty_run(tmp_path: Path) -> None:
    write_run({"q1": []}, tmp_path / "out.trec")
    assert (tmp_path / "out.trec").read_bytes() == b""


def test_measures_are_means_over_queries(folder: Path, embedder: Embedder) -> None:
    collection, rankings = _ranked(folder, embedder)
    found = measure(rankings, collection)
    assert found["queries"] == 2
    assert found["by_query"]["q1"]["ndcg@10"] == pytest.approx(1.0)
    assert found["means"]["hit@10"] == 1.0
    assert found["means"]["mrr"] == pytest.approx(
        sum(row["mrr"] for row in found["by_query"].values()) / 2
    )


def test_query_without_judgements_measures_0(folder: Path, embedder: Embedder) -> None:
    (folder / "qrels.dev.trec").write_text("q1 0 甲_公司 3\n", encoding="utf-8")
    collection, rankings = _ranked(folder, embedder)
    assert measure(rankings, collection)["by_query"]["q2"]["ndcg@10"] == 0.0


def test_no_queries_measure_nothing(folder: Path) -> None:
    assert measure({}, _read(folder)) == {"queries": 0, "means": {}, "by_query": {}}


def test_progress_is_told_for_every_query(folder: Path, embedder: Embedder) -> None:
    collection = _read(folder)
    view = index_of(collection.documents, embedder, SEGMENTER)
    told: list[tuple[int, int]] = []
    rank_collection(collection, make_matcher(embedder), view, None, lambda *n: told.append(n))
    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize("name", ["documents.jsonl", "queries.dev.jsonl", "qrels.dev.trec"])
def test_missing_file_is_named(name: str, folder: Path) -> None:
    (folder / name).unlink()
    with pytest.raises(InvalidInputError, match=name) as caught:
        _read(folder)
    assert "评测集" in caught.value.message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("documents.jsonl", '{"id": "c1"'),
        ("documents.jsonl", '{"title": "无编号", "text": ""}'),
        ("documents.jsonl", "[1, 2]"),
        ("queries.dev.jsonl", '"q1"'),
        ("qrels.dev.trec", "q1 0 c1 three"),
        ("qrels.dev.trec", "q1 c1 3"),
        ("candidates.dev.tsv", "q1 c1"),
    ],
)
def test_broken_file_is_refused_in_chinese(name: str, content: str, folder: Path) -> None:
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInputError, match="读取失败"):
        _read(folder)
