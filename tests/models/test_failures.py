from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from models.database import Connection, Database, Session
from models.demand import Demand
from models.errors import ConflictError, DiskFullError, InvalidInputError, UnavailableError
from models.failures import translating
from models.reply import Claim
from models.repository import find_organisation
from models.unit import active
from tests.rows import add_demand, add_organisation


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30], ids=["2^63", "-2^63-1", "10^30"])
def test_number_no_database_holds_is_refused(database: Database, number: int) -> None:
    with pytest.raises(InvalidInputError), database.write() as session:
        add_demand(session, budget_min_fen=number)
    with pytest.raises(InvalidInputError), database.read() as session:
        session.scalars(select(Demand).where(Demand.period_days == number)).all()


@pytest.mark.parametrize("limit", [2**63, 2**64])
def test_limit_no_database_holds_is_refused(database: Database, limit: int) -> None:
    with pytest.raises(InvalidInputError), database.read() as session:
        session.scalars(select(Demand).limit(limit)).all()


def test_lone_surrogate_is_refused(database: Database) -> None:
    with pytest.raises(InvalidInputError), database.write() as session:
        add_demand(session, "标题\ud800")


def test_nul_is_refused_where_it_cannot_be_kept(database: Database) -> None:
    with database.read() as session:
        assert find_organisation(session, "没有") is None
    if database.engine.dialect.name == "postgresql":
        with pytest.raises(InvalidInputError), database.write() as session:
            add_demand(session, "标题\0")


@pytest.mark.parametrize("name", ["100%", "%s", "%(name)s", "?", ":name", "\\", "'; --", "a_b%c"])
def test_signs_of_sql_are_plain_text(database: Database, name: str) -> None:
    with database.write() as session:
        key = add_organisation(session, name).id
    with database.read() as session:
        found = find_organisation(session, name)
        assert found is not None
        assert found.id == key


def _break_off(session: Session) -> None:
    session.execute(text("SELECT nothing FROM nowhere"))


def _twice(session: Session) -> None:
    for _ in range(2):
        add_demand(session, source_ref="来源")


@pytest.mark.parametrize(
    ("work", "kind"),
    [(_break_off, UnavailableError), (_twice, ConflictError)],
    ids=["missing table", "taken value"],
)
def test_refusal_is_the_same_on_both(
    database: Database, work: Callable[[Session], None], kind: type[Exception]
) -> None:
    with pytest.raises(kind), database.write() as session:
        work(session)


@pytest.mark.parametrize("error", [ValueError("ours"), KeyError("ours")], ids=["value", "key"])
def test_errors_of_the_program_pass(error: Exception) -> None:
    with pytest.raises(type(error)), translating():
        raise error


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_full_disk_is_said_where_the_transaction_ended_by_itself(database: Database) -> None:
    unit = database.unit()
    with active(unit), pytest.raises(DiskFullError), database.write() as session:
        _fill(session)
    unit.rollback()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_full_disk_is_no_other_request_with_the_same_key(database: Database) -> None:
    claims = [Claim(f"{number:064x}", "r" * 64, "甲" * 60) for number in range(200)]

    def claim_all(connection: Connection) -> None:
        _allow_no_more_pages(connection)
        for claim in claims:
            claim(connection)

    unit = database.unit(claim_all)
    with active(unit), pytest.raises(DiskFullError), database.write() as session:
        session.connection()
    unit.rollback()
    assert not any(claim.is_lost for claim in claims)


def _fill(session: Session) -> None:
    _allow_no_more_pages(session.connection())
    for _ in range(100):
        add_demand(session, description="满" * 5_000)


def _allow_no_more_pages(connection: Connection) -> None:
    n_pages = connection.scalar(text("PRAGMA page_count"))
    connection.execute(text(f"PRAGMA max_page_count = {n_pages}"))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_connection_lost_before_the_commit_is_said(database: Database) -> None:
    with pytest.raises(UnavailableError), database.write() as session:
        _lose_after_writing(session, database)


def _lose_after_writing(session: Session, database: Database) -> None:
    add_demand(session)
    session.flush()
    own = session.scalar(text("SELECT pg_backend_pid()"))
    with database.read() as other:
        other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
