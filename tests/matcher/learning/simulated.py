"""Queries whose right order is known, because it was made from known weights."""

import numpy as np
from numpy.typing import NDArray

from matcher.features import Feature, Surroundings
from matcher.learning.examples import Example, make_example
from matcher.types import Candidates, Query, Values

TRUE_WEIGHTS = np.array([0.6, 0.3, 0.1, 0.0])


def _no_values(query: Query, candidates: Candidates, around: Surroundings) -> Values:
    raise AssertionError("values are given")


def features(weights: NDArray[np.float64]) -> tuple[Feature, ...]:
    """Features f0, f1, … with these weights."""
    return tuple(
        Feature(f"f{n}", f"f{n}", f"f{n}", float(w), _no_values) for n, w in enumerate(weights)
    )


def simulated(
    n_queries: int, seed: int, noise: float = 0.05, unknown: float = 0.0
) -> list[Example]:
    """Queries over 30 documents each; the grade follows from the true weights and noise."""
    chance = np.random.default_rng(seed)
    examples = []
    for number in range(n_queries):
        values = chance.random((30, len(TRUE_WEIGHTS))).astype(np.float32)
        worth = values @ TRUE_WEIGHTS + chance.normal(0, noise, 30)
        grades = np.searchsorted(np.quantile(worth, [0.7, 0.85, 0.95]), worth)
        values[chance.random(values.shape) < unknown] = np.nan
        keys = [f"g{n:02}" for n in range(30)]
        judged = dict(zip(keys, grades.tolist(), strict=True))
        examples.append(make_example(f"q{number}", values, keys, judged))
    return examples
