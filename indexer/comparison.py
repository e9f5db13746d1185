"""Whether an index holds what its database holds: the same keys, texts, facts and vectors."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from pydantic import TypeAdapter

from indexer.types import Document, Embedding
from indexer.view import IndexView, KindView
from models.vocabulary.row import Entity

DOCUMENTS_AT_ONCE: Final = 256

_DOCUMENT: Final = TypeAdapter(Document)

Known = Callable[[Sequence[Document]], list[Embedding | None]]
"""Gives the vectors of documents as the database keeps them."""


class DifferenceKind(StrEnum):
    """How index and database differ on a document."""

    MISSING = "missing"
    """The database has it, the index has not."""
    EXTRA = "extra"
    """The index has it, the database has not."""
    CHANGED = "changed"
    """Its text or facts differ."""
    VECTORS = "vectors"
    """Its vectors differ from those kept in the database."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A document on which index and database differ."""

    entity: Entity
    id: str
    kind: DifferenceKind


def differences(
    view: IndexView, truth: Mapping[Entity, Sequence[Document]], known: Known
) -> Iterator[Difference]:
    """Yield every document on which an index and its database differ."""
    for kind, documents in truth.items():
        yield from _of_kind(kind, view.of(kind), documents, known)


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
    kind: Entity, view: KindView, documents: Sequence[Document], known: Known
) -> Iterator[Difference]:
    rows = view.row_by_id
    wanted = {document.id for document in documents}
    for key in sorted(rows.keys() - wanted):
        yield Difference(kind, key, DifferenceKind.EXTRA)
    same: list[Document] = []
    for document in documents:
        row = rows.get(document.id)
        if row is None:
            yield Difference(kind, document.id, DifferenceKind.MISSING)
        elif view.documents[row] != document:
            yield Difference(kind, document.id, DifferenceKind.CHANGED)
        else:
            same.append(document)
    for start in range(0, len(same), DOCUMENTS_AT_ONCE):
        part = same[start : start + DOCUMENTS_AT_ONCE]
        for document, kept in zip(part, known(part), strict=True):
            mine = view.embedding(rows[document.id])
            if kept is not None and mine.is_whole and not _is_equal(mine, kept):
                yield Difference(kind, document.id, DifferenceKind.VECTORS)


def _is_equal(one: Embedding, other: Embedding) -> bool:
    """Return whether two embeddings are the same to the bit."""
    return (
        one.spans == other.spans
        and np.array_equal(one.title, other.title)
        and np.array_equal(one.full, other.full)
        and np.array_equal(one.sentences, other.sentences)
    )
