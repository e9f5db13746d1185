"""Scores: a weighted mean of what is known; what is unknown leaves the mean and lowers coverage."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.features import Feature, Surroundings
from matcher.types import Candidates, Part, Query
from models.stages import Stage, timed


@dataclass(frozen=True)
class Scores:
    """Features and scores of all candidates of one query.

    Attributes:
        features: The features, in the order of the columns.
        values: float32 (n_candidates, n_features), 0..1, NaN for unknown.
        totals: float64 (n_candidates,), 0..1: the weighted mean of the known values.
        coverage: float64 (n_candidates,), 0..1: the weight of the known values.
    """

    features: tuple[Feature, ...]
    values: NDArray[np.float32]
    totals: NDArray[np.float64]
    coverage: NDArray[np.float64]

    def parts(self, candidate: int) -> tuple[Part, ...]:
        """Return the contribution of each feature; they sum to the candidate's total."""
        known = ~np.isnan(self.values[candidate])
        total_weight = sum(f.weight for f, k in zip(self.features, known, strict=True) if k)
        return tuple(
            _part(feature, float(self.values[candidate, column]), bool(known[column]), total_weight)
            for column, feature in enumerate(self.features)
        )


@timed(Stage.SCORE)
def score(
    query: Query, candidates: Candidates, features: tuple[Feature, ...], around: Surroundings
) -> Scores:
    """Return the scores of every candidate, 0..1, higher is better.

    A feature whose weight is 0 is computed all the same: that nobody counts it does not make
    it unknown.
    """
    n = len(candidates.rows)
    values = np.full((n, len(features)), np.nan, np.float32)
    if n:
        for column, feature in enumerate(features):
            values[:, column] = feature.compute(query, candidates, around)
    totals, coverage = weighted_means(values, features)
    return Scores(features, values, totals, coverage)


def weighted_means(
    values: NDArray[np.float32], features: tuple[Feature, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and weight of the known values of each row; float64 (n,), 0..1."""
    weights = np.array([f.weight for f in features])
    known = ~np.isnan(values)
    coverage = known @ weights
    sums = np.where(known, values, 0.0) @ weights
    totals = np.divide(sums, coverage, out=np.zeros(len(values)), where=coverage > 0)
    return totals, coverage


def _part(feature: Feature, value: float, known: bool, total_weight: float) -> Part:
    if not known:
        return Part(feature.name, None, 0.0, 0.0)
    weight = feature.weight / total_weight if total_weight > 0 else 0.0
    return Part(feature.name, value, weight, weight * value)
