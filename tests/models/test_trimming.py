from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from models import feed
from models.base import now_utc
from models.change import ChangeLog
from models.database import Database
from tests.rows import add_organisation

OLD = now_utc() - timedelta(days=40)
BEFORE = now_utc() - timedelta(days=30)


@pytest.fixture
def log(database: Database) -> Database:
    """A change log of ten entries, the first six of them old."""
    for number in range(10):
        with database.write() as session:
            add_organisation(session, f"公司{number}")
    with database.write() as session:
        session.execute(update(ChangeLog).where(ChangeLog.seq <= 6).values(at=OLD))
    return database


def kept(database: Database) -> list[int]:
    with database.read() as session:
        return list(session.scalars(select(ChangeLog.seq).order_by(ChangeLog.seq)))


def trim(database: Database, keep_from: int, before: datetime = BEFORE, limit: int = 100) -> int:
    with database.write() as session:
        return feed.trim_changes(session, before, keep_from, limit)


def test_trim_removes_what_is_old(log: Database) -> None:
    assert trim(log, keep_from=9) == 6
    assert kept(log) == [7, 8, 9, 10]
    assert trim(log, keep_from=9) == 0


def test_trim_keeps_what_a_generation_follows_from(log: Database) -> None:
    assert trim(log, keep_from=4) == 3
    assert kept(log)[0] == 4


def test_trim_keeps_the_newest_entry(log: Database) -> None:
    assert trim(log, keep_from=100, before=now_utc()) == 9
    assert kept(log) == [10]
    with log.write() as session:
        add_organisation(session)
    assert kept(log) == [10, 11]


def test_trim_removes_no_more_than_asked(log: Database) -> None:
    assert trim(log, keep_from=9, limit=2) == 2
    assert kept(log)[0] == 3


def test_trim_leaves_no_hole_where_the_clock_jumped(log: Database) -> None:
    with log.write() as session:
        session.execute(update(ChangeLog).where(ChangeLog.seq == 3).values(at=now_utc()))
    assert trim(log, keep_from=9) == 2
    assert kept(log)[0] == 3


def test_trim_of_an_empty_log_removes_nothing(database: Database) -> None:
    assert trim(database, keep_from=9) == 0


def test_log_says_whether_its_beginning_is_gone(log: Database) -> None:
    with log.read() as session:
        assert not feed.is_cut(session)
    trim(log, keep_from=9)
    with log.read() as session:
        assert feed.is_cut(session)
