"""The change log: what the index has to follow, written in the transaction of the change."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, String, event
from sqlalchemy import inspect as inspect_row
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column

from models.base import KEY_CHARS, ChoiceType, Row, Table, now_utc
from models.vocabulary import Entity, Operation


class ChangeLog(Table):
    """One change of one row; `seq` grows with every change."""

    __tablename__ = "change_log"

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    entity: Mapped[Entity] = mapped_column(ChoiceType(Entity))
    entity_id: Mapped[str] = mapped_column(String(KEY_CHARS), index=True)
    operation: Mapped[Operation] = mapped_column(ChoiceType(Operation))
    content_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=now_utc)


def record_changes(session: Session) -> None:
    """Make a session write a change-log entry for every `Row` it inserts or changes."""
    event.listen(session, "before_flush", _append_entries)


def _append_entries(session: Session, flush: UOWTransaction, instances: Any) -> None:  # noqa: ANN401
    """Add the entries to the same flush, so that row and entry commit or vanish together."""
    for row in list(session.new):
        if isinstance(row, Row):
            session.add(_entry(row, Operation.CREATE))
    for row in list(session.dirty):
        if isinstance(row, Row) and session.is_modified(row):
            deleted = inspect_row(row).attrs.deleted_at.history.added
            session.add(_entry(row, Operation.DELETE if any(deleted) else Operation.UPDATE))


def _entry(row: Row, operation: Operation) -> ChangeLog:
    return ChangeLog(
        entity=row.entity,
        entity_id=row.id,
        operation=operation,
        content_hash=row.content_hash(),
    )
