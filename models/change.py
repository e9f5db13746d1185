"""The change log: what the index has to follow, written in the transaction of the change."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Integer, String, event
from sqlalchemy import inspect as inspect_row
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column, sessionmaker

from models.base import KEY_CHARS, ChoiceType, Row, Sealed, Table, hash_texts, now_utc
from models.position import Position
from models.vocabulary.row import Entity, Operation


class ChangeLog(Sealed, Table):
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

    def mark(self) -> str:
        """Return the SHA-256 (hex) of the entry: the log of another database has another here."""
        told = (self.entity, self.entity_id, self.operation, self.content_hash)
        return hash_texts([*told, self.at.isoformat()])


_WRITTEN: Final = "navmatch_written"


def written_by(session: Session) -> Position | None:
    """Return the last change a session wrote; None when it wrote none."""
    entry: ChangeLog | None = session.info.get(_WRITTEN)
    return None if entry is None else Position(entry.seq, entry.mark())


def record_changes(sessions: sessionmaker[Session]) -> None:
    """Make sessions write a change-log entry for every `Row` they insert, change or remove."""
    event.listen(sessions, "before_flush", _append_entries)
    event.listen(sessions, "after_flush", _remember_last)


def note_update(session: Session, row: Row) -> None:
    """Write an entry for a row of which nothing changed but who may see it."""
    session.add(_entry(row, Operation.UPDATE))


def _append_entries(session: Session, flush: UOWTransaction, instances: Any) -> None:  # noqa: ANN401
    """Add the entries to the same flush, so that row and entry commit or vanish together."""
    for row in _rows(session.new):
        session.add(_entry(row, Operation.CREATE))
    for row in _rows(session.dirty):
        if session.is_modified(row):
            deleted = inspect_row(row).attrs.deleted_at.history.added
            session.add(_entry(row, Operation.DELETE if any(deleted) else Operation.UPDATE))
            session.add_all(_left_behind(row))
    for row in _rows(session.deleted):
        session.add(_entry(row, Operation.DELETE))


def _remember_last(session: Session, flush: UOWTransaction) -> None:
    entries = [entry for entry in session.new if isinstance(entry, ChangeLog)]
    if entries:
        session.info[_WRITTEN] = max(entries, key=lambda entry: entry.seq)


def _rows(instances: Iterable[object]) -> list[Row]:
    return [row for row in instances if isinstance(row, Row)]


def _left_behind(row: Row) -> Iterator[ChangeLog]:
    """Yield an entry for the provider a row belonged to: what is known of it changed too.

    It carries no hash, since the provider's own texts did not change.
    """
    columns = inspect_row(row).attrs
    if "provider_id" in columns:
        for provider_id in columns.provider_id.history.deleted or ():
            if provider_id is not None:
                yield ChangeLog(
                    entity=Entity.PROVIDER,
                    entity_id=provider_id,
                    operation=Operation.UPDATE,
                    content_hash="",
                )


def _entry(row: Row, operation: Operation) -> ChangeLog:
    return ChangeLog(
        entity=row.entity,
        entity_id=row.id,
        operation=operation,
        content_hash=row.content_hash(),
    )
