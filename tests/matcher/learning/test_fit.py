"""Fitting finds the weights the judgements were made with, and stays near its prior."""

import numpy as np
import pytest
from numpy.typing import NDArray

from matcher.learning.fit import fit_weights
from tests.matcher.learning.simulated import TRUE_WEIGHTS, features, simulated

EVEN = np.full(4, 0.25)


def _ndcg(weights: NDArray[np.float64], seed: int) -> float:
    return float(np.mean([e.measured(features(weights)) for e in simulated(60, seed)]))


def test_true_weights_are_found() -> None:
    found = fit_weights(simulated(80, seed=1), EVEN, 0.01)
    assert found == pytest.approx(TRUE_WEIGHTS, abs=0.06)
    assert _ndcg(found, seed=2) > _ndcg(EVEN, seed=2) + 0.05


def test_unknown_values_do_not_mislead() -> None:
    found = fit_weights(simulated(150, seed=1, unknown=0.3), EVEN, 0.01)
    assert found == pytest.approx(TRUE_WEIGHTS, abs=0.1)


def test_stronger_prior_holds_the_weights_nearer() -> None:
    examples = simulated(40, seed=1)
    gaps = [
        np.abs(fit_weights(examples, EVEN, strength) - EVEN).sum()
        for strength in (0.0, 1.0, 10.0, float("inf"))
    ]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] == pytest.approx(0.0, abs=1e-9)


def test_weights_are_a_share_each() -> None:
    found = fit_weights(simulated(20, seed=1), np.array([1.0, 0.0, 0.0, 0.0]), 0.1)
    assert found.sum() == pytest.approx(1.0)
    assert (found > 0).all()


def test_feature_that_is_never_known_keeps_its_prior_among_the_rest() -> None:
    examples = simulated(30, seed=1)
    for example in examples:
        example.values[:, 3] = np.nan
    found = fit_weights(examples, EVEN, 0.1)
    assert found[3] == pytest.approx(0.25, abs=0.12)


def test_examples_without_gain_teach_nothing() -> None:
    silent = simulated(3, seed=1)
    for example in silent:
        example.gains[:] = 0
    assert fit_weights(silent, EVEN, 0.0) == pytest.approx(EVEN)
    with_silent = fit_weights([*silent, *simulated(10, seed=2)], EVEN, 0.1)
    assert with_silent == pytest.approx(fit_weights(simulated(10, seed=2), EVEN, 0.1))


def test_same_examples_give_the_same_weights() -> None:
    first, second = (fit_weights(simulated(10, seed=1), EVEN, 0.1) for _ in range(2))
    assert first.tolist() == second.tolist()
