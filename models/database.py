"""The connection to the database: engines, transactions, migrations."""

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

from models.acting import act_as_viewer, tell
from models.audit_trail import AuditTrail
from models.base import Table
from models.change import record_changes, written_by
from models.errors import SetupError
from models.failpoints import Failpoint, hit
from models.failures import FAILURES, is_lost, translating
from models.ownership import watch_owners
from models.revisions import newest_revision, revision_of, upgrade
from models.seals import keep_seals, seal_unsealed
from models.server import check_server, server_problem
from models.sqlite import compact_sqlite, open_sqlite
from models.unit import Unit, active_unit
from models.viewer import system
from models.visibility import watch_sight
from models.written import note

__all__ = ["Connection", "Database", "Session"]

CONNECTIONS: Final = 15
SETTLED_S: Final = 2.0
"""How long nothing may be lost until a database counts as answering again: one that answers
every other time is of no use."""


_DRIVERS: Final = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")
_NO_DATABASE: Final = (
    "数据库地址不能用：支持 SQLite 和 PostgreSQL。请把 NAVMATCH_DATABASE_URL 写成 sqlite:///文件路径，"
    "或 postgresql://用户:密码@主机:5432/数据库名；删去这项设置则使用数据目录中的 SQLite 文件。"
)


class Database:
    """Sessions of one database; every write is one transaction, committed or rolled back.

    Writes come one after another, on SQLite and on PostgreSQL alike: a write waits at its start
    until no other is under way, and sees all that was written before. A read sees one state.

    Attributes:
        url: Address, in SQLAlchemy's form.
        engine: Connections to it.
        errors: How often it failed, by kind.
    """

    def __init__(
        self, url: str, trail: AuditTrail | None = None, connections: int = CONNECTIONS
    ) -> None:
        """Connect to nothing yet.

        Args:
            url: Address, in SQLAlchemy's form.
            trail: Writes the audit chain; without it nothing is audited, which only suits
                a database that belongs to no installation.
            connections: How many connections are open at most.

        Raises:
            SetupError: the address is of no use, or its file lies where SQLite must not.
        """
        self.url = url
        self.engine = _open_engine(url, connections)
        self._is_lost = False
        self._lost_at_s = -math.inf
        self.errors: Counter[str] = Counter()
        self._reading = _reading(self.engine)
        self._unhurried = _reading(self.engine.execution_options(navmatch_unhurried=True))
        self._writer = self.engine.execution_options(navmatch_write=True)
        self._writing = sessionmaker(self._writer, expire_on_commit=False)
        for sessions in (self._reading, self._unhurried, self._writing):
            act_as_viewer(sessions)
            watch_sight(sessions)
        watch_owners(self._writing)
        record_changes(self._writing)
        keep_seals(self._writing)
        if trail is not None:
            trail.attach(self.engine, self._writing)

    @property
    def is_answering(self) -> bool:
        """Whether it answered when it was last asked, and has for a while."""
        return not self._is_lost and time.monotonic() - self._lost_at_s >= SETTLED_S

    @contextmanager
    def read(self, *, unhurried: bool = False) -> Iterator[Session]:
        """Give a session that sees one state of the database and leaves nothing behind.

        Rows it read can still be looked at afterwards; changes to them are not kept.

        Args:
            unhurried: Whether it may take as long as it likes, which nobody waiting for a
                reply may.

        Raises:
            UnavailableError: the database does not answer.
        """
        sessions = self._unhurried if unhurried else self._reading
        with self._translating(), self._session(sessions) as session:
            yield session
            session.expunge_all()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose work is committed at the end, with its change-log entries.

        Inside an active `unit` the work is kept at the end, and committed with the unit.

        Raises:
            ConflictError: another writer was faster, or a value that must be unique is taken.
            UnavailableError: the database does not answer, is locked or full.
        """
        with self._translating(), self._session(self._writing, begins=True) as session:
            yield session
            session.commit()
            position = written_by(session)
            if position is not None:
                self.when_committed(partial(note, position))
            if active_unit(self._writer) is None:
                hit(Failpoint.AFTER_COMMIT)

    def unit(self, begun: Callable[[Connection], None] | None = None) -> Unit:
        """Return a unit; while it is active (`models.unit.active`) all writes are part of it."""
        return Unit(self._writer, begun)

    def when_committed(self, work: Callable[[], None]) -> None:
        """Do something now, or after the commit of the unit this is part of."""
        unit = active_unit(self._writer)
        if unit is None:
            work()
        else:
            unit.when_committed(work)

    def commit(self, unit: Unit, last: Callable[[Connection], None] | None = None) -> None:
        """Commit a unit.

        Args:
            unit: All that was written while it was active.
            last: Writes what comes with it.

        Raises:
            ConflictError: another writer was faster, or a value that must be unique is taken.
            UnavailableError: the database does not answer, is locked or full.
        """
        with self._translating():
            if last is not None:
                last(unit.begin())
            unit.commit()
            hit(Failpoint.AFTER_COMMIT)

    @contextmanager
    def _session(
        self, sessions: sessionmaker[Session], *, begins: bool = False
    ) -> Iterator[Session]:
        """Give a session of its own, or one on the transaction of the active unit."""
        unit = active_unit(self._writer)
        connection = None if unit is None else unit.begin() if begins else unit.connection
        if connection is None:
            with sessions() as session:
                yield session
        else:  # a savepoint: what fails inside is taken back alone
            with sessions(bind=connection, join_transaction_mode="create_savepoint") as session:
                yield session
            if unit is not None and begins:
                unit.n_kept += 1

    def revisions(self) -> tuple[str | None, str | None]:
        """Return the version the tables have, None when there are none, and the newest."""
        with self.engine.connect() as connection:
            return revision_of(connection), newest_revision()

    def server_problem(self) -> str | None:
        """Return why the service must not work on its server; None when it may."""
        with self.engine.connect() as connection:
            return server_problem(connection)

    def migrate(self) -> None:
        """Bring the tables to the newest version; does nothing when they are.

        Of two processes that start at once the second waits, then finds nothing to do.

        Raises:
            SetupError: the service must not work on this server.
            UnavailableError: the database does not answer, is locked or full.
        """
        engine = self.engine.execution_options(
            navmatch_unhurried=True, navmatch_write=not _is_postgresql(self.engine)
        )
        with self._translating(), engine.begin() as connection:
            if _is_postgresql(engine):
                from models.postgresql import lock_migrations  # takes the driver along

                lock_migrations(connection)
            check_server(connection)
            tell(connection, system("migrate"))
            if upgrade(connection):
                seal_unsealed(connection)

    def compact(self, patience_s: float = 30.0) -> bool:
        """Overwrite what deleted rows left in the files; return whether nothing is left.

        On SQLite readers of an older state keep the write-ahead log from being emptied, on
        PostgreSQL whoever uses a table keeps it from being written anew; they are waited for.
        PostgreSQL keeps its own log until that is recycled.

        Raises:
            UnavailableError: the database does not answer, is locked or full.
        """
        with self._translating(), closing(self.engine.raw_connection()) as pooled:
            connection: Any = pooled.dbapi_connection
            if self.engine.dialect.name == "sqlite":
                return compact_sqlite(connection, patience_s)
            from models.postgresql import compact_postgresql

            return compact_postgresql(connection, sorted(Table.metadata.tables), patience_s)

    @contextmanager
    def alone(self, part: str) -> Iterator[Connection]:
        """Give a part of the service a transaction that sees all rows and may take its time."""
        engine = self.engine.execution_options(navmatch_unhurried=True, navmatch_write=True)
        with self._translating(), engine.begin() as connection:
            check_server(connection)
            tell(connection, system(part))
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _translating(self) -> Iterator[None]:
        """Turn failures into errors that say what to do, and remember whether it answers."""
        with translating():
            try:
                yield
            except FAILURES as error:
                self._is_lost = is_lost(error)
                if self._is_lost:
                    self._lost_at_s = time.monotonic()
                self.errors[type(error).__name__] += 1
                raise
        self._is_lost = False


def _reading(engine: Engine) -> sessionmaker[Session]:
    """Return sessions of which each sees one state of the database."""
    options = (
        {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        if _is_postgresql(engine)
        else {}
    )
    return sessionmaker(
        engine.execution_options(**options), expire_on_commit=False, autoflush=False
    )


def _open_engine(url: str, connections: int) -> Engine:
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        engine = open_sqlite(parsed, connections)
    else:
        from models.postgresql import open_postgresql

        engine = open_postgresql(parsed, connections)
    event.listen(engine, "commit", _before_commit)
    return engine


def _parsed(url: str) -> URL:
    """Return the parts of an address of a database we can use."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise SetupError(_NO_DATABASE) from error
    if parsed.drivername not in _DRIVERS:
        raise SetupError(_NO_DATABASE, backend=parsed.get_backend_name())
    return parsed


def _is_postgresql(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


def _before_commit(connection: Connection) -> None:
    hit(Failpoint.BEFORE_COMMIT)
