"""Disks that can be filled: a small file system of its own, or a limit on the files written."""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final, Protocol

import psutil

from tests.equipment import absent
from tests.faults.server import Server

SIZE_MB: Final = 16
_BLOCK: Final = 4_096


class Disk(Protocol):
    """Where an installation lies, and what can be done to it.

    Attributes:
        folder: Place for the data.
    """

    folder: Path

    def fill(self, server: Server, n_left: int = 0) -> None:
        """Leave that many bytes, or about."""

    def free(self, server: Server) -> None:
        """Give the space back."""


class SmallDisk:
    """A file system of a few megabytes in memory; what fills it is one more file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, server: Server, n_left: int = 0) -> None:
        """Leave that many bytes."""
        n_more = self.n_free - n_left
        with suppress(OSError), self._ballast.open("ab", buffering=0) as file:
            while n_more > 0:  # whoever else writes meanwhile may take the last bytes
                n_more -= file.write(b"\0" * min(n_more, 1 << 20))

    def free(self, server: Server) -> None:
        """Remove what fills it."""
        self._ballast.unlink()

    @property
    def n_free(self) -> int:
        """Bytes that can still be written."""
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize


class LimitedFiles:
    """No file of the server may grow beyond a size; what is beyond it can only be read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, server: Server, n_left: int = 0) -> None:
        """Let no file grow beyond what is left, or beyond a block."""
        for process in [psutil.Process(server.pid), *server.workers()]:
            _, hard = process.rlimit(resource.RLIMIT_FSIZE)
            process.rlimit(resource.RLIMIT_FSIZE, (max(n_left, _BLOCK), hard))

    def free(self, server: Server) -> None:
        """Let files grow again."""
        for process in [psutil.Process(server.pid), *server.workers()]:
            _, hard = process.rlimit(resource.RLIMIT_FSIZE)
            process.rlimit(resource.RLIMIT_FSIZE, (hard, hard))


@contextmanager
def small_disk(folder: Path, size_mb: int = SIZE_MB) -> Iterator[SmallDisk]:
    """Give a small file system, mounted for a while.

    Raises:
        PermissionError: this process may not mount.
    """
    folder.mkdir(exist_ok=True)
    options = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "navmatch-test", str(folder)]
    if subprocess.run(options, capture_output=True, check=False).returncode:  # noqa: S603
        raise PermissionError("tmpfs cannot be mounted")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S603, S607


@contextmanager
def needed_disk(folder: Path, size_mb: int = SIZE_MB) -> Iterator[SmallDisk]:
    """Give a small file system, mounted for a while; the test ends where none can be."""
    with ExitStack() as stack:
        try:
            disk = stack.enter_context(small_disk(folder, size_mb))
        except PermissionError:
            absent("no small file system can be mounted here: mount needs root")
        yield disk


@contextmanager
def some_disk(folder: Path) -> Iterator[Disk]:
    """Give a small file system, or where none can be mounted a limit on files."""
    try:
        with small_disk(folder) as disk:
            yield disk
    except PermissionError:
        yield LimitedFiles(folder)
