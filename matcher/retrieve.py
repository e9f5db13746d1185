"""Candidates for scoring: several searches, fused by rank; the aim is to miss nothing."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.view import KindView
from matcher.fuse import fuse
from matcher.types import Candidates, Query

MAX_CANDIDATES: Final = 400
"""Documents scored at most; below this many everything allowed is scored, which is exact."""

PER_SEARCH: Final = 200


def retrieve(
    query: Query, view: KindView, allowed: NDArray[np.int64], limit: int = MAX_CANDIDATES
) -> Candidates:
    """Return the documents worth scoring.

    Args:
        query: Who asks.
        view: The documents.
        allowed: Rows that passed the filters, ascending.
        limit: How many to return at most.
    """
    if len(allowed) <= limit:
        return Candidates(view, allowed, allowed)
    rankings = [
        [row for row, _ in view.nearest("titles", query.embedding.title, PER_SEARCH, allowed)],
        [row for row, _ in view.nearest("fulls", query.embedding.full, PER_SEARCH, allowed)],
        _best(view.bm25("words", query.words), allowed),
        _best(view.bm25("grams", query.grams), allowed),
        _same_scenario(query, view, allowed),
    ]
    rows = np.array(sorted(fuse(rankings)[:limit]), np.int64)
    return Candidates(view, rows, allowed)


def _best(scores: NDArray[np.float32], allowed: NDArray[np.int64]) -> list[int]:
    """Return the allowed rows with the highest positive score, best first, ties by row."""
    values = scores[allowed]
    order = np.lexsort((allowed, -values))[:PER_SEARCH]
    return [int(allowed[i]) for i in order if values[i] > 0]


def _same_scenario(query: Query, view: KindView, allowed: NDArray[np.int64]) -> list[int]:
    """Return the rows that share the surest scenario, nearest in meaning first."""
    if not query.document.scenarios:
        return []
    code = query.document.scenarios[0][0]
    sharing = view.agreement("scenarios", {code: 1.0}, lambda a, b: float(a == b)) > 0
    rows = allowed[sharing[allowed]]
    return [row for row, _ in view.nearest("fulls", query.embedding.full, PER_SEARCH, rows)]
