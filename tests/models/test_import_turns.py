from datetime import UTC, datetime, timedelta

import pytest

from models import import_jobs
from models.database import Database
from models.import_job import ImportJob
from models.import_turns import (
    HOLD_FOR,
    MAX_TRIES,
    RETRY_AFTER,
    Worker,
    free_imports,
    held_import,
    note_progress,
    put_back,
    put_off,
    somebody_waits,
    take_import,
)
from models.vocabulary.access import Role
from models.vocabulary.row import ImportState

NOW = datetime(2026, 3, 2, tzinfo=UTC)
HERE = Worker("here", "1")
THERE = Worker("there", "1")
AGAIN = Worker("here", "2")


def add(database: Database, owner: str, at: datetime = NOW) -> str:
    job = ImportJob(role=Role.BASE_STAFF, owner_id=owner, kind="demands", name="表")
    job.state, job.created_at = ImportState.RUNNING, at
    with database.write() as session:
        import_jobs.add_import(session, job, b"content")
    return job.id


def taken(database: Database, worker: Worker, at: datetime = NOW) -> tuple[str, bool] | None:
    with database.write() as session:
        found = take_import(session, worker, at)
        return None if found is None else (found.job.id, found.is_left_behind)


def test_what_one_holds_nobody_elsewhere_takes(database: Database) -> None:
    key = add(database, "a")
    assert taken(database, HERE) == (key, False)
    assert taken(database, THERE) is None
    with database.write() as session:
        assert held_import(session, key, THERE, NOW) is None
        assert held_import(session, key, HERE, NOW) is not None


def test_what_was_held_too_long_goes_to_others_who_know(database: Database) -> None:
    key = add(database, "a")
    taken(database, HERE)
    assert taken(database, THERE, NOW + HOLD_FOR) == (key, True)
    with database.write() as session:
        assert held_import(session, key, HERE, NOW) is None


def test_next_worker_of_a_place_takes_up_what_the_last_left(database: Database) -> None:
    key = add(database, "a")
    taken(database, HERE)
    assert taken(database, AGAIN) == (key, True)


def test_sheet_that_is_put_back_leaves_no_doubt_and_no_try(database: Database) -> None:
    key = add(database, "a")
    taken(database, HERE)
    with database.write() as session:
        job = held_import(session, key, HERE, NOW)
        assert job is not None
        put_back(job)
        assert job.n_tries == 0
    assert taken(database, THERE) == (key, False)


def test_owners_take_turns(database: Database) -> None:
    keys = {owner: [add(database, owner) for _ in range(2)] for owner in ("a", "b")}
    order = []
    for minute in range(1, 5):
        at = NOW + timedelta(minutes=minute)
        found = taken(database, HERE, at)
        assert found is not None
        order.append(found[0])
        with database.write() as session:
            job = session.get_one(ImportJob, found[0])
            assert somebody_waits(session, job, HERE, at) == (minute < 4)
            job.state = ImportState.DONE
    assert order == [keys["a"][0], keys["b"][0], keys["a"][1], keys["b"][1]]


def test_who_was_served_before_still_goes_before_newcomers(database: Database) -> None:
    add(database, "a")
    waiting = add(database, "a")
    taken(database, HERE, NOW + timedelta(minutes=1))
    add(database, "new", at=NOW + timedelta(minutes=2))
    found = taken(database, THERE, NOW + timedelta(minutes=3))
    assert found is not None
    assert found[0] == waiting


def test_tries_are_further_and_further_apart_and_end(database: Database) -> None:
    key, at = add(database, "a"), NOW
    for wait in RETRY_AFTER:
        assert taken(database, HERE, at) is not None
        with database.write() as session:
            job = held_import(session, key, HERE, at)
            assert job is not None
            assert put_off(job, at)
        at += wait
        with database.read() as session:
            assert not free_imports(session, HERE, at - timedelta(seconds=1))
    assert taken(database, HERE, at) == (key, True)
    with database.write() as session:
        job = held_import(session, key, HERE, at)
        assert job is not None
        assert job.n_tries == MAX_TRIES
        assert not put_off(job, at)


@pytest.mark.parametrize(("state", "left"), [(ImportState.RUNNING, 1), (ImportState.CHECKING, 3)])
def test_progress_counts_where_the_next_try_goes_on(state: ImportState, left: int) -> None:
    job = ImportJob(state=state, n_tries=3)
    note_progress(job)
    assert job.n_tries == left
