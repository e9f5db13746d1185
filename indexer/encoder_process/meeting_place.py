"""Where the socket of the encoder's process is: a folder that nobody tidies away.

Programs that clean `/tmp` remove what was not touched for days, and a service runs for months.
The path of a socket has 108 bytes at most, so a deep data directory is no place for it.
"""

import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

SOCKET_FILE: Final = "encoder.sock"
MAX_PATH_BYTES: Final = 107
BACKLOG: Final = 256

STALE_S: Final = 60.0
"""A folder this old that nobody answers in was left by a process that was killed."""

_PREFIX: Final = "navmatch-"


def open_meeting_place(preferred: Path | None) -> tuple[socket.socket, Path]:
    """Return a socket that listens, and its path in a folder of its own.

    Args:
        preferred: Where the folder is made if its path is short enough and sockets can be there.

    Raises:
        OSError: no place will do.
    """
    last = OSError("no place for the socket of the encoder")
    for parent in _parents(preferred):
        try:
            return _open_in(parent)
        except OSError as error:
            last = error
    raise last


def listen_at(path: Path) -> socket.socket:
    """Return a socket that listens at a path."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listening.bind(str(path))
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def _parents(preferred: Path | None) -> Iterator[Path]:
    if preferred is not None:
        yield preferred.absolute()
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        yield Path(runtime)
    yield Path(tempfile.gettempdir())


def _open_in(parent: Path) -> tuple[socket.socket, Path]:
    parent.mkdir(parents=True, exist_ok=True)
    _drop_stale(parent)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    try:
        path = folder / SOCKET_FILE
        if len(os.fsencode(path)) > MAX_PATH_BYTES:
            raise OSError(f"{path} is too long for a socket")
        return listen_at(path), path
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _drop_stale(parent: Path) -> None:
    for path in parent.glob(f"{_PREFIX}*/{SOCKET_FILE}"):
        with suppress(OSError):
            is_old = time.time() - path.stat().st_mtime > STALE_S
            if is_old and not _is_answered(path):
                shutil.rmtree(path.parent, ignore_errors=True)


def _is_answered(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.settimeout(1.0)
        try:
            asking.connect(str(path))
        except ConnectionRefusedError:
            return False
        except OSError:
            return True
    return True
