"""Seals: the hash of all columns of a row, kept beside them, so that damage is found.

A seal is made from what the database holds, as the last step before the commit, so no default,
trigger or bulk statement escapes it. Columns without a value do not count: adding one to a table
breaks no seal. A migration that changes values sets `row_hash` to NULL; `migrate` seals anew.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, event, select, tuple_
from sqlalchemy import inspect as inspect_row
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, sessionmaker

from models import base
from models.acting import elevated
from models.base import SEAL, Sealed

ROWS_AT_ONCE: Final = 300

_TOUCHED: Final = "navmatch_touched"

Key = tuple[Any, ...]


def keep_seals(sessions: sessionmaker[Session]) -> None:
    """Make sessions seal every row they write."""
    event.listen(sessions, "after_flush", _note_written)
    event.listen(sessions, "do_orm_execute", _note_bulk)
    event.listen(sessions, "before_commit", _seal_touched)


def sealed_tables() -> list[Table]:
    """Return the tables whose rows are sealed, by name; those of `models.tables`."""
    found = [m.local_table for m in base.Table.registry.mappers if issubclass(m.class_, Sealed)]
    return sorted((t for t in found if isinstance(t, Table)), key=lambda table: table.name)


def seal_of(values: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of the columns of a row that have a value, but the seal."""
    digest = hashlib.sha256()
    for name in sorted(values):
        if name != SEAL and values[name] is not None:
            for part in (name.encode(), _plain(values[name])):
                digest.update(len(part).to_bytes(8, "little"))
                digest.update(part)
    return digest.hexdigest()


def seal_unsealed(connection: Connection) -> int:
    """Seal all rows without a seal; returns how many there were."""
    n_sealed = 0
    for table in sealed_tables():
        keys = table.primary_key.columns
        bare = select(*keys).where(table.c[SEAL].is_(None)).limit(ROWS_AT_ONCE)
        while found := [tuple(row) for row in connection.execute(bare)]:
            seal(connection, table, found)
            n_sealed += len(found)
    return n_sealed


def seal(connection: Connection, table: Table, keys: Sequence[Key]) -> None:
    """Seal rows as they stand; those that are not there are passed over."""
    columns = list(table.primary_key.columns)
    kept = {c.name: c for c in table.columns if c.onupdate is not None}
    written = (
        table.update()
        .where(and_(*(column == bindparam(f"sealed_{column.name}") for column in columns)))
        .values({SEAL: bindparam("seal"), **kept})
    )
    for start in range(0, len(keys), ROWS_AT_ONCE):
        rows = connection.execute(
            select(table).where(_one_of(columns, keys[start : start + ROWS_AT_ONCE]))
        ).mappings()
        seals = [
            {"seal": seal_of(dict(row)), **{f"sealed_{c.name}": row[c.name] for c in columns}}
            for row in rows
        ]
        if seals:
            connection.execute(written, seals)


def _one_of(columns: Sequence[ColumnElement[Any]], keys: Sequence[Key]) -> ColumnElement[bool]:
    if len(columns) == 1:
        return columns[0].in_([key for (key,) in keys])
    return tuple_(*columns).in_(keys)


def _note_written(session: Session, flush: UOWTransaction) -> None:
    changed = [row for row in session.dirty if session.is_modified(row)]
    for row in (*session.new, *changed):
        if isinstance(row, Sealed):
            state = inspect_row(row)
            table = state.mapper.local_table
            if isinstance(table, Table):
                _touched(session)[table].add(tuple(state.mapper.primary_key_from_instance(row)))


def _note_bulk(state: ORMExecuteState) -> None:
    """Note which rows a statement is about to change."""
    mapper = state.bind_mapper
    if not state.is_update or mapper is None or not issubclass(mapper.class_, Sealed):
        return
    table = mapper.local_table
    if isinstance(table, Table):
        wanted = select(*table.primary_key.columns)
        condition = getattr(state.statement, "whereclause", None)
        found = wanted if condition is None else wanted.where(condition)
        rows = state.session.connection().execute(found, state.parameters)
        _touched(state.session)[table].update(tuple(row) for row in rows)


def _seal_touched(session: Session) -> None:
    session.flush()
    touched = _touched(session)
    if not touched:
        return
    with elevated(session, "seal"):
        for table in sorted(touched, key=lambda table: table.name):
            seal(session.connection(), table, _in_order(touched[table]))
    touched.clear()


def _touched(session: Session) -> defaultdict[Table, set[Key]]:
    found: defaultdict[Table, set[Key]] = session.info.setdefault(_TOUCHED, defaultdict(set))
    return found


def _in_order(keys: Iterable[Key]) -> list[Key]:
    """Return keys in one order for all writers, so that none waits for another in a circle."""
    return sorted(keys, key=str)


def _plain(value: Any) -> bytes:  # noqa: ANN401 - whatever a column holds
    """Return a value as bytes, the same on every database."""
    match value:
        case bytes():
            return value
        case bool():
            return b"true" if value else b"false"
        case datetime():
            zoned = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
            return zoned.isoformat(timespec="microseconds").encode()
        case date():
            return value.isoformat().encode()
        case str():
            return str(value).encode("utf-8", "surrogatepass")
        case float():
            return repr(value).encode()
        case int():
            return str(value).encode()
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
