"""Who works on which uploaded sheet: taking turns, holding one, putting it back, trying again.

Every write transaction sees what was written before it and waits for the others
(`models/database.py`): of two workers that take a sheet at once the second finds it held.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.import_job import ImportJob
from models.import_jobs import OPEN_STATES
from models.vocabulary.row import ImportState

HOLD_FOR: Final = timedelta(minutes=10)
"""How long a sheet stays with a worker that gives no sign; the few rows between two signs take
seconds, and minutes where the database is busy throughout."""

RETRY_AFTER: Final = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
)
"""How long a sheet is left alone after each try that came no further."""

MAX_TRIES: Final = len(RETRY_AFTER) + 1

_OWNER: Final = func.coalesce(ImportJob.owner_id, ImportJob.created_by, "")


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who works on sheets.

    Attributes:
        place: Where: at one place only one works at a time, so what another of the same place
            held was left behind.
        name: Who, different from everybody else anywhere.
    """

    place: str
    name: str

    @property
    def mark(self) -> str:
        """What a sheet it holds is marked with."""
        return f"{self.place}/{self.name}"


@dataclass(frozen=True, slots=True)
class Taken:
    """A sheet a worker took.

    Attributes:
        job: The sheet.
        is_left_behind: Whether the last worker may have stored rows it did not note.
    """

    job: ImportJob
    is_left_behind: bool


def take_import(session: Session, worker: Worker, now: datetime) -> Taken | None:
    """Give a worker the sheet whose turn it is; None when none waits.

    Organisations take turns: first comes the one that was served longest ago, counted at the
    earliest from when its oldest waiting sheet came. Nobody is passed over for ever, however
    many sheets others send.
    """
    free = free_imports(session, worker, now)
    if not free:
        return None
    job = _first(free, _last_served(session))
    was_left = job.taken_by is not None
    job.taken_by, job.taken_at, job.held_until = worker.mark, now, now + HOLD_FOR
    job.n_tries += 1
    return Taken(job, was_left)


def held_import(session: Session, job_id: str, worker: Worker, now: datetime) -> ImportJob | None:
    """Return a sheet a worker holds, and let it hold it on; None when it is gone or another's."""
    job = session.get(ImportJob, job_id)
    if job is None or job.taken_by != worker.mark or job.state not in OPEN_STATES:
        return None
    job.held_until = now + HOLD_FOR
    return job


def free_imports(session: Session, worker: Worker, now: datetime) -> list[ImportJob]:
    """Return the sheets a worker could take up now."""
    open_ones = session.scalars(select(ImportJob).where(ImportJob.state.in_(OPEN_STATES)))
    return [job for job in open_ones if _is_free(job, worker, now)]


def somebody_waits(session: Session, beside: ImportJob, worker: Worker, now: datetime) -> bool:
    """Return whether a sheet of another organisation could be worked on now."""
    return any(_owner(job) != _owner(beside) for job in free_imports(session, worker, now))


def note_progress(job: ImportJob) -> None:
    """Count tries anew where a next one would go on from here; looking through begins anew."""
    if job.state is ImportState.RUNNING:
        job.n_tries = 1


def put_back(job: ImportJob) -> None:
    """Let a sheet go whose rows are noted as far as they are stored: the try does not count."""
    job.taken_by = job.held_until = None
    job.n_tries = max(job.n_tries - 1, 0)


def put_off(job: ImportJob, now: datetime) -> bool:
    """Leave a sheet alone for a while; returns False when it was tried often enough."""
    if job.n_tries >= MAX_TRIES:
        return False
    job.held_until = None
    job.not_before = now + RETRY_AFTER[max(job.n_tries, 1) - 1]
    return True


def reset_turns(job: ImportJob) -> None:
    """Let a sheet wait as if nobody had worked on it."""
    job.n_tries = 0
    job.not_before = job.taken_by = job.held_until = None


def _is_free(job: ImportJob, worker: Worker, now: datetime) -> bool:
    if job.not_before is not None and job.not_before > now:
        return False
    if job.held_until is None or job.held_until <= now:
        return True
    return (job.taken_by or "").startswith(f"{worker.place}/")


def _last_served(session: Session) -> dict[str, datetime | None]:
    """Return when a sheet of each organisation was last taken up, also of those done with."""
    wanted = select(_OWNER, func.max(ImportJob.taken_at)).group_by(_OWNER)
    return {owner: at for owner, at in session.execute(wanted)}


def _first(free: Sequence[ImportJob], served: dict[str, datetime | None]) -> ImportJob:
    oldest: dict[str, datetime] = {}
    for job in free:
        owner = _owner(job)
        oldest[owner] = min(oldest.get(owner, job.created_at), job.created_at)

    def due_since(job: ImportJob) -> tuple[datetime, str]:
        owner = _owner(job)
        return max(served.get(owner) or oldest[owner], oldest[owner]), job.id

    return min(free, key=due_since)


def _owner(job: ImportJob) -> str:
    return job.owner_id or job.created_by or ""
