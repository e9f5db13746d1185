"""Keeps the index equal to the database: loads, follows changes, publishes whole states."""

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from indexer.embed import Embedder, Progress
from indexer.manifest import Recipe
from indexer.segment import Segment
from indexer.snapshot import load_newest, save_generation
from indexer.types import Document, Embedding
from indexer.view import IndexView, KindView
from indexer.words import Segmenter
from models.vocabulary import Entity

CHANGES_PER_ROUND: Final = 2_000
DELTA_ROWS: Final = 512
"""Changed rows carried beside the generation before a new one is written."""

DELTA_SHARE: Final = 0.1
"""Or this share of the generation, whichever is more."""


class DocumentSource(Protocol):
    """Where documents and their changes come from."""

    def last_seq(self) -> int:
        """Return the number of the newest change."""

    def changed_ids(self, after: int, limit: int) -> tuple[int, dict[Entity, set[str]]]:
        """Return the newest change looked at and the documents touched."""

    def all_ids(self, kind: Entity) -> list[str]:
        """Return the keys of all rows of a kind."""

    def load(self, kind: Entity, ids: Iterable[str]) -> list[Document]:
        """Return the documents of those rows that may be found now."""


class Synchroniser:
    """Owner of the index: the only one that publishes; readers take `view` and keep it.

    A view is never changed after it was published, so a request that began with one ends
    with the same one, and searching needs no lock.
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
        self._delta: dict[Entity, dict[str, tuple[Document, Embedding] | None]] = {}
        self._base: dict[Entity, Segment] = {}
        self._lock = threading.Lock()
        self._view: IndexView | None = None

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
                loaded = load_newest(self._folder, self.recipe)
                if loaded is None:
                    self._build(progress)
                else:
                    name, seq, self._base = loaded
                    self._publish(name, seq)
        return self.catch_up()

    def rebuild(self, progress: Progress | None = None) -> IndexView:
        """Build a new generation from the database and publish it."""
        with self._lock:
            return self._build(progress)

    def catch_up(self) -> IndexView:
        """Bring the index up to the newest change and return the state published."""
        with self._lock:
            view = self._view
            if view is None:
                return self._build(None)
            seq = view.seq
            while True:
                newest, touched = self._source.changed_ids(seq, CHANGES_PER_ROUND)
                if newest == seq:
                    break
                seq = newest
                for kind, ids in touched.items():
                    self._take_up(kind, ids)
            if seq != view.seq:
                view = self._publish(view.generation, seq)
            return self._merge() if self._is_delta_large() else view

    def _build(self, progress: Progress | None) -> IndexView:
        seq = self._source.last_seq()
        documents = {k: self._source.load(k, self._source.all_ids(k)) for k in self._kinds}
        flat = [d for kind in self._kinds for d in documents[kind]]
        embeddings = dict(
            zip((d.id for d in flat), self._embedder.embed_documents(flat, progress), strict=True)
        )
        self._base = {
            kind: self._segment(documents[kind], [embeddings[d.id] for d in documents[kind]])
            for kind in self._kinds
        }
        return self._save(seq)

    def _merge(self) -> IndexView:
        """Write generation and delta as one new generation; needs no encoder."""
        view = self.view
        merged: dict[Entity, Segment] = {}
        for kind in self._kinds:
            rows = view.of(kind)
            pairs = [(rows.document(int(r)), rows.embedding(int(r))) for r in rows.alive_rows]
            pairs.sort(key=lambda pair: pair[0].id)
            merged[kind] = self._segment([d for d, _ in pairs], [e for _, e in pairs])
        self._base = merged
        return self._save(view.seq)

    def _save(self, seq: int) -> IndexView:
        self._delta = {}
        name = save_generation(self._folder, self._base, seq, self.recipe)
        return self._publish(name, seq)

    def _take_up(self, kind: Entity, ids: set[str]) -> None:
        """Put the present state of these rows into the delta; None for what is gone."""
        if not ids:
            return
        documents = self._source.load(kind, ids)
        embeddings = self._embedder.embed_documents(documents)
        delta = self._delta.setdefault(kind, {})
        delta.update(dict.fromkeys(ids))
        delta.update({d.id: (d, e) for d, e in zip(documents, embeddings, strict=True)})

    def _publish(self, generation: str, seq: int) -> IndexView:
        kinds = {kind: self._kind_view(kind) for kind in self._kinds}
        self._view = IndexView(generation, seq, self.recipe.fingerprint, kinds)
        return self._view

    def _kind_view(self, kind: Entity) -> KindView:
        base = self._base[kind]
        view = KindView((base,), (np.ones(base.n_rows, np.bool_),))
        delta = self._delta.get(kind, {})
        if not delta:
            return view
        present = sorted((key, pair) for key, pair in delta.items() if pair is not None)
        segment = self._segment([p[0] for _, p in present], [p[1] for _, p in present])
        return view.without(set(delta)).with_segment(segment)

    def _segment(self, documents: list[Document], embeddings: list[Embedding]) -> Segment:
        return Segment.build(documents, embeddings, self._segmenter, self._embedder.encoder.dim)

    def _is_delta_large(self) -> bool:
        n_base = sum(segment.n_rows for segment in self._base.values())
        n_delta = sum(len(rows) for rows in self._delta.values())
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
        """Stop following and wait for the round under way."""
        self._stopping = True
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(self._interval_s)
            self._wake.clear()
            if self._stopping:
                return
            try:
                self._synchroniser.catch_up()
                self.last_error = None
            except Exception as error:  # the next round tries again
                self.last_error = error
