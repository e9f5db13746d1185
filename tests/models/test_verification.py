from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from sqlalchemy import Connection, text

from models import feed, verification
from models.acting import tell
from models.database import Database
from models.demand import Demand
from models.verification import RowFaultKind, accept, mend, n_sealed_rows, row_faults
from models.viewer import system
from tests.rows import add_demand, add_provider, add_tag


@pytest.fixture
def stocked(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keys of demands; more rows than are read at once."""
    monkeypatch.setattr(verification, "ROWS_AT_ONCE", 4)
    with database.write() as session:
        add_provider(session)
        demands = [add_demand(session, f"需求{n}", urgent=n % 2 == 0) for n in range(10)]
        add_tag(session, demands[0], "ENT.RISK")
        feed.keep_vectors(session, "hash", {f"{n}": np.ones(4, np.float32) for n in range(6)})
        return [demand.id for demand in demands]


@contextmanager
def connected(database: Database) -> Iterator[Connection]:
    with database.engine.begin() as connection:
        tell(connection, system("test"))
        yield connection


def faults(database: Database) -> list[tuple[str, str, RowFaultKind]]:
    with database.read(unhurried=True) as session:
        return [(f.table, f.label, f.kind) for f in row_faults(session)]


def test_rows_as_they_were_written_have_no_faults(database: Database, stocked: list[str]) -> None:
    told: list[tuple[int, int]] = []
    with database.read(unhurried=True) as session:
        assert list(row_faults(session, lambda done, total: told.append((done, total)))) == []
        n_rows = n_sealed_rows(session)
    assert told[-1] == (n_rows, n_rows)


def test_changed_rows_are_named(database: Database, stocked: list[str]) -> None:
    with connected(database) as connection:
        connection.execute(
            text("UPDATE demand SET title = '换了' WHERE id IN (:one, :two)"),
            {"one": stocked[3], "two": stocked[8]},
        )
        connection.execute(text("UPDATE change_log SET operation = 'delete' WHERE seq = 2"))
    assert faults(database) == [
        ("change_log", "2", RowFaultKind.CHANGED),
        ("demand", stocked[3], RowFaultKind.CHANGED),
        ("demand", stocked[8], RowFaultKind.CHANGED),
    ]


def test_row_with_a_value_that_is_none_does_not_hide_others(
    database: Database, stocked: list[str]
) -> None:
    with connected(database) as connection:
        for value, key in (("'nonsense'", stocked[2]), ("'draft'", stocked[3])):
            connection.execute(
                text(f"UPDATE demand SET state = {value} WHERE id = :key"),  # noqa: S608
                {"key": key},
            )
    assert faults(database) == [
        ("demand", stocked[2], RowFaultKind.UNREADABLE),
        ("demand", stocked[3], RowFaultKind.CHANGED),
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_key_that_cannot_be_read_is_named_by_its_place(
    database: Database, stocked: list[str]
) -> None:
    with connected(database) as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.execute(
            text("UPDATE demand SET id = CAST(x'ff' AS TEXT) WHERE id = :key"), {"key": stocked[0]}
        )
    ((table, label, kind),) = faults(database)
    assert (table, label[0], kind) == ("demand", "@", RowFaultKind.UNREADABLE)


def test_damaged_vectors_and_missing_seals_are_mended(
    database: Database, stocked: list[str]
) -> None:
    with connected(database) as connection:
        connection.execute(text("UPDATE vector_cache SET fingerprint = 'hush'"))
        connection.execute(text("UPDATE demand SET row_hash = NULL"))
        connection.execute(text("UPDATE tag_assignment SET code = 'ENT.IPO'"))
    with database.write() as session:
        found = list(row_faults(session))
        assert len(found) == 6 + 10 + 1
        mend(session, found)
    assert [(table, kind) for table, _, kind in faults(database)] == [
        ("tag_assignment", RowFaultKind.CHANGED)
    ]
    with database.write() as session:
        assert accept(session, list(row_faults(session))) == 1
    assert faults(database) == []
    with database.read() as session:
        assert session.get_one(Demand, stocked[0]).version == 1
        assert feed.cached_vectors(session, "hash", ["1"]) == {}
