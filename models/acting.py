"""As whom a session acts: settled when it is first used, and told to PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from models.viewer import Viewer, current_viewer, system

_KEY: Final = "navmatch_viewer"
_TELL: Final = text(
    "SELECT set_config('navmatch.role', :role, true),"
    " set_config('navmatch.organisation', :organisation, true),"
    " set_config('navmatch.region', :region, true),"
    " set_config('navmatch.read_only', :read_only, true)"
)
"""Row-level security reads these; they end with the transaction."""


def act_as_viewer(sessions: sessionmaker[Session]) -> None:
    """Make sessions act for who asks when they are first used, to their end."""
    event.listen(sessions, "after_begin", _on_begin)


def viewer_of(session: Session) -> Viewer:
    """Return as whom a session acts."""
    viewer: Viewer = session.info.setdefault(_KEY, current_viewer())
    return viewer


def tell(connection: Connection, viewer: Viewer) -> None:
    """Tell the database of a transaction who acts; only PostgreSQL wants to know."""
    if connection.dialect.name == "postgresql":
        values: dict[str, Any] = {
            "role": viewer.role.value,
            "organisation": viewer.organisation_id or "",
            "region": viewer.region_code or "",
            "read_only": "on" if viewer.read_only else "off",
        }
        connection.execute(_TELL, values)


@contextmanager
def telling_system(connection: Connection, part: str) -> Iterator[None]:
    """Let a part of the service use its own tables on a connection no session has yet.

    When something fails inside, the transaction is over, and with it what it was told.
    """
    tell(connection, system(part))
    yield
    tell(connection, current_viewer())


@contextmanager
def elevated(session: Session, part: str) -> Iterator[Session]:
    """Let a session look at all rows, for what must hold across organisations.

    For uniqueness and numbers; what was read must not leave the caller. Nothing that waits
    to be written is written meanwhile.

    Args:
        session: The session.
        part: Name of the part of the service that needs it.
    """
    before = viewer_of(session)
    with session.no_autoflush:
        _switch(session, system(part))
        try:
            yield session
        except DBAPIError:  # rolled back, and with it what the database was told
            session.info[_KEY] = before
            raise
        except BaseException:
            _switch(session, before)
            raise
        _switch(session, before)


def _switch(session: Session, viewer: Viewer) -> None:
    session.info[_KEY] = viewer
    if session.in_transaction() and session.is_active:
        tell(session.connection(), viewer)


def _on_begin(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    tell(connection, viewer_of(session))
