"""How sure a difference between two rankings is: bootstrap over queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

RESAMPLES: Final = 10_000
"""Samples drawn with replacement; the second digit of an interval no longer moves."""

CONFIDENCE: Final = 0.95

BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over queries and how far chance may have moved it.

    Attributes:
        mean: Mean of the values, or whatever was resampled.
        low: Lower end of the 95 % percentile interval.
        high: Upper end.
        p_value: Two-sided: twice the smaller share of resampled means on one side of 0, 0..1.
        p_not_above: One-sided: share of resampled means that are not above 0, 0..1.
    """

    mean: float
    low: float
    high: float
    p_value: float
    p_not_above: float


def bootstrap(values: Sequence[float], resamples: int = RESAMPLES, seed: int = 0) -> Interval:
    """Return the mean of values with its percentile interval (Efron & Tibshirani 1993, ch. 13).

    For two rankings of the same queries give the differences by query: the test is paired
    (Smucker, Allan & Carterette 2007).

    Raises:
        ValueError: there are no values.
    """
    sample = np.asarray(values, np.float64)
    if not len(sample):
        msg = "nothing to resample"
        raise ValueError(msg)
    return interval_of(float(sample.mean()), _resampled_means(sample, resamples, seed))


def interval_of(found: float, resampled: NDArray[np.float64]) -> Interval:
    """Return a figure with the interval its values in resampled questions span."""
    below = float(np.mean(resampled <= 0))
    above = float(np.mean(resampled >= 0))
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(resampled, [tail, 1 - tail])
    return Interval(
        mean=found,
        low=float(low),
        high=float(high),
        p_value=min(1.0, 2 * min(below, above)),
        p_not_above=below,
    )


def _resampled_means(sample: NDArray[np.float64], resamples: int, seed: int) -> NDArray[np.float64]:
    chance = np.random.default_rng(seed)
    means = [
        sample[chance.integers(0, len(sample), (min(BATCH, resamples - done), len(sample)))].mean(1)
        for done in range(0, resamples, BATCH)
    ]
    return np.concatenate(means)
