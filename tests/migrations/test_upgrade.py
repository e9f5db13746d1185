"""Every released database comes to the newest tables, whatever happens on the way."""

import re
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select

import models.tables
from indexer.documents import KINDS, DatabaseDocuments
from models.acting import tell
from models.base import Table
from models.database import Database
from models.demand import Demand
from models.import_job import ImportJob
from models.interaction import Interaction
from models.invitation import Invitation
from models.match_run import MatchRun
from models.revisions import upgrade
from models.subscription import Subscription
from models.verification import row_faults
from models.viewer import system
from models.vocabulary.access import Role
from models.vocabulary.matching import Direction
from models.vocabulary.notification import SubscriptionKind
from models.vocabulary.row import Entity
from tests.conftest import DATABASES
from tests.migrations.released import (
    RELEASED,
    contents,
    dump_of,
    lay_in_postgresql,
    lay_in_sqlite,
    revision_of,
)
from tests.migrations.stopping import (
    StoppedError,
    count_statements,
    fail_at,
    killed_at,
    migrate,
)
from tests.postgres import PostgresServer
from tests.rows import add_demand, add_organisation

assert models.tables


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        made = Database(server.new_database())
    yield made
    made.close()


@pytest.fixture(params=RELEASED)
def revision(request: pytest.FixtureRequest) -> str:
    """The newest migration of a release."""
    name: str = request.param
    return name


@pytest.fixture(params=DATABASES)
def released(request: pytest.FixtureRequest, revision: str, tmp_path: Path) -> Iterator[Database]:
    """A database as a release left it, with rows."""
    if request.param == "sqlite":
        url = lay_in_sqlite(tmp_path / "released.db", revision)
    else:
        url = lay_in_postgresql(request.getfixturevalue("postgres"), revision)
    made = Database(url)
    yield made
    made.close()


def test_upgrade_keeps_every_value(released: Database, revision: str) -> None:
    assert revision_of(released) == revision
    before = contents(released)
    assert sum(map(len, before.values())) > 60
    released.migrate()
    assert revision_of(released) == released.revisions()[1]
    assert contents(released, like=before) == before


def test_upgrade_makes_the_tables_of_the_models(released: Database) -> None:
    released.migrate()
    with released.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "render_as_batch": True}
        )
        assert compare_metadata(context, Table.metadata) == []


def test_upgraded_rows_are_found_and_changed(released: Database) -> None:
    released.migrate()
    _, documents = DatabaseDocuments(released, "hash").everything()
    assert {kind: len(documents[kind]) for kind in KINDS} == {
        Entity.CAPABILITY: 2,
        Entity.DEMAND: 1,
        Entity.CASE: 1,
    }
    with released.write() as session:
        row = session.scalars(select(Demand).where(Demand.deleted_at.is_(None)).limit(1)).one()
        row.title = "升级后改过的标题"
        add_demand(session)


def test_dealings_an_organisation_left_behind_are_where_it_is(empty: Database) -> None:
    with empty.alone("test") as connection:
        upgrade(connection, "0014")
    with empty.write() as session:
        home = add_organisation(session, region_code="440300").id
        old = {"owner_id": home, "owner_region": "320500"}
        session.add_all(
            [
                Interaction(demand_id="dm", provider_id="pv", provider_org_id="og", **old),
                Invitation(entity=Entity.DEMAND, row_id="dm", organisation_id="og", **old),
                MatchRun(direction=Direction.DEMAND_TO_PROVIDER, record="{}", **old),
                ImportJob(role=Role.BASE_ADMIN, kind="demand", name="需求.xlsx", **old),
                _subscription(home, "320500", "a" * 64),
                _subscription(None, "320500", "b" * 64),
            ]
        )
    empty.migrate()
    with empty.read() as session:
        for table in (Interaction, Invitation, MatchRun, ImportJob):
            assert session.scalars(select(table.owner_region)).all() == ["440300"]
        wanted = select(Subscription.region_code).order_by(Subscription.feed_hash)
        assert session.scalars(wanted).all() == ["440300", "320500"]
        assert list(row_faults(session)) == []


def _subscription(organisation_id: str | None, region_code: str, feed_hash: str) -> Subscription:
    return Subscription(
        organisation_id=organisation_id,
        region_code=region_code,
        role=Role.REGIONAL_OPERATOR if organisation_id is None else Role.BASE_ADMIN,
        name="同省的需求",
        kind=SubscriptionKind.SAVED_SEARCH,
        entity=Entity.DEMAND,
        feed_hash=feed_hash,
    )


EVERY = [30, pytest.param(1, marks=pytest.mark.nightly)]
"""Of so many statements one is made to fail."""


@pytest.mark.parametrize("every", EVERY)
def test_upgrade_that_fails_at_a_statement_changes_nothing(released: Database, every: int) -> None:
    before, revision = contents(released), revision_of(released)
    assert _fail_at_each(released, every) > 20
    assert contents(released, like=before) == before
    assert revision_of(released) != revision


@pytest.mark.parametrize("every", EVERY)
def test_first_set_up_that_fails_at_a_statement_changes_nothing(
    empty: Database, every: int
) -> None:
    assert _fail_at_each(empty, every) > 30
    assert revision_of(empty) == empty.revisions()[1]


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_upgrade_killed_midway_is_made_up_for(released: Database, share: float) -> None:
    n_statements = count_statements(released.url)
    _kill_at(released, [max(1, round(share * n_statements))])


@pytest.mark.nightly
def test_upgrade_killed_at_any_statement_is_made_up_for(released: Database) -> None:
    _kill_at(released, range(1, count_statements(released.url) + 1))


def test_old_release_still_writes_after_the_upgrade(released: Database, revision: str) -> None:
    """The tables go on taking what the release before wrote: both run during an update.

    On PostgreSQL, which 0.1.0 did not know, row security wants to be told who acts.
    """
    kind = released.engine.dialect.name
    before = contents(released)
    order = [table for table in Table.metadata.sorted_tables if before.get(table.name)]
    order.sort(key=lambda table: table.name == "tag_assignment")  # only for rows that are there
    dumped = dump_of(revision, kind).splitlines()
    released.migrate()
    with released.engine.begin() as connection:
        tell(connection, system("test"))
        for table in reversed(order):
            connection.execute(table.delete())
        for table in order:
            columns = ", ".join(f'"{name}"' for name in before[table.name][0])
            for line in dumped:
                statement = re.sub(
                    rf'^INSERT INTO "{table.name}" VALUES',
                    f"INSERT INTO {table.name} ({columns}) VALUES",
                    line,
                )
                if re.match(rf"INSERT INTO (public\.)?{table.name} \(", statement):
                    connection.exec_driver_sql(
                        statement.replace("%", "%%") if kind == "postgresql" else statement
                    )
    assert contents(released, like=before) == before


def _fail_at_each(database: Database, every: int) -> int:
    """Let statements fail, the first first; then let all through and return how many they are."""
    before, revision = contents(database), revision_of(database)
    nth = 1
    while True:
        try:
            n_statements = migrate(database.url, fail_at(nth))
        except StoppedError:
            assert revision_of(database) == revision
            if nth % 10 == 1:
                assert contents(database) == before
            nth += every
        else:
            return n_statements


def _kill_at(database: Database, statements: Sequence[int]) -> None:
    """Kill migrations before these statements, then let one through."""
    before, revision = contents(database), revision_of(database)
    for ended in killed_at(database.url, statements):
        assert ended == -signal.SIGKILL
        assert revision_of(database) == revision
        assert contents(database) == before
    database.migrate()
    assert contents(database, like=before) == before
