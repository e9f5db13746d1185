"""A ranker is accepted for what it does on queries it has not seen, and for nothing else."""

import numpy as np
import pytest

from matcher.learning.examples import Example, make_example
from matcher.learning.trial import MIN_QUERIES, fitting, try_training
from tests.matcher.learning.simulated import TRUE_WEIGHTS, features, simulated

WRONG = features(np.array([0.05, 0.05, 0.1, 0.8]))


def _meaningless(n: int, seed: int) -> list[Example]:
    """Queries whose grades have nothing to do with the values."""
    chance = np.random.default_rng(seed)
    keys = [f"g{n:02}" for n in range(30)]
    return [
        make_example(
            f"q{number}",
            chance.random((30, 4)).astype(np.float32),
            keys,
            dict(zip(keys, chance.integers(0, 4, 30).tolist(), strict=True)),
        )
        for number in range(n)
    ]


def test_better_weights_are_accepted() -> None:
    trial = try_training(simulated(30, seed=1), WRONG, WRONG)
    assert trial.is_better
    assert trial.difference.low > 0
    assert trial.held_back.mean() > trial.before.mean() + 0.1
    assert sum(trial.weights.values()) == pytest.approx(1.0)


def test_nothing_is_accepted_where_the_present_weights_are_right() -> None:
    true = features(TRUE_WEIGHTS)
    assert not try_training(simulated(30, seed=1), true, true).is_better


def test_judgements_without_sense_are_hardly_ever_accepted() -> None:
    trials = [try_training(_meaningless(20, seed), WRONG, WRONG) for seed in range(6)]
    assert sum(trial.is_better for trial in trials) <= 1


def test_scores_of_all_groups_are_held_back_ones() -> None:
    trial = try_training(simulated(25, seed=1), WRONG, WRONG)
    scores, fits = trial.scores
    assert len(scores) == len(fits) == 25 * 30
    assert scores[fits].mean() > scores[~fits].mean()


def test_groups_fit_from_grade_two_or_where_judges_only_said_yes() -> None:
    values, keys = np.zeros((3, 4), np.float32), ["a", "b", "c"]
    graded = make_example("q1", values, keys, {"a": 2, "b": 1})
    asked = make_example("q2", values, keys, {"c": 1})
    assert [fits.tolist() for fits in fitting([graded, asked])] == [
        [True, False, False],
        [False, False, False],
    ]
    assert fitting([asked])[0].tolist() == [False, False, True]


def test_too_few_queries_are_refused() -> None:
    with pytest.raises(ValueError, match=str(MIN_QUERIES)):
        try_training(simulated(MIN_QUERIES - 1, seed=1), WRONG, WRONG)
