"""On what occasion something is done: which act, which request, from where."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the audit chain and the logs say besides who acted on what.

    Attributes:
        act: Operation of the API, command of the command line, or a part of the service.
        request_id: Number of the request; None outside of one.
        client: Address it came from, without its last part.
    """

    act: str
    request_id: str | None = None
    client: str | None = None


NO_OCCASION: Final = Occasion("unnamed")


@dataclass(slots=True)
class _Place:
    """Where the occasion stands: who names the act later is heard by those who began it."""

    occasion: Occasion


_current: ContextVar[_Place | None] = ContextVar("navmatch_occasion", default=None)


def current_occasion() -> Occasion:
    """Return the occasion; an unnamed one when none was said."""
    place = _current.get()
    return NO_OCCASION if place is None else place.occasion


@contextmanager
def during(occasion: Occasion) -> Iterator[Occasion]:
    """Let everything inside, in this task and those it waits for, be done on an occasion."""
    token = _current.set(_Place(occasion))
    try:
        yield occasion
    finally:
        _current.reset(token)


def name_act(act: str) -> None:
    """Say which act it is, once that is known; does nothing outside an occasion."""
    place = _current.get()
    if place is not None:
        place.occasion = replace(place.occasion, act=act)
