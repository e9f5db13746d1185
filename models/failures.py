"""What a database says when it cannot do something, turned into errors that say what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    PendingRollbackError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from models.errors import (
    ConflictError,
    DiskFullError,
    InvalidInputError,
    NavmatchError,
    UnavailableError,
)

FAILURES: Final = (SQLAlchemyError, OverflowError, UnicodeEncodeError)
"""What a database or its driver may raise."""

_SQLITE_FULL: Final = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)
_SQLITE_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

_DISK_FULL: Final = "53100"
_RACES: Final = ("40001", "40P01")
"""Serialization failure, deadlock."""
_LOCKED: Final = "55P03"
_CANCELLED: Final = "57014"
_MISSING: Final = ("42P01", "42703")
"""No such table, no such column."""
_NO_SAVEPOINT: Final = "no such savepoint"
_STATES: Final = ("25P03", "25P04", "25006")
"""Transaction stood idle too long, lasted too long; server only reads (a standby)."""


@contextmanager
def translating() -> Iterator[None]:
    """Turn what the database refuses into errors that say what to do."""
    try:
        yield
    except FAILURES as error:
        translated = translate(error)
        if translated is None:
            raise
        raise translated from error


@contextmanager
def attempt(session: Session) -> Iterator[None]:
    """Write something that is taken back alone, not with the whole transaction, when it fails.

    Raises:
        NavmatchError: the database refuses it, said as `Database.write` says it.
    """
    with translating(), session.begin_nested():
        yield


def translate(error: Exception) -> NavmatchError | None:
    """Return what an error of the database means; None for an error of this program."""
    error = _first(error)
    if isinstance(error, StaleDataError):
        return ConflictError("这条记录刚被别人修改过，请刷新后再改。", reason="version")
    if isinstance(error, IntegrityError):
        return ConflictError(
            "与已有记录冲突：必须唯一的值已被占用，或引用的记录不存在。", reason="constraint"
        )
    if isinstance(error, DataError | OverflowError | UnicodeEncodeError):
        return InvalidInputError("内容中有数据库不能保存的字符、过长的文字或过大的数字。")
    if isinstance(error, PoolTimeoutError):
        return UnavailableError("数据库连接都在使用中，请稍后重试。", reason="pool")
    return _unavailable(error) if isinstance(error, DBAPIError) else None


def busy() -> UnavailableError:
    """Return what a write is told that others have kept waiting too long."""
    return UnavailableError("数据库正忙：另一项写入还没有完成，请稍后重试。", reason="busy")


def is_lost(error: Exception) -> bool:
    """Return whether the error means that the database cannot be reached at all."""
    error = _first(error)
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    number = getattr(error.orig, "sqlite_errorcode", None)
    if number is not None:
        return number & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)
    state = _state_of(error)
    is_refused = state is None or state.startswith(("08", "57P", "53300"))
    return isinstance(error, OperationalError) and is_refused


def _first(error: Exception) -> Exception:
    """Return what went wrong first, where what it left behind could not be taken back either.

    A database that ends the transaction by itself, on a full disk or when it goes away, knows
    no savepoint afterwards; whoever wants to go back to it hears only that.
    """
    if not (isinstance(error, PendingRollbackError) or _NO_SAVEPOINT in str(error)):
        return error
    first, earlier = error, error.__context__
    while earlier is not None:
        if isinstance(earlier, DBAPIError) and _NO_SAVEPOINT not in str(earlier):
            first = earlier
        earlier = earlier.__context__
    return first


def _unavailable(error: DBAPIError) -> UnavailableError | None:
    state = _state_of(error)
    number = getattr(error.orig, "sqlite_errorcode", None)
    if number in _SQLITE_FULL or state == _DISK_FULL:
        return DiskFullError("磁盘空间不足，没有写入。请管理员清理磁盘后重试；检索不受影响。")
    if state == _CANCELLED:
        return UnavailableError("数据库处理超时，已放弃这次操作，请稍后重试。", reason="slow")
    if state in _RACES:
        return UnavailableError("与同时进行的另一项修改冲突，没有写入，请重试。", reason="race")
    if state == _LOCKED or (number is not None and number & 0xFF in _SQLITE_BUSY):
        return busy()
    is_missing = isinstance(error, ProgrammingError) and state in _MISSING
    if is_lost(error) or is_missing or state in _STATES or isinstance(error, OperationalError):
        return UnavailableError(
            "数据库暂时没有响应（可能正忙或连接中断），请稍后重试。", reason="connection"
        )
    return None


def _state_of(error: DBAPIError) -> str | None:
    """Return the SQLSTATE PostgreSQL gave; None when the server said nothing."""
    state = getattr(error.orig, "sqlstate", None)
    return state if isinstance(state, str) else None
