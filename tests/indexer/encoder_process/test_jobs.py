"""Urgent before patient, nothing without bound, nothing for nobody."""

import time

from indexer.encoder_process.jobs import URGENT_IN_A_ROW, Job, JobQueue
from indexer.encoder_process.wire import Outcome, Request, Role


def _urgent(seconds: float = 60) -> Job:
    return Job(Request(Role.QUERY, ["急"], time.monotonic() + seconds))


def _patient() -> Job:
    return Job(Request(Role.DOCUMENT, ["不急"]))


def test_urgent_job_goes_before_a_patient_one() -> None:
    queue = JobQueue()
    patient, urgent = _patient(), _urgent()
    queue.put(patient)
    queue.put(urgent)

    assert [queue.take(), queue.take()] == [urgent, patient]


def test_patient_job_gets_a_turn_after_some_urgent_ones() -> None:
    queue = JobQueue()
    patient = _patient()
    queue.put(patient)
    for _ in range(URGENT_IN_A_ROW + 1):
        queue.put(_urgent())

    assert patient not in [queue.take() for _ in range(URGENT_IN_A_ROW)]
    assert queue.take() is patient


def test_queue_takes_no_more_than_it_may() -> None:
    queue = JobQueue(max_urgent=1, max_patient=2)

    assert [queue.put(_urgent()) for _ in range(2)] == [True, False]
    assert [queue.put(_patient()) for _ in range(3)] == [True, True, False]


def test_queue_takes_sixty_four_questions_and_sixteen_texts_to_keep() -> None:
    queue = JobQueue()

    assert [queue.put(_urgent()) for _ in range(65)] == [True] * 64 + [False]
    assert [queue.put(_patient()) for _ in range(17)] == [True] * 16 + [False]


def test_queue_says_how_many_of_each_kind_wait() -> None:
    queue = JobQueue()
    for job in (_urgent(), _urgent(), _patient()):
        queue.put(job)
    assert queue.lengths() == (2, 1)
    queue.take()
    assert queue.lengths() == (1, 1)


def test_job_that_is_late_is_answered_and_passed_by() -> None:
    queue = JobQueue()
    late, next_one = _urgent(seconds=-1), _urgent()
    queue.put(late)
    queue.put(next_one)

    assert queue.take() is next_one
    assert late.wait().outcome is Outcome.LATE


def test_job_put_back_is_the_next_of_its_kind() -> None:
    queue = JobQueue()
    first, second = _patient(), _patient()
    queue.put(second)
    queue.put_back(first)

    assert queue.take() is first
