"""Nearness in meaning, by the vectors of both sides."""

import numpy as np
from numpy.typing import NDArray

from matcher.compare.standing import Usual, standing
from matcher.types import Candidates, Query, Values


def title_to_title(query: Query, candidates: Candidates, usual: Usual) -> Values:
    """Return how near the two titles are; NaN for a query without title."""
    if not query.document.title:
        return np.full(len(candidates.rows), np.nan, np.float32)
    return _standing("titles", query.embedding.title, candidates, usual)


def title_to_text(query: Query, candidates: Candidates, usual: Usual) -> Values:
    """Return how near the query's title is to the whole candidate; NaN without title."""
    if not query.document.title:
        return np.full(len(candidates.rows), np.nan, np.float32)
    return _standing("fulls", query.embedding.title, candidates, usual)


def text_to_text(query: Query, candidates: Candidates, usual: Usual) -> Values:
    """Return how near the two texts are as a whole."""
    return _standing("fulls", query.embedding.full, candidates, usual)


def text_standing_of_pool(query: Query, candidates: Candidates, usual: Usual) -> Values:
    """Return how near the whole texts are, for every row of the pool rather than the candidates."""
    pool = candidates.view.cosines("fulls", query.embedding.full, candidates.pool)
    return standing(pool, pool, usual)


def sentence_to_sentence(query: Query, candidates: Candidates, usual: Usual) -> Values:
    """Return how well each sentence of the query finds its like in the candidate.

    For every sentence of the query the cosine of the nearest sentence of the candidate is
    taken, then the mean over the query (late interaction; Khattab & Zaharia 2020, eq. 3, on
    sentences instead of tokens). NaN where a side has no sentence.
    """
    pool = sentence_scores(query, candidates, candidates.pool)
    known = pool[~np.isnan(pool)]
    if not len(known):
        return np.full(len(candidates.rows), np.nan, np.float32)
    at = np.searchsorted(candidates.pool, candidates.rows)
    return standing(pool[at], known, usual)


def sentence_scores(
    query: Query, candidates: Candidates, rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the mean over query sentences of the best cosine in each row, -1..1, or NaN."""
    view, scores = candidates.view, np.full(len(rows), np.nan, np.float32)
    if not query.embedding.spans:
        return scores
    for segment, start, end in zip(view.segments, view.starts[:-1], view.starts[1:], strict=True):
        inside = (rows >= start) & (rows < end)
        speaking = np.flatnonzero(np.diff(segment.sentence_starts))
        if not inside.any() or not len(speaking):
            continue
        cosines = query.embedding.sentences @ segment.sentences.T
        best = np.maximum.reduceat(cosines, segment.sentence_starts[speaking], axis=1)
        means = np.full(segment.n_rows, np.nan, np.float32)
        means[speaking] = best.mean(axis=0)
        scores[inside] = means[rows[inside] - start]
    return scores


def _standing(
    part: str, vector: NDArray[np.float32], candidates: Candidates, usual: Usual
) -> Values:
    pool = candidates.view.cosines(part, vector, candidates.pool)
    at = np.searchsorted(candidates.pool, candidates.rows)
    return standing(pool[at], pool, usual)
