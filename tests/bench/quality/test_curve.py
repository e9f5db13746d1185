"""The curve of what scores are worth: found again, told from another, of the shipped weights."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.quality import curve as curves
from bench.quality.curve import FittedCurve, Scored, fit, is_shipped, write_curve
from matcher.calibrate import floors_of
from matcher.features import FEATURES
from matcher.ranker import SHIPPED_SCORING, Certainty, shipped_curve

TRUE = Certainty(slope=14.0, offset=-5.0)
N_QUERIES, N_PAIRS = 40, 100


def scored(name: str, certainty: Certainty = TRUE, seed: int = 3) -> Scored:
    """Pairs that fit as often as a curve says."""
    dice = np.random.default_rng(seed)
    scores = dice.random(N_QUERIES * N_PAIRS)
    worth = np.array([certainty.of(score) for score in scores])
    queries = np.repeat(np.arange(N_QUERIES), N_PAIRS)
    return Scored(name, scores, dice.random(len(scores)) < worth, queries)


@pytest.fixture
def fitted(monkeypatch: pytest.MonkeyPatch) -> FittedCurve:
    monkeypatch.setattr(curves, "RESAMPLES", 20)
    return fit([scored("a"), scored("b", seed=4)])


def test_curve_is_found_again_within_its_interval(fitted: FittedCurve) -> None:
    floors = floors_of(TRUE)
    assert fitted.low.strong < floors.strong < fitted.high.strong
    assert fitted.low.fair < floors.fair < fitted.high.fair
    assert (fitted.n_pairs, fitted.n_queries) == (2 * N_QUERIES * N_PAIRS, 2 * N_QUERIES)


def test_error_on_another_set_shows_where_it_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves, "RESAMPLES", 2)
    alike = fit([scored("a"), scored("b", seed=4)])
    other = fit([scored("a"), scored("b", Certainty(slope=14.0, offset=-9.0))])
    assert alike.crossed["a", "b"] < 0.03 < 0.1 < other.crossed["a", "b"]


def test_another_curve_is_told_from_the_shipped_one(fitted: FittedCurve) -> None:
    own = fitted.certainty
    assert is_shipped(fitted, replace(own, slope=own.slope + 0.01))
    assert not is_shipped(fitted, replace(own, offset=own.offset + 0.2))


def test_shipped_curve_was_fitted_for_the_weights_that_ship() -> None:
    """Whoever changes a weight fits the curve anew: bench.quality.calibration --write."""
    assert shipped_curve()["weights"] == {f.name: f.weight for f in FEATURES}


def test_written_curve_is_what_the_matcher_reads(fitted: FittedCurve, tmp_path: Path) -> None:
    write_curve(fitted, "an encoder", tmp_path / "curve.json")
    written, shipped = json.loads((tmp_path / "curve.json").read_text("utf-8")), shipped_curve()
    assert written.keys() == shipped.keys()
    assert SHIPPED_SCORING.certainty == Certainty(shipped["slope"], shipped["offset"])
