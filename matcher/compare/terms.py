"""Words and phrases both sides use, weighed by how rare they are (BM25)."""

from collections.abc import Sequence

from matcher.compare.standing import standing
from matcher.types import Candidates, Query, Values


def shared_words(query: Query, candidates: Candidates) -> Values:
    """Return how much the texts share in whole words."""
    return _standing("words", query.words, candidates)


def shared_phrases(query: Query, candidates: Candidates) -> Values:
    """Return how much the texts share in pairs of neighbouring characters."""
    return _standing("grams", query.grams, candidates)


def shared_title_phrases(query: Query, candidates: Candidates) -> Values:
    """Return how much the titles share in pairs of neighbouring characters."""
    return _standing("title_grams", query.title_grams, candidates)


def _standing(part: str, tokens: Sequence[str], candidates: Candidates) -> Values:
    scores = candidates.view.bm25(part, tokens)
    return standing(scores[candidates.rows], scores[candidates.pool])
