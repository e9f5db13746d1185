"""Connections to SQLite: durable, strict, on a local disk."""

import time
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from models.errors import SetupError
from models.failures import busy
from models.mounts import network_file_system
from models.turns import Turn, Turns

BUSY_TIMEOUT_MS: Final = 5_000
TURN_PATIENCE_S: Final = 5.0
TURN_SUFFIX: Final = "-turn"
"""After the name of the database: the file whose lock says which process writes next."""

POOL_TIMEOUT_S: Final = 5.0
CHECKPOINT_PAUSE_S: Final = 0.05

_MEMORY: Final = ("", ":memory:")
_TURN: Final = "navmatch_turn"


def open_sqlite(url: URL, connections: int) -> Engine:
    """Return the engine of a SQLite file; makes the folder it lies in.

    Raises:
        SetupError: the file lies on a network file system.
    """
    options: dict[str, object] = {}
    turns = None
    if url.database not in (None, *_MEMORY):
        file = Path(str(url.database)).absolute()
        _refuse_network(file.parent)
        file.parent.mkdir(parents=True, exist_ok=True)
        turns = Turns(file.with_name(file.name + TURN_SUFFIX))
        options = {"pool_size": connections, "max_overflow": 0, "pool_timeout": POOL_TIMEOUT_S}
    engine = create_engine(url, hide_parameters=True, **options)

    def begin(connection: Connection) -> None:
        _begin(connection, turns)

    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", _give_turn_back)
    return engine


def _refuse_network(folder: Path) -> None:
    """Refuse file systems whose locks SQLite cannot trust (https://sqlite.org/faq.html#q5)."""
    found = network_file_system(folder)
    if found is not None:
        raise SetupError(
            f"SQLite 数据库不能放在网络文件系统（{found}）上，否则数据会损坏。请把数据目录换到"
            "本机磁盘，或改用 PostgreSQL（docs/how-to/run-on-postgresql.md）。",
            file_system=found,
        )


def _prepare(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    """Set what SQLite keeps per connection; `isolation_level` None lets us say BEGIN ourselves."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        "secure_delete=FAST",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def compact_sqlite(connection: DBAPIConnection, patience_s: float) -> bool:
    """Rewrite the file without what deleted rows left in it, and empty the write-ahead log.

    Readers of an older state keep the log; returns False when they outlast the patience.
    """
    until_s = time.monotonic() + patience_s
    cursor = connection.cursor()
    cursor.execute("VACUUM")
    while True:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ((is_busy, _, _),) = cursor.fetchall()
        if not is_busy or time.monotonic() >= until_s:
            break
        time.sleep(CHECKPOINT_PAUSE_S)
    cursor.close()
    return not is_busy


def _begin(connection: Connection, turns: Turns | None) -> None:
    """Begin a transaction: one that writes waits for its turn and takes the lock at once.

    Of 480 read-then-write transactions by 8 processes 420 failed at once with a plain `BEGIN`,
    none with this (reliability measurements of this stack).

    Raises:
        UnavailableError: others have been writing all the time.
    """
    if not connection.get_execution_options().get("navmatch_write", False):
        connection.exec_driver_sql("BEGIN")
        return
    if turns is not None:
        turn = turns.take(TURN_PATIENCE_S)
        if turn is None:
            raise busy()
        connection.info[_TURN] = turn
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _give_turn_back(connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    """Let the next one write when a connection returns, its transaction ended either way."""
    turn: Turn | None = entry.info.pop(_TURN, None)
    if turn is not None:
        turn.give_back()
