"""From a document that asks to the query it puts: its vectors and how much each word weighs."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from indexer.types import Document, Embedding
from indexer.words import Segmenter, bigrams
from matcher.types import Query

REPEAT_POWER: Final = 0.25
"""A term that stands n times in a query weighs n to this power."""

TITLE_WEIGHT: Final = 1.5
"""How many times a term weighs that also stands in the title."""


def make_query(document: Document, embedding: Embedding, segmenter: Segmenter) -> Query:
    """Return the query a document asks."""
    title, text = document.title, f"{document.title}\n{document.body}"
    return Query(
        document=document,
        embedding=embedding,
        words=asked_terms(segmenter.search_terms(text), segmenter.search_terms(title)),
        grams=asked_terms(bigrams(text), bigrams(title)),
        title_grams=asked_terms(bigrams(title), ()),
    )


def asked_terms(terms: Iterable[str], in_title: Iterable[str]) -> dict[str, float]:
    """Return how much each term of a query weighs, in the order they stand.

    A long demand repeats the words of its setting as often as those of its subject; counting
    every repetition, as BM25 does with its queries, lets them drown the subject. The figures
    that decided are in docs/adr/0020.
    """
    titled = frozenset(in_title)
    return {
        term: n**REPEAT_POWER * (TITLE_WEIGHT if term in titled else 1.0)
        for term, n in Counter(terms).items()
    }
