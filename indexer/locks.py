"""Locks between processes on the folder of the index: who writes it, and who still reads what."""

import fcntl
import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from indexer.errors import WriterLostError

LOCK_FILE: Final = ".lock"

BEAT_S: Final = 5.0
"""How often the process that has the right to write gives a sign of life."""


class WriterLock:
    """The right to write generations: one process has it, and loses it only by giving it up.

    The system takes the lock away when the process ends, however it ends. A lock whose file was
    removed or replaced is worth nothing, since others then lock another file: `check` finds out.
    A process that was stopped (SIGSTOP) keeps it: `silent_s` tells others.
    """

    def __init__(self, folder: Path) -> None:
        """Set the folder; nothing is locked yet."""
        self.folder = folder
        self._descriptor: int | None = None
        self._is_over = threading.Event()

    @property
    def is_held(self) -> bool:
        """Whether this is the lock everybody else would have to wait for."""
        return self._descriptor is not None and self._is_in_place(self._descriptor)

    def acquire(self) -> bool:
        """Take the right if nobody has it, without waiting; returns whether it is held now.

        Raises:
            OSError: the folder cannot be written.
        """
        if self.is_held:
            return True
        self.release()
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        if _lock(descriptor) and self._is_in_place(descriptor):
            self._descriptor = descriptor
            self._begin_to_beat(os.fstat(descriptor).st_ino)
            return True
        os.close(descriptor)
        return False

    def check(self) -> None:
        """Refuse to go on without the right.

        Raises:
            WriterLostError: another process may have it by now.
        """
        if not self.is_held:
            raise WriterLostError("索引目录的写锁已失去，这一代索引没有写入。")

    def release(self) -> None:
        """Give the right up; does nothing when it is not held."""
        self._is_over.set()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def silent_s(self) -> float:
        """Return how long ago the process that has the right last gave a sign of life."""
        try:
            return max(time.time() - os.stat(self.folder / LOCK_FILE).st_mtime, 0.0)
        except OSError:
            return 0.0

    def _begin_to_beat(self, inode: int) -> None:
        """Give signs of life until the right is given up."""
        path, is_over = self.folder / LOCK_FILE, threading.Event()

        def beat() -> None:
            while not is_over.wait(BEAT_S):
                with suppress(OSError):
                    if os.stat(path).st_ino == inode:
                        os.utime(path)

        os.utime(path)
        self._is_over = is_over
        threading.Thread(target=beat, name="index-lock", daemon=True).start()

    def _is_in_place(self, descriptor: int) -> bool:
        mine = os.fstat(descriptor)
        try:
            there = os.stat(self.folder / LOCK_FILE)
        except OSError:
            return False
        return (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino)


class Pin:
    """A shared lock on a file: whoever would remove it can see that it is in use."""

    def __init__(self, path: Path) -> None:
        """Lock the file; waits for somebody who just looks whether it is pinned.

        Raises:
            OSError: there is no such file.
        """
        self._descriptor = os.open(path, os.O_RDONLY)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def release(self) -> None:
        """Let the file go; does nothing when it was let go."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def is_pinned(path: Path) -> bool:
    """Return whether any process has pinned a file."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _lock(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Lock a file for oneself alone, without waiting."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
