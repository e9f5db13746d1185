"""Finds rows that are not as they were written: each is read and compared with its seal."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Table,
    Text,
    TextClause,
    cast,
    delete,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models.base import SEAL
from models.seals import seal, seal_of, seal_unsealed, sealed_tables
from models.vector import VectorCache

ROWS_AT_ONCE: Final = 500

Told = Callable[[int, int], None]
"""Told how many of how many rows are read."""

_UNREADABLE: Final = (SQLAlchemyError, ValueError, TypeError, LookupError, ArithmeticError)
"""What a value raises that is none of its column's."""


class RowFaultKind(StrEnum):
    """What is wrong with a row."""

    CHANGED = "changed"
    """Its contents do not fit its seal."""
    UNREADABLE = "unreadable"
    """A value is none of its column's."""
    UNSEALED = "unsealed"
    """It was written by a release that makes no seals."""
    UNSOUND = "unsound"
    """The database itself says that its file is damaged."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that is not as it was written.

    Attributes:
        table: Its table.
        key: Its key, or where it lies.
        kind: What is wrong with it.
    """

    table: str
    key: tuple[Any, ...]
    kind: RowFaultKind

    @property
    def label(self) -> str:
        """The key as it is shown."""
        return "/".join(map(str, self.key))


def n_sealed_rows(session: Session) -> int:
    """Return how many rows have, or should have, a seal."""
    counts = (select(func.count()).select_from(table) for table in sealed_tables())
    return sum(session.scalar(count) or 0 for count in counts)


def row_faults(session: Session, told: Told | None = None) -> Iterator[RowFault]:
    """Yield every row that is not as it was written.

    Args:
        session: A session that sees all rows, and may take its time.
        told: Told how many of how many rows are read.
    """
    total, n_read = n_sealed_rows(session), 0
    for table in sealed_tables():
        places = list(session.scalars(select(_place(session)).select_from(table)))
        for start in range(0, len(places), ROWS_AT_ONCE):
            part = places[start : start + ROWS_AT_ONCE]
            yield from _faults_at(session, table, part)
            n_read += len(part)
            if told is not None:
                told(n_read, max(n_read, total))
    yield from _unsound(session)


def mend(session: Session, faults: Iterable[RowFault]) -> None:
    """Remove damaged vectors, which are computed again, and seal what was never sealed."""
    for fault in faults:
        if fault.table == VectorCache.__tablename__ and fault.kind is RowFaultKind.CHANGED:
            fingerprint, text_hash = fault.key
            session.execute(
                delete(VectorCache).where(
                    VectorCache.fingerprint == fingerprint, VectorCache.text_hash == text_hash
                )
            )
    seal_unsealed(session.connection())


def accept(session: Session, faults: Iterable[RowFault]) -> int:
    """Seal changed rows as they stand now; returns how many.

    For rows a person has looked at: nothing here can tell which contents are right.
    """
    tables = {table.name: table for table in sealed_tables()}
    accepted = [f for f in faults if f.kind is RowFaultKind.CHANGED and f.table in tables]
    for fault in accepted:
        seal(session.connection(), tables[fault.table], [fault.key])
    return len(accepted)


def _faults_at(session: Session, table: Table, places: Sequence[Any]) -> Iterator[RowFault]:
    """Yield what is wrong with the rows at some places, read together if they can be."""
    try:
        found = [_fault_of(table, row) for row in _read(session, table, places)]
    except _UNREADABLE:
        found = [_fault_at(session, table, place) for place in places]
    yield from filter(None, found)


def _fault_at(session: Session, table: Table, place: Any) -> RowFault | None:  # noqa: ANN401
    """Return what is wrong with one row, also when it cannot be read."""
    try:
        (row,) = _read(session, table, [place])
    except _UNREADABLE:
        return RowFault(table.name, _key_at(session, table, place), RowFaultKind.UNREADABLE)
    return _fault_of(table, row)


def _fault_of(table: Table, row: Mapping[str, Any]) -> RowFault | None:
    if row[SEAL] is None:
        kind = RowFaultKind.UNSEALED
    elif row[SEAL] != seal_of(row):
        kind = RowFaultKind.CHANGED
    else:
        return None
    return RowFault(table.name, tuple(row[c.name] for c in table.primary_key), kind)


def _read(session: Session, table: Table, places: Sequence[Any]) -> list[dict[str, Any]]:
    wanted = select(table).where(_at(session, places))
    rows = session.connection().execute(wanted).mappings()
    return [dict(row) for row in rows]


def _key_at(session: Session, table: Table, place: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """Return the key of a row, or where it lies when not even that can be read."""
    keys = [cast(column, Text) for column in table.primary_key]
    try:
        wanted = select(*keys).select_from(table).where(_at(session, [place]))
        return tuple(session.connection().execute(wanted).one())
    except _UNREADABLE:
        return (f"@{place}",)


def _place(session: Session) -> ColumnElement[Any]:
    """Return where a row lies: to be had also where nothing else of it can be read."""
    if session.get_bind().dialect.name == "sqlite":
        return literal_column("rowid", Integer)
    return cast(literal_column("ctid"), Text)


def _at(session: Session, places: Sequence[Any]) -> ColumnElement[bool] | TextClause:
    """Return the condition that a row lies at one of these places."""
    if session.get_bind().dialect.name == "sqlite":
        return _place(session).in_(places)
    return text("ctid = ANY(CAST(:places AS tid[]))").bindparams(places=list(places))


def _unsound(session: Session) -> Iterator[RowFault]:
    """Yield what SQLite finds wrong with its own file."""
    if session.get_bind().dialect.name == "sqlite":
        for (sentence,) in session.execute(text("PRAGMA integrity_check(20)")):
            if sentence != "ok":
                yield RowFault("", (sentence,), RowFaultKind.UNSOUND)
