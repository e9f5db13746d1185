"""The index while it is brought up to date: a generation, what changed since, and the view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from indexer.segment import Segment
from indexer.types import Changes, Document, Embedding
from indexer.view import KindView
from indexer.words import Segmenter
from models.vocabulary.row import Entity

DELTA_ROWS: Final = 512
"""Changed rows carried beside the generation before a new one is written."""

DELTA_SHARE: Final = 0.1
"""Or this share of the generation, whichever is more."""

ByKind = Mapping[Entity, list[Document]]
Segments = dict[Entity, Segment]


@dataclass(frozen=True, eq=False)
class KindState:
    """Documents of one kind: those of the generation, and those that took their place.

    Attributes:
        base: The segment of the generation.
        delta: Present state of the documents changed since.
        touched: Keys of all documents changed since, also of those that are gone.
        view: Both together as they are searched.
    """

    base: Segment
    delta: Segment
    touched: frozenset[str]
    view: KindView

    @classmethod
    def of(cls, base: Segment, segmenter: Segmenter, dim: int) -> Self:
        """Return the state in which nothing has changed."""
        return cls(base, Segment.build([], [], segmenter, dim), frozenset(), _view_of(base))

    def with_documents(self, ids: set[str], fresh: Segment) -> "KindState":
        """Return the state in which the documents with these keys are those of a segment."""
        parts = _view_of(self.delta).without(ids).with_segment(fresh)
        delta = Segment.merge(parts.segments, _in_order(parts))
        touched = self.touched | ids
        view = _view_of(self.base).without(set(touched)).with_segment(delta)
        return KindState(self.base, delta, touched, view)

    def merged(self) -> Segment:
        """Return generation and changes as one segment; needs neither encoder nor texts."""
        if not self.touched:
            return self.base
        return Segment.merge(self.view.segments, _in_order(self.view))


class IndexState:
    """All kinds together. Changing it changes no view that was taken from it before."""

    def __init__(self, base: Mapping[Entity, Segment], segmenter: Segmenter, dim: int) -> None:
        """Start from whole segments."""
        self._segmenter = segmenter
        self._dim = dim
        self._kinds = {kind: KindState.of(s, segmenter, dim) for kind, s in base.items()}

    @property
    def views(self) -> dict[Entity, KindView]:
        """The documents by kind, as they are now."""
        return {kind: state.view for kind, state in self._kinds.items()}

    @property
    def is_delta_large(self) -> bool:
        """Whether so much has changed that a new generation should be written."""
        n_base = sum(state.base.n_rows for state in self._kinds.values())
        n_delta = sum(len(state.touched) for state in self._kinds.values())
        return n_delta > max(DELTA_ROWS, DELTA_SHARE * n_base)

    def hide_gone(self, changes: Changes) -> list[Document]:
        """Take out what is gone; return the documents that are not here as they are now."""
        waiting: list[Document] = []
        for kind, state in self._kinds.items():
            rows, documents = state.view.row_by_id, state.view.documents
            found = changes.documents[kind]
            gone = changes.touched[kind] - {d.id for d in found}
            self._replace(kind, {key for key in gone if key in rows}, [], [])
            waiting += [d for d in found if d.id not in rows or documents[rows[d.id]] != d]
        return waiting

    def take_up(self, documents: Sequence[Document], embeddings: Sequence[Embedding]) -> None:
        """Put documents in the place of those with their keys."""
        pairs = sorted(zip(documents, embeddings, strict=True), key=lambda pair: pair[0].id)
        for kind in self._kinds:
            mine = [pair for pair in pairs if pair[0].kind == kind]
            self._replace(kind, {d.id for d, _ in mine}, [d for d, _ in mine], [e for _, e in mine])

    def find(self, document: Document) -> Document | None:
        """Return what is here under the key of a document."""
        view = self._kinds[document.kind].view
        row = view.row_by_id.get(document.id)
        return None if row is None else view.documents[row]

    @property
    def unencoded(self) -> list[Document]:
        """Documents of which a vector is not known, as they are now."""
        return [d for state in self._kinds.values() for d in state.view.unencoded]

    def merged(self) -> Segments:
        """Return every kind as one segment."""
        return {kind: state.merged() for kind, state in self._kinds.items()}

    def _replace(
        self, kind: Entity, ids: set[str], documents: list[Document], embeddings: list[Embedding]
    ) -> None:
        if ids:
            fresh = Segment.build(documents, embeddings, self._segmenter, self._dim)
            self._kinds[kind] = self._kinds[kind].with_documents(ids, fresh)


def _view_of(segment: Segment) -> KindView:
    return KindView((), ()).with_segment(segment)


def _in_order(view: KindView) -> NDArray[np.int64]:
    """Return the rows alive in the order of their keys."""
    rows = sorted(view.alive_rows.tolist(), key=lambda row: view.documents[row].id)
    return np.array(rows, np.int64)
