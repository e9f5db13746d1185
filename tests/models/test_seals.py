from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Connection, select, text, update

from models import feed
from models.acting import tell
from models.base import SEAL, Sealed, Table, now_utc
from models.database import Database
from models.demand import Demand
from models.organisation import Organisation
from models.seals import ROWS_AT_ONCE, seal_of, seal_unsealed, sealed_tables
from models.unit import active
from models.vector import VectorCache
from models.verification import n_sealed_rows
from models.viewer import system
from models.vocabulary.access import Visibility
from tests.migrations.released import RELEASED, lay_in_sqlite
from tests.rows import add_capability, add_case, add_demand, add_provider, add_tag

UNSEALED = {"alembic_version", "audit_checkpoint", "audit_event", "match_run", "reply", "sign_in"}
"""Chained by themselves, or gone within days."""

UNSEALED |= {"import_job", "import_file", "import_refusal"}  # gone within days

UNSEALED |= {"notification_read"}  # who has read what: nothing hangs on it


@contextmanager
def connected(database: Database) -> Iterator[Connection]:
    """A transaction past the sessions, to which no row is hidden."""
    with database.engine.begin() as connection:
        tell(connection, system("test"))
        yield connection


def broken(database: Database) -> list[str]:
    """Tables and keys of the rows whose seal does not fit."""
    found = []
    with connected(database) as connection:
        for table in sealed_tables():
            for row in connection.execute(select(table)).mappings():
                if row[SEAL] != seal_of(dict(row)):
                    found.append(f"{table.name} {row[next(iter(table.primary_key)).name]}")
    return found


@pytest.fixture
def stocked(database: Database) -> dict[str, str]:
    with database.write() as session:
        provider = add_provider(session, "甲公司")
        demand = add_demand(session, budget_max_fen=10**12, requirements=[{"kind": "x", "n": 1.5}])
        add_tag(session, demand, "ENT.RISK", confidence=1 / 3)
        add_case(session, provider)
        add_capability(session, provider, valid_until=date(2030, 1, 1))
        feed.keep_vectors(session, "hash", {"一段": np.ones(4, np.float32)})
        return {"demand": demand.id, "organisation": provider.organisation_id}


def test_every_table_is_sealed_or_named(database: Database) -> None:
    assert {t.name for t in sealed_tables()} | UNSEALED >= set(Table.metadata.tables)
    assert not {t.name for t in sealed_tables()} & UNSEALED
    for mapper in Table.registry.mappers:
        assert issubclass(mapper.class_, Sealed) == (mapper.local_table in sealed_tables())


def test_rows_written_in_any_way_are_sealed(database: Database, stocked: dict[str, str]) -> None:
    assert broken(database) == []
    with database.write() as session:
        session.get_one(Demand, stocked["demand"]).title = "改过的标题"
        session.flush()
        session.get_one(Demand, stocked["demand"]).visibility = Visibility.PUBLIC
    with database.write() as session:
        session.get_one(Organisation, stocked["organisation"]).region_code = "330100"
    with database.write() as session:
        session.execute(update(Demand).where(Demand.urgent.is_(False)).values(urgent=True))
    with database.write() as session:
        session.execute(update(Demand).values(period_days=30))
    with database.write() as session:
        session.get_one(Demand, stocked["demand"]).deleted_at = now_utc()
    assert broken(database) == []


def test_rows_of_a_unit_and_of_a_savepoint_are_sealed(database: Database) -> None:
    unit = database.unit()
    with active(unit):
        with database.write() as session:
            add_demand(session, "一")
        with database.write() as session:
            add_demand(session, "二")
            with session.begin_nested() as nested:
                add_demand(session, "三")
                nested.rollback()
    database.commit(unit)
    with database.read() as session:
        assert len(session.scalars(select(Demand)).all()) == 2
    assert broken(database) == []


def test_more_rows_than_one_statement_takes_are_sealed(database: Database) -> None:
    with database.write() as session:
        for n in range(ROWS_AT_ONCE + 5):
            add_demand(session, f"需求{n}")
    assert broken(database) == []


def test_sealing_changes_nothing_else(database: Database, stocked: dict[str, str]) -> None:
    def state() -> dict[str, Any]:
        with connected(database) as connection:
            wanted = select(Demand.__table__).where(Demand.id == stocked["demand"])
            return dict(connection.execute(wanted).mappings().one())

    before = state()
    with connected(database) as connection:
        connection.execute(text("UPDATE demand SET row_hash = NULL"))
        assert seal_unsealed(connection) == 1
    assert state() == before


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", "'x'"),
        ("version", "version + 1"),
        ("budget_max_fen", "budget_max_fen + 1"),
        ("updated_at", "'2026-01-01 00:00:00.000001'"),
        ("valid_until", "'2030-01-02'"),
        ("requirements", "'[]'"),
        ("urgent", "NOT urgent"),
        ("deleted_at", "'2026-01-01 00:00:00'"),
        ("base_id", "NULL"),
        ("region_code", "'110000'"),
        ("row_hash", "'0'"),
    ],
)
def test_every_change_past_the_sessions_breaks_the_seal(
    database: Database, stocked: dict[str, str], column: str, value: str
) -> None:
    with connected(database) as connection:
        connection.execute(text(f"UPDATE demand SET {column} = {value}"))  # noqa: S608
    expected = [] if value == "NULL" else [f"demand {stocked['demand']}"]
    assert broken(database) == expected


def test_damaged_vector_is_not_used_and_is_replaced(
    database: Database, stocked: dict[str, str]
) -> None:
    damaged = np.array([1, 1, 1, 1.0000001], np.float32)
    with database.alone("test") as connection:
        connection.execute(update(VectorCache).values(vector=damaged.tobytes()))
    with database.read() as session:
        assert feed.cached_vectors(session, "hash", ["一段"]) == {}
    fresh = np.zeros(4, np.float32)
    with database.write() as session:
        feed.keep_vectors(session, "hash", {"一段": fresh})
    with database.read() as session:
        assert feed.cached_vectors(session, "hash", ["一段"])["一段"].tolist() == fresh.tolist()
    assert broken(database) == []


def test_seal_is_the_same_for_the_same_values_however_they_are_held() -> None:
    east = timezone(timedelta(hours=8))
    one = {
        "at": datetime(2026, 11, 25, 8, tzinfo=east),
        "level": Visibility.PUBLIC,
        "facts": {"b": [1, 2.5, None], "a": "字"},
        "absent": None,
    }
    other = {
        "facts": {"a": "字", "b": [1, 2.5, None]},
        "level": "public",
        "at": datetime(2026, 11, 25, tzinfo=UTC).replace(tzinfo=None),
        SEAL: "x",
    }
    assert seal_of(one) == seal_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": "1"}, {"b": "1"}),
        ({"a": "12", "b": "3"}, {"a": "1", "b": "23"}),
        ({"a": ""}, {"a": None}),
        ({"a": "x"}, {"a": "X"}),
        ({"a": 1.0}, {"a": 1.0000000000000002}),
        ({"a": True}, {"a": False}),
        ({"a": b"\x00"}, {"a": b"\x01"}),
        ({"a": date(2026, 1, 1)}, {"a": date(2026, 1, 2)}),
    ],
)
def test_seal_differs_where_values_do(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert seal_of(one) != seal_of(other)


def test_migration_seals_the_rows_there_are(tmp_path: Path) -> None:
    old = Database(lay_in_sqlite(tmp_path / "old.db", RELEASED[0]))
    old.migrate()
    assert broken(old) == []
    with old.read(unhurried=True) as session:
        assert n_sealed_rows(session) > 50
    old.close()
