import time
from contextvars import copy_context

import pytest

from models.deadline import DeadlineError, check_deadline, due_at, time_left


def test_without_deadline_there_is_no_end() -> None:
    assert time_left() is None
    check_deadline()


def test_deadline_not_reached_lets_work_go_on() -> None:
    with due_at(time.monotonic() + 60):
        check_deadline()
        left = time_left()
    assert left is not None
    assert 0 < left <= 60


def test_deadline_passed_stops_work() -> None:
    with due_at(time.monotonic()), pytest.raises(DeadlineError):
        check_deadline()


def test_deadline_goes_along_into_copied_contexts() -> None:
    with due_at(time.monotonic()):
        context = copy_context()
    with pytest.raises(DeadlineError):
        context.run(check_deadline)
    check_deadline()
