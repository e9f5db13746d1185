"""Joining ranked lists by rank, for lists whose scores do not compare."""

from collections.abc import Sequence
from typing import Final

RRF_K: Final = 60
"""Constant of reciprocal rank fusion (Cormack, Clarke & Büttcher 2009)."""


def fuse(rankings: Sequence[Sequence[str]], k: int = RRF_K) -> list[str]:
    """Return all keys of several rankings, best first by sum of 1 / (k + rank), ties by key."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(ranking, start=1):
            scores[key] = scores.get(key, 0.0) + 1.0 / (k + rank)
    return sorted(scores, key=lambda key: (-scores[key], key))
