"""One immutable part of the index: documents of one kind with vectors and postings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self, TypedDict

import numpy as np
from numpy.typing import NDArray

from indexer.keywords import Postings, build_postings, merge_postings
from indexer.tag_postings import TAG_PARTS, TagPostings, build_tag_postings
from indexer.types import Document, Embedding, Sentence
from indexer.vectors import VectorIndex
from indexer.words import Segmenter, bigrams


@dataclass(frozen=True, eq=False)
class Segment:
    """Documents of one kind and everything needed to find, compare and quote them.

    Attributes:
        documents: One a row, in the order of all arrays; ascending by key, so that equals
            ranked by row are ranked by key.
        titles: Vectors of the titles, (n, dim).
        fulls: Vectors of title and body together, (n, dim).
        sentences: Vectors of all sentences, float32 (m, dim), unit length.
        sentence_starts: int64 (n + 1,); the sentences of row r are
            `sentences[sentence_starts[r]:sentence_starts[r + 1]]`.
        spans: The sentences themselves, one tuple a row.
        words: Postings of the words of title and body.
        grams: Postings of the character bigrams of title and body.
        title_grams: Postings of the character bigrams of the title alone.
        tags: Postings of the codes, by name of the tags (`TAG_PARTS`).
        any_industry: Which rows are open to every industry; bool (n,).
    """

    documents: tuple[Document, ...]
    titles: VectorIndex
    fulls: VectorIndex
    sentences: NDArray[np.float32]
    sentence_starts: NDArray[np.int64]
    spans: tuple[tuple[Sentence, ...], ...]
    words: Postings
    grams: Postings
    title_grams: Postings
    tags: Mapping[str, TagPostings]
    any_industry: NDArray[np.bool_]

    @classmethod
    def build(
        cls,
        documents: Sequence[Document],
        embeddings: Sequence[Embedding],
        segmenter: Segmenter,
        dim: int,
    ) -> Self:
        """Return the segment of these documents; the same input gives the same arrays."""
        sizes = np.array([len(e.spans) for e in embeddings], np.int64)
        postings = postings_of(documents, segmenter)
        return cls(
            documents=tuple(documents),
            titles=VectorIndex.build(_stack([e.title for e in embeddings], dim)),
            fulls=VectorIndex.build(_stack([e.full for e in embeddings], dim)),
            sentences=_concatenate([e.sentences for e in embeddings], dim),
            sentence_starts=np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]),
            spans=tuple(e.spans for e in embeddings),
            words=postings["words"],
            grams=postings["grams"],
            title_grams=postings["title_grams"],
            **tag_columns(documents),
        )

    @classmethod
    def merge(cls, segments: Sequence[Self], kept: NDArray[np.int64]) -> Self:
        """Return a segment of some rows of others; the same as building it, but without texts.

        Args:
            segments: Where the rows are; at least one.
            kept: int64 (n,), rows numbered through all segments, each once, in their new order.
        """
        rows = [d for segment in segments for d in segment.documents]
        documents = [rows[row] for row in kept]
        spans = [row for segment in segments for row in segment.spans]
        sizes = np.concatenate([np.diff(segment.sentence_starts) for segment in segments])
        old_starts = np.cumsum(sizes) - sizes
        new_starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes[kept])])
        moved = np.repeat(old_starts[kept] - new_starts[:-1], sizes[kept])
        sentence_rows = np.arange(len(moved)) + moved
        return cls(
            documents=tuple(documents),
            titles=VectorIndex.build(_joined([s.titles.vectors for s in segments])[kept]),
            fulls=VectorIndex.build(_joined([s.fulls.vectors for s in segments])[kept]),
            sentences=_joined([s.sentences for s in segments])[sentence_rows],
            sentence_starts=new_starts,
            spans=tuple(spans[row] for row in kept),
            words=merge_postings([s.words for s in segments], kept),
            grams=merge_postings([s.grams for s in segments], kept),
            title_grams=merge_postings([s.title_grams for s in segments], kept),
            **tag_columns(documents),
        )

    @cached_property
    def unknown(self) -> Mapping[str, NDArray[np.int64]]:
        """Rows of `titles`, `fulls` and `sentences` whose text could not be encoded; int64."""
        arrays = {
            "titles": self.titles.vectors,
            "fulls": self.fulls.vectors,
            "sentences": self.sentences,
        }
        return {part: np.flatnonzero(~rows.any(axis=1)) for part, rows in arrays.items()}

    @cached_property
    def unencoded(self) -> NDArray[np.int64]:
        """Rows of documents of which a vector is not known, ascending; int64."""
        silent = self.unknown["sentences"]
        of_sentences = np.searchsorted(self.sentence_starts, silent, side="right") - 1
        return np.unique(
            np.concatenate([self.unknown["titles"], self.unknown["fulls"], of_sentences])
        ).astype(np.int64)

    @property
    def n_rows(self) -> int:
        """How many documents there are."""
        return len(self.documents)

    @cached_property
    def row_by_id(self) -> dict[str, int]:
        """Row of each document."""
        return {document.id: row for row, document in enumerate(self.documents)}

    def embedding(self, row: int) -> Embedding:
        """Return the vectors of one row, as views."""
        start, end = self.sentence_starts[row], self.sentence_starts[row + 1]
        return Embedding(
            title=self.titles.vectors[row],
            full=self.fulls.vectors[row],
            sentences=self.sentences[start:end],
            spans=self.spans[row],
        )


def postings_of(documents: Sequence[Document], segmenter: Segmenter) -> dict[str, Postings]:
    """Return what is searched of the words of documents, one row each, by name of the field."""
    texts = [f"{d.title}\n{d.body}" for d in documents]
    return {
        "words": build_postings([segmenter.search_terms(text) for text in texts]),
        "grams": build_postings([bigrams(text) for text in texts]),
        "title_grams": build_postings([bigrams(d.title) for d in documents]),
    }


class TagColumns(TypedDict):
    """The fields of a segment that follow from the facts of its documents alone."""

    tags: Mapping[str, TagPostings]
    any_industry: NDArray[np.bool_]


def tag_columns(documents: Sequence[Document]) -> TagColumns:
    """Return what is compared of the facts; not stored, since it is read off the documents."""
    return {
        "tags": {part: build_tag_postings(documents, part) for part in TAG_PARTS},
        "any_industry": np.array([d.any_industry for d in documents], np.bool_),
    }


def _stack(vectors: Sequence[NDArray[np.float32]], dim: int) -> NDArray[np.float32]:
    return np.stack(vectors).astype(np.float32) if vectors else np.zeros((0, dim), np.float32)


def _joined(parts: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return arrays as one; a single one is not copied."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _concatenate(parts: Sequence[NDArray[np.float32]], dim: int) -> NDArray[np.float32]:
    return np.concatenate(parts).astype(np.float32) if parts else np.zeros((0, dim), np.float32)
