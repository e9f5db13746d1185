"""Bands say how rare a score is among random pairs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.bands import (
    MIN_PAIRS,
    SHIPPED,
    STRENGTH,
    BandThresholds,
    no_match,
    thresholds_from,
)
from models.vocabulary.matching import Band, Direction, NoMatch

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


@pytest.mark.parametrize("ceiling", list(Band))
@pytest.mark.parametrize("score", [0.0, 0.75, 0.85, 1.0])
def test_no_score_reaches_a_band_above_the_ceiling(score: float, ceiling: Band) -> None:
    plain, under = OTHERWISE.band_of(score), OTHERWISE.under(ceiling).band_of(score)
    assert under == min(plain, ceiling, key=STRENGTH.index)


def test_floors_lift_only_what_lies_below_them() -> None:
    read = BandThresholds(strong=0.3, good=0.28, fair=0.05, n_pairs=900)
    assert read.at_least(BandThresholds(0.4, 0.2, 0.1)) == BandThresholds(0.4, 0.28, 0.1, 900)


@pytest.mark.parametrize(
    ("bands", "n_scored", "ceiling", "reason"),
    [
        ([Band.WEAK, Band.FAIR], 2, Band.STRONG, None),
        ([Band.WEAK], 3, Band.STRONG, NoMatch.ALL_WEAK),
        ([Band.WEAK], 3, Band.WEAK, NoMatch.OUT_OF_SCOPE),
        ([], 0, Band.WEAK, NoMatch.OUT_OF_SCOPE),
        ([], 3, Band.STRONG, NoMatch.ALL_EXCLUDED),
        ([], 0, Band.STRONG, NoMatch.NO_CANDIDATES),
    ],
)
def test_why_nothing_is_better_than_weak(
    bands: list[Band], n_scored: int, ceiling: Band, reason: NoMatch | None
) -> None:
    assert no_match(bands, n_scored, ceiling) == reason


@pytest.mark.parametrize("direction", list(Direction))
def test_shipped_values_exist_and_fall(direction: Direction) -> None:
    shipped = SHIPPED[direction]
    assert 1 > shipped.strong > shipped.good > shipped.fair > 0
    assert shipped.n_pairs == 0
