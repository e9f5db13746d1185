"""Backups of all tables, and what is restored from them, within and between databases."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from models import feed
from models.acting import tell
from models.backup_format import (
    BackupDamagedError,
    BackupManifest,
    FileDigest,
    Kind,
    decode,
    encode,
    table_file,
)
from models.base import Table
from models.case import Case
from models.database import Database
from models.demand import Demand
from models.errors import ConflictError
from models.organisation import Base
from models.portable import Sink, dump
from models.restoring import check_files, restore
from models.verification import row_faults
from models.viewer import system
from models.vocabulary.organisation import BaseLevel
from tests.postgres import PostgresServer
from tests.rows import (
    add_capability,
    add_case,
    add_demand,
    add_organisation,
    add_provider,
    add_tag,
)

Files = dict[str, bytes]


@pytest.fixture
def stocked(database: Database) -> Database:
    """A database with rows of every kind, odd values among them."""
    with database.write() as session:
        provider = add_provider(session, "甲公司", capacity={"open_slots": 2}, team={})
        demand = add_demand(
            session,
            '引号"与\\反斜线\n换行\u2028',
            budget_max_fen=2**53 + 1,
            requirements=[{"kind": "x", "n": 0.1, "空": None}],
            respond_by=date(2026, 2, 28),
        )
        add_tag(session, demand, "ENT.RISK", confidence=1 / 3)
        add_capability(session, provider, valid_until=date(2030, 1, 1))
        add_case(session, provider)
        parent, child = (
            Base(organisation_id=add_organisation(session, name).id, level=BaseLevel.PROVINCIAL)
            for name in ("上级", "下级")
        )
        session.add(parent)
        session.flush()
        child.parent_base_id = parent.id
        session.add(child)
        feed.keep_vectors(session, "hash", {"一段": np.arange(4, dtype=np.float32)})
    with database.write() as session:
        session.get_one(Demand, demand.id).title = "改过一次"
    return database


def back_up(database: Database) -> tuple[BackupManifest, Files]:
    files: Files = {}

    @contextmanager
    def open_file(name: str) -> Iterator[Sink]:
        with io.BytesIO() as file:
            yield file
            files[name] = file.getvalue()

    with database.read(unhurried=True) as session:
        return dump(session, open_file), files


def opener(files: Files) -> Callable[[str], io.BytesIO]:
    def open_file(name: str) -> io.BytesIO:
        if name not in files:
            raise FileNotFoundError(name)
        return io.BytesIO(files[name])

    return open_file


@pytest.fixture
def make_empty(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[str], Database]]:
    """Gives a database without tables, of the kind asked for."""
    made: list[Database] = []

    def make(kind: str) -> Database:
        if kind == "sqlite":
            made.append(Database(f"sqlite:///{tmp_path / f'empty{len(made)}.db'}"))
        else:
            server: PostgresServer = request.getfixturevalue("postgres")
            made.append(Database(server.new_database()))
        return made[-1]

    yield make
    for database in made:
        database.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_backup_restored_anywhere_gives_the_same_backup(
    stocked: Database, make_empty: Callable[[str], Database], kind: str
) -> None:
    manifest, files = back_up(stocked)
    there = make_empty(kind)
    told: list[tuple[int, int]] = []
    restore(there, manifest, opener(files), told=lambda done, total: told.append((done, total)))
    again, same_files = back_up(there)
    assert same_files == files
    assert replace(again, created_at=manifest.created_at) == manifest
    assert told[-1][0] == told[-1][1] == sum(e.n_rows for e in manifest.tables.values())
    assert manifest.n_damaged == 0
    with there.read(unhurried=True) as session:
        assert list(row_faults(session)) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_restored_database_goes_on(
    stocked: Database, make_empty: Callable[[str], Database], kind: str
) -> None:
    manifest, files = back_up(stocked)
    there = make_empty(kind)
    restore(there, manifest, opener(files))
    there.migrate()
    with there.write() as session:
        demand = add_demand(session, "恢复之后的需求")
        add_tag(session, demand, "ENT.RISK")
    with there.read() as session:
        assert feed.change_at(session, manifest.seq + 1) is not None
        vectors = feed.cached_vectors(session, "hash", ["一段"])
        assert vectors["一段"].tolist() == [0, 1, 2, 3]


def test_manifest_says_all_there_is(stocked: Database) -> None:
    manifest, files = back_up(stocked)
    assert {table_file(t.name) for t in Table.metadata.sorted_tables} == set(files)
    assert BackupManifest.from_json(manifest.to_json()) == manifest
    check_files(manifest, opener(files))
    with stocked.read() as session:
        change = feed.change_at(session, manifest.seq)
        assert change is not None
        assert manifest.mark == change.mark()
    order = list(manifest.tables)
    assert order.index("organisation") < order.index("provider") < order.index("capability")


def test_same_state_gives_the_same_bytes(stocked: Database) -> None:
    assert back_up(stocked)[1] == back_up(stocked)[1]


def test_rows_that_are_not_as_written_are_counted(stocked: Database) -> None:
    with stocked.engine.begin() as connection:
        tell(connection, system("test"))
        connection.execute(text("UPDATE demand SET title = '换了'"))
    assert back_up(stocked)[0].n_damaged == 1


def test_database_that_is_not_empty_is_not_replaced_unless_told(
    stocked: Database, make_empty: Callable[[str], Database]
) -> None:
    manifest, files = back_up(stocked)
    there = make_empty(stocked.engine.dialect.name)
    there.migrate()
    restore(there, manifest, opener(files))
    with there.write() as session:
        lost = add_case(session).id
    with pytest.raises(ConflictError, match="--force"):
        restore(there, manifest, opener(files))
    with there.read() as session:
        assert session.get(Case, lost) is not None
    restore(there, manifest, opener(files), force=True)
    with there.read() as session:
        assert session.get(Case, lost) is None
    assert back_up(there)[1] == files


@pytest.mark.parametrize("how", ["cut", "changed", "missing line", "missing", "not rows"])
def test_damaged_backup_leaves_the_database_as_it_was(
    stocked: Database, make_empty: Callable[[str], Database], how: str
) -> None:
    manifest, files = back_up(stocked)
    there = make_empty(stocked.engine.dialect.name)
    restore(there, manifest, opener(files))
    before = back_up(there)[1]
    name = "tables/demand.jsonl"
    content = files[name]
    if how == "missing":
        damaged = {n: c for n, c in files.items() if n != name}
    else:
        damaged = dict(files)
        damaged[name] = {
            "cut": content[:-9] + b"\n",
            "changed": content.replace("改过一次".encode(), "改过两次".encode()),
            "missing line": b"",
            "not rows": b"[1]\n",
        }[how]
    if how != "missing":
        with pytest.raises(BackupDamagedError, match="demand"):
            check_files(manifest, opener(damaged))
    with pytest.raises((BackupDamagedError, FileNotFoundError)):
        restore(there, manifest, opener(damaged), force=True)
    assert back_up(there)[1] == before


def test_backup_of_an_unknown_revision_is_refused(
    stocked: Database, make_empty: Callable[[str], Database]
) -> None:
    manifest, files = back_up(stocked)
    with pytest.raises(BackupDamagedError, match="更新的版本"):
        restore(make_empty("sqlite"), replace(manifest, revision="9999"), opener(files))


@pytest.mark.parametrize("content", [b"", b"x", b"x\n{}", None])
def test_manifest_that_is_no_manifest_is_refused(stocked: Database, content: bytes | None) -> None:
    manifest, _ = back_up(stocked)
    whole = manifest.to_json()
    with pytest.raises(BackupDamagedError):
        BackupManifest.from_json(whole[:-2] if content is None else content)
    newer = replace(manifest, format=99).to_json()
    with pytest.raises(BackupDamagedError, match="99"):
        BackupManifest.from_json(newer)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.JSON, {"a": [1, None]}),
        (Kind.BYTES, b"\x00\xff"),
        (Kind.DATE, date(2026, 1, 1)),
        (Kind.REAL, 0.1),
        (Kind.INT, 2**62),
        (Kind.BOOL, True),
        (Kind.TEXT, '字\u2028"'),
    ],
)
def test_values_come_back_from_their_lines(kind: Kind, value: object) -> None:
    line = json.loads(json.dumps(encode(kind, value)))
    assert decode(kind, line) == value


def test_files_are_told_apart_by_size_and_hash() -> None:
    assert FileDigest(1, "a") != FileDigest(1, "b")
