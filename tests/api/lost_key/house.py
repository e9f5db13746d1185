"""An installation that loses its audit key, and what its tests share."""

from typing import Any, Final

import pytest
from sqlalchemy import select

from api.settings import Settings
from api.wiring import Service
from indexer.encoder import HashEncoder
from models.audit import AuditEvent
from models.audit_trail import record
from models.vocabulary.access import AuditAction

LOGIN: Final = "zhang.san"


PASSWORD: Final = "correct-horse-7"  # noqa: S105 - opens nothing but the test's own service


files_only = pytest.mark.parametrize("database_url", [None], ids=["sqlite"])
"""For what is the same on every database."""


FORGET: Final = "DELETE FROM audit_checkpoint WHERE chain = 'key'"


class House:
    """An installation that is opened as a start does, and closed as a stop does."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._service: Service | None = None

    def open(self) -> Service:
        """Open it; what was open is closed."""
        self.close()
        self._service = Service(self._settings, HashEncoder())
        self._service.prepare_database()
        return self._service

    def close(self) -> None:
        """Close it, if it is open."""
        if self._service is not None:
            self._service.close()
        self._service = None

    def lose_key(self) -> None:
        """Close it, and lose its audit key."""
        self.close()
        self._settings.resolved_audit_key_file.unlink()


def act(service: Service) -> None:
    with service.database.write() as session:
        record(session, AuditAction.ACT)


def actions(service: Service) -> list[AuditAction]:
    with service.database.read() as session:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def rows(service: Service) -> list[Any]:
    with service.database.read() as session:
        columns = AuditEvent.__table__.columns
        return [tuple(row) for row in session.execute(select(*columns).order_by(AuditEvent.seq))]
