"""Scores are means of what is known, and every contribution can be named."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.embed import Embedder
from indexer.view import KindView
from matcher.compare.standing import Usual
from matcher.features import FEATURES, Feature, Surroundings, weighted
from matcher.score import Scores, score
from matcher.types import Candidates, Query, Values
from tests.factories import (
    REGIONS,
    all_candidates,
    ask,
    make_corpus,
    make_demand,
    make_document,
    make_embedder,
    make_kind_view,
)

AROUND = Surroundings(Usual(0.2, 0.1), REGIONS)
VALUE = st.none() | st.floats(0, 1, width=32)
WEIGHT = st.floats(0, 1, allow_subnormal=False)  # a processor may count smaller ones as 0
EMBEDDER = make_embedder()
THREE = all_candidates(make_kind_view(make_corpus(3), EMBEDDER))
QUERY = ask(make_demand(), EMBEDDER)


def _feature(name: str, weight: float, values: list[float | None]) -> Feature:
    known = np.array([np.nan if v is None else v for v in values], np.float32)

    def compute(query: Query, candidates: Candidates, around: Surroundings) -> Values:
        return known

    return Feature(name, name, name, weight, compute)


def _scores(*features: Feature) -> Scores:
    return score(QUERY, THREE, features, AROUND)


@given(
    rows=st.lists(st.lists(VALUE, min_size=3, max_size=3), min_size=1, max_size=8),
    weights=st.lists(WEIGHT, min_size=8, max_size=8),
)
def test_contributions_sum_to_the_score(
    rows: list[list[float | None]], weights: list[float]
) -> None:
    features = [_feature(f"f{n}", weights[n], row) for n, row in enumerate(rows)]
    scores = _scores(*features)
    for candidate, total in enumerate(scores.totals):
        parts = scores.parts(candidate)
        assert sum(part.contribution for part in parts) == pytest.approx(total, abs=1e-6)
        assert 0 <= total <= 1 + 1e-6
        assert sum(part.weight for part in parts) == pytest.approx(1.0) or total == 0


def test_unknown_value_leaves_the_mean_and_lowers_coverage() -> None:
    scores = _scores(_feature("a", 0.6, [1.0, 1.0, None]), _feature("b", 0.4, [0.0, None, None]))
    assert scores.totals.tolist() == pytest.approx([0.6, 1.0, 0.0])
    assert scores.coverage.tolist() == pytest.approx([1.0, 0.6, 0.0])


def test_part_of_an_unknown_value_says_so() -> None:
    known, unknown = _scores(_feature("a", 0.6, [0.5] * 3), _feature("b", 0.4, [None] * 3)).parts(0)
    assert (known.value, known.weight, known.contribution) == (0.5, 1.0, 0.5)
    assert (unknown.value, unknown.weight, unknown.contribution) == (None, 0.0, 0.0)


def test_feature_of_no_weight_is_known_and_counts_nothing() -> None:
    first, off = _scores(_feature("a", 1.0, [0.5] * 3), _feature("b", 0.0, [0.9] * 3)).parts(0)
    assert off.value == pytest.approx(0.9)
    assert (off.weight, off.contribution) == (0.0, 0.0)
    assert first.contribution == 0.5


def test_only_features_of_no_weight_known_scores_zero() -> None:
    scores = _scores(_feature("a", 1.0, [None] * 3), _feature("b", 0.0, [0.9] * 3))
    assert scores.totals.tolist() == scores.coverage.tolist() == [0.0] * 3
    assert [part.contribution for part in scores.parts(0)] == [0.0, 0.0]


def test_no_candidates_have_no_scores() -> None:
    nothing = np.zeros(0, np.int64)
    empty = Candidates(KindView((), ()), nothing, nothing, nothing)
    scores = score(QUERY, empty, FEATURES, AROUND)
    assert scores.totals.shape == scores.coverage.shape == (0,)


def test_shipped_features_give_values_in_range_or_unknown(embedder: Embedder) -> None:
    candidates = all_candidates(make_kind_view([*make_corpus(30), make_document("x")], embedder))
    query = ask(make_demand(scenarios=(("ENT.RISK", 0.9),), region_code="320500"), embedder)
    values = score(query, candidates, FEATURES, AROUND).values
    assert ((values >= 0) & (values <= 1) | np.isnan(values)).all()
    assert values.shape == (31, len(FEATURES))


def test_weights_change_the_order(embedder: Embedder) -> None:
    documents = [
        make_document("near", "另一种服务。", title="别的", region_code="320500"),
        make_document("alike", "排查碳化硅器件出口的侵权风险。", region_code="440300"),
        *make_corpus(20),
    ]
    candidates = all_candidates(make_kind_view(documents, embedder))
    query = ask(make_demand(region_code="320500"), embedder)
    near, alike = score(query, candidates, FEATURES, AROUND).totals[:2]
    assert alike > near
    by_place = weighted(FEATURES, {f.name: 0.0 for f in FEATURES} | {"region": 1.0})
    near, alike = score(query, candidates, by_place, AROUND).totals[:2]
    assert near > alike
