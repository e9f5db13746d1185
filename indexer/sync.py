"""Keeps the index equal to the database: loads, follows changes, publishes whole states.

Of the workers that share a folder one leads: it encodes first, merges and writes generations.
The others take its generations up and follow the change log themselves; when it dies, the next
that looks takes its place.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from indexer.building import DOCUMENTS_PER_STEP, Builder, DocumentSource, newest
from indexer.embed import Embedder, Progress
from indexer.generations import Generations, wait_until
from indexer.manifest import Recipe
from indexer.snapshot import Generation
from indexer.state import Segments
from indexer.types import Changes, Document
from indexer.view import IndexView
from indexer.words import Segmenter
from models.errors import UnavailableError
from models.failpoints import Failpoint, hit
from models.position import Position
from models.viewer import acting_as, system
from models.vocabulary.row import Entity

CHANGES_PER_ROUND: Final = 2_000

ENCODE_PATIENCE_S: Final = 0.5
"""How long a worker waits for the one that leads to encode a document before it does so itself.
Who has just written waits two seconds for the index, of which taking a new generation up may
have cost one already: encoding it here must fit into the rest."""

LEFT_OUT_AGAIN_S: Final = 3_600.0
"""How long after a text could not be encoded it is tried again; also at the next start."""

LEFT_OUT_AT_ONCE_S: Final = 20.0
"""How long that may hold up what is new."""

_log = logging.getLogger("navmatch.indexer")


class Synchroniser:
    """Owner of a worker's index: the only one that publishes; requests take `view` and keep it.

    A view is never changed after it was published, so a request that began with one ends
    with the same one, and searching needs no lock.

    Attributes:
        prepare: Called with a view of a new generation before requests get it.
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
        self._builder = Builder(embedder, segmenter, kinds)
        self._generations = Generations(folder)
        self._state = self._builder.state_of({})
        self._newer: Generation | None = None
        self._lock = threading.Lock()
        self._view: IndexView | None = None
        self._tried_at_s = -math.inf
        self.prepare: Callable[[IndexView], None] | None = None

    @property
    def recipe(self) -> Recipe:
        """What the vectors and postings depend on besides the texts."""
        return self._builder.recipe

    @property
    def view(self) -> IndexView:
        """The newest published state; opens the index on first use."""
        return self._view if self._view is not None else self.open()

    @property
    def is_open(self) -> bool:
        """Whether a state has been published."""
        return self._view is not None

    @property
    def leads(self) -> bool:
        """Whether this worker is the one that writes generations."""
        return self._generations.leads

    @property
    def leader_silent_s(self) -> float:
        """How long the worker that leads has given no sign of life; 0 where this one leads."""
        return self._generations.leader_silent_s

    @property
    def save_error(self) -> OSError | None:
        """Why the newest generation could not be written.

        It is served from memory meanwhile, and a restart begins with the one before it.
        """
        return self._generations.save_error

    def open(self, progress: Progress | None = None, *, is_followed: bool = False) -> IndexView:
        """Load the newest whole generation, or build one, then follow the changes since.

        Args:
            progress: Told how many of how many texts are encoded.
            is_followed: Whether a thread goes on catching up from now on: it does what can wait,
                and whoever waits for the index does not.
        """
        with self._working():
            if self._view is None:
                self._open(progress)
        return self._catch_up(is_all=not is_followed)

    def catch_up(self) -> IndexView:
        """Bring the index up to the newest change and return the state published."""
        return self._catch_up(is_all=True)

    def _catch_up(self, *, is_all: bool) -> IndexView:
        """Catch up; only where that is all, also write what is due and try again what failed."""
        with self._working():
            self._generations.try_to_lead()
            view = self._view or self._open(None)
            self._generations.finish_erasures()
            if not self._is_known(view.seq, view.mark):
                self._generations.drop_notes()
                self._forget(self._source.last_seq())
                return self._build(None)
            if self.leads and self._generations.is_rebuild_requested:
                view = self._build(None)
                self._generations.answer_request()
            view = self._follow(self._take_over_newer(view), writes_due=is_all)
            return self._complete(view) if is_all else view

    def rebuild(self, progress: Progress | None = None) -> IndexView:
        """Build a new generation from the database and publish it.

        Where another process leads, it is asked to, and its generation taken up.

        Raises:
            UnavailableError: it was published, but could not be written to disk, or the other
                process does not answer.
        """
        with self._working():
            if self._generations.is_led_by_another():
                self._generations.ask_leader()
            if self.leads or self._generations.lock_error is not None:
                self._build(progress)
                if self.save_error is not None:
                    raise UnavailableError(
                        f"索引无法写入磁盘：{self.save_error.strerror}。"
                        "请清理磁盘或检查目录权限后重试。"
                    ) from self.save_error
        return self.open()

    def close(self) -> None:
        """Let another worker lead; what was published can still be searched."""
        with self._lock:
            self._generations.close()

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Work on the index alone among the threads of this worker, in the service's own name."""
        with self._lock, acting_as(system("indexer")):
            yield

    def _is_known(self, seq: int, mark: str) -> bool:
        return self._source.mark(seq) == mark

    def _open(self, progress: Progress | None) -> IndexView:
        self._generations.try_to_lead()
        found = self._generations.load(self.recipe, self._is_known)
        if found is None and self._generations.is_led_by_another():
            found = self._generations.wait_for_first(self.recipe, self._is_known)
        if found is None:
            return self._build(progress)
        self._state = self._builder.state_of(found.segments)
        return self._publish(found.name, Position(found.seq, found.mark))

    def _take_over_newer(self, view: IndexView) -> IndexView:
        """Publish the generation another worker wrote, with all that was published before it.

        It waits for the next round while it would bring back an older state of a document that
        nobody has encoded yet as it is now: what was seen once is not taken back.
        """
        found = self._generations.load_newer(self.recipe, self._is_known)
        newer = self._newer = found or self._newer
        if newer is None:
            return view
        state = self._builder.state_of(newer.segments)
        position, is_all, missing = Position(newer.seq, newer.mark), False, list[Document]()
        while not is_all:
            changes = self._source.changes(position.seq, CHANGES_PER_ROUND)
            missing += self._builder.take_up_known(state, changes)
            position, is_all = _end_of(changes, position), changes.is_all
        if any(state.find(document) != self._state.find(document) for document in missing):
            return view
        self._newer, self._state = None, state
        self._builder.forget_texts()
        if not missing:
            return self._publish(newer.name, position)
        last = max(Position(newer.seq, newer.mark), view.position, key=lambda p: p.seq)
        return self._publish(newer.name, last, view.step + 1)

    def _follow(self, view: IndexView, *, writes_due: bool) -> IndexView:
        """Take up what changed since a published state.

        A long queue is published in steps: first what can no longer be found and what is
        encoded already, then the newest documents, so that somebody who posts while thousands
        are imported need not wait for all of them.
        """
        position, is_all, erased_seq = view.position, False, 0
        while not is_all:
            changes = self._source.changes(position.seq, CHANGES_PER_ROUND)
            erased_seq = max(erased_seq, changes.erased_seq)
            missing = self._builder.take_up_known(self._state, changes)
            if len(missing) > DOCUMENTS_PER_STEP:
                view = self._publish_step(view, writes_due=writes_due)
            if missing and self._has_another_encoded(missing):
                continue
            self._builder.encode(self._state, newest(missing))
            if len(missing) > DOCUMENTS_PER_STEP:
                view = self._publish_step(view, writes_due=writes_due)
                continue
            position, is_all = _end_of(changes, position), changes.is_all
        if erased_seq:
            self._forget(erased_seq)
        is_due = self._state.is_delta_large or self._generations.is_save_due(position.seq)
        if position.seq != view.seq or view.step:
            view = self._publish(view.generation, position)
        if self.leads and (erased_seq or (is_due and writes_due)):
            return self._merge(position)  # who has just written need not wait for the disk
        return view

    def _complete(self, view: IndexView) -> IndexView:
        """Try again, now and then, to encode what could not be encoded."""
        now = time.monotonic()
        if not self.leads or now - self._tried_at_s < LEFT_OUT_AGAIN_S:
            return view
        self._tried_at_s = now
        if not self._state.unencoded:
            return view
        if not self._builder.encode_left_out(self._state, now + LEFT_OUT_AT_ONCE_S):
            return view
        self._tried_at_s = -math.inf  # there may be more to gain
        return self._merge(view.position)

    def _has_another_encoded(self, missing: list[Document]) -> bool:
        """Wait for the worker that leads; return whether it has encoded any of these."""
        is_encoded = False

        def has_come() -> bool:
            nonlocal is_encoded
            if not self._generations.is_led_by_another():
                return True
            is_encoded = self._builder.is_any_encoded(missing)
            return is_encoded

        wait_until(has_come, ENCODE_PATIENCE_S)
        return is_encoded

    def _forget(self, seq: int) -> None:
        """Leave nothing of what was erased: no text remembered, soon no older generation."""
        self._builder.forget_texts()
        self._generations.note_erasure(seq)

    def _build(self, progress: Progress | None) -> IndexView:
        self._tried_at_s = time.monotonic()
        position, documents = self._source.everything()
        return self._save(self._builder.build(documents, progress), position)

    def _merge(self, position: Position, step: int = 0) -> IndexView:
        """Write generation and delta as one new generation; needs neither encoder nor texts."""
        hit(Failpoint.MID_MERGE)
        return self._save(self._state.merged(), position, step)

    def _save(self, base: Segments, position: Position, step: int = 0) -> IndexView:
        self._state = self._builder.state_of(base)
        self._newer = None
        name = self._generations.try_to_save(base, position, self.recipe)
        return self._publish(name or f"memory-{position.seq}", position, step)

    def _publish(self, generation: str, position: Position, step: int = 0) -> IndexView:
        hit(Failpoint.BEFORE_PUBLISH)
        fingerprint, kinds = self.recipe.fingerprint, self._state.views
        view = IndexView(generation, position.seq, fingerprint, kinds, step, position.mark)
        view.prepare()
        if self.prepare is not None and (not self._view or self._view.generation != generation):
            self.prepare(view)
        self._view = view
        hit(Failpoint.AFTER_PUBLISH)
        return view

    def _publish_step(self, view: IndexView, *, writes_due: bool) -> IndexView:
        """Publish part of a queue: still at the old change, but another version."""
        if self.leads and writes_due and self._state.is_delta_large:
            return self._merge(view.position, view.step + 1)
        self._view = replace(view, step=view.step + 1, kinds=self._state.views)
        self._view.prepare()
        return self._view


def _end_of(changes: Changes, position: Position) -> Position:
    """Return the place reached by changes; where there were none, the one they begin at."""
    return Position(changes.seq, changes.mark) if changes.mark else position
