from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from models.acting import tell
from models.audit import AuditEvent
from models.audit_trail import record
from models.database import Database, Session
from models.demand import Demand
from models.errors import ConflictError, UnavailableError
from models.failpoints import FailpointError, armed
from models.occasion import Occasion, during, name_act
from models.organisation import Organisation
from models.unit import active
from models.viewer import Viewer, acting_as, system
from models.vocabulary.access import AuditAction, AuditResult, Role
from models.vocabulary.organisation import OrganisationType
from tests.rows import add_demand, add_organisation

CLERK = Viewer(Role.BASE_STAFF, actor="ps_1", organisation_id="og_1")
OCCASION = Occasion("create_demand", request_id="req-12345", client="203.0.113.0")


def entries(database: Database) -> list[AuditEvent]:
    with database.read() as session:
        return list(session.scalars(select(AuditEvent).order_by(AuditEvent.seq)))


def test_new_row_is_entered_with_who_and_when(database: Database) -> None:
    with acting_as(CLERK), during(OCCASION), database.write() as session:
        demand = add_demand(session)
    (entry,) = entries(database)
    assert (entry.chain, entry.number, entry.actor, entry.role) == ("og_1", 1, "ps_1", CLERK.role)
    assert (entry.act, entry.action) == ("create_demand", AuditAction.CREATE)
    assert (entry.entity, entry.entity_id) == ("demand", demand.id)
    assert (entry.request_id, entry.client) == ("req-12345", "203.0.113.0")
    assert entry.before_hash is None
    assert entry.after_hash is not None
    assert entry.result is AuditResult.DONE


def test_states_of_one_row_follow_each_other(database: Database) -> None:
    with database.write() as session:
        demand = add_demand(session)
    with database.write() as session:
        session.get_one(Demand, demand.id).title = "换一个题目"
    with database.write() as session:
        session.delete(session.get_one(Demand, demand.id))
    made, changed, removed = entries(database)
    assert [e.action.value for e in (made, changed, removed)] == ["create", "update", "delete"]
    assert made.after_hash == changed.before_hash
    assert changed.before_hash != changed.after_hash
    assert changed.after_hash == removed.before_hash
    assert removed.after_hash is None


def test_chains_are_numbered_each_for_itself(database: Database) -> None:
    for viewer in (CLERK, Viewer(Role.OPERATOR, "ps_2"), CLERK):
        with acting_as(viewer), database.write() as session:
            add_demand(session)
    found = [(e.chain, e.number) for e in entries(database)]
    assert found == [("og_1", 1), ("platform", 1), ("og_1", 2)]
    first, _, second = entries(database)
    assert second.previous_mac == first.mac


def test_act_without_row_is_recorded(database: Database) -> None:
    with during(OCCASION), database.write() as session:
        name_act("sign_in")
        record(session, AuditAction.SIGN_IN, "person", "ps_9", AuditResult.FAILED)
    (entry,) = entries(database)
    assert (entry.act, entry.action, entry.result) == ("sign_in", "sign_in", "failed")
    assert (entry.entity, entry.entity_id) == ("person", "ps_9")


def test_rollback_leaves_no_entry(database: Database) -> None:
    def act_and_fail() -> None:
        with database.write() as session:
            add_demand(session)
            record(session, AuditAction.ACT)
            raise LookupError

    with pytest.raises(LookupError):
        act_and_fail()
    assert entries(database) == []


def test_failed_commit_leaves_no_entry(database: Database) -> None:
    def store_twice() -> None:
        with database.write() as session:
            add_organisation(session, source_ref="k")
            session.add(Organisation(name="乙", org_type=OrganisationType.AGENCY, source_ref="k"))

    with pytest.raises(ConflictError):
        store_twice()
    assert entries(database) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_connection_lost_in_the_middle_leaves_no_entry(database: Database) -> None:
    def lose() -> None:
        with database.write() as session:
            add_organisation(session)
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(UnavailableError):
        lose()
    assert entries(database) == []


def test_nothing_is_stored_that_cannot_be_entered(database: Database) -> None:
    def store() -> None:
        with database.write() as session:
            add_demand(session)

    with armed("before_audit:raise"), pytest.raises(FailpointError):
        store()
    with database.read() as session:
        assert session.scalars(select(Demand)).all() == []
    store()
    assert [e.number for e in entries(database)] == [1]


def test_savepoint_taken_back_takes_its_entries(database: Database) -> None:
    with database.write() as session:
        add_organisation(session, "甲")
        savepoint = session.begin_nested()
        add_organisation(session, "乙")
        savepoint.rollback()
        with session.begin_nested():
            kept = add_organisation(session, "丙")
    assert [e.entity_id for e in entries(database)][1:] == [kept.id]


def test_unit_enters_all_its_writes_at_its_commit(database: Database) -> None:
    unit = database.unit()
    with active(unit):
        for name in ("甲", "乙"):
            with database.write() as session:
                add_organisation(session, name)
    assert entries(database) == []
    database.commit(unit)
    assert [e.number for e in entries(database)] == [1, 2]


def test_unit_taken_back_enters_nothing(database: Database) -> None:
    unit = database.unit()
    with active(unit), database.write() as session:
        add_organisation(session)
    unit.rollback()
    with database.write() as session:
        add_organisation(session, "乙")
    assert [e.number for e in entries(database)] == [1]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda session: session.execute(update(AuditEvent).values(actor="other")),
        lambda session: session.execute(delete(AuditEvent)),
    ],
    ids=["update", "delete"],
)
def test_database_refuses_to_change_the_chain(
    database: Database, tamper: Callable[[Session], object]
) -> None:
    with database.write() as session:
        add_demand(session)
    with pytest.raises(ConflictError), database.write() as session:
        tamper(session)
    with database.engine.connect() as connection:
        tell(connection, system("test"))  # to others PostgreSQL shows no row to change
        with pytest.raises(IntegrityError):
            tamper(Session(connection))
    assert len(entries(database)) == 1


def test_recording_without_trail_is_a_mistake(tmp_path: object) -> None:
    plain = Database(f"sqlite:///{tmp_path}/plain.db")
    plain.migrate()
    with pytest.raises(RuntimeError), plain.write() as session:
        record(session, AuditAction.ACT)
    plain.close()
