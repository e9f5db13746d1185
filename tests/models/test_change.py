from collections.abc import Callable

import pytest
from sqlalchemy import select

from models.base import now_utc
from models.case import Case
from models.change import ChangeLog
from models.database import Database, Session
from models.demand import Demand
from models.organisation import Organisation
from models.vocabulary.row import Entity, Operation
from tests.rows import add_capability, add_case, add_demand, add_organisation, add_provider, add_tag

Log = list[tuple[Entity, str, Operation]]


def log_of(database: Database, after: int = 0) -> Log:
    with database.read() as session:
        wanted = select(ChangeLog).where(ChangeLog.seq > after).order_by(ChangeLog.seq)
        return [(c.entity, c.entity_id, c.operation) for c in session.scalars(wanted)]


@pytest.fixture
def demand(database: Database) -> Demand:
    with database.write() as session:
        return add_demand(session)


def test_every_kind_of_row_is_logged_when_created(database: Database) -> None:
    with database.write() as session:
        provider = add_provider(session)
        rows = [provider.organisation, provider, add_capability(session, provider)]
        rows += [add_case(session, provider), add_demand(session)]
    assert log_of(database) == [(row.entity, row.id, Operation.CREATE) for row in rows]


def _retitle(session: Session, row: Demand) -> None:
    row.title = "改过的标题"


def _delete(session: Session, row: Demand) -> None:
    row.deleted_at = now_utc()


def _remove(session: Session, row: Demand) -> None:
    session.delete(row)


@pytest.mark.parametrize(
    ("change", "operation"),
    [(_retitle, Operation.UPDATE), (_delete, Operation.DELETE), (_remove, Operation.DELETE)],
)
def test_change_is_logged_once(
    database: Database,
    demand: Demand,
    change: Callable[[Session, Demand], None],
    operation: Operation,
) -> None:
    with database.write() as session:
        change(session, session.get_one(Demand, demand.id))
    assert log_of(database, after=1) == [(Entity.DEMAND, demand.id, operation)]


def test_row_that_comes_back_is_logged_as_changed(database: Database, demand: Demand) -> None:
    for deleted_at in (now_utc(), None):
        with database.write() as session:
            session.get_one(Demand, demand.id).deleted_at = deleted_at
    operations = [operation for _, _, operation in log_of(database, after=1)]
    assert operations == [Operation.DELETE, Operation.UPDATE]


def test_row_set_to_what_it_was_is_not_logged(database: Database, demand: Demand) -> None:
    with database.write() as session:
        row = session.get_one(Demand, demand.id)
        row.title = row.title
    assert log_of(database, after=1) == []


def test_row_without_change_of_text_is_logged_with_the_same_hash(
    database: Database, demand: Demand
) -> None:
    with database.write() as session:
        session.get_one(Demand, demand.id).urgent = True
    with database.write() as session:
        session.get_one(Demand, demand.id).description = "另一段说明"
    with database.read() as session:
        created, marked, rewritten = session.scalars(
            select(ChangeLog.content_hash).order_by(ChangeLog.seq)
        )
    assert created == marked != rewritten


def test_tags_alone_are_not_logged(database: Database, demand: Demand) -> None:
    with database.write() as session:
        add_tag(session, demand, "ENT.RISK")
    assert log_of(database, after=1) == []


def test_case_that_moves_is_logged_for_its_former_provider(database: Database) -> None:
    with database.write() as session:
        former, present = add_provider(session, "甲"), add_provider(session, "乙")
        case = add_case(session, former)
    n_before = len(log_of(database))
    with database.write() as session:
        session.get_one(Case, case.id).provider_id = present.id
    assert sorted(log_of(database, after=n_before)) == sorted(
        [
            (Entity.CASE, case.id, Operation.UPDATE),
            (Entity.PROVIDER, former.id, Operation.UPDATE),
        ]
    )


def test_case_that_finds_a_provider_is_logged_alone(database: Database) -> None:
    with database.write() as session:
        provider, case = add_provider(session), add_case(session)
    n_before = len(log_of(database))
    with database.write() as session:
        session.get_one(Case, case.id).provider_id = provider.id
    assert log_of(database, after=n_before) == [(Entity.CASE, case.id, Operation.UPDATE)]


def test_log_counts_on_over_transactions(database: Database) -> None:
    for n in range(3):
        with database.write() as session:
            add_organisation(session, f"公司{n}")
    with database.read() as session:
        assert list(session.scalars(select(ChangeLog.seq))) == [1, 2, 3]
        assert all(c.at.tzinfo is not None for c in session.scalars(select(ChangeLog)))


def test_change_made_in_a_reading_session_is_not_logged(database: Database, demand: Demand) -> None:
    with database.read() as session:
        session.add(Organisation(name="没有写入", org_type="agency"))
    assert log_of(database, after=1) == []
