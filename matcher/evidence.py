"""What both sides say alike: the sentence pair and the words, with their places."""

import re
from typing import Final

import numpy as np

from indexer.types import Document, Embedding
from indexer.view import KindView
from indexer.words import Segmenter
from matcher.types import Query, SentencePair, SharedTerm, Span

MAX_TERMS: Final = 8
MAX_SPANS: Final = 20
"""Places of one word that are reported; enough to highlight, short enough to read."""

_LATIN = re.compile(r"[a-z]{2}|\d[a-z]|[a-z]\d")


def nearest_sentences(query: Query, candidate: Embedding) -> SentencePair | None:
    """Return the two sentences nearest in meaning; the first pair wins a tie."""
    if not query.embedding.spans or not candidate.spans:
        return None
    cosines = query.embedding.sentences @ candidate.sentences.T
    best = int(np.argmax(cosines))
    mine, theirs = divmod(best, len(candidate.spans))
    return SentencePair(query.embedding.spans[mine], candidate.spans[theirs])


def shared_terms(
    query: Query, document: Document, view: KindView, segmenter: Segmenter
) -> tuple[SharedTerm, ...]:
    """Return the words both sides use, most telling first, each with its places."""
    mine = text_of(query.document)
    theirs = text_of(document)
    common = set(query.words) & set(segmenter.search_terms(theirs))
    telling = [word for word in common if len(word) > 1 or _LATIN.search(word)]
    weights = view.idf("words", telling)
    ordered = sorted(telling, key=lambda word: (-weights[word] * len(word) ** 0.5, word))
    kept: list[str] = []
    for word in ordered:
        if not any(word in longer or longer in word for longer in kept):
            kept.append(word)
    return tuple(
        SharedTerm(word, weights[word], _places(word, mine), _places(word, theirs))
        for word in kept[:MAX_TERMS]
    )


def text_of(document: Document) -> str:
    """Return the text all offsets count in."""
    return f"{document.title}\n{document.body}"


def _places(word: str, text: str) -> tuple[Span, ...]:
    lowered = text.lower()
    if len(lowered) != len(text):
        return ()
    found = re.finditer(re.escape(word), lowered)
    return tuple(Span(m.start(), m.end()) for _, m in zip(range(MAX_SPANS), found, strict=False))
