from datetime import timedelta

import pytest
from sqlalchemy import update

from models import import_jobs
from models.base import now_utc
from models.database import Database
from models.demand import Demand
from models.erasure import Erasable, erase
from models.errors import NotFoundError
from models.identity import Person
from models.import_job import ImportFile, ImportJob, ImportRefusal
from models.viewer import Viewer, acting_as
from models.vocabulary.access import Role
from models.vocabulary.row import ImportState
from tests.rows import add_demand, add_organisation

OWN = "og_01JZX3V8Q4W6T2N9K7M5R1C0BD"
OTHER = "og_01JZX3V8Q4W6T2N9K7M5R1C0BE"


def viewer(owner: str | None, role: Role = Role.BASE_STAFF, region: str = "320500") -> Viewer:
    return Viewer(role, "us_1", owner, region)


def uploaded(database: Database, owner: str | None, state: ImportState) -> str:
    job = ImportJob(
        role=Role.BASE_STAFF, owner_id=owner, owner_region="320500", kind="demands", name="表"
    )
    job.state = state
    with database.write() as session:
        import_jobs.add_import(session, job, b"content")
        session.add(ImportRefusal(job_id=job.id, row=2, problems=[{"code": "x"}]))
    return job.id


@pytest.mark.parametrize(
    ("who", "is_seen"),
    [
        (viewer(OWN), True),
        (viewer(OTHER), False),
        (viewer(OWN, Role.WIDGET), False),
        (viewer(None, Role.REGIONAL_OPERATOR, "320000"), True),
        (viewer(None, Role.REGIONAL_OPERATOR, "440000"), False),
        (viewer(None, Role.OPERATOR), True),
    ],
)
def test_sheet_is_seen_by_its_owner_with_file_and_refusals(
    database: Database, who: Viewer, is_seen: bool
) -> None:
    key = uploaded(database, OWN, ImportState.CHECKED)
    with acting_as(who), database.read() as session:
        assert [job.id for job in import_jobs.list_imports(session, None, 9)] == [key] * is_seen
        assert import_jobs.content_of(session, key) == b"content" * is_seen
        assert len(import_jobs.refusals_of(session, key)) == is_seen
        assert import_jobs.count_imports(session) == is_seen
        if not is_seen:
            with pytest.raises(NotFoundError):
                import_jobs.find_import(session, key)


def test_member_takes_a_sheet_in_and_lets_it_go(database: Database) -> None:
    with acting_as(viewer(OWN)):
        key = uploaded_as_member(database)
        with database.write() as session:
            import_jobs.drop_import(session, key)
        with database.read() as session:
            assert import_jobs.list_imports(session, None, 9) == []


def uploaded_as_member(database: Database) -> str:
    job = ImportJob(role=Role.BASE_STAFF, owner_id=OWN, kind="demands", name="表")
    with database.write() as session:
        import_jobs.add_import(session, job, b"content")
    return job.id


def test_oldest_beyond_a_number_go_but_none_somebody_works_on(database: Database) -> None:
    running = uploaded(database, OWN, ImportState.RUNNING)
    others = [uploaded(database, OWN, ImportState.DONE) for _ in range(3)]
    foreign = uploaded(database, OTHER, ImportState.DONE)
    with database.write() as session:
        import_jobs.drop_beyond(session, ImportJob(owner_id=OWN), 1)
    with database.read() as session:
        kept = {job.id for job in import_jobs.list_imports(session, None, 9)}
        assert kept == {running, others[-1], foreign}
        assert import_jobs.count_open_imports(session, ImportJob(owner_id=OWN)) == 1


def test_who_has_no_organisation_pushes_out_only_their_own(database: Database) -> None:
    with database.write() as session:
        for sender in ("us_1", "us_2"):
            for _ in range(2):
                job = ImportJob(
                    role=Role.REGIONAL_OPERATOR,
                    created_by=sender,
                    kind="demands",
                    name=sender,
                    state=ImportState.DONE,
                )
                import_jobs.add_import(session, job, b"content")
        import_jobs.drop_beyond(session, ImportJob(created_by="us_1"), 0)
    with database.read() as session:
        assert [job.name for job in import_jobs.list_imports(session, None, 9)] == ["us_2"] * 2


def test_old_sheets_are_dropped_with_all_that_is_theirs(database: Database) -> None:
    uploaded(database, OWN, ImportState.DONE)
    with database.write() as session:
        assert import_jobs.drop_old_imports(session, now_utc() - timedelta(days=1)) == 0
        assert import_jobs.drop_old_imports(session, now_utc() + timedelta(days=1)) == 1
    with database.read() as session:
        for table in (ImportJob, ImportFile, ImportRefusal):
            assert session.query(table).count() == 0


def test_erasing_a_row_takes_the_sheets_that_may_have_brought_it(database: Database) -> None:
    with database.write() as session:
        owner = add_organisation(session, "某基地").id
        demand_id = add_demand(session).id
        session.execute(update(Demand).where(Demand.id == demand_id).values(owner_id=owner))
    for possible in (owner, None):
        uploaded(database, possible, ImportState.DONE)
    kept = uploaded(database, OTHER, ImportState.DONE)
    with database.write() as session:
        erase(session, Erasable.DEMAND, demand_id)
    with database.read() as session:
        assert [job.id for job in import_jobs.list_imports(session, None, 9)] == [kept]


def test_erasing_a_person_takes_the_sheets_they_sent(database: Database) -> None:
    with database.write() as session:
        leaving, staying = (
            Person(
                login=login,
                login_key=login,
                name="示例人员",
                password_hash="none",  # noqa: S106 - opens nothing
            )
            for login in ("leaving", "staying")
        )
        session.add_all([leaving, staying])
        session.flush()
        for sender in (leaving.id, staying.id):
            for owner in (OWN, OTHER, None):
                job = ImportJob(
                    role=Role.BASE_STAFF,
                    created_by=sender,
                    confirmed_by=leaving.id,
                    owner_id=owner,
                    kind="demands",
                    name=sender,
                )
                import_jobs.add_import(session, job, b"content")
        erase(session, Erasable.PERSON, leaving.id)
    with database.read() as session:
        kept = import_jobs.list_imports(session, None, 9)
        assert [job.name for job in kept] == [staying.id] * 3
        assert session.query(ImportFile).count() == 3
