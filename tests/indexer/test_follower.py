from threading import Event

import pytest

from indexer.follow import Follower
from indexer.view import IndexView
from models.database import Database
from models.vocabulary.row import Entity
from tests.indexer.followed import OpenIndex, ids
from tests.rows import add_demand


def test_follower_takes_up_changes_when_woken(
    database: Database,
    make_synchroniser: OpenIndex,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    synchroniser = make_synchroniser()
    synchroniser.open()
    published = Event()
    catch_up = synchroniser.catch_up

    def note() -> IndexView:
        view = catch_up()
        published.set()
        return view

    monkeypatch.setattr(synchroniser, "catch_up", note)
    follower = Follower(synchroniser, interval_s=600)
    follower.start()
    assert follower.is_running
    with database.write() as session:
        created = add_demand(session).id
    follower.wake()
    assert published.wait(30)
    follower.stop()
    assert not follower.is_running
    assert created in ids(synchroniser.view, Entity.DEMAND)
    assert follower.last_error is None


def test_follower_looks_by_itself(
    make_synchroniser: OpenIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    synchroniser = make_synchroniser()
    looked = Event()
    monkeypatch.setattr(synchroniser, "catch_up", looked.set)
    follower = Follower(synchroniser, interval_s=0.001)
    follower.start()
    assert looked.wait(30)
    follower.stop()


def test_follower_survives_failures(
    make_synchroniser: OpenIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    synchroniser = make_synchroniser()
    rounds: list[int] = []
    failed, mended = Event(), Event()

    def fail_first() -> IndexView:
        rounds.append(1)
        if len(rounds) == 1:
            failed.set()
            raise RuntimeError("once")
        mended.set()
        return synchroniser.view

    monkeypatch.setattr(synchroniser, "catch_up", fail_first)
    follower = Follower(synchroniser, interval_s=600)
    follower.start()
    follower.wake()
    assert failed.wait(30)
    follower.wake()
    assert mended.wait(30)
    follower.stop()
    assert follower.last_error is None


def test_follower_that_never_started_stops(make_synchroniser: OpenIndex) -> None:
    follower = Follower(make_synchroniser())
    follower.stop()
    assert not follower.is_running


def test_failure_that_lasts_is_told_once(
    make_synchroniser: OpenIndex,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    synchroniser = make_synchroniser()
    rounds: list[int] = []
    enough = Event()

    def fail() -> IndexView:
        rounds.append(1)
        if len(rounds) == 4:
            enough.set()
        raise RuntimeError(f"time {len(rounds)}") if len(rounds) != 2 else OSError("another")

    monkeypatch.setattr(synchroniser, "catch_up", fail)
    follower = Follower(synchroniser, interval_s=0.001)
    follower.start()
    assert enough.wait(30)
    follower.stop()
    told = [record for record in caplog.records if "brought up to date" in record.message]
    assert len(told) == 3
