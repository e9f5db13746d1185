"""Files and folders that are whole under their name, whenever the power fails.

What was written is on disk once it was synced: the content of a file by syncing the file, its name
by syncing the folder it is in. So a file is written aside, synced, given its name, and the folder
is synced. Written otherwise are only files the program can make again (the encoder's folder) and
the heads of the audit chain, which are appended to one file and synced there.
"""

import errno
import glob
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from models.failpoints import Failpoint, hit

PRIVATE: Final = 0o600
"""Mode of a file that only its owner reads."""

PRIVATE_FOLDER: Final = 0o700
"""Mode of a folder that only its owner enters."""

OPEN: Final = 0o666
"""Mode of a file that others may read as far as the process lets them."""

_OPEN_FOLDER: Final = 0o777

NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the operating system says when nothing more can be written."""

_LEFT_AFTER: Final = 3600.0
"""Seconds without a write after which nobody writes to a file aside any more."""

_DIGITS: Final = 8

_NO_FOLDER_SYNC: Final = (errno.EACCES, errno.EINVAL, errno.ENOTSUP)
"""What is said where folders cannot be opened for reading, or not be synced: some FUSE and NFS."""


@contextmanager
def replacing(path: Path, mode: int = OPEN) -> Iterator[IO[bytes]]:
    """Give a file to be written, which is there under its name when it is whole, else not at all.

    Raises:
        OSError: it cannot be written; what had the name before has it still. Where only the
            folder could not be synced at the end, the new one has it, which a failure of the
            power may undo.
    """
    remove_left_over(path.parent, path.name)
    aside = aside_of(path)
    try:
        with creating(aside, mode) as file:
            yield file
        give_name(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes, mode: int = OPEN) -> None:
    """Write a file whole or not at all.

    Raises:
        OSError: as `replacing` says.
    """
    with replacing(path, mode) as file:
        _write(file, content)


def aside_of(path: Path) -> Path:
    """Return a name beside a place to write what belongs there; nobody else has it."""
    return path.with_name(f".{path.name}.{secrets.token_hex(_DIGITS // 2)}.part")


def remove_left_over(folder: Path, name: str | None = None) -> None:
    """Remove what writers that were killed left in a folder, as far as it can be removed.

    A writer writes on or is done: what was not written to for an hour is no living one's. Where
    it is after all (its process was paused), its write fails, and nothing that has a name is lost.

    Args:
        folder: Where to look.
        name: Name of the file they were writing; any where None.
    """
    named = "*" if name is None else glob.escape(name)
    with suppress(OSError):
        for path in folder.glob(f".{named}.{'[0-9a-f]' * _DIGITS}.part"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _LEFT_AFTER:
                    path.unlink()


@contextmanager
def creating(path: Path, mode: int = OPEN) -> Iterator[IO[bytes]]:
    """Give a file to be written; afterwards its content is on disk, its name not yet."""
    hit(Failpoint.FILE_OPERATION)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w+b") as file:
        yield file
        file.flush()
        hit(Failpoint.BEFORE_FSYNC)
        hit(Failpoint.FILE_OPERATION)
        os.fsync(file.fileno())


def create(path: Path, content: bytes, mode: int = OPEN) -> None:
    """Write a file; afterwards its content is on disk, its name not yet."""
    with creating(path, mode) as file:
        _write(file, content)


def give_name(aside: Path, path: Path) -> None:
    """Move what is on disk to the place it belongs; afterwards it has the name on disk too."""
    hit(Failpoint.FILE_OPERATION)
    os.replace(aside, path)
    sync(path.parent)


def make_folder(path: Path, mode: int = _OPEN_FOLDER) -> None:
    """Make a folder, and those it is in, unless it is there; afterwards they are on disk."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True, mode=mode)
    for folder in missing:
        sync(folder.parent)


def sync(path: Path) -> None:
    """Have the content of a file, or the names in a folder, on disk.

    Where a folder cannot be synced by this process or on this file system, its names are left to
    the operating system: they come on disk, only nobody knows when.

    Raises:
        OSError: it could not be done for another reason.
    """
    try:
        _sync(path)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC or not path.is_dir():
            raise


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        hit(Failpoint.FILE_OPERATION)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_all(folder: Path) -> None:
    """Have all that is in a folder on disk, and the names in it."""
    for path in (*folder.rglob("*"), folder):
        sync(path)


def _write(file: IO[bytes], content: bytes) -> None:
    half = len(content) // 2
    file.write(content[:half])
    file.flush()
    hit(Failpoint.MID_WRITE)
    hit(Failpoint.FILE_OPERATION)
    file.write(content[half:])
