from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from hypothesis import settings
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from models.audit import AuditKey
from models.audit_trail import AuditTrail
from models.database import Database

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

AUDIT_KEY = AuditKey(b"key of the tests, known to anyone")


@pytest.fixture(scope="session")
def empty_database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows; tests work on copies."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    made = Database(f"sqlite:///{path}")
    made.migrate()
    made.close()
    return path


@pytest.fixture
def database(empty_database_file: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty database of the newest version, in a file of its own.

    Nothing waits for the disk: that matters when the machine fails, not to a test.
    """
    path = tmp_path / "test.db"
    copyfile(empty_database_file, path)
    made = Database(f"sqlite:///{path}", AuditTrail(AUDIT_KEY))
    event.listen(made.engine, "connect", _wait_for_no_disk)
    yield made
    made.close()


def _wait_for_no_disk(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    connection.cursor().execute("PRAGMA synchronous=OFF")
