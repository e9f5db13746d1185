"""Ways in which an index in memory is not what its database says, though no file is damaged."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from indexer.comparison import Difference, DifferenceKind
from indexer.segment import Segment
from indexer.vectors import VectorIndex
from indexer.view import IndexView, KindView
from models.vocabulary.row import Entity

Harm = Callable[[IndexView], tuple[IndexView, Difference]]
"""Gives the harmed view, and what is to be found on the first document of its kind."""


def duplicated_row(view: IndexView) -> tuple[IndexView, Difference]:
    """A document is alive in two segments."""
    kind = _kind(view)
    found = view.of(kind)
    again = Segment.merge(found.segments, found.alive_rows[:1])
    return _told(view, found.with_segment(again), DifferenceKind.DUPLICATE)


def swapped_vector(view: IndexView) -> tuple[IndexView, Difference]:
    """The title of one document has the vector of another's."""
    segment = _segment(view)
    vectors = np.array(segment.titles.vectors)
    other = next(row for row in range(1, len(vectors)) if np.any(vectors[row] != vectors[0]))
    vectors[0] = vectors[other]
    return _changed(view, DifferenceKind.VECTORS, titles=VectorIndex.build(vectors))


def changed_count(view: IndexView) -> tuple[IndexView, Difference]:
    """A word stands once more in a document than in its text."""
    postings = _segment(view).words
    counts = postings.counts.copy()
    counts[np.flatnonzero(postings.rows == 0)[0]] += 1
    return _changed(view, DifferenceKind.POSTINGS, words=replace(postings, counts=counts))


def changed_length(view: IndexView) -> tuple[IndexView, Difference]:
    """A document counts as longer than its text."""
    postings = _segment(view).grams
    lengths = postings.lengths + (np.arange(postings.n_rows) == 0).astype(np.int32)
    return _changed(view, DifferenceKind.POSTINGS, grams=replace(postings, lengths=lengths))


def changed_term(view: IndexView) -> tuple[IndexView, Difference]:
    """A word only the first document has is another word."""
    postings = _segment(view).title_grams
    alone = next(term for term in postings.terms if postings.of(term)[0].tolist() == [0])
    terms = {("\U0010fffd" if t == alone else t): number for t, number in postings.terms.items()}
    return _changed(view, DifferenceKind.POSTINGS, title_grams=replace(postings, terms=terms))


HARMS: Final[tuple[Harm, ...]] = (
    duplicated_row,
    swapped_vector,
    changed_count,
    changed_length,
    changed_term,
)


def _kind(view: IndexView) -> Entity:
    """Return the kind with most documents."""
    return max(view.kinds, key=lambda kind: view.of(kind).n_alive)


def _segment(view: IndexView) -> Segment:
    """Return the documents of that kind as one segment."""
    found = view.of(_kind(view))
    return Segment.merge(found.segments, found.alive_rows)


def _changed(
    view: IndexView, kind: DifferenceKind, **parts: object
) -> tuple[IndexView, Difference]:
    segment = replace(_segment(view), **parts)  # type: ignore[arg-type]
    return _told(view, KindView((), ()).with_segment(segment), kind)


def _told(view: IndexView, harmed: KindView, kind: DifferenceKind) -> tuple[IndexView, Difference]:
    entity = _kind(view)
    difference = Difference(entity, harmed.document(0).id, kind)
    return replace(view, kinds={**view.kinds, entity: harmed}), difference
