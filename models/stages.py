"""How long each stage of answering one question took."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ContextDecorator, contextmanager
from contextvars import ContextVar
from enum import StrEnum
from time import perf_counter
from types import TracebackType
from typing import Self

from models.deadline import check_deadline


class Stage(StrEnum):
    """A step between question and answer."""

    UNDERSTAND = "understand"
    ENCODE = "encode"
    RETRIEVE = "retrieve"
    SCORE = "score"
    CHECK = "check"
    EXPLAIN = "explain"


class Stopwatch:
    """Seconds spent in each stage; what a stage does inside another counts for itself only.

    Attributes:
        clock: Tells the time in seconds: that on the wall, or that of the processor.
    """

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self.clock = clock
        self._seconds: dict[Stage, float] = {}
        self._lock = threading.Lock()

    @property
    def seconds(self) -> Mapping[Stage, float]:
        """Seconds by stage; stages not gone through are absent."""
        with self._lock:
            return dict(self._seconds)

    def add(self, stage: Stage, seconds: float) -> None:
        """Add time to a stage."""
        with self._lock:
            self._seconds[stage] = self._seconds.get(stage, 0.0) + seconds


_watch: ContextVar[Stopwatch | None] = ContextVar("navmatch_stopwatch", default=None)
_outer: ContextVar["timed | None"] = ContextVar("navmatch_stage", default=None)


@contextmanager
def stopwatch(clock: Callable[[], float] = perf_counter) -> Iterator[Stopwatch]:
    """Time the stages gone through inside, in this task and the threads it waits for."""
    watch = Stopwatch(clock)
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)


class timed(ContextDecorator):  # noqa: N801 - used as a word: `@timed(Stage.SCORE)`
    """Counts the time inside for a stage, and does not begin one nobody waits for any more.

    It counts nothing when nobody holds a stopwatch.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._inner = 0.0

    def _recreate_cm(self) -> "timed":
        """Give each call of a decorated function a clock of its own."""
        return timed(self._stage)

    def __enter__(self) -> Self:
        check_deadline()
        self._outside = _outer.get()
        self._token = _outer.set(self)
        self._watch = _watch.get()
        self._clock = perf_counter if self._watch is None else self._watch.clock
        self._began = self._clock()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        elapsed = self._clock() - self._began
        _outer.reset(self._token)
        if self._outside is not None:
            self._outside._inner += elapsed
        if self._watch is not None:
            self._watch.add(self._stage, elapsed - self._inner)
