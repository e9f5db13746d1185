from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from time import monotonic

import pytest

from models.deadline import DeadlineError, due_at
from models.stages import Stage, stopwatch, timed


@pytest.fixture
def ticks() -> list[float]:
    """What moves the clock of a stopwatch when something is added to it."""
    return [0.0]


def _by(ticks: list[float]) -> Callable[[], float]:
    return lambda: sum(ticks)


def test_inner_stage_counts_for_itself_only(ticks: list[float]) -> None:
    with stopwatch(_by(ticks)) as watch, timed(Stage.UNDERSTAND):
        ticks.append(2)
        with timed(Stage.ENCODE):
            ticks.append(5)
        ticks.append(1)
    assert watch.seconds == {Stage.ENCODE: 5, Stage.UNDERSTAND: 3}


def test_stage_gone_through_twice_adds_up(ticks: list[float]) -> None:
    @timed(Stage.SCORE)
    def score(depth: int) -> None:
        ticks.append(1)
        if depth:
            score(depth - 1)

    with stopwatch(_by(ticks)) as watch:
        score(2)
        score(0)
    assert watch.seconds == {Stage.SCORE: 4}


def test_thread_in_the_same_context_is_counted(ticks: list[float]) -> None:
    def work() -> None:
        with timed(Stage.RETRIEVE):
            ticks.append(3)

    with stopwatch(_by(ticks)) as watch, ThreadPoolExecutor(1) as pool:
        pool.submit(copy_context().run, work).result()
    assert watch.seconds == {Stage.RETRIEVE: 3}


def test_time_before_an_error_counts(ticks: list[float]) -> None:
    def fail() -> None:
        with timed(Stage.CHECK):
            ticks.append(1)
            raise LookupError

    with stopwatch(_by(ticks)) as watch, pytest.raises(LookupError):
        fail()
    assert watch.seconds == {Stage.CHECK: 1}


def test_nobody_is_timed_without_stopwatch() -> None:
    with timed(Stage.EXPLAIN):
        pass
    with stopwatch() as watch:
        pass
    assert watch.seconds == {}


def test_stage_is_not_begun_after_the_deadline() -> None:
    with due_at(monotonic() - 1), pytest.raises(DeadlineError), timed(Stage.SCORE):
        pytest.fail("it was begun")
