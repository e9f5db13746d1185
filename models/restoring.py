"""Taking in what `models/portable.py` wrote: whole or not at all."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, Protocol

from sqlalchemy import (
    Connection,
    MetaData,
    bindparam,
    column,
    func,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.sql import TableClause

from models.audit import AuditCheckpoint
from models.audit_points import keys_noted_in
from models.backup_format import (
    TYPES,
    BackupDamagedError,
    BackupManifest,
    FileDigest,
    Kind,
    TableEntry,
    decode,
    table_file,
)
from models.database import Database
from models.errors import ConflictError
from models.failpoints import Failpoint, hit
from models.revisions import known_revisions, upgrade
from models.seals import seal_unsealed

ROWS_AT_ONCE: Final = 500
CHUNK_BYTES: Final = 1 << 20

_OWN_FUNCTIONS: Final = text(
    "SELECT p.oid::regprocedure::text FROM pg_proc p"
    " WHERE p.pronamespace = current_schema()::regnamespace"
    " AND pg_get_userbyid(p.proowner) = current_user"
    " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
)
_FORCED: Final = text(
    "SELECT c.oid::regclass::text FROM pg_class c"
    " WHERE c.relnamespace = current_schema()::regnamespace AND c.relforcerowsecurity"
)

Told = Callable[[int, int], None]
"""Told how many of how many rows are done."""


class Source(Protocol):
    """Gives bytes, and lines of them."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to so many bytes, none at the end."""

    def __iter__(self) -> Iterator[bytes]:
        """Yield line after line, each with its end."""


OpenFile = Callable[[str], AbstractContextManager[Source]]
"""Opens a file of a backup to be read, by its name; `OSError` when it is missing or unreadable."""


def check_files(manifest: BackupManifest, open_file: OpenFile) -> None:
    """Refuse a backup of which any file is not what was written.

    Raises:
        BackupDamagedError: a file is missing, cut or changed.
    """
    files = {table_file(name): entry.file for name, entry in manifest.tables.items()}
    for name, written in {**files, **manifest.extras}.items():
        digest, n_bytes = hashlib.sha256(), 0
        with open_file(name) as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
                n_bytes += len(chunk)
        if FileDigest(n_bytes, digest.hexdigest()) != written:
            raise _damaged(name)


def rows_of(manifest: BackupManifest, name: str, open_file: OpenFile) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table as a backup holds them; none where it has no such table.

    Raises:
        BackupDamagedError: a row is not what was written.
    """
    entry = manifest.tables.get(name)
    if entry is not None:
        with open_file(table_file(name)) as file:
            for line in file:
                yield _row(name, entry, line)


def audit_keys_of(manifest: BackupManifest, open_file: OpenFile) -> list[str]:
    """Return the fingerprints of the audit keys a backup names, that it was made under last.

    Raises:
        BackupDamagedError: the file that says so is not what was written.
    """
    return keys_noted_in(rows_of(manifest, AuditCheckpoint.__tablename__, open_file))


def restore(
    database: Database,
    manifest: BackupManifest,
    open_file: OpenFile,
    *,
    force: bool = False,
    told: Told | None = None,
) -> None:
    """Put a backup in the place of what a database holds; all in one transaction.

    Args:
        database: What is replaced.
        manifest: What the backup holds.
        open_file: Opens each file.
        force: Whether what the database holds may be thrown away.
        told: Told how many of how many rows are stored.

    Raises:
        BackupDamagedError: a file is not what was written, or of an unknown revision.
        ConflictError: the database is not empty.
        UnavailableError: the database does not answer, is locked or full.
    """
    if manifest.revision not in known_revisions():
        raise BackupDamagedError("备份来自更新的版本，请先升级程序再恢复。")
    with database.alone("restore") as connection:
        if not force and _has_rows(connection):
            raise ConflictError(
                "目标数据库不是空的。确定要用备份替换全部内容时，请加 --force。", reason="not_empty"
            )
        _drop_all(connection)
        upgrade(connection, manifest.revision)
        with _without_row_security(connection):
            _fill_all(connection, manifest, open_file, told)
        upgrade(connection)
        seal_unsealed(connection)


def _fill_all(
    connection: Connection, manifest: BackupManifest, open_file: OpenFile, told: Told | None
) -> None:
    total, n_done = sum(entry.n_rows for entry in manifest.tables.values()), 0
    for name, entry in manifest.tables.items():
        hit(Failpoint.MID_RESTORE)
        for n_rows in _fill(connection, name, entry, open_file):
            n_done += n_rows
            if told is not None:
                told(n_done, total)
        _set_sequences(connection, name, entry)


def _has_rows(connection: Connection) -> bool:
    """Return whether any table but that of the migrations holds a row."""
    names = [n for n in inspect(connection).get_table_names() if n != "alembic_version"]
    counts = (select(func.count()).select_from(table(name)) for name in names)
    return any(connection.scalar(count) for count in counts)


def _drop_all(connection: Connection) -> None:
    """Remove all tables, and on PostgreSQL the functions their triggers call."""
    if connection.dialect.name != "postgresql":
        there = MetaData()
        there.reflect(connection)
        there.drop_all(connection)
        return
    for name in inspect(connection).get_table_names():
        connection.execute(text(f'DROP TABLE "{name}" CASCADE'))
    for (function,) in connection.execute(_OWN_FUNCTIONS).all():
        connection.execute(text(f"DROP FUNCTION {function} CASCADE"))


@contextmanager
def _without_row_security(connection: Connection) -> Iterator[None]:
    """Let the owner of the tables store rows in any order: a tag may come before its row."""
    forced = []
    if connection.dialect.name == "postgresql":
        forced = [name for (name,) in connection.execute(_FORCED).all()]
    for name in forced:
        connection.execute(text(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY"))
    yield
    for name in forced:
        connection.execute(text(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"))


def _fill(
    connection: Connection, name: str, entry: TableEntry, open_file: OpenFile
) -> Iterator[int]:
    """Store the rows of a table; yields how many at a time."""
    target = _table(name, entry)
    parents: list[dict[str, Any]] = []
    digest, n_bytes, n_rows = hashlib.sha256(), 0, 0
    batch: list[dict[str, Any]] = []
    with open_file(table_file(name)) as file:
        for line in file:
            digest.update(line)
            n_bytes += len(line)
            values = _row(name, entry, line)
            if any(values[column] is not None for column in entry.parents):
                parents.append({k: values[k] for k in (*entry.keys, *entry.parents)})
                values |= dict.fromkeys(entry.parents)
            batch.append(values)
            if len(batch) == ROWS_AT_ONCE:
                connection.execute(target.insert(), batch)
                yield len(batch)
                n_rows, batch = n_rows + len(batch), []
    if batch:
        connection.execute(target.insert(), batch)
        yield len(batch)
    is_same = FileDigest(n_bytes, digest.hexdigest()) == entry.file
    if not is_same or n_rows + len(batch) != entry.n_rows:
        raise _damaged(table_file(name))
    _join(connection, target, entry, parents)


def _join(
    connection: Connection, target: TableClause, entry: TableEntry, parents: list[dict[str, Any]]
) -> None:
    """Tie rows to others of their own table, now that all are there."""
    if parents:
        mine = [target.c[key] == bindparam(f"of_{key}") for key in entry.keys]
        renamed = [{f"of_{k}" if k in entry.keys else k: v for k, v in p.items()} for p in parents]
        values: dict[str, Any] = {name: bindparam(name) for name in entry.parents}
        connection.execute(target.update().where(*mine).values(values), renamed)


def _table(name: str, entry: TableEntry) -> TableClause:
    columns = (column(field, TYPES[kind]) for field, kind in entry.columns.items())
    return table(name, *columns)


def _row(name: str, entry: TableEntry, line: bytes) -> dict[str, Any]:
    try:
        values = json.loads(line)
        pairs = zip(entry.columns.items(), values, strict=True)
        return {field: decode(kind, value) for (field, kind), value in pairs}
    except (ValueError, TypeError) as error:
        raise _damaged(table_file(name)) from error


def _set_sequences(connection: Connection, name: str, entry: TableEntry) -> None:
    """Let numbers go on after the highest one stored; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    numbered = [key for key in entry.keys if entry.columns[key] is Kind.INT]
    for key in numbered:
        found = connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, :key)"), {"table": name, "key": key}
        )
        if found is not None:
            last = connection.scalar(select(func.max(_table(name, entry).c[key])))
            connection.execute(
                text("SELECT setval(CAST(:sequence AS regclass), :last, :is_used)"),
                {"sequence": found, "last": last or 1, "is_used": last is not None},
            )


def _damaged(name: str) -> BackupDamagedError:
    return BackupDamagedError(f"备份中的 {name} 缺失或已损坏，没有恢复任何内容。", file=name)
