"""Ranking: one result a provider, rules within a band, copies folded, ties by key."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.embed import Embedder
from matcher.bands import BandThresholds
from matcher.rank import (
    SECOND_BONUS,
    Entry,
    fold_duplicates,
    group_rows,
    group_score,
    group_scores,
    put_in_order,
    second_part,
)
from matcher.types import Caution
from models.vocabulary.matching import Band, RuleOutcome
from tests.factories import make_corpus, make_document, make_kind_view

THRESHOLDS = BandThresholds(strong=0.8, good=0.6, fair=0.4)


def _entry(key: str, score: float, outcome: RuleOutcome = RuleOutcome.MET) -> Entry:
    return Entry(0, make_document(f"cp-{key}", group_id=key), score, 1.0, outcome=outcome)


def _order(*entries: Entry) -> list[str]:
    return [entry.document.group_id for entry in put_in_order(entries, THRESHOLDS)]


def test_higher_score_comes_first() -> None:
    assert _order(_entry("a", 0.1), _entry("b", 0.9), _entry("c", 0.5)) == ["b", "c", "a"]


def test_ties_are_broken_by_key() -> None:
    assert _order(_entry("b", 0.5), _entry("c", 0.5), _entry("a", 0.5)) == ["a", "b", "c"]


def test_scores_that_differ_in_the_seventh_decimal_tie() -> None:
    assert _order(_entry("b", 0.50000004), _entry("a", 0.50000001)) == ["a", "b"]


def test_open_must_stands_after_met_ones_of_its_band() -> None:
    unknown = _entry("a", 0.75, RuleOutcome.UNKNOWN)
    assert _order(unknown, _entry("b", 0.61)) == ["b", "a"]


def test_open_must_does_not_fall_below_its_band() -> None:
    unknown = _entry("a", 0.61, RuleOutcome.UNKNOWN)
    assert _order(unknown, _entry("b", 0.59)) == ["a", "b"]


def test_entries_get_the_band_of_their_score() -> None:
    entries = [_entry("a", 0.9), _entry("b", 0.7), _entry("c", 0.5), _entry("d", 0.1)]
    ordered = put_in_order(entries, THRESHOLDS)
    assert [entry.band for entry in ordered] == [Band.STRONG, Band.GOOD, Band.FAIR, Band.WEAK]


@given(best=st.floats(0, 1), second=st.floats(0, 1))
def test_second_document_never_lowers_a_score_nor_lifts_it_above_1(
    best: float, second: float
) -> None:
    best, second = max(best, second), min(best, second)
    alone, both = group_score([best], [0]), group_score([best, second], [0, 1])
    assert alone == best
    assert best <= both <= 1.0
    assert both - best <= SECOND_BONUS


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 5)), min_size=1, max_size=30))
def test_all_groups_at_once_score_as_one_by_one(rows: list[tuple[float, int]]) -> None:
    totals, groups = (np.array(column) for column in zip(*rows, strict=True))
    expected = []
    for group in sorted(set(groups.tolist())):
        members = np.flatnonzero(groups == group)
        best_first = members[np.argsort(-totals[members], kind="stable")]
        expected.append(group_score(totals.tolist(), best_first.tolist()))
    assert group_scores(totals, groups).tolist() == pytest.approx(expected)


def test_third_document_adds_nothing() -> None:
    assert group_score([0.5, 0.4, 0.4], [0, 1, 2]) == group_score([0.5, 0.4], [0, 1])


def test_part_of_the_second_document_is_what_it_adds() -> None:
    part = second_part([0.5, 0.4], [0, 1])
    assert part.value == 0.4
    assert part.contribution == pytest.approx(group_score([0.5, 0.4], [0, 1]) - 0.5)
    assert part.contribution == pytest.approx(part.weight * 0.4)
    assert second_part([0.5], [0]).value is None


def test_groups_hold_their_candidates_best_first() -> None:
    documents = [
        make_document(key, group_id=group)
        for key, group in [("c", "pv-1"), ("b", "pv-1"), ("a", "pv-2"), ("d", "pv-1")]
    ]
    assert group_rows(documents, [0.5, 0.5, 0.9, 0.7]) == {"pv-1": [3, 1, 0], "pv-2": [2]}


def _folded(embedder: Embedder, depth: int, *bodies: str, **facts: Any) -> list[Entry]:
    documents = [
        make_document(f"cp-{n}", body, group_id=f"pv-{n}", **facts) for n, body in enumerate(bodies)
    ]
    view = make_kind_view(documents, embedder)
    entries = [Entry(n, document, 1 - n / 100, 1.0) for n, document in enumerate(documents)]
    return fold_duplicates(entries, view, depth)


def test_copies_fold_into_the_first_of_them(embedder: Embedder) -> None:
    kept = _folded(embedder, 5, "碳化硅专利风险排查", "固态电池专利图谱", "碳化硅专利风险排查")
    assert [entry.document.id for entry in kept] == ["cp-0", "cp-1"]
    assert kept[0].near_duplicates == ("cp-2",)
    assert kept[1].near_duplicates == ()


def test_copies_do_not_use_up_places(embedder: Embedder) -> None:
    kept = _folded(embedder, 2, *["碳化硅专利风险排查"] * 3, "固态电池专利图谱", "风电机组产业链")
    assert [entry.document.id for entry in kept] == ["cp-0", "cp-3"]
    assert kept[0].near_duplicates == ("cp-1", "cp-2")


def test_what_comes_after_the_depth_is_not_looked_at(embedder: Embedder) -> None:
    kept = _folded(embedder, 1, "碳化硅专利风险排查", "固态电池专利图谱", "碳化硅专利风险排查")
    assert [entry.document.id for entry in kept] == ["cp-0"]
    assert kept[0].near_duplicates == ()


def test_different_texts_are_not_folded(embedder: Embedder) -> None:
    documents = make_corpus(20)
    view = make_kind_view(documents, embedder)
    entries = [Entry(n, document, 0.5, 1.0) for n, document in enumerate(documents)]
    assert len(fold_duplicates(entries, view, 20)) == 20


def test_copy_does_not_take_the_place_of_what_was_there_first(embedder: Embedder) -> None:
    bodies = ["碳化硅专利风险排查", "固态电池专利图谱", "碳化硅专利风险排查"]
    documents = [make_document(f"cp-{9 - n}", body) for n, body in enumerate(bodies)]
    view = make_kind_view(documents, embedder)
    entries = [Entry(view.row_by_id[d.id], d, 1 - n / 100, 1.0) for n, d in enumerate(documents)]
    kept = fold_duplicates(entries, view, 5)
    assert [entry.document.id for entry in kept] == ["cp-8", "cp-7"]
    assert kept[1].near_duplicates == ("cp-9",)


def test_verified_copy_stays_before_an_older_one(embedder: Embedder) -> None:
    documents = [
        make_document("cp-1", "碳化硅专利风险排查"),
        make_document("cp-2", "碳化硅专利风险排查", verified=True),
    ]
    view = make_kind_view(documents, embedder)
    entries = [Entry(view.row_by_id[d.id], d, 0.5, 1.0) for d in documents]
    assert [e.document.id for e in fold_duplicates(entries, view, 5)] == ["cp-2"]


def test_doubted_text_is_fair_at_best_and_behind_what_else_is_fair() -> None:
    doubted = replace(_entry("a", 0.95), cautions=(Caution.LISTS_TERMS,))
    ordered = put_in_order([doubted, _entry("b", 0.45), _entry("c", 0.05)], THRESHOLDS)
    assert [entry.document.group_id for entry in ordered] == ["b", "a", "c"]
    assert ordered[1].band == Band.FAIR


def test_equal_scores_are_drawn_by_lot_with_a_seed() -> None:
    entries = [_entry(key, 0.5) for key in "abcdef"]
    orders = {
        tuple(e.document.group_id for e in put_in_order(entries, THRESHOLDS, seed))
        for seed in range(9)
    }
    assert len(orders) > 5
    assert _order(*entries) == list("abcdef")


def test_what_is_doubted_stands_last_in_its_group() -> None:
    documents = [make_document(key, group_id="pv-1") for key in "abc"]
    assert group_rows(documents, [0.9, 0.5, 0.7], {0}) == {"pv-1": [2, 1, 0]}
