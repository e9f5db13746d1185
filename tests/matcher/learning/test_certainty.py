"""What is said of scores comes true as often as it is said."""

import numpy as np
import pytest

from matcher.learning.certainty import expected_calibration_error, fit_certainty


def test_curve_is_found_again() -> None:
    chance = np.random.default_rng(1)
    scores = chance.random(20_000)
    fits = chance.random(20_000) < 1 / (1 + np.exp(-(8 * scores - 4)))
    found = fit_certainty(scores, fits)
    assert (found.slope, found.offset) == pytest.approx((8, -4), rel=0.05)
    said = np.array([found.of(score) for score in scores])
    assert expected_calibration_error(said, fits) < 0.01


def test_scores_that_part_without_error_give_a_finite_curve() -> None:
    found = fit_certainty(np.array([0.1, 0.2, 0.8, 0.9]), np.array([False, False, True, True]))
    assert 0 < found.slope < 100
    assert found.of(0.1) < 0.5 < found.of(0.9)


def test_scores_turned_round_never_make_a_falling_curve() -> None:
    found = fit_certainty(np.array([0.1, 0.2, 0.8, 0.9]), np.array([True, True, False, False]))
    assert found.slope == 0.0


def test_error_is_the_gap_between_said_and_found() -> None:
    said = np.array([0.95] * 10 + [0.05] * 10)
    fits = np.array([True] * 5 + [False] * 15)
    assert expected_calibration_error(said, fits) == pytest.approx(0.5 * 0.45 + 0.5 * 0.05)
