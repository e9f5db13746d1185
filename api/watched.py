"""What is made of files that may be replaced at any time, made anew when one of them was."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

MadeT = TypeVar("MadeT")

_Mark = tuple[int, int, int]
"""What changes when another file takes the place of one: its number, size and time."""


class Watched(Generic[MadeT]):
    """Something made of files.

    Args:
        files: Says which files it is made of now; one that is not there counts as such.
        make: Makes it.
    """

    def __init__(self, files: Callable[[], Iterable[Path]], make: Callable[[], MadeT]) -> None:
        self._files = files
        self._make = make
        self._made: tuple[dict[Path, _Mark | None], MadeT] | None = None
        self._lock = Lock()

    def now(self) -> MadeT:
        """Return what the files as they are now make; they are read only if they are others."""
        marks = {path: _mark(path) for path in self._files()}
        with self._lock:
            if self._made is None or self._made[0] != marks:
                self._made = (marks, self._make())
            return self._made[1]


def _mark(path: Path) -> _Mark | None:
    try:
        seen = os.stat(path)
    except OSError:
        return None
    return seen.st_ino, seen.st_size, seen.st_mtime_ns
