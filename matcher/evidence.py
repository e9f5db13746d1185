"""What both sides say alike: the sentence pair and the words, with their places."""

import re
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Final

import numpy as np

from indexer.types import Document, Embedding
from indexer.view import KindView
from indexer.words import Segmenter
from matcher.types import Query, SentencePair, SharedTerm, Span

MAX_TERMS: Final = 8
MAX_SPANS: Final = 20
"""Places of one word that are reported; enough to highlight, short enough to read."""

COMMON_WEIGHT: Final = 1.386
"""Inverse document frequency, ln 4, of a word in a quarter of a large number of documents."""

_LATIN = re.compile(r"[a-z]{2}|\d[a-z]|[a-z]\d")
_NUMBER = re.compile(
    r"[\d.\-]+|[第近每]?[一二两三四五六七八九十百千万几半多]*[个家次张条件页年月周天日遍份项名位期轮种类点]?"
)


def nearest_sentences(query: Query, candidate: Embedding) -> SentencePair | None:
    """Return the two sentences nearest in meaning; the first pair wins a tie."""
    known = candidate.sentences.any(axis=1)
    if not query.embedding.spans or not known.any():
        return None
    cosines = np.where(known, query.embedding.sentences @ candidate.sentences.T, -np.inf)
    best = int(np.argmax(cosines))
    mine, theirs = divmod(best, len(candidate.spans))
    return SentencePair(query.embedding.spans[mine], candidate.spans[theirs])


def shared_terms(
    query: Query, document: Document, view: KindView, segmenter: Segmenter
) -> tuple[SharedTerm, ...]:
    """Return the words both sides use, most telling first, each with its places.

    Left out are words in more than a quarter of the documents, unless in one alone, numbers
    and function words, and words inside a longer one that both sides use.
    """
    mine = text_of(query.document)
    theirs = text_of(document)
    common = set(query.words) & set(segmenter.search_terms(theirs))
    weights = view.idf("words", sorted(word for word in common if _can_tell(word)))
    in_one_alone = float(np.log1p((view.n_alive - 0.5) / 1.5))
    least = min(COMMON_WEIGHT, in_one_alone - 1e-6)
    ordered = sorted(
        (word for word, weight in weights.items() if weight >= least),
        key=lambda word: (-weights[word] * len(word) ** 0.5, word),
    )
    whole = (w for w in ordered if not any(w in longer for longer in ordered if longer != w))
    return tuple(
        SharedTerm(word, weights[word], _places(word, mine), _places(word, theirs))
        for word in islice(whole, MAX_TERMS)
    )


def text_of(document: Document) -> str:
    """Return the text all offsets count in."""
    return f"{document.title}\n{document.body}"


def _can_tell(word: str) -> bool:
    if _LATIN.search(word):
        return True
    return len(word) > 1 and not _NUMBER.fullmatch(word) and word not in _plain_words()


@cache
def _plain_words() -> frozenset[str]:
    """Return words that stand in texts on anything, from `matcher/data/plain_words.txt`."""
    return frozenset((files("matcher") / "data" / "plain_words.txt").read_text("utf-8").split())


def _places(word: str, text: str) -> tuple[Span, ...]:
    lowered = text.lower()
    if len(lowered) != len(text):
        return ()
    found = re.finditer(re.escape(word), lowered)
    return tuple(Span(m.start(), m.end()) for _, m in zip(range(MAX_SPANS), found, strict=False))
