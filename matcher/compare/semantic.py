"""Nearness in meaning, by the vectors of both sides."""

import numpy as np
from numpy.typing import NDArray

from matcher.compare.standing import FULL_STANDING, Usual, deviations, standing
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
    return _pool_standing("fulls", query.embedding.full, candidates, usual)


def sentence_to_sentence(query: Query, candidates: Candidates, usual: Usual) -> Values:
    """Return how well sentences of the query find their like in the candidate.

    NaN where a side has no sentence.
    """
    pool = sentence_scores(query, candidates, usual)
    at = np.searchsorted(candidates.pool, candidates.rows)
    standing: NDArray[np.float32] = pool[at] / np.float32(FULL_STANDING)
    return np.clip(standing, 0.0, 1.0)


def sentence_scores(query: Query, candidates: Candidates, usual: Usual) -> NDArray[np.float32]:
    """Return how far the sentences of each row of the pool stand out for the query's, or NaN.

    For every sentence of the query the cosine of the nearest sentence of the row is taken (late
    interaction; Khattab & Zaharia 2020, eq. 3, on sentences instead of tokens), then its
    deviations above the other rows, then the logarithm of the mean of their exponentials: a
    sentence that finds its like counts more than the many that could stand in any text.
    """
    best = nearest_cosines(query, candidates, candidates.pool)
    known = np.asarray(~np.isnan(best).any(axis=0))
    scores = np.full(len(known), np.nan, np.float32)
    told = _telling(candidates, known)
    if len(best) and known.any():
        found = [deviations(row[known], row[told], usual) for row in best]
        above = np.stack(found).astype(np.float64)
        scores[known] = np.log(np.exp(above).mean(axis=0))
    return scores


def nearest_cosines(
    query: Query, candidates: Candidates, rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the cosine of each query sentence with the nearest of each row.

    float32 (n query sentences, len(rows)), -1..1, NaN for rows without a sentence that was
    encoded.
    """
    view = candidates.view
    nearest = np.full((len(query.embedding.spans), len(rows)), np.nan, np.float32)
    if not query.embedding.spans:
        return nearest
    for segment, start, end in zip(view.segments, view.starts[:-1], view.starts[1:], strict=True):
        inside = (rows >= start) & (rows < end)
        speaking = np.flatnonzero(np.diff(segment.sentence_starts))
        if not inside.any() or not len(speaking):
            continue
        cosines = query.embedding.sentences @ segment.sentences.T
        cosines[:, segment.unknown["sentences"]] = -np.inf
        best = np.maximum.reduceat(cosines, segment.sentence_starts[speaking], axis=1)
        of_segment = np.full((len(best), segment.n_rows), np.nan, np.float32)
        of_segment[:, speaking] = np.where(np.isneginf(best), np.float32(np.nan), best)
        nearest[:, inside] = of_segment[:, rows[inside] - start]
    return nearest


def _standing(
    part: str, vector: NDArray[np.float32], candidates: Candidates, usual: Usual
) -> Values:
    at = np.searchsorted(candidates.pool, candidates.rows)
    return _pool_standing(part, vector, candidates, usual)[at]


def _pool_standing(
    part: str, vector: NDArray[np.float32], candidates: Candidates, usual: Usual
) -> Values:
    """Return the standing of every row of the pool; NaN where its vector is not known."""
    cosines = candidates.view.cosines(part, vector, candidates.pool)
    known: NDArray[np.bool_] = ~np.isnan(cosines)
    if not known.any():
        return np.full(len(cosines), np.nan, np.float32)
    return standing(cosines, cosines[_telling(candidates, known)], usual)


def _telling(candidates: Candidates, known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which rows of the pool tell what is usual, of those whose value is known."""
    told = known & np.isin(candidates.pool, candidates.usual, assume_unique=True)
    return told if told.any() else known
