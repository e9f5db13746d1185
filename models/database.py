"""The connection to the database: engines, transactions, migrations."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry

from models.audit_trail import AuditTrail
from models.change import record_changes
from models.errors import ConflictError, DiskFullError, SetupError, UnavailableError
from models.failpoints import Failpoint, hit
from models.unit import Unit, active_unit

__all__ = ["Database", "Session"]

BUSY_TIMEOUT_MS = 5_000

_SQLITE_FULL: Final = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)
_POSTGRESQL_FULL: Final = "53100"

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

_NO_DATABASE: Final = (
    "数据库地址不能用：本版本只支持 SQLite。请把 NAVMATCH_DATABASE_URL 写成 "
    "sqlite:///文件路径，或删去这项设置改用数据目录中的默认文件。"
)


class Database:
    """Sessions of one database; every write is one transaction, committed or rolled back.

    On SQLite a write takes the lock at its start (`BEGIN IMMEDIATE`): of 480 read-then-write
    transactions by 8 processes 420 failed at once with a plain `BEGIN`, none with this
    (reliability measurements of this stack).
    """

    def __init__(self, url: str, trail: AuditTrail | None = None) -> None:
        """Connect to nothing yet.

        Args:
            url: Address, in SQLAlchemy's form.
            trail: Writes the audit chain; without it nothing is audited, which only suits
                a database that belongs to no installation.
        """
        self.url = url
        self.engine = _open_engine(url)
        self._reading = sessionmaker(self.engine, expire_on_commit=False, autoflush=False)
        self._writer = self.engine.execution_options(navmatch_write=True)
        self._writing = sessionmaker(self._writer, expire_on_commit=False)
        record_changes(self._writing)
        if trail is not None:
            trail.attach(self.engine, self._writing)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one state of the database and leaves nothing behind.

        Rows it read can still be looked at afterwards; changes to them are not kept.

        Raises:
            UnavailableError: the database does not answer.
        """
        with self._session(self._reading) as session:
            try:
                yield session
                session.expunge_all()
            except OperationalError as error:
                raise _unavailable(error) from error

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose work is committed at the end, with its change-log entries.

        Inside an active `unit` the work is kept at the end, and committed with the unit.

        Raises:
            ConflictError: another writer was faster, or a value that must be unique is taken.
            UnavailableError: the database does not answer, is locked or full.
        """
        with _translating(), self._session(self._writing, begins=True) as session:
            yield session
            session.commit()
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

    def commit(self, unit: Unit) -> None:
        """Commit a unit.

        Raises:
            ConflictError: another writer was faster, or a value that must be unique is taken.
            UnavailableError: the database does not answer, is locked or full.
        """
        with _translating():
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
            present = MigrationContext.configure(connection).get_current_revision()
        return present, ScriptDirectory.from_config(_migrations()).get_current_head()

    def migrate(self) -> None:
        """Bring the tables to the newest version; does nothing when they are.

        Of two processes that start at once the second waits, then finds nothing to do.

        Raises:
            UnavailableError: the database does not answer, is locked or full.
        """
        config = _migrations()
        try:
            with self._writer.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except OperationalError as error:
            raise _unavailable(error) from error

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


@contextmanager
def _translating() -> Iterator[None]:
    """Turn what the database refuses into errors that say what to do."""
    try:
        yield
    except StaleDataError as error:
        raise ConflictError("这条记录刚被别人修改过，请刷新后再改。", reason="version") from error
    except IntegrityError as error:
        raise ConflictError(
            "与已有记录冲突：必须唯一的值已被占用，或引用的记录不存在。", reason="constraint"
        ) from error
    except OperationalError as error:
        raise _unavailable(error) from error


def _unavailable(error: OperationalError) -> UnavailableError:
    """Return why the database did not do it: no space, or any other reason that may pass."""
    number = getattr(error.orig, "sqlite_errorcode", None)
    if number in _SQLITE_FULL or getattr(error.orig, "sqlstate", None) == _POSTGRESQL_FULL:
        return DiskFullError("磁盘空间不足，没有写入。请管理员清理磁盘后重试；检索不受影响。")
    return UnavailableError("数据库暂时没有响应（可能正忙或连接中断），请稍后重试。")


def _open_engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SetupError(_NO_DATABASE) from error
    if parsed.get_backend_name() != "sqlite":
        raise SetupError(_NO_DATABASE, backend=parsed.get_backend_name())
    path = parsed.database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "commit", _before_commit)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    """Set what SQLite keeps per connection; `isolation_level` None lets us say BEGIN ourselves."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _before_commit(connection: Connection) -> None:
    hit(Failpoint.BEFORE_COMMIT)


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("navmatch_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
