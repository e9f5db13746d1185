"""Measures against values computed by hand and by another implementation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from matcher.measures import hit, ndcg, recall, reciprocal_rank

GRADES = {"a": 3, "b": 2, "c": 1, "d": 0}


def test_ndcg_of_the_ideal_order_is_1() -> None:
    assert ndcg(["a", "b", "c", "d"], GRADES) == pytest.approx(1.0)


def test_ndcg_discounts_by_the_logarithm_of_the_rank() -> None:
    found = 3 / math.log2(2) + 7 / math.log2(3)
    ideal = 7 / math.log2(2) + 3 / math.log2(3) + 1 / math.log2(4)
    assert ndcg(["b", "a"], GRADES) == pytest.approx(found / ideal)


def test_ndcg_counts_the_first_k_alone() -> None:
    assert ndcg(["d", "a"], GRADES, k=1) == 0.0
    assert ndcg(["a", "d"], GRADES, k=1) == 1.0


def test_ids_without_judgement_count_as_nothing() -> None:
    assert ndcg(["x", "a"], {"a": 1}) == pytest.approx(1 / math.log2(3))


@pytest.mark.parametrize("grades", [{}, {"a": 0}])
def test_query_without_a_positive_grade_gives_0(grades: dict[str, int]) -> None:
    assert ndcg(["a"], grades) == 0.0
    assert recall(["a"], grades) == 0.0
    assert reciprocal_rank(["a"], grades) == 0.0
    assert hit(["a"], grades) == 0.0


@given(st.lists(st.integers(0, 3), min_size=2, max_size=30), st.integers(1, 12))
def test_ndcg_is_that_of_scikit_learn(grades: list[int], k: int) -> None:
    keys = [f"d{number}" for number in range(len(grades))]
    gains = np.array([2.0**grade - 1 for grade in grades])
    expected = ndcg_score([gains], [-np.arange(len(grades))], k=k)
    assert ndcg(keys, dict(zip(keys, grades, strict=True)), k) == pytest.approx(expected)


def test_recall_counts_grades_from_2_among_the_first_k() -> None:
    assert recall(["c", "b", "x", "a"], GRADES) == 1.0
    assert recall(["c", "b", "x", "a"], GRADES, k=2) == 0.5
    assert recall(["c", "b"], GRADES, least=1) == pytest.approx(2 / 3)


def test_reciprocal_rank_is_that_of_the_first_positive_grade() -> None:
    assert reciprocal_rank(["d", "x", "c", "a"], GRADES) == pytest.approx(1 / 3)
    assert reciprocal_rank(["d"], GRADES) == 0.0


def test_hit_looks_at_the_first_k() -> None:
    assert hit(["d", "c"], GRADES) == 1.0
    assert hit(["d", "c"], GRADES, k=1) == 0.0


def test_nothing_ranked_measures_0() -> None:
    assert [f([], GRADES) for f in (ndcg, recall, reciprocal_rank, hit)] == [0.0] * 4
