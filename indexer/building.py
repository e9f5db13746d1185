"""From the database to the parts of an index: whole builds, and changes taken up."""

import logging
import time
from collections.abc import Sequence
from itertools import islice
from typing import Final, Protocol

from indexer.embed import Embedder, Progress
from indexer.manifest import Recipe
from indexer.segment import Segment
from indexer.state import ByKind, IndexState, Segments
from indexer.types import Changes, Document
from indexer.words import Segmenter
from models.failpoints import Failpoint, hit
from models.position import Position
from models.vocabulary.row import Entity

DOCUMENTS_PER_STEP: Final = 32
"""Documents encoded between two states published while a queue is worked off: about a second
of work, so that nobody waits longer than two."""


_log = logging.getLogger("navmatch.indexer")


class DocumentSource(Protocol):
    """Where documents and their changes come from."""

    def last_seq(self) -> int:
        """Return the number of the newest change."""

    def mark(self, seq: int) -> str:
        """Return what the change log says at a change; another database says something else."""

    def changes(self, after: int, limit: int) -> Changes:
        """Return the next changes and the documents they touch, all at one moment."""

    def everything(self) -> tuple[Position, dict[Entity, list[Document]]]:
        """Return the newest change and all documents that may be found, at one moment."""


class Builder:
    """Makes what an index consists of; holds none of it."""

    def __init__(self, embedder: Embedder, segmenter: Segmenter, kinds: Sequence[Entity]) -> None:
        self._embedder = embedder
        self._segmenter = segmenter
        self._kinds = tuple(kinds)

    @property
    def recipe(self) -> Recipe:
        """What the vectors and postings depend on besides the texts."""
        encoder = self._embedder.encoder
        return Recipe(encoder.fingerprint, self._segmenter.version, encoder.dim)

    def state_of(self, base: Segments) -> IndexState:
        """Return whole segments as a state to which changes come."""
        return IndexState(base, self._segmenter, self._embedder.encoder.dim)

    def build(self, documents: ByKind, progress: Progress | None) -> Segments:
        """Return the segments of all documents, encoding what is not known yet."""
        flat = [d for kind in self._kinds for d in documents[kind]]
        _log.info("the index is built from the database", extra={"n_documents": len(flat)})
        embeddings = iter(self._embedder.embed_documents(flat, progress))
        hit(Failpoint.MID_BUILD)
        return {
            kind: Segment.build(
                documents[kind],
                list(islice(embeddings, len(documents[kind]))),
                self._segmenter,
                self._embedder.encoder.dim,
            )
            for kind in self._kinds
        }

    def take_up_known(self, state: IndexState, changes: Changes) -> list[Document]:
        """Take up changes; return the documents that must be encoded first."""
        waiting = state.hide_gone(changes)
        pairs = list(zip(waiting, self._embedder.embed_known(waiting), strict=True))
        known = [(d, e) for d, e in pairs if e is not None]
        state.take_up([d for d, _ in known], [e for _, e in known])
        return [d for d, e in pairs if e is None]

    def forget_texts(self) -> None:
        """Remember no text that was asked with or looked up before."""
        self._embedder.forget_texts()

    def encode(self, state: IndexState, documents: Sequence[Document]) -> None:
        """Take up documents, encoding what is not known yet."""
        state.take_up(documents, self._embedder.embed_documents(documents))

    def encode_left_out(self, state: IndexState, until_s: float) -> bool:
        """Try again to encode what could not be encoded; return whether anything could.

        Args:
            state: Takes up what can be encoded now.
            until_s: Moment (monotonic clock) after which no further documents are tried.
        """
        self._embedder.try_again()
        left = state.unencoded
        n_before = len(left)
        for start in range(0, n_before, DOCUMENTS_PER_STEP):
            if time.monotonic() > until_s:
                break
            self.encode(state, left[start : start + DOCUMENTS_PER_STEP])
        n_left = len(state.unencoded)
        _log.info("texts left out are tried again", extra={"n_before": n_before, "n_left": n_left})
        return n_left < n_before

    def is_any_encoded(self, documents: Sequence[Document]) -> bool:
        """Return whether everything one of the documents needs has been encoded by now."""
        return any(e is not None for e in self._embedder.embed_known(documents))


def newest(documents: Sequence[Document]) -> list[Document]:
    """Return the documents with the newest keys, as many as one step carries."""
    ordered = sorted(documents, key=lambda d: d.id.partition("_")[2], reverse=True)
    return ordered[:DOCUMENTS_PER_STEP]
