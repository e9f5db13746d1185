"""Connections to PostgreSQL: no wait without an end, and one writer at a time."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.abc import PQGen
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

CONNECT_TIMEOUT_S: Final = 3
STATEMENT_TIMEOUT_S: Final = 5
LOCK_TIMEOUT_S: Final = 2
POOL_TIMEOUT_S: Final = 1.0
"""How long a connection of the pool is waited for: with the lock less than a client waits."""

COMPACT_LOCK_MS: Final = 500
"""How long a table is waited for that is to be written anew: those behind wait as long."""

IDLE_TIMEOUT_S: Final = 10
"""How long a transaction may stand idle before the server ends it."""

PATIENCE_S: Final = STATEMENT_TIMEOUT_S + 1.0
"""How long an answer is waited for here: a server that can speak would have ended it before."""

PING_PATIENCE_S: Final = 0.8
SILENCE_S: Final = 1.0
"""How long a server that did not answer is left alone before the next attempt."""

WRITER_LOCK: Final = 7_318_001
"""Advisory lock of whoever writes; migration 0002 names the same number."""

MIGRATION_LOCK: Final = 7_318_002

_LIMITS: Final = (
    f"-c statement_timeout={STATEMENT_TIMEOUT_S * 1000} "
    f"-c lock_timeout={LOCK_TIMEOUT_S * 1000} "
    f"-c idle_in_transaction_session_timeout={IDLE_TIMEOUT_S * 1000} "
    "-c synchronous_commit=on -c timezone=UTC"
)


class SilentServerError(psycopg.OperationalError):
    """The server did not answer in time; nobody knows what it did."""


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that ends rather than wait longer than it may.

    The limits PostgreSQL keeps itself do not help when the network swallows what is sent.
    """

    patience_s: float | None = PATIENCE_S

    def wait(self, gen: PQGen[Any], *args: Any, **options: Any) -> Any:  # noqa: ANN401
        """Wait for an operation, at most as long as patience lasts; closes itself after that."""
        if self.patience_s is None:
            return super().wait(gen, *args, **options)
        try:
            return super().wait(_bounded(gen, self.patience_s), *args, **options)
        except SilentServerError:
            self.pgconn.finish()
            raise

    @contextmanager
    def waiting_at_most(self, seconds: float) -> Iterator[None]:
        """Have less patience for a while."""
        usual, self.patience_s = self.patience_s, seconds
        try:
            yield
        finally:
            self.patience_s = usual


def compact_postgresql(
    connection: BoundedConnection, tables: Iterable[str], patience_s: float
) -> bool:
    """Write these tables anew without what deleted rows left in their files.

    A plain VACUUM only marks the room as free: the words stay in the file until something is
    written over them. Each table is locked while it is written; whoever uses it is waited for,
    never long at a time, as those who come later wait behind.

    Returns:
        Whether all were; False when some were in use for as long as patience lasts.
    """
    usual, connection.patience_s = connection.patience_s, None
    connection.autocommit = True
    until_s = time.monotonic() + patience_s
    try:
        connection.execute(f"SET statement_timeout = 0; SET lock_timeout = {COMPACT_LOCK_MS}")
        return all([_write_anew(connection, table, until_s) for table in tables])
    finally:
        if not connection.closed:
            connection.execute("RESET statement_timeout; RESET lock_timeout")
            connection.autocommit = False
        connection.patience_s = usual


def _write_anew(connection: BoundedConnection, table: str, until_s: float) -> bool:
    statement = sql.SQL("VACUUM (FULL, ANALYZE) {}").format(sql.Identifier(table))
    while True:
        try:
            connection.execute(statement)
        except psycopg.errors.LockNotAvailable:
            if time.monotonic() >= until_s:
                return False
        else:
            return True


class Door:
    """Lets one attempt at a time through to a server that has fallen silent, refuses others.

    Else every request would wait out its own attempt, and those that need no database would
    find no thread to run in.
    """

    def __init__(self) -> None:
        self._attempt = threading.Lock()
        self._silent_until: float | None = None

    def connect(self, parameters: dict[str, Any]) -> BoundedConnection:
        """Return a new connection.

        Raises:
            psycopg.OperationalError: the server refuses it or says nothing.
        """
        until = self._silent_until
        if until is None:
            return self._try(parameters)
        if time.monotonic() < until or not self._attempt.acquire(blocking=False):
            raise SilentServerError
        try:
            return self._try(parameters)
        finally:
            self._attempt.release()

    def note_silence(self) -> None:
        """Remember that the server has just said nothing."""
        self._silent_until = time.monotonic() + SILENCE_S

    def _try(self, parameters: dict[str, Any]) -> BoundedConnection:
        try:
            made = BoundedConnection.connect(**parameters)
        except psycopg.errors.ConnectionTimeout:
            self.note_silence()
            raise
        self._silent_until = None
        return made


def open_postgresql(url: URL, connections: int) -> Engine:
    """Return the engine of a PostgreSQL database; nothing is connected yet."""
    door = Door()
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args=_parameters(url),
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
    )

    def connect(
        dialect: Dialect, record: object, arguments: list[Any], parameters: dict[str, Any]
    ) -> BoundedConnection:
        return door.connect(parameters)

    def check(
        connection: DBAPIConnection, entry: ConnectionPoolEntry, proxy: PoolProxiedConnection
    ) -> None:
        _ping(door, connection)

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "checkout", check)
    event.listen(engine, "begin", _begin)
    return engine


def lock_migrations(connection: Connection) -> None:
    """Make others who migrate wait until this transaction ends, however long it takes."""
    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_S * 1000}")


def _parameters(url: URL) -> dict[str, Any]:
    asked = url.query.get("options", "")
    options = f"{_LIMITS} {asked if isinstance(asked, str) else ' '.join(asked)}".strip()
    return {
        "options": options,
        "connect_timeout": CONNECT_TIMEOUT_S,
        "application_name": "navmatch",
        "keepalives_idle": 30,
        "tcp_user_timeout": int(PATIENCE_S * 1000),
    }


def _ping(door: Door, connection: DBAPIConnection) -> None:
    """Make sure that a connection out of the pool still has its server."""
    if not isinstance(connection, BoundedConnection):
        return
    try:
        with connection.waiting_at_most(PING_PATIENCE_S):
            connection.autocommit = True
            try:
                connection.execute("")
            finally:
                if not connection.closed:
                    connection.autocommit = False
    except psycopg.Error as error:
        if isinstance(error, SilentServerError):
            door.note_silence()
        raise InvalidatePoolError from error


def _begin(connection: Connection) -> None:
    """Begin a transaction: one that writes waits until no other does.

    So a write sees all that was written before, as on SQLite, and `change_log.seq` grows in
    the order of commits (docs/adr/0015-one-writer-at-a-time.md).
    """
    options = connection.get_execution_options()
    is_unhurried = options.get("navmatch_unhurried", False)
    raw = connection.connection.dbapi_connection
    if isinstance(raw, BoundedConnection):
        raw.patience_s = None if is_unhurried else PATIENCE_S
    if is_unhurried:
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
    if options.get("navmatch_write", False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")


def _bounded(gen: PQGen[Any], seconds: float) -> PQGen[Any]:
    """Pass on what an operation waits for, until the time is over."""
    deadline = time.monotonic() + seconds
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() >= deadline:
                raise SilentServerError("no answer in time")
            wanted = gen.send(ready)
    except StopIteration as done:
        return done.value
