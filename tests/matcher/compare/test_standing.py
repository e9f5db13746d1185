"""Standings: deviations above the usual, tempered by what is known when the pool is small."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.compare.standing import FULL_STANDING, PRIOR_WEIGHT, Usual, standing

USUAL = Usual(mean=0.5, deviation=0.1)
VALUES = st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=40)


def _array(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, np.float32)


def test_standing_without_prior_counts_deviations_above_the_mean() -> None:
    pool = _array(*[0.0] * 99, 1.0)
    deviations = (1.0 - pool.mean()) / pool.std()
    assert standing(pool[-1:], pool)[0] == pytest.approx(min(deviations / FULL_STANDING, 1.0))


def test_value_at_or_below_the_mean_stands_at_zero() -> None:
    pool = _array(0.2, 0.4, 0.6)
    assert standing(_array(0.4, 0.2, -1.0), pool).tolist() == [0.0, 0.0, 0.0]


def test_prior_alone_decides_for_the_smallest_pool() -> None:
    pool = _array(0.5)
    deviations = (0.8 - 0.5) / (0.1 * np.sqrt(PRIOR_WEIGHT / (PRIOR_WEIGHT + 1)))
    found = standing(_array(0.8), pool, USUAL)[0]
    assert found == pytest.approx(deviations / FULL_STANDING, rel=1e-4)


def test_prior_weighs_as_much_as_twenty_rows() -> None:
    pool = _array(*[0.7, 0.9] * 10)
    mean, variance = 0.65, 0.5 * 0.1**2 + 0.5 * 0.1**2 + 0.25 * 0.3**2
    expected = (1.0 - mean) / np.sqrt(variance) / FULL_STANDING
    assert standing(_array(1.0), pool, USUAL)[0] == pytest.approx(expected, rel=1e-4)


def test_prior_fades_in_a_large_pool() -> None:
    pool = np.linspace(-1, 1, 20_000, dtype=np.float32)
    with_prior, without = standing(_array(0.9), pool, USUAL), standing(_array(0.9), pool)
    assert with_prior[0] == pytest.approx(without[0], abs=1e-3)


def test_equal_values_without_prior_stand_at_zero() -> None:
    assert standing(_array(3.0, 3.0), _array(3.0, 3.0)).tolist() == [0.0, 0.0]


@given(VALUES, st.booleans())
def test_standings_lie_between_0_and_1_and_keep_the_order(
    values: list[float], has_prior: bool
) -> None:
    pool = _array(*values)
    found = standing(pool, pool, USUAL if has_prior else None)
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found[np.argsort(pool)]) >= 0).all()


@given(VALUES, st.floats(0, 0.5, width=32))
def test_raising_one_value_never_lowers_its_standing(values: list[float], more: float) -> None:
    pool = _array(*values)
    raised = pool.copy()
    raised[0] += more
    assert standing(raised[:1], raised)[0] >= standing(pool[:1], pool)[0] - 1e-5
