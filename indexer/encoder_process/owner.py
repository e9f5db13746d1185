"""Starts the process that encodes and puts another in its place when it dies.

The owner holds the listening socket, so that callers never find the door shut: while a process
is replaced their connections wait. It knows from the board of the dead which text it was at.
"""

import json
import logging
import queue
import shutil
import threading
import time
from dataclasses import astuple
from pathlib import Path
from typing import Final, Self

from indexer.encoder_files import Stamp
from indexer.encoder_process.blame import Suspicion, n_running_on
from indexer.encoder_process.child import Opening, Plan
from indexer.encoder_process.meeting_place import listen_at, open_meeting_place
from indexer.encoder_process.offspring import STOPPING_S, Offspring
from models.errors import SetupError

HANG_S: Final = 30.0
"""Seconds at one batch, which takes a third of one, after which a process counts as hanging."""

LOOK_S: Final = 1.0
MIN_PAUSE_S: Final = 0.1
MAX_PAUSE_S: Final = 10.0
"""Longest pause before another try when processes die without having encoded anything."""

HEALTHY_S: Final = 30.0
"""A process that lived this long did not die of being started."""

_log = logging.getLogger("navmatch.encoder")


class EncoderOwner:
    """Owner of the encoder's process.

    Attributes:
        address: Unix socket on which it is asked.
        n_deaths: How many processes died.
        last_gap_s: Seconds from the last death to the next process being ready.
    """

    def __init__(
        self,
        opening: Opening,
        *,
        n_lanes: int = 1,
        has_spare: bool = False,
        hang_s: float = HANG_S,
        folder: Path | None = None,
    ) -> None:
        """Start nothing yet.

        Args:
            opening: How to open the encoder.
            n_lanes: How many texts or batches are encoded at once.
            has_spare: Whether a second process is kept ready: it takes the memory of one, and
                spares callers the time an encoder takes to load.
            hang_s: Seconds at one batch after which a process counts as hanging and is killed.
            folder: Where its socket and files are to be, if that will do.
        """
        self._opening = opening
        self._n_lanes = n_lanes
        self._has_spare = has_spare
        self._hang_s = hang_s
        self._listening, self.address = open_meeting_place(folder)
        self._suspicion = Suspicion()
        self._digests: dict[Stamp, str] = {}
        self._child: Offspring | None = None
        self._spares: queue.Queue[Offspring] = queue.Queue()
        self._stopping = threading.Event()
        self._watch = threading.Thread(target=self._run, name="encoder-owner", daemon=True)
        self._guard = threading.Thread(target=self._look_out, name="encoder-guard", daemon=True)
        self._n_started = 0
        self._pause_s = MIN_PAUSE_S
        self.n_deaths = 0
        self.last_gap_s = 0.0

    @property
    def _folder(self) -> Path:
        return self.address.parent

    @property
    def pid(self) -> int | None:
        """Number of the process; None while there is none."""
        return self._child.pid if self._child else None

    @property
    def n_running(self) -> int:
        """How many lanes encode at this moment."""
        return n_running_on(self._child.board) if self._child else 0

    @property
    def n_spares(self) -> int:
        """How many processes stand ready."""
        return self._spares.qsize()

    def start(self) -> Self:
        """Start the process and return when it answers.

        Raises:
            SetupError: the encoder cannot be opened; the message says what to do.
        """
        try:
            child = self._make()
        except SetupError:
            self._clear_away()
            raise
        self._take_on(child)
        self._watch.start()
        self._guard.start()
        return self

    def stop(self) -> None:
        """Stop the process; who still asks finds nobody."""
        self._stopping.set()
        if self._child is not None:
            self._child.end()
        if self._watch.is_alive():
            self._watch.join(STOPPING_S)
        while not self._spares.empty():
            self._spares.get().end()
        self._clear_away()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._outlive(self._child)
            except Exception:  # nobody else puts another process in its place
                _log.exception("watching over the encoder process failed; it is looked at again")
                self._stopping.wait(MIN_PAUSE_S)

    def _outlive(self, child: Offspring | None) -> None:
        """Wait for the end of a child, and put another in its place."""
        if child is None:
            return
        self._listen_to(child)
        if self._stopping.is_set():
            return
        died = time.monotonic()
        if self._count(child) or died - child.began > HEALTHY_S:
            self._pause_s = MIN_PAUSE_S
        else:
            self._stopping.wait(self._pause_s)
            self._pause_s = min(2 * self._pause_s, MAX_PAUSE_S)
        self._replace(died)

    def _look_out(self) -> None:
        """Kill a process that hangs: it would neither answer nor die."""
        while not self._stopping.wait(LOOK_S):
            try:
                child = self._child
                if child is not None and child.kill_if_hanging(self._hang_s):
                    _log.error("encoder process %d hangs and is killed", child.pid)
            except Exception:
                _log.exception("the encoder process could not be looked at")

    def _listen_to(self, child: Offspring) -> None:
        """Hear what a child has to say until it is dead."""
        for said in child.words():
            if "cleared" in said:
                self._suspicion.clear(bytes.fromhex(said["cleared"]))
        child.bury()

    def _count(self, child: Offspring) -> int:
        """Take note of a death; returns how many texts are suspected of it."""
        self.n_deaths += 1
        suspects = child.suspects()
        self._suspicion.add(suspects, by_kill=child.was_killed)
        _log.error(
            "encoder process %d died (status %s) with %d texts under way",
            child.pid,
            child.status,
            len(suspects),
        )
        return len(suspects)

    def _replace(self, died: float) -> None:
        while not self._stopping.is_set():
            try:
                child = None if self._spares.empty() else self._spares.get()
                if child is None or child.status is not None:
                    child = self._make()
                self._take_on(child)
            except (SetupError, OSError) as error:
                _log.error("encoder process not replaced: %s", error)
                self._stopping.wait(MAX_PAUSE_S)
                continue
            self.last_gap_s = time.monotonic() - died
            _log.warning("encoder process replaced after %.2f s", self.last_gap_s)
            return

    def _take_on(self, child: Offspring) -> None:
        """Let a child that is ready answer from now on."""
        deaths = {digest.hex(): astuple(n) for digest, n in self._suspicion.deaths().items()}
        child.tell(json.dumps({"deaths": deaths}))
        self._child = child
        if self._has_spare:
            threading.Thread(target=self._make_spare, daemon=True).start()

    def _make_spare(self) -> None:
        try:
            spare = self._make()
        except (SetupError, OSError) as error:
            _log.warning("no encoder process in reserve: %s", error)
            return
        self._spares.put(spare)
        if self._stopping.is_set():
            spare.end()

    def _make(self) -> Offspring:
        """Return a new child whose encoder is open."""
        self._n_started += 1
        self._folder.mkdir(parents=True, exist_ok=True)
        if not self.address.exists():
            self._listening.close()
            self._listening = listen_at(self.address)
        plan = Plan(
            opening=self._opening,
            listening=self._listening.fileno(),
            board=str(self._folder / f"board-{self._n_started}"),
            report=str(self._folder / f"report-{self._n_started}"),
            n_lanes=self._n_lanes,
            digests=list(self._digests.items()),
        )
        child = Offspring(plan).await_ready()
        self._digests = {(k[0], k[1], k[2], k[3]): digest for k, digest in child.ready["digests"]}
        return child

    def _clear_away(self) -> None:
        self._listening.close()
        shutil.rmtree(self._folder, ignore_errors=True)
