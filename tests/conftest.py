import ctypes
import gc
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import Final

import psutil
import pytest
from hypothesis import settings
from sqlalchemy import URL, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from api.cli import share_arenas
from models.audit import AuditKey
from models.audit_trail import AuditTrail
from models.database import Database
from models.sqlite import open_sqlite
from models.viewer import acting_as, system
from tests.postgres import PostgresServer, database_name, temporary_server

pytest_plugins = ["tests.api.application"]

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

share_arenas()  # as the program does; the memory of a thread that ended is of use to others

DATABASES = ("sqlite", "postgresql")
"""What everything that touches the database is tested on."""

GROWN_BYTES: Final = 512 << 20
"""By how much a process may grow before it is swept."""

AUDIT_KEY = AuditKey(b"key of the tests, known to anyone")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let long forms of the fault suites be asked for by their size."""
    parser.addoption("--ops", type=int, help="operations of tests/faults/test_model.py")
    parser.addoption("--seconds", type=float, help="duration of tests/faults/test_swap.py")
    parser.addoption("--backups", type=int, help="backups of tests/faults/test_backup.py")
    parser.addoption("--seed", type=int, help="seed of the random fault suites")


@pytest.fixture(scope="session", autouse=True)
def everything_allowed() -> Iterator[None]:
    """Tests act as the system unless they say otherwise; requests over HTTP never do."""
    with acting_as(system("test")):
        yield


@pytest.fixture(scope="session", autouse=True)
def nothing_waits_for_the_disk() -> Iterator[None]:
    """Waiting for it matters when the machine fails, not to a test.

    Processes that tests start do wait, as the program does.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        patch.setattr("models.database.open_sqlite", _open_hasty_sqlite)
        yield


@dataclass
class Sweeping:
    """Takes out what hangs together in circles, once it has become much.

    Applications do, and Python looks for circles ever more rarely the more there is: a process
    that ran half of the suite had grown to 9 GB.

    Attributes:
        swept_bytes: How much the process held after it was last swept.
    """

    swept_bytes: int

    def sweep_if_grown(self) -> None:
        """Sweep, if the process has grown since the last time."""
        if _held_bytes() - self.swept_bytes > GROWN_BYTES:
            gc.collect()
            _give_back()
            self.swept_bytes = _held_bytes()


def _give_back() -> None:
    """Return what is free to the system; the C library keeps it, in pieces, and asks for more.

    Other C libraries have no such call.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _held_bytes() -> int:
    return int(psutil.Process().memory_info().rss)


@pytest.fixture(scope="session")
def sweeping() -> Sweeping:
    """Sweeps the process; what was imported and collected until now is not looked through.

    That stays to the end anyway, and looking took seconds each time.
    """
    gc.collect()
    gc.freeze()
    return Sweeping(_held_bytes())


@pytest.fixture(scope="module", autouse=True)
def nothing_left_behind(sweeping: Sweeping) -> Iterator[None]:
    """Each module's applications are gone after it, or after a few more."""
    yield
    sweeping.sweep_if_grown()


@pytest.fixture(scope="session")
def empty_database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows; tests work on copies."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    made = Database(f"sqlite:///{path}")
    made.migrate()
    made.close()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running PostgreSQL server, one a test process; it waits for no disk."""
    with temporary_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """Name of a PostgreSQL database with all tables and no rows; tests work on copies."""
    url = postgres.new_database()
    made = Database(url)
    made.migrate()
    made.close()
    return database_name(url)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty database of the newest version, once on each kind of database."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        copyfile(request.getfixturevalue("empty_database_file"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("postgres_template")
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database(template)
    yield url
    server.drop_database(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database of the newest version, once on each kind of database."""
    made = Database(database_url, AuditTrail(AUDIT_KEY))
    yield made
    made.close()


def _open_hasty_sqlite(url: URL, connections: int) -> Engine:
    engine = open_sqlite(url, connections)
    event.listen(engine, "connect", _wait_for_no_disk)
    return engine


def _wait_for_no_disk(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    connection.cursor().execute("PRAGMA synchronous=OFF")
