"""Whether trained weights are better on queries they have not seen, and what decides that.

Every query is held back once: the queries are dealt into parts, and each part is ranked by
weights trained on the others, how strongly they are held to the prior included. A ranker is
accepted when those rankings are better than the present one's by enough to matter
(`LEAST_GAIN`), and when the 95 % interval of the difference lies above 0: judgements that make
no sense then pass one time in forty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.features import Feature, weighted
from matcher.learning.examples import Example
from matcher.learning.fit import fit_weights
from matcher.measures import FITS
from matcher.significance import Interval, bootstrap

STRENGTHS: Final = (0.01, 0.1, 1.0, float("inf"))
"""How strongly weights are held to the prior; at infinity nothing is learned."""

PARTS: Final = 5
INNER_PARTS: Final = 3
SEED: Final = 20
MIN_QUERIES: Final = 20
"""Labelled queries with a fitting candidate below which nothing is learned."""

LEAST_GAIN: Final = 0.005
"""Smallest mean gain in nDCG@10 that is worth another ranking for everybody."""


@dataclass(frozen=True)
class Trial:
    """What training on some examples is good for.

    Attributes:
        weights: Learned from all examples, by feature.
        strength: How strongly they were held to the prior.
        before: nDCG@10 of the present ranker by query.
        held_back: The same for weights that have not seen the query.
        difference: Of the two, resampled over queries.
        unseen: For each query the features with the weights that have not seen it.
        scores: Held-back scores of all groups, with whether the group fits (`fitting`).
    """

    weights: Mapping[str, float]
    strength: float
    before: NDArray[np.float64]
    held_back: NDArray[np.float64]
    difference: Interval
    unseen: Mapping[str, tuple[Feature, ...]]
    scores: tuple[NDArray[np.float64], NDArray[np.bool_]]

    @property
    def is_better(self) -> bool:
        """Whether the new ranker is accepted."""
        return is_worth_it(self.difference)


def try_training(
    examples: Sequence[Example],
    prior: tuple[Feature, ...],
    present: tuple[Feature, ...],
    *,
    by_gain: bool = False,
) -> Trial:
    """Return weights trained on all examples, and how the same training does on unseen ones.

    Args:
        examples: Labelled queries.
        prior: Features with the weights to stay near: those shipped.
        present: Features with the weights now in use, which are to be beaten.
        by_gain: See `fit_weights`.

    Raises:
        ValueError: fewer than `MIN_QUERIES` examples have a group that fits.
    """
    useful = [e for e in examples if e.gains.sum() > 0]
    if len(useful) < MIN_QUERIES:
        msg = f"{len(useful)} queries have a fitting candidate, {MIN_QUERIES} are needed"
        raise ValueError(msg)
    before = np.array([e.measured(present) for e in useful])
    fits_of = fitting(useful)
    held_back, scores, fits = np.zeros(len(useful)), [], []
    unseen: dict[str, tuple[Feature, ...]] = {}
    for part in parts(len(useful), PARTS):
        rest = [useful[n] for n in np.setdiff1d(np.arange(len(useful)), part)]
        _, features = _train(rest, prior, by_gain)
        for n in part:
            unseen[useful[n].id] = features
            held_back[n] = useful[n].measured(features)
            scores.append(useful[n].scores(features))
            fits.append(fits_of[n])
    strength, features = _train(useful, prior, by_gain)
    return Trial(
        weights={f.name: f.weight for f in features},
        strength=strength,
        before=before,
        held_back=held_back,
        difference=bootstrap((held_back - before).tolist()),
        unseen=unseen,
        scores=(np.concatenate(scores), np.concatenate(fits)),
    )


def _train(
    examples: Sequence[Example], prior: tuple[Feature, ...], by_gain: bool
) -> tuple[float, tuple[Feature, ...]]:
    """Return the best strength by cross-validation and the features with weights fitted so.

    Of equals the strongest is taken.
    """
    found = {strength: np.zeros(len(examples)) for strength in reversed(STRENGTHS)}
    for part in parts(len(examples), INNER_PARTS):
        rest = [examples[n] for n in np.setdiff1d(np.arange(len(examples)), part)]
        for strength, measured in found.items():
            features = _fitted(rest, prior, strength, by_gain)
            measured[part] = [examples[n].measured(features) for n in part]
    best = max(found, key=lambda strength: found[strength].mean())
    return best, _fitted(examples, prior, best, by_gain)


def _fitted(
    examples: Sequence[Example], prior: tuple[Feature, ...], strength: float, by_gain: bool
) -> tuple[Feature, ...]:
    if np.isinf(strength):
        return prior
    start = np.array([f.weight for f in prior])
    weights = fit_weights(examples, start, strength, by_gain=by_gain)
    return weighted(prior, dict(zip((f.name for f in prior), weights.tolist(), strict=True)))


def fitting(examples: Sequence[Example]) -> list[NDArray[np.bool_]]:
    """Return for each example which groups fit.

    That is from grade `FITS`; where nothing reaches it (judges said yes or no), any gain fits.
    """
    if any(grade >= FITS for e in examples for grade in e.grades.values()):
        return [e.reach(FITS) for e in examples]
    return [e.gains > 0 for e in examples]


def is_worth_it(difference: Interval) -> bool:
    """Return whether a difference in nDCG@10 is large and sure enough to change the ranking."""
    return difference.mean >= LEAST_GAIN and difference.low > 0


def parts(n: int, n_parts: int) -> list[NDArray[np.int64]]:
    """Deal numbers into parts of nearly equal size, always the same way."""
    dealt = np.random.default_rng(SEED).permutation(n)
    return [np.sort(dealt[start::n_parts]) for start in range(n_parts)]
