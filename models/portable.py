"""Writing all tables, as they are at one moment, in the form of `models/backup_format.py`."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Double,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    cast,
    collate,
    func,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from models import base, feed, repository
from models.backup_format import (
    TYPES,
    BackupManifest,
    FileDigest,
    Kind,
    TableEntry,
    encode,
    table_file,
)
from models.base import SEAL, now_utc
from models.failpoints import Failpoint, hit
from models.revisions import revision_of
from models.seals import seal_of

ROWS_AT_ONCE: Final = 500

Told = Callable[[int, int], None]
"""Told how many of how many rows are done."""


class Sink(Protocol):
    """Takes bytes."""

    def write(self, content: bytes, /) -> object:
        """Take some more."""


OpenFile = Callable[[str], AbstractContextManager[Sink]]
"""Opens a file of a backup to be written, by its name."""


class HashingSink:
    """Passes bytes on and keeps their number and hash."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._digest = hashlib.sha256()
        self._n_bytes = 0

    def write(self, content: bytes, /) -> None:
        """Take some more."""
        self._digest.update(content)
        self._n_bytes += len(content)
        self._sink.write(content)

    @property
    def digest(self) -> FileDigest:
        """Size and hash of all that was taken."""
        return FileDigest(self._n_bytes, self._digest.hexdigest())


def dump(session: Session, open_file: OpenFile, told: Told | None = None) -> BackupManifest:
    """Write all tables as they are at one moment.

    Args:
        session: A session that sees all rows of one state, and may take its time.
        open_file: Opens each file.
        told: Told how many of how many rows are written.
    """
    seq = repository.last_seq(session)
    change = feed.change_at(session, seq)
    ordered = base.Table.metadata.sorted_tables
    total, n_done, n_damaged = sum(_n_rows(session, table) for table in ordered), 0, 0
    tables: dict[str, TableEntry] = {}
    for table in ordered:
        hit(Failpoint.MID_BACKUP)
        with open_file(table_file(table.name)) as file:
            sink = HashingSink(file)
            n_rows = 0
            for n_rows, (line, is_whole) in enumerate(_lines(session, table), start=1):
                sink.write(line)
                n_damaged += not is_whole
                if told is not None and n_rows % ROWS_AT_ONCE == 0:
                    told(n_done + n_rows, total)
        n_done += n_rows
        tables[table.name] = _describe(table, n_rows, sink.digest)
    if told is not None:
        told(n_done, max(total, n_done))
    return BackupManifest(
        created_at=now_utc().isoformat(timespec="seconds"),
        revision=revision_of(session.connection()) or "",
        seq=seq,
        mark="" if change is None else change.mark(),
        n_damaged=n_damaged,
        tables=tables,
    )


def _lines(session: Session, table: Table) -> Iterator[tuple[bytes, bool]]:
    """Yield each row as a line, and whether it is as it was written."""
    kinds = {column.name: _kind_of(column) for column in table.columns}
    columns = [_read(column, kinds[column.name]).label(column.name) for column in table.columns]
    keys = [_by_bytes(session, column) for column in table.primary_key]
    wanted = select(*columns).select_from(table).order_by(*keys)
    result = session.connection().execute(wanted.execution_options(yield_per=ROWS_AT_ONCE))
    for row in result.mappings():
        plain = {name: _parsed(kinds[name], value) for name, value in row.items()}
        values = [
            None if row[name] is None else encode(kinds[name], value)
            for name, value in plain.items()
        ]
        line = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        seal = plain.get(SEAL)
        yield line.encode("utf-8", "surrogatepass") + b"\n", seal in (None, seal_of(plain))


def _read(column: Column[Any], kind: Kind) -> ColumnElement[Any]:
    """Return what to ask for: JSON as its text, since its null would be taken for NULL."""
    return cast(column, Text) if kind is Kind.JSON else type_coerce(column, TYPES[kind])


def _parsed(kind: Kind, value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    return json.loads(value) if kind is Kind.JSON and value is not None else value


def _by_bytes(session: Session, column: Column[Any]) -> ColumnElement[Any]:
    """Return how a key is ordered: by bytes, whatever the database's language is."""
    if session.get_bind().dialect.name == "postgresql" and _kind_of(column) is Kind.TEXT:
        return collate(type_coerce(column, String()), "C")
    return column


def _n_rows(session: Session, table: Table) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _describe(table: Table, n_rows: int, digest: FileDigest) -> TableEntry:
    parents = [
        c.name for c in table.columns if any(f.column.table is table for f in c.foreign_keys)
    ]
    return TableEntry(
        columns={column.name: _kind_of(column) for column in table.columns},
        keys=[column.name for column in table.primary_key],
        parents=parents,
        n_rows=n_rows,
        file=digest,
    )


def _kind_of(column: Column[Any]) -> Kind:
    plain = column.type
    while isinstance(plain, TypeDecorator):
        plain = plain.impl_instance if hasattr(plain, "impl_instance") else plain.impl  # type: ignore[assignment]
    for types, kind in _KINDS:
        if isinstance(plain, types):
            return kind
    raise TypeError(f"{column} has a type no backup knows")


_KINDS: Final[tuple[tuple[type[Any] | tuple[type[Any], ...], Kind], ...]] = (
    (Boolean, Kind.BOOL),
    ((Float, Double), Kind.REAL),
    (Integer, Kind.INT),
    (JSON, Kind.JSON),
    (DateTime, Kind.TIME),
    (Date, Kind.DATE),
    (LargeBinary, Kind.BYTES),
    (String, Kind.TEXT),
)
