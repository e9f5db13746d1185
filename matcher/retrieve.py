"""Candidates for scoring: several searches, fused by rank; the aim is to miss nothing."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.view import KindView
from matcher.fuse import fuse
from matcher.types import Candidates, Query
from models.stages import Stage, timed

MAX_CANDIDATES: Final = 400
"""Documents scored at most; below this many everything allowed is scored, which is exact."""

PER_SEARCH: Final = 200


@timed(Stage.RETRIEVE)
def retrieve(
    query: Query,
    view: KindView,
    allowed: NDArray[np.int64],
    pool: NDArray[np.int64] | None = None,
    doubted: NDArray[np.int64] | None = None,
    limit: int = MAX_CANDIDATES,
) -> Candidates:
    """Return the documents worth scoring.

    Args:
        query: Who asks.
        view: The documents.
        allowed: Rows that passed the filters, ascending.
        pool: Rows the query is compared with to learn what is usual, ascending; they contain
            those allowed; all rows when None.
        doubted: Rows that say nothing of what is usual, ascending; none when None.
        limit: How many to return at most.
    """
    pool = view.alive_rows if pool is None else pool
    usual = _usual(pool, doubted)
    if len(allowed) <= limit:
        return Candidates(view, allowed, pool, usual)
    found = [
        _nearest("titles", query.embedding.title, view, allowed),
        _nearest("fulls", query.embedding.full, view, allowed),
        _best(view.bm25("words", query.words, usual), view, allowed),
        _best(view.bm25("grams", query.grams, usual), view, allowed),
        _nearest("fulls", query.embedding.full, view, _same_scenario(query, view, allowed)),
    ]
    keys = fuse(found)[:limit]
    rows = np.array(sorted(view.row_by_id[key] for key in keys), np.int64)
    return Candidates(view, rows, pool, usual)


def _usual(pool: NDArray[np.int64], doubted: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Return the rows that tell what is usual, ascending: all where none but doubted are left.

    What repeats older texts tells nothing, or whoever enters it often would move the others.
    """
    told = pool if doubted is None else np.setdiff1d(pool, doubted, assume_unique=True)
    return told if len(told) else pool


def _nearest(
    part: str, vector: NDArray[np.float32], view: KindView, allowed: NDArray[np.int64]
) -> list[str]:
    """Return the keys of the allowed rows nearest in meaning, best first, ties by key."""
    return [view.documents[row].id for row, _ in view.nearest(part, vector, PER_SEARCH, allowed)]


def _best(scores: NDArray[np.float32], view: KindView, allowed: NDArray[np.int64]) -> list[str]:
    """Return the keys of the allowed rows with the highest positive score, ties by key."""
    values = scores[allowed]
    n_left_out = max(len(values) - PER_SEARCH, 0)
    least = np.partition(values, n_left_out)[n_left_out]
    good = np.flatnonzero((values >= least) & (values > 0))
    ranked = [(-float(values[i]), view.documents[allowed[i]].id) for i in good]
    return [key for _, key in sorted(ranked)[:PER_SEARCH]]


def _same_scenario(query: Query, view: KindView, allowed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the allowed rows that share the surest scenario of the query."""
    if not query.document.scenarios:
        return allowed[:0]
    code = query.document.scenarios[0][0]
    sharing = view.agreement("scenarios", {code: 1.0}, lambda a, b: float(a == b)) > 0
    return allowed[sharing[allowed]]
