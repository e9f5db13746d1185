"""Documents that say nearly the same in the same words."""

from dataclasses import dataclass
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


def _grams(document: Document) -> frozenset[str]:
    return frozenset(bigrams(f"{document.title}\n{document.body}"))


def _jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0
