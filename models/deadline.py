"""By when something must be answered: known to all that work on it, so that none works on."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from models.errors import UnavailableError

OVERDUE: Final = "没有在时限内完成，已停止处理。请稍后重试，或缩短文本、减少条件。"

_due: ContextVar[float | None] = ContextVar("navmatch_due", default=None)


class DeadlineError(UnavailableError):
    """The time a request may take is over; nobody waits for its answer any more."""

    code = "deadline"


def due() -> float | None:
    """Return the moment (monotonic clock, seconds) by which the answer is due; None for never."""
    return _due.get()


def time_left() -> float | None:
    """Return the seconds left, 0 or less when none is; None when there is no deadline."""
    moment = _due.get()
    return None if moment is None else moment - time.monotonic()


def check_deadline() -> None:
    """Stop here when the time is over; called between the stages of anything long.

    Raises:
        DeadlineError: it is.
    """
    left = time_left()
    if left is not None and left <= 0:
        raise DeadlineError(OVERDUE)


@contextmanager
def due_at(moment: float | None) -> Iterator[None]:
    """Have everything inside, in this task and the threads it waits for, done by a moment."""
    token = _due.set(moment)
    try:
        yield
    finally:
        _due.reset(token)
