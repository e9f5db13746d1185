"""What uploaded sheets ask the database: taking one in, how far it is, letting it go."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from models.acting import elevated
from models.errors import NotFoundError
from models.import_job import ImportFile, ImportJob, ImportRefusal
from models.vocabulary.row import ImportState

OPEN_STATES: Final = (ImportState.CHECKING, ImportState.RUNNING)
"""States in which somebody has to work on a sheet."""

_PART: Final = "imports"


def add_import(session: Session, job: ImportJob, content: bytes) -> None:
    """Store an uploaded sheet; only the service itself writes these tables."""
    with elevated(session, _PART):
        session.add(job)
        session.flush()
        session.add(ImportFile(job_id=job.id, content=content))
        session.flush()


def find_import(session: Session, job_id: str) -> ImportJob:
    """Return an uploaded sheet.

    Raises:
        NotFoundError: there is none that whoever asks may see.
    """
    found = session.scalars(select(ImportJob).where(ImportJob.id == job_id)).one_or_none()
    if found is None:
        raise NotFoundError("没有这次导入：编号不对，已超过保留期，或不是您单位的。", id=job_id)
    return found


def list_imports(session: Session, after: str | None, limit: int) -> list[ImportJob]:
    """Return uploaded sheets, the newest first."""
    wanted = select(ImportJob).order_by(ImportJob.id.desc()).limit(limit)
    if after is not None:
        wanted = wanted.where(ImportJob.id < after)
    return list(session.scalars(wanted))


def count_imports(session: Session) -> int:
    """Return how many uploaded sheets there are."""
    return session.scalar(select(func.count()).select_from(ImportJob)) or 0


def count_open_imports(session: Session, job: ImportJob) -> int:
    """Return how many sheets from where one comes somebody still has to work on."""
    wanted = select(func.count()).select_from(ImportJob)
    open_ones = wanted.where(ImportJob.state.in_(OPEN_STATES), _from_where(job))
    return session.scalar(open_ones) or 0


def content_of(session: Session, job_id: str) -> bytes:
    """Return an uploaded file as it came; empty when it is gone."""
    wanted = select(ImportFile.content).where(ImportFile.job_id == job_id)
    return session.scalar(wanted) or b""


def refusals_of(
    session: Session, job_id: str, after: int = 0, limit: int | None = None
) -> list[ImportRefusal]:
    """Return the refused rows of a sheet below a row, in order."""
    wanted = select(ImportRefusal).where(ImportRefusal.job_id == job_id, ImportRefusal.row > after)
    return list(session.scalars(wanted.order_by(ImportRefusal.row).limit(limit)))


def keep_refusals(session: Session, refusals: Sequence[ImportRefusal]) -> None:
    """Store refused rows; one that was answered before gets the newer answer."""
    for refusal in refusals:
        session.merge(refusal)


def forget_refusals(session: Session, job_id: str) -> None:
    """Remove the refused rows of a sheet, before it is gone through once more."""
    session.execute(delete(ImportRefusal).where(ImportRefusal.job_id == job_id))


def drop_import(session: Session, job_id: str) -> None:
    """Remove a sheet with its file and answers; what was imported from it stays."""
    with elevated(session, _PART):
        _drop(session, [job_id])


def drop_old_imports(session: Session, before: datetime) -> int:
    """Remove the sheets uploaded before a moment; returns how many went."""
    old = list(session.scalars(select(ImportJob.id).where(ImportJob.created_at < before)))
    _drop(session, old)
    return len(old)


def drop_beyond(session: Session, job: ImportJob, keep: int) -> None:
    """Remove the oldest sheets from where one comes, but those somebody works on."""
    with elevated(session, _PART):
        wanted = select(ImportJob.id).where(_from_where(job), ImportJob.state.not_in(OPEN_STATES))
        kept = wanted.order_by(ImportJob.id.desc()).offset(keep)
        _drop(session, list(session.scalars(kept)))


def forget_imports(session: Session, owners: Sequence[str | None], before: datetime) -> int:
    """Remove sheets that may hold the texts of rows these owners had before a moment.

    Whoever works for no organisation may have brought rows of any.
    """
    of_owners = or_(
        ImportJob.owner_id.is_(None), ImportJob.owner_id.in_([o for o in owners if o is not None])
    )
    wanted = select(ImportJob.id).where(of_owners, ImportJob.created_at < before)
    found = list(session.scalars(wanted))
    _drop(session, found)
    return len(found)


def forget_imports_of(session: Session, senders: Sequence[str]) -> int:
    """Remove the sheets these people sent, for whomever; returns how many went."""
    found = list(session.scalars(select(ImportJob.id).where(ImportJob.created_by.in_(senders))))
    _drop(session, found)
    return len(found)


def _from_where(job: ImportJob) -> ColumnElement[bool]:
    """Return the condition of sheets of the same organisation, or of the same sender without one.

    Those who answer for a region have none either, and must not push one another's sheets out.
    """
    if job.owner_id is not None:
        return ImportJob.owner_id == job.owner_id
    return and_(ImportJob.owner_id.is_(None), ImportJob.created_by == job.created_by)


def _drop(session: Session, ids: Sequence[str]) -> None:
    for table, column in (
        (ImportRefusal, ImportRefusal.job_id),
        (ImportFile, ImportFile.job_id),
        (ImportJob, ImportJob.id),
    ):
        if ids:
            session.execute(
                delete(table).where(column.in_(ids)),
                execution_options={"synchronize_session": False},
            )
