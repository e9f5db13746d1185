"""A service of its own to offer load to: demonstration data, fresh keys, real processes."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import psutil

from api.identity.secret_key import new_key
from models.database import Database
from models.identity import ApiKey
from models.viewer import acting_as, system
from models.vocabulary.access import Role, Scope

START_S: Final = 300.0
STOP_S: Final = 30.0
PROGRAM: Final = Path(sys.executable).with_name("navmatch")
CALLERS: Final = ("main", "noisy", "quiet", "writer")
_PASSWORD: Final = re.compile("密码都是：([-a-z0-9]+)")


@dataclass(frozen=True)
class Installation:
    """A running service.

    Attributes:
        host: Where it listens.
        port: On which port.
        folder: Its data directory.
        keys: Keys of its callers, by name.
        process: Its first process.
        password: Of the demonstration accounts; empty where there are none.
    """

    host: str
    port: int
    folder: Path
    keys: dict[str, str]
    process: psutil.Process
    password: str = ""

    def processes(self) -> list[psutil.Process]:
        """Return all its processes."""
        return [self.process, *self.process.children(recursive=True)]

    def headers(self, caller: str) -> dict[str, str]:
        """Return the header that says who calls."""
        return {"Authorization": f"Bearer {self.keys[caller]}"}


@contextmanager
def installed(
    folder: Path, prepared: Path | None, encoders: Path | None, n_workers: int
) -> Iterator[Installation]:
    """Give a service with the demonstration data, started for this and stopped after it.

    Args:
        folder: A folder for its data, not there yet.
        prepared: Data directory with the demonstration data to copy; loaded anew when None.
        encoders: Folder with the encoder's files, to spare making them again.
        n_workers: How many processes answer.
    """
    if prepared is not None:
        shutil.copytree(prepared, folder, ignore=shutil.ignore_patterns("encoders"))
    folder.mkdir(parents=True, exist_ok=True)
    if encoders is not None:
        (folder / "encoders").symlink_to(encoders.resolve(), target_is_directory=True)
    environment = {**os.environ, "NAVMATCH_DATA_DIR": str(folder), "OMP_NUM_THREADS": "1"}
    password = _load_demonstration(environment)
    database = Database(f"sqlite:///{(folder / 'navmatch.db').absolute()}")
    keys = {name: _make_key(database, name) for name in CALLERS}
    database.close()
    port = _free_port()
    words = [str(PROGRAM), "serve", "--port", str(port), "--workers", str(n_workers)]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(words, env=environment, stdout=log, stderr=log)
    try:
        _wait_until_ready(process, port)
        first = psutil.Process(process.pid)
        yield Installation("127.0.0.1", port, folder, keys, first, password)
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_S)
        process.kill()
        process.wait()


def _load_demonstration(environment: dict[str, str]) -> str:
    """Load the demonstration data, if it is not there, and return the password of its accounts."""
    words = [str(PROGRAM), "demo", "--no-serve"]
    password = ""
    with subprocess.Popen(
        words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        for line in process.stderr or ():
            sys.stderr.write(line)  # progress
            if found := _PASSWORD.match(line):
                password = found[1]
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words)
    return password


def _make_key(database: Database, name: str) -> str:
    secret = new_key(Role.OPERATOR)
    key = ApiKey(
        key_id=secret.key_id,
        key_hash=secret.hash,
        role=Role.OPERATOR,
        name=name,
        scopes=list(Scope),
        expires_at=datetime.now(UTC) + timedelta(days=2),
    )
    with acting_as(system("load")), database.write() as session:
        session.add(key)
    return secret.text


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    raise RuntimeError("the service did not become ready; see server.log in its folder")
