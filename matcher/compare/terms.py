"""Words and phrases both sides use, weighed by how rare they are (BM25)."""

from collections.abc import Mapping

import numpy as np

from matcher.compare.standing import FULL_TERM_STANDING, standing
from matcher.types import Candidates, Query, Values


def shared_words(query: Query, candidates: Candidates) -> Values:
    """Return how much the texts share in whole words; NaN for a query without any."""
    return _standing("words", query.words, candidates)


def shared_phrases(query: Query, candidates: Candidates) -> Values:
    """Return how much the texts share in pairs of neighbouring characters; NaN without any."""
    return _standing("grams", query.grams, candidates)


def shared_title_phrases(query: Query, candidates: Candidates) -> Values:
    """Return how much the titles share in pairs of characters; NaN for a query without title."""
    return _standing("title_grams", query.title_grams, candidates)


def _standing(part: str, tokens: Mapping[str, float], candidates: Candidates) -> Values:
    if not tokens:
        return np.full(len(candidates.rows), np.nan, np.float32)
    scores = candidates.view.bm25(part, tokens, candidates.usual)
    pool = scores[candidates.usual]
    return standing(scores[candidates.rows], pool, full=FULL_TERM_STANDING)
