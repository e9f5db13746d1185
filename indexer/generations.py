"""The generations on disk as one process sees them: which it serves, and whether it may write."""

import logging
import math
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from indexer.errors import IndexDamagedError, WriterLostError
from indexer.locks import Pin, WriterLock
from indexer.manifest import Recipe
from indexer.segment import Segment
from indexer.snapshot import (
    CURRENT_FILE,
    MANIFEST_FILE,
    Generation,
    current_name,
    drop_others,
    load_generation,
    load_newest,
    save_generation,
)
from models.durable import create, sync
from models.errors import UnavailableError
from models.failpoints import Failpoint, hit
from models.position import Position
from models.vocabulary.row import Entity

REQUEST_FILE: Final = "REBUILD"
"""There while somebody waits for the writer to build the index anew."""

ERASED_FILE: Final = "ERASED-"
"""There, with the number of a change, while generations from before may hold what it erased."""

SAVE_AGAIN_S: Final = 5.0
"""How long after a generation could not be written it is tried again."""

LOOK_S: Final = 0.05
"""How often a process looks for what another one is about to bring."""

BUILD_PATIENCE_S: Final = 60.0
"""How long it waits for another one to build the whole index."""

REBUILD_PATIENCE_S: Final = 1_800.0
"""How long a command waits for a running service to build the index anew."""

IsKnown = Callable[[int, str], bool]
"""Whether the change log has this mark at this change."""

_Stamp = tuple[int, int, int] | None

_log = logging.getLogger("navmatch.indexer")


class Generations:
    """What a process reads, writes and keeps others from removing.

    Attributes:
        lock_error: Why nobody can write, None when somebody can.
        save_error: Why the newest generation could not be written, None when it was.
    """

    def __init__(self, folder: Path) -> None:
        """Look at nothing yet."""
        self._folder = folder
        self._lock = WriterLock(folder)
        self._stamp: _Stamp = None
        self._pin: Pin | None = None
        self._served: str | None = None
        self._served_seq = -1
        self._tried_at_s = -math.inf
        self._unnoted_seq = 0
        self.lock_error: OSError | None = None
        self.save_error: OSError | None = None

    @property
    def leads(self) -> bool:
        """Whether this process is the one that writes generations."""
        return self._lock.is_held

    def try_to_lead(self) -> bool:
        """Become the one that writes if there is none; returns whether this process is it."""
        try:
            is_held, self.lock_error = self._lock.acquire(), None
        except OSError as error:
            is_held, self.lock_error = False, error
        return is_held

    def is_led_by_another(self) -> bool:
        """Return whether another process writes; becomes the one that does if there is none."""
        return not self.try_to_lead() and self.lock_error is None

    @property
    def leader_silent_s(self) -> float:
        """How long the other process that writes has given no sign of life; 0 when none does."""
        return 0.0 if self.leads or self.lock_error is not None else self._lock.silent_s()

    def load(self, recipe: Recipe, is_known: IsKnown) -> Generation | None:
        """Return the newest generation that can be served."""
        self._stamp = self._look()
        found = load_newest(self._folder, recipe, is_known)
        if found is not None:
            self._serve(found.name, found.seq)
            _log.info("generation loaded", extra={"generation": found.name, "seq": found.seq})
        return found

    def load_newer(self, recipe: Recipe, is_known: IsKnown) -> Generation | None:
        """Return the generation another process made current since the last look, if any.

        One that cannot be served is passed over until there is another.
        """
        stamp = self._look()
        if stamp == self._stamp:
            return None
        name = current_name(self._folder)
        if name is None or name == self._served:
            self._stamp = stamp
            return None
        try:
            found = load_generation(self._folder / name, recipe, is_known)
        except IndexDamagedError as error:
            _log.warning("generation %s is not taken up: %s", name, error.message)
            self._stamp = stamp
            return None
        self._stamp = stamp  # not before: another error leaves it for the next look
        self._serve(found.name, found.seq)
        _log.info("generation taken up", extra={"generation": found.name, "seq": found.seq})
        return found

    def is_save_due(self, seq: int) -> bool:
        """Whether what is served, up to a change, should be tried to be written.

        That is what is on no disk yet, and what is to take the place of generations that hold
        what was erased, whoever noted that and died over it.
        """
        is_wanted = self._served is None or self._served_seq < self._erased_seq() <= seq
        return is_wanted and time.monotonic() - self._tried_at_s > SAVE_AGAIN_S

    def try_to_save(
        self, segments: Mapping[Entity, Segment], position: Position, recipe: Recipe
    ) -> str | None:
        """Write a generation and return its name; None where it can be served from memory only."""
        self.save_error, self._tried_at_s = self.lock_error, time.monotonic()
        try:
            if self.leads:
                hit(Failpoint.BEFORE_INDEX_WRITE)
                return self._save(segments, position, recipe)
        except WriterLostError as error:
            _log.warning("another process writes generations now: %s", error.message)
            self.close()
        except OSError as error:
            _log.warning("index generation not written, served from memory: %s", error)
            self.save_error = error
        self._serve(None)
        return None

    def _save(self, segments: Mapping[Entity, Segment], position: Position, recipe: Recipe) -> str:
        name = save_generation(self._lock, segments, position.seq, position.mark, recipe)
        self._stamp = self._look()
        self._serve(name, position.seq)
        rows = {kind.value: segment.n_rows for kind, segment in segments.items()}
        _log.info(
            "generation written", extra={"generation": name, "seq": position.seq, "rows": rows}
        )
        return name

    def note_erasure(self, seq: int) -> None:
        """Remember, also beyond a crash, that generations from before a change have to go.

        Every process notes it, since the one that writes may die before it gets that far. Where
        the folder cannot be written now, it is tried again by `finish_erasures`.
        """
        self._unnoted_seq = max(self._unnoted_seq, seq)
        try:
            create(self._folder / f"{ERASED_FILE}{self._unnoted_seq}", b"")
            sync(self._folder)
            self._unnoted_seq = 0
        except OSError as error:
            _log.warning("an erasure could not be noted, which is tried again: %s", error)

    def finish_erasures(self) -> None:
        """Remove the generations that may hold what was erased, as soon as nobody reads them."""
        if self._unnoted_seq:
            self.note_erasure(self._unnoted_seq)
        seq = self._erased_seq()
        if not self.leads or not seq or self._served is None or self._served_seq < seq:
            return
        if drop_others(self._folder, self._served):
            self.drop_notes(seq)
            _log.info("older generations removed after an erasure")

    def drop_notes(self, seq: int | None = None) -> None:
        """Forget the erasures up to a change, all of them when none is given."""
        for noted, path in self._notes().items():
            if seq is None or noted <= seq:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
        self._unnoted_seq = 0

    def _erased_seq(self) -> int:
        """Return the newest change that erased something not known to be gone; 0 for none."""
        return max([self._unnoted_seq, *self._notes()])

    def _notes(self) -> dict[int, Path]:
        found = self._folder.glob(f"{ERASED_FILE}*")
        return {int(n): p for p in found if (n := p.name.removeprefix(ERASED_FILE)).isdecimal()}

    def wait_for_first(self, recipe: Recipe, is_known: IsKnown) -> Generation | None:
        """Wait for the process that leads to build the index; None when it does not.

        This process may be the one that leads afterwards.
        """
        found: list[Generation] = []

        def has_come() -> bool:
            newer = self.load_newer(recipe, is_known)
            found.extend([newer] if newer else [])
            return bool(found) or not self.is_led_by_another()

        wait_until(has_come, BUILD_PATIENCE_S)
        return found[0] if found else self.load(recipe, is_known)

    @property
    def is_rebuild_requested(self) -> bool:
        """Whether somebody waits for the index to be built anew."""
        return (self._folder / REQUEST_FILE).exists()

    def ask_leader(self) -> None:
        """Have the process that leads build the index anew; lead if it dies over it.

        Raises:
            UnavailableError: it does not.
        """

        def is_over() -> bool:
            return not self.is_rebuild_requested or not self.is_led_by_another()

        (self._folder / REQUEST_FILE).touch()
        wait_until(is_over, REBUILD_PATIENCE_S)
        if not is_over():
            raise UnavailableError("正在运行的服务没有重建索引，请停止它后重试。")
        if self.leads:
            self.answer_request()

    def answer_request(self) -> None:
        """Say that it was built."""
        (self._folder / REQUEST_FILE).unlink(missing_ok=True)

    def close(self) -> None:
        """Let the next one write, and let go of what was read."""
        self._serve(None)
        self._lock.release()

    def _look(self) -> _Stamp:
        try:
            seen = os.stat(self._folder / CURRENT_FILE)
        except OSError:
            return None
        return seen.st_ino, seen.st_mtime_ns, seen.st_size

    def _serve(self, name: str | None, seq: int = -1) -> None:
        """Keep a generation from being removed, in the place of the one served before."""
        if self._pin is not None:
            self._pin.release()
        self._pin, self._served, self._served_seq = None, name, seq
        if name is not None:
            try:
                self._pin = Pin(self._folder / name / MANIFEST_FILE)
            except OSError:
                _log.info("generation %s is gone already; it is served from memory", name)


def wait_until(is_over: Callable[[], bool], patience_s: float) -> None:
    """Look until something has come about, or patience ends."""
    until_s = time.monotonic() + patience_s
    while not is_over() and time.monotonic() < until_s:
        time.sleep(LOOK_S)
