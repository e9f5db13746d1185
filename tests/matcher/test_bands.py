"""Bands say how rare a score is among random pairs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.bands import MIN_PAIRS, SHIPPED, BandThresholds, thresholds_from
from models.vocabulary import Band, Direction

OTHERWISE = BandThresholds(0.9, 0.8, 0.7)
ORDER = [Band.WEAK, Band.FAIR, Band.GOOD, Band.STRONG]


def test_thresholds_are_percentiles_of_random_pairs() -> None:
    scores = np.linspace(0, 1, 1001).tolist()
    found = thresholds_from(scores, OTHERWISE)
    assert (found.strong, found.good, found.fair) == pytest.approx((0.995, 0.97, 0.9))
    assert found.n_pairs == 1001


def test_few_pairs_leave_the_shipped_values() -> None:
    assert thresholds_from([0.5] * (MIN_PAIRS - 1), OTHERWISE) == OTHERWISE
    assert thresholds_from([0.5] * MIN_PAIRS, OTHERWISE).n_pairs == MIN_PAIRS
    assert thresholds_from([], OTHERWISE) == OTHERWISE


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (1.0, Band.STRONG),
        (0.9, Band.STRONG),
        (0.89, Band.GOOD),
        (0.8, Band.GOOD),
        (0.79, Band.FAIR),
        (0.7, Band.FAIR),
        (0.69, Band.WEAK),
        (0.0, Band.WEAK),
    ],
)
def test_threshold_itself_belongs_to_its_band(score: float, band: Band) -> None:
    assert OTHERWISE.band_of(score) == band


@given(
    scores=st.lists(st.floats(0, 1), min_size=2, max_size=2),
    pairs=st.lists(st.floats(0, 1), min_size=1, max_size=20),
)
def test_higher_score_is_never_in_a_lower_band(scores: list[float], pairs: list[float]) -> None:
    thresholds = thresholds_from(pairs * MIN_PAIRS, OTHERWISE)
    low, high = (ORDER.index(thresholds.band_of(score)) for score in sorted(scores))
    assert low <= high


@pytest.mark.parametrize("direction", list(Direction))
def test_shipped_values_exist_and_fall(direction: Direction) -> None:
    shipped = SHIPPED[direction]
    assert 1 > shipped.strong > shipped.good > shipped.fair > 0
    assert shipped.n_pairs == 0
