import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError

from models.base import Table
from models.change import ChangeLog
from models.database import Database, Session
from models.demand import Demand
from models.errors import ConflictError, SetupError, UnavailableError
from models.organisation import Organisation
from models.postgresql import WRITER_LOCK
from models.sqlite import open_sqlite
from models.tables import __all__ as table_names
from models.viewer import acting_as, system
from models.vocabulary.organisation import OrganisationType
from tests.conftest import DATABASES
from tests.postgres import PostgresServer
from tests.rows import add_demand, add_organisation, add_provider
from tests.statements import watched_statements


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Database]:
    """A SQLite database without tables, in a folder that is not there yet."""
    made = Database(f"sqlite:///{tmp_path / 'new' / 'folder' / 'fresh.db'}")
    yield made
    made.close()


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database without tables, once on each kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("fresh")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    made = Database(server.new_database())
    yield made
    made.close()
    server.drop_database(made.url)


def test_migrate_makes_the_tables_of_the_models(empty: Database) -> None:
    empty.migrate()
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "render_as_batch": True}
        )
        assert compare_metadata(context, Table.metadata) == []


def test_migrate_twice_changes_nothing(database: Database) -> None:
    with database.write() as session:
        add_demand(session)
    with watched_statements(database) as seen:
        database.migrate()
    assert not [s for s in seen if s.split()[0] in ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE")]
    with database.read() as session:
        assert len(session.scalars(select(Demand)).all()) == 1


def test_migrate_waits_for_another_process(fresh: Database) -> None:
    with watched_statements(fresh) as seen:
        fresh.migrate()
    assert seen[0] == "BEGIN IMMEDIATE"


def test_migrate_with_a_blocked_database_says_unavailable(
    fresh: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.sqlite.BUSY_TIMEOUT_MS", 1)
    with sqlite3.connect(str(fresh.engine.url.database), isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UnavailableError):
            fresh.migrate()
    other.close()


def test_revisions_tell_present_and_newest(empty: Database) -> None:
    present, newest = empty.revisions()
    assert present is None
    empty.migrate()
    assert empty.revisions() == (newest, newest)
    assert newest is not None


def test_every_table_is_known_to_migrations() -> None:
    classes = {mapper.class_.__name__ for mapper in Table.registry.mappers}
    assert classes == set(table_names)


def test_connections_are_durable_and_strict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.database.open_sqlite", open_sqlite)  # unlike in other tests
    durable = Database(f"sqlite:///{tmp_path / 'durable.db'}")
    with durable.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
        }
    durable.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
    }


def test_write_takes_the_lock_at_its_start(database: Database) -> None:
    taken = {
        "sqlite": "BEGIN IMMEDIATE",
        "postgresql": f"SELECT pg_advisory_xact_lock({WRITER_LOCK})",
    }[database.engine.dialect.name]
    with watched_statements(database) as seen, database.write() as session:
        session.scalars(select(Demand)).all()
    assert seen[0] == taken
    with watched_statements(database) as seen, database.read() as session:
        session.scalars(select(Demand)).all()
    assert taken not in seen


def test_writers_that_read_first_do_not_fail_each_other(database: Database) -> None:
    with database.write() as session:
        key = add_organisation(session, "0").id
    together = Barrier(4)

    def count_up() -> None:
        together.wait()
        for _ in range(15):
            with acting_as(system("test")), database.write() as session:
                row = session.get_one(Organisation, key)
                row.name = str(int(row.name) + 1)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(count_up) for _ in range(4)]:
            done.result()
    with database.read() as session:
        row = session.get_one(Organisation, key)
        assert (row.name, row.version) == ("60", 61)


def test_write_on_an_older_version_is_a_conflict(database: Database) -> None:
    with database.write() as session:
        key = add_demand(session).id
    with database.read() as session:
        stale = session.get_one(Demand, key)
    with database.write() as session:
        session.get_one(Demand, key).title = "先改的"
    stale.title = "后改的"
    with pytest.raises(ConflictError) as caught, database.write() as session:
        session.add(stale)
    assert caught.value.fields == {"reason": "version"}
    with database.read() as session:
        assert session.get_one(Demand, key).title == "先改的"


def test_write_of_a_taken_value_is_a_conflict(database: Database) -> None:
    with database.write() as session:
        add_demand(session, source_ref="来源-1")
    with pytest.raises(ConflictError) as caught, database.write() as session:
        add_demand(session, source_ref="来源-1")
    assert caught.value.fields == {"reason": "constraint"}


def test_write_of_a_dangling_reference_is_a_conflict(database: Database) -> None:
    with pytest.raises(ConflictError), database.write() as session:
        add_demand(session, base_id="bs_unknown")


def test_write_that_fails_leaves_no_row_and_no_log_entry(database: Database) -> None:
    def fail(session: Session) -> None:
        add_provider(session)
        raise RuntimeError

    with pytest.raises(RuntimeError), database.write() as session:
        fail(session)
    rows = [Organisation(name=name, org_type="agency", uscc="X" * 18) for name in ("甲", "乙")]
    with pytest.raises(ConflictError), database.write() as session:
        session.add_all(rows)
    with database.read() as session:
        assert session.scalars(select(ChangeLog)).all() == []
        assert session.scalars(select(Organisation)).all() == []


def test_write_while_another_holds_the_lock_says_unavailable(
    empty_database_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.sqlite.BUSY_TIMEOUT_MS", 1)
    path = tmp_path / "busy.db"
    path.write_bytes(empty_database_file.read_bytes())
    database = Database(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnavailableError), database.write() as session:
        add_demand(session)
    other.close()
    with database.write() as session:
        add_demand(session)
    database.close()


def test_read_of_a_database_without_tables_says_unavailable(empty: Database) -> None:
    with pytest.raises(UnavailableError), empty.read() as session:
        session.scalars(select(Demand)).all()


def test_read_keeps_rows_usable_and_drops_changes(database: Database) -> None:
    with database.write() as session:
        key = add_demand(session, "原来的").id
    with database.read() as session:
        row = session.get_one(Demand, key)
        row.title = "只在内存里"
    assert row.title == "只在内存里"
    with database.read() as session:
        assert session.get_one(Demand, key).title == "原来的"


def test_read_sees_one_state_while_others_write(database: Database) -> None:
    with database.read() as session:
        assert session.scalars(select(Demand)).all() == []
        with database.write() as writing:
            add_demand(writing)
        assert session.scalars(select(Demand)).all() == []
    with database.read() as session:
        assert len(session.scalars(select(Demand)).all()) == 1


def test_rows_written_stay_usable_after_the_commit(database: Database) -> None:
    with database.write() as session:
        row = add_organisation(session, org_type=OrganisationType.UNIVERSITY)
    assert (row.org_type, row.version) == (OrganisationType.UNIVERSITY, 1)


def test_hidden_queries_are_refused(database: Database) -> None:
    with database.write() as session:
        provider = add_provider(session)
    with database.read() as session, pytest.raises(InvalidRequestError):
        _ = session.merge(provider, load=False).capabilities


@pytest.mark.parametrize("url", ["postgresql+psycopg2://db/x", "mysql://db/x", "no address"])
def test_other_databases_are_refused_with_what_to_do(url: str) -> None:
    with pytest.raises(SetupError, match="支持 SQLite 和 PostgreSQL"):
        Database(url)
