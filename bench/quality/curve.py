"""What scores by the shipped weights are worth: fitted on our own sets, and how sure it is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bench.quality.reliability import Judged
from bench.quality.sets import CHECKOUT
from matcher.bands import BandThresholds
from matcher.calibrate import floors_of
from matcher.features import FEATURES
from matcher.learning.certainty import fit_certainty
from matcher.ranker import Certainty
from matcher.significance import CONFIDENCE

CURVE_FILE: Final = CHECKOUT / "matcher" / "data" / "certainty.json"
RESAMPLES: Final = 300
SEED: Final = 1
DIGITS: Final = 3
SAME: Final = 0.005
"""Most that a floor may move before the shipped curve counts as another one."""


@dataclass(frozen=True)
class Scored:
    """The pairs of one set.

    Attributes:
        name: Name of the set.
        scores: float64 (n,), 0..1.
        fits: bool (n,).
        queries: int64 (n,), equal for the pairs of one query, from 0 without gaps.
    """

    name: str
    scores: NDArray[np.float64]
    fits: NDArray[np.bool_]
    queries: NDArray[np.int64]

    def judged(self, name: str, certainty: Certainty, least: float = 0.0) -> Judged:
        """Return what a curve says of the scores that it gives at least a probability."""
        said = np.array([certainty.of(score) for score in self.scores])
        kept = said >= least
        return Judged(name, said[kept], self.fits[kept], self.queries[kept])

    def resampled(self, chance: np.random.Generator) -> "Scored":
        """Return as many queries, drawn with replacement, with all their pairs."""
        n = int(self.queries.max()) + 1
        rows = [np.flatnonzero(self.queries == query) for query in range(n)]
        drawn = np.concatenate([rows[query] for query in chance.integers(0, n, n)])
        return Scored(self.name, self.scores[drawn], self.fits[drawn], self.queries[drawn])


@dataclass(frozen=True)
class FittedCurve:
    """A fitted curve.

    Attributes:
        certainty: The curve through the pairs of all sets.
        low: Lower ends of the 95 % intervals of its floors, over queries.
        high: Upper ends.
        n_pairs: Pairs it was fitted on.
        n_queries: Demands they are of.
        crossed: Error on each set of a curve that was fitted on another: by the two names.
    """

    certainty: Certainty
    low: BandThresholds
    high: BandThresholds
    n_pairs: int
    n_queries: int
    crossed: Mapping[tuple[str, str], float]


def fit(sets: Sequence[Scored]) -> FittedCurve:
    """Return the curve through the pairs of all sets, its interval and what it does elsewhere."""
    chance = np.random.default_rng(SEED)
    drawn = [floors_of(_fitted([s.resampled(chance) for s in sets])) for _ in range(RESAMPLES)]
    rows = np.array([(f.strong, f.good, f.fair) for f in drawn])
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(rows, [tail, 1 - tail], axis=0).tolist()
    return FittedCurve(
        certainty=_fitted(sets),
        low=BandThresholds(*low),
        high=BandThresholds(*high),
        n_pairs=sum(len(s.scores) for s in sets),
        n_queries=sum(int(s.queries.max()) + 1 for s in sets),
        crossed={
            (a.name, b.name): b.judged(b.name, _fitted([a])).error for a, b in permutations(sets, 2)
        },
    )


def is_shipped(curve: FittedCurve, shipped: Certainty) -> bool:
    """Return whether the shipped curve is what comes out when it is fitted again."""
    now, then = floors_of(curve.certainty), floors_of(shipped)
    pairs = ((now.strong, then.strong), (now.good, then.good), (now.fair, then.fair))
    return all(abs(a - b) <= SAME for a, b in pairs)


def write_curve(curve: FittedCurve, encoder: str, path: Path = CURVE_FILE) -> None:
    """Write what the matcher reads, with what it was fitted on."""
    content: dict[str, Any] = {
        "slope": curve.certainty.slope,
        "offset": curve.certainty.offset,
        "floors": _named(floors_of(curve.certainty)),
        "floors_low": _named(curve.low),
        "floors_high": _named(curve.high),
        "pairs": curve.n_pairs,
        "queries": curve.n_queries,
        "encoder": encoder,
        "weights": {f.name: f.weight for f in FEATURES},
    }
    path.write_text(json.dumps(content, indent=1) + "\n", "utf-8")


def _named(floors: BandThresholds) -> dict[str, float]:
    named = {"strong": floors.strong, "good": floors.good, "fair": floors.fair}
    return {name: round(value, DIGITS) for name, value in named.items()}


def _fitted(sets: Sequence[Scored]) -> Certainty:
    found = fit_certainty(
        np.concatenate([s.scores for s in sets]), np.concatenate([s.fits for s in sets])
    )
    return Certainty(round(found.slope, DIGITS), round(found.offset, DIGITS))
