"""The tables of identity: only the service itself reads and writes them.

Whoever acts stays who they are for the audit chain; what they may do was checked before.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from models.acting import elevated
from models.database import Database, Session
from models.organisation import Organisation

_PART = "identity"


@contextmanager
def reading(database: Database) -> Iterator[Session]:
    """Give a session that sees the tables of identity."""
    with database.read() as session, elevated(session, _PART):
        yield session


@contextmanager
def writing(database: Database) -> Iterator[Session]:
    """Give a session that writes the tables of identity, committed at the end."""
    with database.write() as session, elevated(session, _PART):
        yield session
        session.flush()


def organisation_of(session: Session, organisation_id: str | None) -> Organisation | None:
    """Return an organisation that is not deleted."""
    found = session.get(Organisation, organisation_id) if organisation_id is not None else None
    return found if found is not None and found.deleted_at is None else None
