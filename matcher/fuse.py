"""Joining ranked lists by rank, for lists whose scores do not compare."""

from collections.abc import Sequence
from typing import Final

RRF_K: Final = 60
"""Constant of reciprocal rank fusion (Cormack, Clarke & Büttcher 2009)."""


def fuse(rankings: Sequence[Sequence[int]], k: int = RRF_K) -> list[int]:
    """Return all rows of several rankings, best first by sum of 1 / (k + rank), ties by row."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking, start=1):
            scores[row] = scores.get(row, 0.0) + 1.0 / (k + rank)
    return sorted(scores, key=lambda row: (-scores[row], row))
