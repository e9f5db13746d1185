"""Bands: where a score stands among random pairs of the same index.

A score by itself says nothing to a reader, and a cosine even less. A band says how rare such a
score is: `strong` is reached by one random pair in 200, `good` by one in 33, `fair` by one in
ten. Thresholds belong to one encoder, one index and one direction (docs/adr).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.vocabulary.matching import Band, Direction, NoMatch

STRONG_PERCENTILE: Final = 99.5
GOOD_PERCENTILE: Final = 97.0
FAIR_PERCENTILE: Final = 90.0

STRENGTH: Final = (Band.WEAK, Band.FAIR, Band.GOOD, Band.STRONG)
"""The bands, weakest first."""

MIN_PAIRS: Final = 500
"""Random pairs needed before their percentiles mean something."""


@dataclass(frozen=True, slots=True)
class BandThresholds:
    """Lowest score of each band, 0..1.

    Attributes:
        n_pairs: Random pairs they were read from; 0 for the shipped values.
    """

    strong: float
    good: float
    fair: float
    n_pairs: int = 0

    def band_of(self, score: float) -> Band:
        """Return the band a score falls into."""
        if score >= self.strong:
            return Band.STRONG
        if score >= self.good:
            return Band.GOOD
        return Band.FAIR if score >= self.fair else Band.WEAK

    def at_least(self, floors: "BandThresholds") -> "BandThresholds":
        """Return the higher of two thresholds for each band, the pairs of these."""
        return replace(
            self,
            strong=max(self.strong, floors.strong),
            good=max(self.good, floors.good),
            fair=max(self.fair, floors.fair),
        )

    def under(self, ceiling: Band) -> "BandThresholds":
        """Return thresholds by which no score reaches a band above the ceiling."""
        allowed = STRENGTH[: STRENGTH.index(ceiling) + 1]
        return replace(
            self,
            strong=self.strong if Band.STRONG in allowed else math.inf,
            good=self.good if Band.GOOD in allowed else math.inf,
            fair=self.fair if Band.FAIR in allowed else math.inf,
        )


_BY_PROVIDER: Final = BandThresholds(strong=0.39, good=0.17, fair=0.09)
_BY_LIKENESS: Final = BandThresholds(strong=0.29, good=0.16, fair=0.10)

SHIPPED: Final[Mapping[Direction, BandThresholds]] = {
    Direction.DEMAND_TO_PROVIDER: BandThresholds(strong=0.51, good=0.28, fair=0.17),
    Direction.PROVIDER_TO_DEMAND: _BY_PROVIDER,
    Direction.DEMAND_TO_DEMAND: _BY_LIKENESS,
    Direction.DEMAND_TO_CASE: _BY_LIKENESS,
    Direction.PROVIDER_TO_CASE: _BY_PROVIDER,
}
"""For indexes too small to be measured: read from the demonstration data with the default
encoder (6,200 to 8,400 random pairs; cases as their nearest kin)."""


def no_match(bands: Sequence[Band], n_scored: int, ceiling: Band) -> NoMatch | None:
    """Return why nothing is better than weak; None when something is.

    Args:
        bands: Of what is shown.
        n_scored: What was scored, whether it may be shown or not.
        ceiling: Best band anything could have got.
    """
    if any(band != Band.WEAK for band in bands):
        return None
    if ceiling == Band.WEAK:
        return NoMatch.OUT_OF_SCOPE
    if bands:
        return NoMatch.ALL_WEAK
    return NoMatch.ALL_EXCLUDED if n_scored else NoMatch.NO_CANDIDATES


def thresholds_from(
    scores: Sequence[float] | NDArray[np.float64], otherwise: BandThresholds
) -> BandThresholds:
    """Return the thresholds for scores of random pairs, `otherwise` when they are few."""
    if len(scores) < MIN_PAIRS:
        return otherwise
    fair, good, strong = np.percentile(
        np.asarray(scores), [FAIR_PERCENTILE, GOOD_PERCENTILE, STRONG_PERCENTILE]
    )
    return BandThresholds(float(strong), float(good), float(fair), len(scores))
