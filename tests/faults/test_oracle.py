"""The comparison itself: every kind of loss is seen."""

from dataclasses import replace

import numpy as np
import pytest

from indexer.comparison import DifferenceKind
from indexer.documents import KINDS
from indexer.segment import Segment
from indexer.view import IndexView, KindView
from models.vocabulary.row import Entity
from tests.factories import make_corpus, make_demand, make_embedder
from tests.faults.checking import segmenter, view_differences
from tests.faults.oracle import Content, Oracle, Stored
from tests.indexer.harming import HARMS, Harm

FIRST = Content("标题", "正文", "draft", deleted=False)
SECOND = FIRST._replace(text="改过的正文")
GONE = FIRST._replace(deleted=True)


def told(content: Content = FIRST, version: int = 1) -> Oracle:
    """An oracle whose one client was told that its row is like this."""
    oracle = Oracle()
    row = oracle.begin("k", "demand", FIRST)
    oracle.acknowledged(row, content, {"id": "dm_1", "version": version})
    return oracle


def compare(oracle: Oracle, *stored: Content, version: int = 1) -> list[str]:
    rows = dict.fromkeys("k" * len(stored), Stored("dm_1", version, stored[0])) if stored else {}
    return oracle.compare(rows, [content.title for content in stored])


def test_row_as_told_is_no_difference() -> None:
    assert compare(told(), FIRST) == []


@pytest.mark.parametrize(
    ("oracle", "stored"),
    [(told(), []), (told(SECOND), [FIRST]), (told(GONE), [FIRST]), (told(), [GONE])],
    ids=["lost", "older", "deletion lost", "deleted"],
)
def test_row_that_is_not_as_told_is_a_difference(oracle: Oracle, stored: list[Content]) -> None:
    assert len(compare(oracle, *stored)) == 1


def test_older_version_is_a_difference() -> None:
    assert len(compare(told(version=2), FIRST, version=1)) == 1


def test_row_under_another_key_is_a_difference() -> None:
    assert len(told().compare({"k": Stored("dm_2", 1, FIRST)}, [])) == 1


def test_row_nobody_wrote_is_a_phantom() -> None:
    (found,) = Oracle().compare({"x": Stored("dm_1", 1, FIRST)}, [])
    assert "phantom" in found


def test_title_that_is_there_twice_is_a_duplicate() -> None:
    (found,) = told().compare({"k": Stored("dm_1", 1, FIRST)}, ["标题", "标题"])
    assert "duplicate" in found


@pytest.mark.parametrize("stored", [[FIRST], [SECOND]], ids=["before", "after"])
def test_change_nobody_answered_may_be_there_or_not(stored: list[Content]) -> None:
    oracle = told()
    oracle.unknown(oracle.rows["k"], FIRST, SECOND)
    assert compare(oracle, *stored) == []
    assert oracle.rows["k"].content == stored[0]


def test_change_nobody_answered_is_one_of_the_two() -> None:
    oracle = told()
    oracle.unknown(oracle.rows["k"], FIRST, SECOND)
    assert len(compare(oracle, GONE)) == 1


def test_fault_a_client_met_is_a_difference() -> None:
    oracle = told()
    oracle.fault("answered 500")
    assert compare(oracle, FIRST) == ["answered 500"]
    assert compare(oracle, FIRST) == []


DOCUMENTS = [*make_corpus(4), make_demand("dm-1"), make_demand("dm-2", "固态电池的专利导航。")]
TRUTH = {kind: [d for d in DOCUMENTS if d.kind == kind] for kind in KINDS}


def index() -> IndexView:
    """What a server should hold of the documents."""
    embedder = make_embedder()
    kinds = {
        kind: KindView((), ()).with_segment(
            Segment.build(rows, embedder.embed_documents(rows), segmenter(), embedder.encoder.dim)
        )
        for kind, rows in TRUTH.items()
    }
    return IndexView("gen-00000001", 1, embedder.encoder.fingerprint, kinds)


def test_index_that_is_what_the_database_says_is_no_difference() -> None:
    assert view_differences(index(), TRUTH) == []


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_harm_to_an_index_is_a_difference(harm: Harm) -> None:
    view, expected = harm(index())
    found = view_differences(view, TRUTH)
    assert f"{expected.entity} {expected.id} differs in the index: {expected.kind}" in found
    is_seen_in_the_digest = expected.kind is DifferenceKind.DUPLICATE
    assert any("digest" in difference for difference in found) == is_seen_in_the_digest


def test_document_without_a_vector_is_a_difference() -> None:
    view = index()
    demands = view.of(Entity.DEMAND)
    (segment,) = demands.segments
    silent = replace(segment, sentences=np.zeros_like(segment.sentences))
    kinds = {**view.kinds, Entity.DEMAND: replace(demands, segments=(silent,))}
    found = view_differences(replace(view, kinds=kinds), TRUTH)
    assert found == [f"demand {d.id} has no vector" for d in TRUTH[Entity.DEMAND]]
