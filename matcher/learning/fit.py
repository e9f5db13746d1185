"""Weights from examples: a listwise softmax over the groups of each query, held to a prior.

The probability that a group is the one to put first is the softmax of the scores; the loss is
the cross entropy with the gains (ListNet; Cao et al. 2007, eq. 5, top-one form). Weights stay
positive and sum to 1, so that the score remains a mean of what is known. The Kullback-Leibler
divergence from the prior weights keeps few judgements from turning everything round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.learning.examples import Example

STEPS: Final = 150
RATE: Final = 0.08
FLOOR: Final = 0.002
"""Share of weight every feature starts with at least: from 0 nothing can grow."""

FIRST_SCALE: Final = 20.0
"""Scores of 0..1 are multiplied by this, and learned from there, before the softmax."""

_DECAY: Final = (0.9, 0.999)
_TINY: Final = 1e-12


@dataclass(frozen=True)
class _Stack:
    """All examples in one array; groups and queries are numbered through.

    Attributes:
        values: float64 (n_documents, n_features), unknown as 0.
        known: float64 of the same shape, 1 where known.
        group_starts: First document of each group.
        group_of: Group of each document.
        query_starts: First group of each query.
        query_of: Query of each group.
        targets: Share of each group in the gain of its query, times the query's mass.
        mass: Weight of each query in the loss.
    """

    values: NDArray[np.float64]
    known: NDArray[np.float64]
    group_starts: NDArray[np.int64]
    group_of: NDArray[np.int64]
    query_starts: NDArray[np.int64]
    query_of: NDArray[np.int64]
    targets: NDArray[np.float64]
    mass: NDArray[np.float64]


def fit_weights(
    examples: Sequence[Example],
    prior: NDArray[np.float64],
    strength: float,
    *,
    by_gain: bool = False,
) -> NDArray[np.float64]:
    """Return the weights that put the gains first; float64 (n_features,), positive, sum 1.

    Args:
        examples: Those without any gain teach nothing and are left out.
        prior: Weights to stay near; not negative, sum above 0.
        strength: How strongly; 0 not at all. At infinity the prior comes back.
        by_gain: Whether a query counts by the sum of its gains instead of each the same; so
            must those from clicks, whose gains are estimates that only sum up right.
    """
    start = np.maximum(prior / prior.sum(), FLOOR)
    start /= start.sum()
    useful = [e for e in examples if e.gains.sum() > 0]
    if not useful or np.isinf(strength):
        return np.asarray(start, np.float64)
    stack = _stack(useful, by_gain)
    at = np.append(np.log(start), np.log(FIRST_SCALE))
    first, second = np.zeros_like(at), np.zeros_like(at)
    for step in range(1, STEPS + 1):
        slope = _gradient(stack, at, start, strength)
        first = _DECAY[0] * first + (1 - _DECAY[0]) * slope
        second = _DECAY[1] * second + (1 - _DECAY[1]) * slope**2
        pace = RATE * (1 - (step - 1) / STEPS)  # Adam (Kingma & Ba 2015) that comes to rest
        lead, spread = first / (1 - _DECAY[0] ** step), second / (1 - _DECAY[1] ** step)
        at = at - pace * lead / (np.sqrt(spread) + _TINY)
    return _softmax(at[:-1])


def _gradient(
    stack: _Stack, at: NDArray[np.float64], start: NDArray[np.float64], strength: float
) -> NDArray[np.float64]:
    """Return the slope of the loss by the logarithms of weights and scale."""
    weights, scale = _softmax(at[:-1]), np.exp(at[-1])
    coverage = np.maximum(stack.known @ weights, _TINY)
    totals = (stack.values @ weights) / coverage
    best = _first_best(totals, stack)
    scores = totals[best]
    top = np.maximum.reduceat(scores, stack.query_starts)[stack.query_of]
    shares = np.exp(scale * (scores - top))
    shares /= np.add.reduceat(shares, stack.query_starts)[stack.query_of]
    miss = shares * stack.mass[stack.query_of] - stack.targets
    by_weight = stack.values[best] - stack.known[best] * scores[:, None]
    slope = scale * ((miss / coverage[best]) @ by_weight)
    slope += strength * (np.log(weights / start) + 1.0)
    by_log = weights * (slope - weights @ slope)
    return np.append(by_log, scale * (miss @ scores))


def _first_best(totals: NDArray[np.float64], stack: _Stack) -> NDArray[np.int64]:
    """Return the row of the best document of each group, the first of equals."""
    highest = np.maximum.reduceat(totals, stack.group_starts)
    rows = np.flatnonzero(totals >= highest[stack.group_of])
    return np.asarray(rows[np.searchsorted(stack.group_of[rows], np.arange(len(highest)))])


def _stack(examples: Sequence[Example], by_gain: bool) -> _Stack:
    sizes = np.array([len(e.gains) for e in examples])
    gains = np.concatenate([e.gains for e in examples])
    query_of = np.repeat(np.arange(len(examples)), sizes)
    query_starts = np.cumsum(sizes) - sizes
    sums = np.add.reduceat(gains, query_starts)
    mass = sums / sums.sum() if by_gain else np.full(len(examples), 1.0 / len(examples))
    values = np.concatenate([e.values for e in examples]).astype(np.float64)
    documents = np.array([len(e.groups) for e in examples])
    shift = np.cumsum(documents) - documents
    starts = [
        np.searchsorted(e.groups, np.arange(len(e.gains))) + s
        for e, s in zip(examples, shift, strict=True)
    ]
    group_starts = np.concatenate(starts)
    group_sizes = np.diff(np.append(group_starts, len(values)))
    return _Stack(
        values=np.nan_to_num(values),
        known=(~np.isnan(values)).astype(np.float64),
        group_starts=group_starts,
        group_of=np.repeat(np.arange(len(group_starts)), group_sizes),
        query_starts=query_starts,
        query_of=query_of,
        targets=gains / sums[query_of] * mass[query_of],
        mass=mass,
    )


def _softmax(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    shares = np.exp(logs - logs.max())
    return np.asarray(shares / shares.sum())
