"""Several writes as one transaction: all a request does, committed when its reply is known."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from sqlalchemy import Connection, Engine


class Unit:
    """One transaction for everything written while it is active; the first write begins it.

    A unit passes from thread to thread, but only one of them uses it at a time.

    Attributes:
        n_kept: Writes that came to their end.
    """

    def __init__(self, engine: Engine, begun: Callable[[Connection], None] | None = None) -> None:
        """Begin nothing yet.

        Args:
            engine: Engine whose transactions may write.
            begun: Called inside the transaction before the first write; what it raises ends
                the unit.
        """
        self._engine: Final = engine
        self._begun = begun
        self._connection: Connection | None = None
        self._waiting: list[Callable[[], None]] = []
        self.n_kept = 0

    @property
    def connection(self) -> Connection | None:
        """The connection of the transaction; None before the first write."""
        return self._connection

    def is_of(self, engine: Engine) -> bool:
        """Return whether it writes to the database of this engine."""
        return self._engine is engine

    def begin(self) -> Connection:
        """Return the connection of the transaction, begun if it is not yet."""
        if self._connection is None:
            connection = self._engine.connect()
            try:
                connection.begin()
                if self._begun is not None:
                    self._begun(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def when_committed(self, work: Callable[[], None]) -> None:
        """Have something done after the commit, and never if there is none."""
        self._waiting.append(work)

    def commit(self) -> None:
        """Commit all that was written, then do what waited for it."""
        if self._connection is not None:
            try:
                self._connection.commit()
            finally:
                self._close()
        waiting, self._waiting = self._waiting, []
        for work in waiting:
            work()

    def rollback(self) -> None:
        """Take back all that was written."""
        self._waiting = []
        if self._connection is not None:
            self._close()

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


_active: ContextVar[Unit | None] = ContextVar("navmatch_unit", default=None)


def active_unit(engine: Engine) -> Unit | None:
    """Return the unit that writes to this engine's database are part of, if there is one."""
    unit = _active.get()
    return unit if unit is not None and unit.is_of(engine) else None


@contextmanager
def active(unit: Unit) -> Iterator[Unit]:
    """Make writes inside, in this task and the threads it waits for, part of a unit."""
    token = _active.set(unit)
    try:
        yield unit
    finally:
        _active.reset(token)
