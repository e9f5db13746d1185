"""Explanations are true: on a small set with an encoder of hashes; the real one at night."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from bench.quality import real_texts
from bench.quality.compare import open_set
from bench.quality.faithfulness import Faithfulness, examine, shortened, write_report
from bench.quality.sets import LabelledSet
from bench.quality.systems import Opened
from bench.quality.vectors import RememberingEncoder
from indexer.encoder import HashEncoder
from indexer.sentences import sentences_of
from indexer.types import Embedding
from matcher.types import Query, SentencePair
from tests.factories import SUBJECTS, WORKS, make_document

CHARACTERS = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于就成会可主年动同工"


def sayings(chance: Random) -> list[str]:
    """Three sentences about nothing, nobody else's: what repeats others is doubted."""
    return ["".join(chance.choices(CHARACTERS, k=15)) + "。" for _ in range(3)]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Every subject with every work in one sentence among others that say nothing of it."""
    folder = tmp_path_factory.mktemp("set")
    pairs = [(subject, work) for subject in SUBJECTS for _, work in WORKS]
    documents, queries = [], []
    chance = Random(0)  # noqa: S311 - no secret is made from it
    for n, (subject, work) in enumerate(pairs):
        told = sayings(chance)
        told.insert(n % 3, f"面向{subject}，{work}。")
        documents.append({"id": f"d{n:03}", "title": "专利服务", "text": "".join(told)})
        if n % 3 == 0:
            queries.append({"id": f"q{n:03}", "title": "", "text": f"想做{subject}{work}"})
    for name, rows in (("documents", documents), ("queries.dev", queries)):
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text("".join(lines), "utf-8")
    (folder / "qrels.dev.trec").write_text("", "utf-8")
    encoder = RememberingEncoder(HashEncoder(), tmp_path_factory.mktemp("vectors"))
    yield open_set(LabelledSet("small", folder, "dev", None, ()), "dev", encoder)
    encoder.close()


@pytest.fixture(scope="module")
def found(opened: Opened) -> Faithfulness:
    return examine(opened, "small", 40, seed=0)


def test_contributions_sum_to_the_score(found: Faithfulness) -> None:
    assert found.n_sums == 85
    assert found.worst_sum <= 1e-6


def test_score_falls_without_the_cited_sentence_more_than_without_another(
    found: Faithfulness,
) -> None:
    assert len(found.removals) == 40
    assert found.lowered().mean >= 0.9
    assert found.further().low > 0
    assert found.holds()


def test_evidence_that_cites_another_sentence_is_found_out(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def last(query: Query, candidate: Embedding) -> SentencePair:
        return SentencePair(query.embedding.spans[0], candidate.spans[-1])

    monkeypatch.setattr("matcher.pipeline.nearest_sentences", last)
    found = examine(opened, "small", 40, seed=0)
    assert not found.holds()
    assert found.lowered().mean < 0.9


def test_sentence_is_taken_out_of_title_or_body(opened: Opened) -> None:
    document = make_document("d1", "排查碳化硅器件专利。出具分析报告一份。", title="专利分析服务")
    title, first, second = sentences_of(document.title, document.body)
    without = [shortened(document, s, opened.reader) for s in (title, first, second)]
    assert [(d.title, d.body) for d in without] == [
        ("", "排查碳化硅器件专利。出具分析报告一份。"),
        ("专利分析服务", "出具分析报告一份。"),
        ("专利分析服务", "排查碳化硅器件专利。"),
    ]


def test_report_says_what_was_found_and_what_was_missed(
    found: Faithfulness, tmp_path: Path
) -> None:
    write_report([found], tmp_path, seed=0)
    figures = json.loads((tmp_path / "faithfulness.json").read_text("utf-8"))["small"]
    text = (tmp_path / "faithfulness.md").read_text("utf-8")
    assert figures["pairs"] == 40
    assert "| small | 40 |" in text


def test_real_texts_that_are_not_there_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAVMATCH_SHARED_DATA", str(tmp_path))
    assert real_texts.prepare_real_texts() is None
