"""Whether an index holds what its database holds: keys, texts, facts, vectors and words."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from indexer.keywords import Postings, merge_postings
from indexer.segment import postings_of
from indexer.types import Document, Embedding
from indexer.view import IndexView, KindView
from indexer.words import Segmenter
from models.vocabulary.row import Entity

DOCUMENTS_AT_ONCE: Final = 256

_DOCUMENT: Final = TypeAdapter(Document)

Known = Callable[[Sequence[Document]], Sequence[Embedding | None]]
"""Gives the vectors documents should have; None where nobody knows them."""


class DifferenceKind(StrEnum):
    """How index and database differ on a document."""

    MISSING = "missing"
    """The database has it, the index has not."""
    EXTRA = "extra"
    """The index has it, the database has not."""
    DUPLICATE = "duplicate"
    """The index has it more than once."""
    CHANGED = "changed"
    """Its text or facts differ."""
    VECTORS = "vectors"
    """Its vectors differ from those kept in the database."""
    POSTINGS = "postings"
    """The words by which it is found are not those of its text."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A document on which index and database differ."""

    entity: Entity
    id: str
    kind: DifferenceKind


def differences(
    view: IndexView, truth: Mapping[Entity, Sequence[Document]], known: Known, segmenter: Segmenter
) -> Iterator[Difference]:
    """Yield every document on which an index and its database differ.

    Args:
        view: The index.
        truth: The documents that may be found, as the database has them, by kind.
        known: Gives the vectors they should have.
        segmenter: Cuts their texts into words.
    """
    for kind, documents in truth.items():
        yield from _of_kind(kind, view.of(kind), documents, known, segmenter)


def content_digest(documents: Iterable[Document]) -> str:
    """Return the SHA-256 (hex) of documents in the order of keys: equal contents, equal digest."""
    digest = hashlib.sha256()
    for document in sorted(documents, key=lambda d: (d.kind, d.id)):
        digest.update(_DOCUMENT.dump_json(document) + b"\n")
    return digest.hexdigest()


def documents_of(view: IndexView) -> list[Document]:
    """Return every document that can be found in an index."""
    return [kind.documents[row] for kind in view.kinds.values() for row in kind.alive_rows]


def _of_kind(
    kind: Entity,
    view: KindView,
    documents: Sequence[Document],
    known: Known,
    segmenter: Segmenter,
) -> Iterator[Difference]:
    rows: dict[str, list[int]] = {}
    for row in view.alive_rows.tolist():
        rows.setdefault(view.documents[row].id, []).append(row)
    wanted = {document.id for document in documents}
    for key in sorted(rows):
        if key not in wanted:
            yield Difference(kind, key, DifferenceKind.EXTRA)
        elif len(rows[key]) > 1:
            yield Difference(kind, key, DifferenceKind.DUPLICATE)
    same: list[Document] = []
    for document in documents:
        found = rows.get(document.id, [])
        if not found:
            yield Difference(kind, document.id, DifferenceKind.MISSING)
        elif any(view.documents[row] != document for row in found):
            yield Difference(kind, document.id, DifferenceKind.CHANGED)
        else:
            same.append(document)
    numbers = [rows[document.id][0] for document in same]
    for document in _with_other_vectors(view, same, numbers, known):
        yield Difference(kind, document.id, DifferenceKind.VECTORS)
    for document in _with_other_postings(view, same, numbers, segmenter):
        yield Difference(kind, document.id, DifferenceKind.POSTINGS)


def _with_other_vectors(
    view: KindView, documents: Sequence[Document], rows: Sequence[int], known: Known
) -> Iterator[Document]:
    for start in range(0, len(documents), DOCUMENTS_AT_ONCE):
        part = documents[start : start + DOCUMENTS_AT_ONCE]
        for number, (document, kept) in enumerate(zip(part, known(part), strict=True), start):
            mine = view.embedding(rows[number])
            if kept is not None and mine.is_whole and not _is_equal(mine, kept):
                yield document


def _with_other_postings(
    view: KindView, documents: Sequence[Document], rows: Sequence[int], segmenter: Segmenter
) -> list[Document]:
    """Return the documents whose words are not those their texts would give now."""
    if not documents:
        return []
    kept = np.array(rows, np.int64)
    odd: set[int] = set()
    for part, wanted in postings_of(documents, segmenter).items():
        there = merge_postings([getattr(segment, part) for segment in view.segments], kept)
        odd |= _rows_that_differ(there, wanted)
    return [documents[row] for row in sorted(odd)]


def _rows_that_differ(one: Postings, other: Postings) -> set[int]:
    found = set(np.flatnonzero(one.lengths != other.lengths).tolist())
    for term in one.terms.keys() | other.terms.keys():
        mine, theirs = one.of(term), other.of(term)
        if not all(map(np.array_equal, mine, theirs)):
            here, there = _counted(mine), _counted(theirs)
            found |= {row for row, _ in (here - there) + (there - here)}
    return found


def _counted(held: tuple[NDArray[np.int32], NDArray[np.int32]]) -> Counter[tuple[int, int]]:
    """Return how often each row stands with each count."""
    rows, counts = held
    return Counter(zip(rows.tolist(), counts.tolist(), strict=True))


def _is_equal(one: Embedding, other: Embedding) -> bool:
    """Return whether two embeddings are the same to the bit."""
    return (
        one.spans == other.spans
        and np.array_equal(one.title, other.title)
        and np.array_equal(one.full, other.full)
        and np.array_equal(one.sentences, other.sentences)
    )
