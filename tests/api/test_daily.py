"""The day's work is done once a day, and again when it failed."""

import threading
from datetime import date, timedelta

import pytest

from api.daily import DailyRounds

DAY = date(2026, 11, 25)


def test_work_is_done_once_a_day() -> None:
    days = [DAY, DAY, DAY + timedelta(days=1)]
    done: list[int] = []
    rounds = DailyRounds(lambda: done.append(1), lambda: days.pop(0))
    assert [rounds.make(), rounds.make(), rounds.make()] == [True, False, True]
    assert len(done) == 2


def test_failed_work_is_tried_again_the_same_day() -> None:
    outcomes = [RuntimeError("locked"), None]

    def work() -> None:
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome

    rounds = DailyRounds(work, lambda: DAY)
    with pytest.raises(RuntimeError):
        rounds.make()
    assert rounds.make()


def test_start_goes_on_when_the_work_fails(caplog: pytest.LogCaptureFixture) -> None:
    outcomes = [OSError("No space left on device"), None]

    def work() -> None:
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome

    rounds = DailyRounds(work, lambda: DAY)
    rounds.try_to_make()
    assert "tried again" in caplog.text
    assert rounds.make()


def test_thread_does_the_work_and_stops() -> None:
    done = threading.Event()
    rounds = DailyRounds(done.set, lambda: DAY, interval_s=0.001)
    rounds.start()
    rounds.start()
    assert done.wait(10)
    rounds.stop()


def test_stop_before_start_is_harmless() -> None:
    DailyRounds(lambda: None, lambda: DAY).stop()
