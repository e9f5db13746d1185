"""Jobs waiting to be encoded: those somebody waits for first, a bounded number of each kind."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from indexer.encoder_process.wire import Answer, Outcome, Request, no_vectors

MAX_URGENT: Final = 64
"""Requests with a deadline that may wait: more could not be served in two seconds."""

MAX_PATIENT: Final = 16
"""Requests without one that may wait; those who send them wait for an answer each."""

URGENT_IN_A_ROW: Final = 8
"""Urgent jobs after which a patient one gets a turn: the index follows even under overload."""


@dataclass(eq=False)
class Job:
    """A request on its way.

    Attributes:
        request: What was asked for.
        steps: What is left to do, a batch at a time; made by the first lane that takes it.
        lane: The lane that works on it now.
    """

    request: Request
    steps: Iterator[Answer | None] | None = None
    lane: int = 0
    _answer: Answer | None = field(default=None, init=False)
    _done: threading.Event = field(default_factory=threading.Event, init=False)

    @property
    def is_late(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.request.due is not None and time.monotonic() >= self.request.due

    def finish(self, answer: Answer) -> None:
        """Give the answer to who waits for it."""
        self.steps = None  # it holds the job: together they would wait for the collector
        self._answer = answer
        self._done.set()

    def wait(self) -> Answer:
        """Return the answer as soon as it is there."""
        self._done.wait()
        return self._answer or Answer(Outcome.FAILED, no_vectors())


class JobQueue:
    """Two queues in one: urgent jobs go first, and neither grows without bound."""

    def __init__(self, max_urgent: int = MAX_URGENT, max_patient: int = MAX_PATIENT) -> None:
        """Set how many of each kind may wait."""
        self._waiting = threading.Condition()
        self._urgent: deque[Job] = deque()
        self._patient: deque[Job] = deque()
        self._max_urgent = max_urgent
        self._max_patient = max_patient
        self._n_in_a_row = 0

    def put(self, job: Job) -> bool:
        """Take a job in; returns False when too many wait already."""
        with self._waiting:
            is_urgent = job.request.due is not None
            queue = self._urgent if is_urgent else self._patient
            if len(queue) >= (self._max_urgent if is_urgent else self._max_patient):
                return False
            queue.append(job)
            self._waiting.notify()
            return True

    def lengths(self) -> tuple[int, int]:
        """Return how many urgent jobs wait, and how many others."""
        with self._waiting:
            return len(self._urgent), len(self._patient)

    def put_back(self, job: Job) -> None:
        """Take a job in again that was begun: it is the next of its kind."""
        with self._waiting:
            (self._patient if job.request.due is None else self._urgent).appendleft(job)
            self._waiting.notify()

    def take(self) -> Job:
        """Return the next job; jobs whose time is over are answered and passed by."""
        while True:
            with self._waiting:
                self._waiting.wait_for(lambda: self._urgent or self._patient)
                job = self._next()
            if not job.is_late:
                return job
            job.finish(Answer(Outcome.LATE, no_vectors()))

    def _next(self) -> Job:
        is_turn = bool(self._patient) and self._n_in_a_row >= URGENT_IN_A_ROW
        if self._urgent and not is_turn:
            self._n_in_a_row += 1
            return self._urgent.popleft()
        self._n_in_a_row = 0
        return self._patient.popleft()
