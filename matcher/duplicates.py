"""Documents that say nearly the same in the same words."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.types import Document, Embedding
from indexer.view import KindView
from indexer.words import bigrams

LOOKED_AT: Final = 50
"""Nearest documents in meaning whose wording is compared."""

ALIKE: Final = 0.6
"""Share of common character bigrams (Jaccard) from which two texts count as nearly the same."""

SAME_MEANING: Final = 0.985
"""Cosine of the full texts from which they are copies, whatever their words."""

NEAR_MEANING: Final = 0.92
"""Cosine from which their words are looked at."""

CONTAINED: Final = 0.6
"""Share of the shorter text's character bigrams that stand in the longer one, from which one is
a copy of the other; between honest providers it stays under a third (docs/adr/0025)."""

MIN_GRAMS: Final = 40
"""Shorter texts share too much by chance."""


@dataclass(frozen=True, slots=True)
class NearCopy:
    """A document that says nearly the same.

    Attributes:
        document: The document.
        similarity: Share of common character bigrams, 0..1.
    """

    document: Document
    similarity: float


def near_copies(
    document: Document,
    embedding: Embedding,
    view: KindView,
    allowed: NDArray[np.int64] | None = None,
) -> tuple[NearCopy, ...]:
    """Return the documents nearly equal to one that is not among them, most alike first.

    Args:
        document: The new text.
        embedding: Its vectors, in either role: they only choose what is compared.
        view: The documents it may repeat.
        allowed: Rows of those looked at, ascending; all when None.
    """
    mine = _grams(document)
    rows = view.alive_rows if allowed is None else allowed
    nearest = view.nearest("fulls", embedding.full, LOOKED_AT, rows)
    copies = [
        NearCopy(found, similarity)
        for row, _ in nearest
        if (found := view.document(row)).id != document.id
        and (similarity := _jaccard(mine, _grams(found))) >= ALIKE
    ]
    return tuple(sorted(copies, key=lambda copy: (-copy.similarity, copy.document.id)))


def is_copy(document: Document, other: Document, cosine: float) -> bool:
    """Return whether two documents say nearly the same, or one says all of the other.

    Args:
        document: One of them.
        other: The other.
        cosine: Of their full texts, -1..1.
    """
    if cosine < NEAR_MEANING or cosine >= SAME_MEANING:
        return cosine >= SAME_MEANING
    a, b = _grams(document), _grams(other)
    shorter = min(len(a), len(b))
    return shorter >= MIN_GRAMS and len(a & b) >= CONTAINED * shorter


def _grams(document: Document) -> frozenset[str]:
    return _bigrams(f"{document.title}\n{document.body}")


@lru_cache(maxsize=4_096)
def _bigrams(text: str) -> frozenset[str]:
    return frozenset(bigrams(text))


def _jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0
