"""How far the change log had come when what somebody wrote was committed."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from models.position import Position


@dataclass(slots=True)
class Written:
    """What was committed while somebody noted it.

    Attributes:
        position: The last change of it; None when nothing was.
    """

    position: Position | None = None


_current: ContextVar[Written | None] = ContextVar("navmatch_written", default=None)


@contextmanager
def noting() -> Iterator[Written]:
    """Note what is committed inside, in this task and the threads it waits for."""
    written = Written()
    token = _current.set(written)
    try:
        yield written
    finally:
        _current.reset(token)


def note(position: Position) -> None:
    """Say that changes up to a place were committed; does nothing when nobody notes it."""
    written = _current.get()
    if written is not None and (written.position is None or written.position.seq < position.seq):
        written.position = position
