"""Retrieval misses nothing below its limit, and above it keeps what would rank first."""

import numpy as np
import pytest

from indexer.embed import Embedder
from indexer.types import Document
from indexer.view import KindView
from matcher.compare.standing import Usual
from matcher.features import FEATURES, Surroundings
from matcher.retrieve import MAX_CANDIDATES, retrieve
from matcher.score import score
from matcher.types import Candidates, Query
from tests.factories import (
    REGIONS,
    SUBJECTS,
    WORKS,
    ask,
    make_corpus,
    make_demand,
    make_document,
    make_kind_view,
)

AROUND = Surroundings(Usual(0.2, 0.1), REGIONS)


def _demand(number: int) -> Document:
    subject, (code, work) = SUBJECTS[number % len(SUBJECTS)], WORKS[number % len(WORKS)]
    return make_demand(
        f"dm-{number}",
        f"我单位从事{subject}，希望有机构{work}，三个月内完成。",
        title=f"{subject}专利需求",
        scenarios=((code, 0.9),),
        industries=(("1.2", 0.8),),
    )


@pytest.fixture(scope="module")
def large(embedder: Embedder) -> KindView:
    """More documents than are scored."""
    return make_kind_view(make_corpus(2_000), embedder)


@pytest.fixture(scope="module")
def queries(embedder: Embedder) -> list[Query]:
    return [ask(_demand(number), embedder) for number in range(10)]


def _best_ten(query: Query, candidates: Candidates) -> list[int]:
    totals = score(query, candidates, FEATURES, AROUND).totals
    order = np.lexsort((candidates.rows, -np.round(totals, 6)))
    return [int(candidates.rows[i]) for i in order[:10]]


def test_everything_allowed_is_scored_below_the_limit(
    large: KindView, queries: list[Query]
) -> None:
    allowed = large.alive_rows[3 : 3 + MAX_CANDIDATES]
    found = retrieve(queries[0], large, allowed)
    assert found.rows.tolist() == allowed.tolist()
    assert found.pool.tolist() == large.alive_rows.tolist()


def test_above_the_limit_only_allowed_rows_come_back(large: KindView, queries: list[Query]) -> None:
    allowed = large.alive_rows[::2]
    found = retrieve(queries[0], large, allowed)
    assert len(found.rows) == MAX_CANDIDATES
    assert set(found.rows) <= set(allowed)
    assert (np.diff(found.rows) > 0).all()
    assert found.pool.tolist() == large.alive_rows.tolist()


def test_above_the_limit_the_exact_ten_best_are_found(
    large: KindView, queries: list[Query]
) -> None:
    everything = Candidates(large, large.alive_rows, large.alive_rows, large.alive_rows)
    n_found = 0
    for query in queries:
        exact = _best_ten(query, everything)
        n_found += len(set(exact) & set(retrieve(query, large, large.alive_rows).rows.tolist()))
    assert n_found / (10 * len(queries)) >= 0.95


def test_equal_documents_come_back_by_key(embedder: Embedder) -> None:
    view = make_kind_view([make_document(f"cp-{n:02}") for n in reversed(range(30))], embedder)
    found = retrieve(ask(make_demand(), embedder), view, view.alive_rows, limit=7)
    assert found.rows.tolist() == list(range(23, 30))


def test_removed_rows_are_not_retrieved(large: KindView, queries: list[Query]) -> None:
    first = retrieve(queries[0], large, large.alive_rows).rows
    gone = {large.documents[row].id for row in first.tolist()}
    left = large.without(gone)
    assert not set(retrieve(queries[0], left, left.alive_rows).rows) & set(first)


def test_query_without_tags_and_title_still_finds(large: KindView, embedder: Embedder) -> None:
    query = ask(make_demand(title="", body="固态电池电解质的侵权风险"), embedder)
    found = retrieve(query, large, large.alive_rows, limit=50)
    assert any("固态电池" in large.documents[row].body for row in found.rows.tolist())


def test_query_of_unknown_signs_finds_by_vectors_alone(large: KindView, embedder: Embedder) -> None:
    query = ask(make_demand(title="", body="ゑゐヰ ヱヮ"), embedder)
    assert len(retrieve(query, large, large.alive_rows, limit=50).rows) == 50


def test_empty_view_gives_no_candidates(queries: list[Query]) -> None:
    empty = KindView((), ())
    assert len(retrieve(queries[0], empty, empty.alive_rows).rows) == 0


def test_pool_stays_the_same_under_every_filter(large: KindView, queries: list[Query]) -> None:
    few = retrieve(queries[0], large, large.alive_rows[:10])
    many = retrieve(queries[0], large, large.alive_rows)
    assert few.pool.tolist() == many.pool.tolist()
