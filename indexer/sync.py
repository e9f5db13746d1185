"""Keeps the index equal to the database: loads, follows changes, publishes whole states."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.embed import Embedder, Progress
from indexer.manifest import Recipe
from indexer.segment import Segment
from indexer.snapshot import load_newest, save_generation
from indexer.types import Changes, Document, Embedding
from indexer.view import IndexView, KindView
from indexer.words import Segmenter
from models.errors import UnavailableError
from models.failpoints import Failpoint, hit
from models.vocabulary import Entity

CHANGES_PER_ROUND: Final = 2_000
DOCUMENTS_PER_STEP: Final = 32
"""Documents encoded between two states published while a queue is worked off: about a second
of work, so that nobody waits longer than two."""

DELTA_ROWS: Final = 512
"""Changed rows carried beside the generation before a new one is written."""

DELTA_SHARE: Final = 0.1
"""Or this share of the generation, whichever is more."""

_log = logging.getLogger("navmatch.indexer")


class DocumentSource(Protocol):
    """Where documents and their changes come from."""

    def last_seq(self) -> int:
        """Return the number of the newest change."""

    def mark(self, seq: int) -> str:
        """Return what the change log says at a change; another database says something else."""

    def changes(self, after: int, limit: int) -> Changes:
        """Return the next changes and the documents they touch, all at one moment."""

    def everything(self) -> tuple[int, dict[Entity, list[Document]]]:
        """Return the newest change and all documents that may be found, at one moment."""


class Synchroniser:
    """Owner of the index: the only one that publishes; readers take `view` and keep it.

    A view is never changed after it was published, so a request that began with one ends
    with the same one, and searching needs no lock.

    Attributes:
        save_error: Why the newest generation could not be written; it is served from memory
            meanwhile, and a restart begins with the one before it.
    """

    def __init__(
        self,
        source: DocumentSource,
        embedder: Embedder,
        segmenter: Segmenter,
        folder: Path,
        kinds: Sequence[Entity],
    ) -> None:
        self._source = source
        self._embedder = embedder
        self._segmenter = segmenter
        self._folder = folder
        self._kinds = tuple(kinds)
        self._base: dict[Entity, Segment] = {}
        self._delta: dict[Entity, Segment] = {}
        self._touched: dict[Entity, set[str]] = {}
        self._views: dict[Entity, KindView] = {}
        self._lock = threading.Lock()
        self._view: IndexView | None = None
        self.save_error: OSError | None = None

    @property
    def recipe(self) -> Recipe:
        """What the vectors and postings depend on besides the texts."""
        encoder = self._embedder.encoder
        return Recipe(encoder.fingerprint, self._segmenter.version, encoder.dim)

    @property
    def view(self) -> IndexView:
        """The newest published state; opens the index on first use."""
        return self._view if self._view is not None else self.open()

    @property
    def is_open(self) -> bool:
        """Whether a state has been published."""
        return self._view is not None

    def open(self, progress: Progress | None = None) -> IndexView:
        """Load the newest whole generation, or build one, then follow the changes since."""
        with self._lock:
            if self._view is None:
                loaded = load_newest(self._folder, self.recipe, self._is_known)
                if loaded is None:
                    self._build(progress)
                else:
                    self._start_from(loaded.segments)
                    self._publish(loaded.name, loaded.seq)
        return self.catch_up()

    def rebuild(self, progress: Progress | None = None) -> IndexView:
        """Build a new generation from the database and publish it.

        Raises:
            UnavailableError: it was published, but could not be written to disk.
        """
        with self._lock:
            view = self._build(progress)
            if self.save_error is not None:
                raise UnavailableError(
                    f"索引无法写入磁盘：{self.save_error.strerror}。请清理磁盘或检查目录权限后重试。"
                ) from self.save_error
            return view

    def catch_up(self) -> IndexView:
        """Bring the index up to the newest change and return the state published.

        A long queue is published in steps: first what can no longer be found, which needs no
        encoder, then the newest documents, so that somebody who posts while thousands are
        imported need not wait for all of them.
        """
        with self._lock:
            view = self._view
            if view is None or self._source.last_seq() < view.seq:
                return self._build(None)
            seq, is_all = view.seq, False
            while not is_all:
                changes = self._source.changes(seq, CHANGES_PER_ROUND)
                waiting = self._hide_gone(changes)
                if sum(len(documents) for documents in waiting.values()) > DOCUMENTS_PER_STEP:
                    view = self._publish_step(view)
                    self._take_up_newest(waiting)
                    view = self._publish_step(view)
                    continue
                for kind, documents in waiting.items():
                    self._take_up(kind, {d.id for d in documents}, documents)
                seq, is_all = changes.seq, changes.is_all
            if seq == view.seq:
                return view
            if self._is_delta_large():
                return self._merge(seq)
            return self._publish(view.generation, seq)

    def _hide_gone(self, changes: Changes) -> dict[Entity, list[Document]]:
        """Take out what is gone; return the documents that are not in the index as they are."""
        waiting: dict[Entity, list[Document]] = {}
        for kind in self._kinds:
            rows, documents = self._views[kind].row_by_id, self._views[kind].documents
            found = changes.documents[kind]
            gone = changes.touched[kind] - {d.id for d in found}
            self._take_up(kind, {key for key in gone if key in rows}, [])
            waiting[kind] = [d for d in found if d.id not in rows or documents[rows[d.id]] != d]
        return waiting

    def _take_up_newest(self, waiting: dict[Entity, list[Document]]) -> None:
        """Take up the documents with the newest keys, as many as one step carries."""
        newest = sorted(
            ((d.id.partition("_")[2], kind, d) for kind, rows in waiting.items() for d in rows),
            key=lambda entry: entry[0],
            reverse=True,
        )[:DOCUMENTS_PER_STEP]
        for kind in self._kinds:
            documents = [d for _, of_kind, d in newest if of_kind == kind]
            self._take_up(kind, {d.id for d in documents}, documents)

    def _publish_step(self, view: IndexView) -> IndexView:
        """Publish part of a queue: still at the old change, but another version."""
        if self._is_delta_large():
            return self._merge(view.seq)
        self._view = replace(view, step=view.step + 1, kinds=dict(self._views))
        return self._view

    def _is_known(self, seq: int, mark: str) -> bool:
        return self._source.mark(seq) == mark

    def _build(self, progress: Progress | None) -> IndexView:
        seq, documents = self._source.everything()
        flat = [d for kind in self._kinds for d in documents[kind]]
        hit(Failpoint.MID_BUILD)
        embeddings = iter(self._embedder.embed_documents(flat, progress))
        base = {
            kind: self._segment(documents[kind], list(islice(embeddings, len(documents[kind]))))
            for kind in self._kinds
        }
        return self._save(base, seq)

    def _merge(self, seq: int) -> IndexView:
        """Write generation and delta as one new generation; needs neither encoder nor texts."""
        base = dict(self._base)
        for kind in self._kinds:
            if self._touched[kind]:
                view = self._views[kind]
                base[kind] = Segment.merge(view.segments, _in_order(view))
                hit(Failpoint.MID_MERGE)
        return self._save(base, seq)

    def _save(self, base: dict[Entity, Segment], seq: int) -> IndexView:
        self._start_from(base)
        try:
            mark = self._source.mark(seq)
            hit(Failpoint.BEFORE_INDEX_WRITE)
            name = save_generation(self._folder, base, seq, mark, self.recipe)
            self.save_error = None
        except OSError as error:
            _log.warning("index generation not written, served from memory: %s", error)
            self.save_error = error
            name = f"memory-{seq}"
        return self._publish(name, seq)

    def _start_from(self, base: dict[Entity, Segment]) -> None:
        """Take a whole index as the state to which changes come."""
        self._base = base
        self._delta = {kind: self._segment([], []) for kind in self._kinds}
        self._touched = {kind: set() for kind in self._kinds}
        self._views = {kind: _view_of(base[kind]) for kind in self._kinds}

    def _take_up(self, kind: Entity, ids: set[str], documents: list[Document]) -> None:
        """Put the present state of these rows into the delta."""
        if not ids:
            return
        fresh = self._segment(documents, self._embedder.embed_documents(documents))
        parts = _view_of(self._delta[kind]).without(ids).with_segment(fresh)
        delta = Segment.merge(parts.segments, _in_order(parts))
        touched = self._touched[kind] | ids
        self._delta[kind], self._touched[kind] = delta, touched
        self._views[kind] = _view_of(self._base[kind]).without(touched).with_segment(delta)

    def _publish(self, generation: str, seq: int) -> IndexView:
        hit(Failpoint.BEFORE_PUBLISH)
        self._view = IndexView(generation, seq, self.recipe.fingerprint, dict(self._views))
        hit(Failpoint.AFTER_PUBLISH)
        return self._view

    def _segment(self, documents: list[Document], embeddings: list[Embedding]) -> Segment:
        return Segment.build(documents, embeddings, self._segmenter, self._embedder.encoder.dim)

    def _is_delta_large(self) -> bool:
        n_base = sum(segment.n_rows for segment in self._base.values())
        n_delta = sum(len(ids) for ids in self._touched.values())
        return n_delta > max(DELTA_ROWS, DELTA_SHARE * n_base)


class Follower:
    """A thread that keeps an index up to date: at once when told, else every second."""

    def __init__(self, synchroniser: Synchroniser, interval_s: float = 1.0) -> None:
        self._synchroniser = synchroniser
        self._interval_s = interval_s
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="index-follower", daemon=True)
        self.last_error: Exception | None = None

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def wake(self) -> None:
        """Say that something was committed."""
        self._wake.set()

    @property
    def is_running(self) -> bool:
        """Whether the thread lives."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Stop following and wait for the round under way; a thread stopped stays so."""
        self._stopping = True
        self._wake.set()
        if self.is_running:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(self._interval_s)
            self._wake.clear()
            if self._stopping:
                return
            try:
                hit(Failpoint.FOLLOWER_ROUND)
                self._synchroniser.catch_up()
                self.last_error = None
            except Exception as error:  # the next round tries again
                self.last_error = error


def _view_of(segment: Segment) -> KindView:
    return KindView((), ()).with_segment(segment)


def _in_order(view: KindView) -> NDArray[np.int64]:
    """Return the rows alive in the order of their keys."""
    rows = sorted(view.alive_rows.tolist(), key=lambda row: view.documents[row].id)
    return np.array(rows, np.int64)
