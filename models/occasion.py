"""On what occasion something is done: which act, which request, from where."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the audit chain says besides who acted on what.

    Attributes:
        act: Operation of the API, command of the command line, or a part of the service.
        request_id: Number of the request; None outside of one.
        client: Address it came from, without its last part.
    """

    act: str
    request_id: str | None = None
    client: str | None = None


NO_OCCASION: Final = Occasion("unnamed")

_current: ContextVar[Occasion] = ContextVar("navmatch_occasion", default=NO_OCCASION)


def current_occasion() -> Occasion:
    """Return the occasion; an unnamed one when none was said."""
    return _current.get()


@contextmanager
def during(occasion: Occasion) -> Iterator[Occasion]:
    """Let everything inside, in this task or thread, be done on an occasion."""
    token = _current.set(occasion)
    try:
        yield occasion
    finally:
        _current.reset(token)


def name_act(act: str) -> None:
    """Say which act it is, once that is known, for the rest of the present occasion."""
    _current.set(replace(_current.get(), act=act))
