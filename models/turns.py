"""Turns of the processes that write to one SQLite file.

SQLite itself lets who is refused sleep up to a tenth of a second between attempts, so that
newcomers overtake: of 8 processes that wrote without a pause some waited for over 3.5 seconds.
The system's file locks are given to whoever waits for them as soon as they are free.
"""

import fcntl
import os
import threading
import time
from pathlib import Path
from typing import Final

MODE: Final = 0o600


class Turn:
    """The right to write next, given back once."""

    def __init__(self, turns: "Turns", descriptor: int | None) -> None:
        self._turns = turns
        self._descriptor = descriptor
        self._is_held = True

    def give_back(self) -> None:
        """Let the next one write; does nothing the second time."""
        if self._is_held:
            self._is_held = False
            if self._descriptor is not None:
                os.close(self._descriptor)
            self._turns.free.release()


class Turns:
    """Where the writers of one process wait for those of all others.

    It only keeps order: SQLite's own lock keeps writes apart, also from programs that know
    nothing of turns. The system takes a turn back when the process ends, however it ends.

    Attributes:
        free: Held by the thread of this process that has the turn or waits for it.
    """

    def __init__(self, file: Path) -> None:
        """Set the file that is locked; it is made when first needed and stays empty."""
        self._file = file
        self.free = threading.Lock()

    def take(self, patience_s: float) -> Turn | None:
        """Return the turn; None when it does not come in time."""
        until = time.monotonic() + patience_s
        if not self.free.acquire(timeout=patience_s):
            return None
        try:
            descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, MODE)
        except OSError:  # a full disk: whoever cannot queue has to try
            return Turn(self, None)
        if _lock_at_once(descriptor) or _Waiting(descriptor).wait(until - time.monotonic()):
            return Turn(self, descriptor)
        self.free.release()
        return None


class _Waiting:
    """Waits for a lock in a thread, since the system knows no wait with an end."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._deciding = threading.Lock()
        self._locked = threading.Event()
        self._is_given_up = False
        threading.Thread(target=self._lock, name="write-turn", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Return whether the lock came in time; it is given up otherwise."""
        self._locked.wait(max(seconds, 0.0))
        with self._deciding:
            self._is_given_up = not self._locked.is_set()
        return not self._is_given_up

    def _lock(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        with self._deciding:
            if self._is_given_up:
                os.close(self._descriptor)
            else:
                self._locked.set()


def _lock_at_once(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
