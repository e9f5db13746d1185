from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from models.database import Database, Session
from models.demand import Demand
from models.errors import ConflictError, InvalidInputError, UnavailableError
from models.failures import translating
from models.repository import find_organisation
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
