"""Starts workers, replaces them one by one, and puts a new one where one died.

A new worker answers before the old one is told to drain, so that there is always one. All
accept from one socket: connections that wait in it while one goes are taken up by another.

One more process waits with the program loaded, which is three quarters of a start: it takes the
place of a worker that dies.
"""

import logging
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from api.serving.channel import WORKER_VARIABLE, Word, Words, WorkerPlace, send
from api.serving.limits import DRAINING_S, STOPPING_S

STARTING_S: Final = 900.0
"""Longest start of the first worker: it may have to build the whole index."""

RENEWING_S: Final = 120.0
"""Longest start of one that comes later."""

OPENING_S: Final = 30.0
"""Longest start of one that waited with the program loaded: it may have stuck while it waited. What
is started in its place has the usual time."""

SILENCE_S: Final = 30.0
"""A worker that gave no sign of life for so long is killed."""

STEADY_S: Final = 30.0
"""A worker that lived this long did not die of being started."""

ENDING_S: Final = 5.0
"""How long the process of a worker may outlive its channel."""

FIRST_PAUSE_S: Final = 0.5
MAX_PAUSE_S: Final = 15.0
TICK_S: Final = 0.25

_log = logging.getLogger("navmatch.supervisor")


@dataclass(eq=False)
class Worker:
    """A process.

    Attributes:
        process: The process.
        channel: Our end of the channel to it.
        began: Moment (monotonic) of its start; of one that waited, of being put to work.
        is_loaded: Whether it has loaded the program.
        has_waited: Whether it had done so when it was put to work.
        is_ready: Whether it answers.
        heard: When it last gave a sign of life.
        leave_by: Moment by which it has to be gone; None while it may stay.
        is_dismissed: Whether it was told to leave.
        is_deaf: Whether the channel to it is closed: its process ends, or should.
    """

    process: subprocess.Popen[bytes]
    channel: socket.socket
    began: float = field(default_factory=time.monotonic)
    is_loaded: bool = False
    has_waited: bool = False
    is_ready: bool = False
    heard: float = field(default_factory=time.monotonic)
    leave_by: float | None = None
    is_dismissed: bool = False
    is_deaf: bool = False
    words: Words = field(default_factory=Words)


@dataclass
class Pause:
    """Time without another start, longer after each that came to nothing."""

    seconds: float = 0.0
    until: float = 0.0

    def grow(self, now: float) -> None:
        """Let no start be tried for twice as long as last time."""
        self.seconds = min(max(2 * self.seconds, FIRST_PAUSE_S), MAX_PAUSE_S)
        self.until = now + self.seconds

    def forget(self) -> None:
        """Begin with the shortest next time."""
        self.seconds = 0.0


Spawn = Callable[[], Worker]
"""Starts a worker."""


class Supervisor:
    """Keeps a number of workers alive.

    SIGHUP replaces all of them one by one, SIGTERM and SIGINT end the service.
    """

    def __init__(
        self, spawn: Spawn, n_workers: int, gone: Callable[[int], None] = lambda pid: None
    ) -> None:
        """Start nothing yet.

        Args:
            spawn: Starts a worker.
            n_workers: How many there are to be.
            gone: Told the number of each worker that ended.
        """
        self._spawn = spawn
        self._n_workers = n_workers
        self._gone = gone
        self._workers: list[Worker] = []
        self._leaving: list[Worker] = []
        self._spare: Worker | None = None
        self._renewing: list[Worker] = []
        self._selector = selectors.DefaultSelector()
        self._pause = Pause()
        self._spare_pause = Pause()
        self._exit_code: int | None = None
        self._is_up = False

    @property
    def pids(self) -> list[int]:
        """Numbers of the workers that answer."""
        return [worker.process.pid for worker in self._workers if worker.is_ready]

    @property
    def spare_is_loaded(self) -> bool:
        """Whether one waits to take the place of a worker that dies."""
        return self._spare is not None and self._spare.is_loaded

    def run(self) -> int:
        """Work until told to stop; returns the exit code of the service."""
        reading, writing = socket.socketpair()
        for end in (reading, writing):
            end.setblocking(False)
        before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
        handled = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
        handlers = {number: signal.signal(number, _nothing) for number in handled}
        self._selector.register(reading, selectors.EVENT_READ)
        try:
            self._put_one_to_work()
            while self._exit_code is None:
                self._turn(reading)
            return self._exit_code
        finally:
            signal.set_wakeup_fd(before)
            for number, handler in handlers.items():
                signal.signal(number, handler)
            self._stop_all()
            self._selector.close()
            reading.close()
            writing.close()

    def _turn(self, signals: socket.socket) -> None:
        """Hear what there is to hear, then see what has to be done."""
        for key, _ in self._selector.select(TICK_S):
            if key.fileobj is signals:
                self._obey(signals.recv(64))
            else:
                self._hear(key.data)
        now = time.monotonic()
        for worker in self._everyone():
            if self._is_stuck(worker, now):
                _log.error("worker %d does not answer and is killed", worker.process.pid)
                worker.process.kill()
        for worker in list(self._leaving):
            self._bury(worker)
        if self._exit_code is None and self._is_up:
            self._fill_up(now)

    def _obey(self, numbers: bytes) -> None:
        for number in numbers:
            if number == signal.SIGHUP:
                _log.warning("replacing all workers, one by one")
                self._renewing = list(self._workers)
                self._end_spare()
            elif number in (signal.SIGTERM, signal.SIGINT):
                self._exit_code = 0

    def _hear(self, worker: Worker) -> None:
        try:
            received = worker.channel.recv(4_096)
        except OSError:
            received = b""
        if not received:
            self._lose(worker)
            return
        worker.heard = time.monotonic()
        for word in worker.words.take(received):
            if word is Word.LOADED:
                worker.is_loaded = True
            elif word is Word.READY:
                self._greet(worker)
            elif word is Word.RECYCLE and worker in self._workers:
                self._renewing.append(worker)

    def _greet(self, worker: Worker) -> None:
        """A worker answers: the one it replaces may go."""
        worker.is_ready = True
        _log.info("worker %d answers", worker.process.pid)
        self._is_up = True
        self._pause.forget()
        n_too_many = len(self.pids) - self._n_workers
        old = [w for w in self._workers if w in self._renewing and w.is_ready and w is not worker]
        for one in old[: max(n_too_many, 0)]:
            self._renewing.remove(one)
            self._dismiss(one)

    def _dismiss(self, worker: Worker) -> None:
        self._part_with(worker)
        worker.is_dismissed = True
        worker.leave_by = time.monotonic() + DRAINING_S + STOPPING_S + 5
        send(worker.channel, Word.DRAIN)

    def _end_spare(self) -> None:
        """End the spare at once: it has loaded what is to be replaced, and answers nobody."""
        spare = self._spare
        if spare is not None:
            self._dismiss(spare)
            spare.process.terminate()

    def _is_stuck(self, worker: Worker, now: float) -> bool:
        """Return whether a worker is silent, does not come up, or does not leave."""
        if worker.is_ready and now - worker.heard > SILENCE_S:
            return True
        if worker.leave_by is not None:
            return now > worker.leave_by
        if worker.is_ready or (worker is self._spare and worker.is_loaded):
            return False
        limit = OPENING_S if worker.has_waited else RENEWING_S
        return now - worker.began > (limit if self._is_up else STARTING_S)

    def _lose(self, worker: Worker) -> None:
        """Take note that a worker closed its channel; its process is given a moment to end."""
        self._selector.unregister(worker.channel)
        worker.channel.close()
        now = time.monotonic()
        worker.is_deaf, worker.leave_by = True, now + ENDING_S
        if worker.is_dismissed:
            return
        is_short = now - worker.began < STEADY_S
        if worker is self._spare:
            self._spare_pause.grow(now) if is_short else self._spare_pause.forget()
        elif is_short and not worker.is_ready:
            self._pause.grow(now)
        self._part_with(worker)

    def _part_with(self, worker: Worker) -> None:
        """Count on a worker no more, but wait for its end."""
        if worker is self._spare:
            self._spare = None
        else:
            self._workers.remove(worker)
        self._leaving.append(worker)

    def _bury(self, worker: Worker) -> None:
        """Take note of the end of a worker's process, if it has ended."""
        status = worker.process.poll()
        if status is None or not worker.is_deaf:
            return
        self._leaving.remove(worker)
        self._gone(worker.process.pid)
        if worker.is_dismissed:
            return
        _log.error("worker %d ended with status %d", worker.process.pid, status)
        if not self._is_up:
            self._exit_code = status if status > 0 else 1

    def _fill_up(self, now: float) -> None:
        """Start what is missing: one in place of each that died, one more while renewing.

        When all answer, one more that waits: sooner it would only slow them.
        """
        self._renewing = [worker for worker in self._renewing if worker in self._workers]
        n_wanted = self._n_workers + bool(self._renewing)
        while len(self._workers) < n_wanted and now >= self._pause.until:
            self._put_one_to_work()
        is_whole = len(self.pids) == self._n_workers == n_wanted
        if is_whole and self._spare is None and now >= self._spare_pause.until:
            self._spare = self._start_one()

    def _put_one_to_work(self) -> None:
        worker, self._spare = self._spare or self._start_one(), None
        worker.began, worker.has_waited = time.monotonic(), worker.is_loaded
        send(worker.channel, Word.GO)
        self._workers.append(worker)

    def _start_one(self) -> Worker:
        worker = self._spawn()
        self._selector.register(worker.channel, selectors.EVENT_READ, worker)
        return worker

    def _everyone(self) -> list[Worker]:
        spare = [] if self._spare is None else [self._spare]
        return [*self._workers, *self._leaving, *spare]

    def _stop_all(self) -> None:
        everyone = self._everyone()
        for worker in everyone:
            with suppress(ProcessLookupError):
                worker.process.terminate()
        until = time.monotonic() + STOPPING_S + 3
        for worker in everyone:
            _wait_or_kill(worker.process, until - time.monotonic())
            worker.channel.close()


def spawn_again(place: Callable[[int], WorkerPlace]) -> Worker:
    """Start the program of this process again, with the same words, as a worker.

    Args:
        place: Gives its place, for the descriptor of its end of the channel.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        given = place(theirs.fileno())
        process = subprocess.Popen(  # noqa: S603 - the words of this process, no shell
            [sys.executable, *sys.orig_argv[1:]],
            env={**os.environ, WORKER_VARIABLE: given.to_text()},
            pass_fds=[given.channel, given.listening],
        )
    ours.setblocking(False)
    return Worker(process, ours)


def _wait_or_kill(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(max(seconds, 0.1))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _nothing(number: int, frame: object) -> None:
    """Let the number come through the wake-up descriptor."""
