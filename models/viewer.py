"""Who is asking: known to every session of the database, and nobody unless it was said."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from models.vocabulary.access import Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody acting on the database.

    Attributes:
        role: As what they act.
        actor: Key of the person, API key or widget token; the name of a part of the service
            for `Role.SYSTEM`; None for those nobody knows.
        organisation_id: Organisation they act for; None for operators, the system and those
            nobody knows.
        region_code: Region (GB/T 2260) of that organisation, or the one an operator answers
            for; None when it is unknown.
        read_only: Whether they may only look.
    """

    role: Role
    actor: str | None = None
    organisation_id: str | None = None
    region_code: str | None = None
    read_only: bool = False


ANONYMOUS: Final = Viewer(Role.ANONYMOUS)

_current: ContextVar[Viewer] = ContextVar("navmatch_viewer", default=ANONYMOUS)


def current_viewer() -> Viewer:
    """Return who is asking; nobody known when it was not said, as in a fresh thread."""
    return _current.get()


@contextmanager
def acting_as(viewer: Viewer) -> Iterator[Viewer]:
    """Let everything inside, in this task or thread, be done by somebody."""
    token = _current.set(viewer)
    try:
        yield viewer
    finally:
        _current.reset(token)


def system(part: str) -> Viewer:
    """Return the service itself acting, for what no person asked: indexing, timers, set-up."""
    return Viewer(Role.SYSTEM, actor=part)
