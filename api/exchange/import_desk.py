"""The rows that say how far uploaded sheets are, for the one worker that holds a sheet."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from api.exchange.placing import ColumnPlaces
from api.exchange.results import RowResult, RowStatus
from api.exchange.types import RowFile
from api.exchange.uploading import AUDITED
from api.wiring import Service
from models import import_jobs, import_turns
from models.audit_trail import record
from models.database import Session
from models.errors import NavmatchError
from models.import_job import MAX_FAULT_CHARS, ImportJob, ImportRefusal
from models.import_turns import MAX_TRIES, Taken, Worker
from models.secret_file import read_secret
from models.viewer import acting_as, system
from models.vocabulary.access import AuditAction, AuditResult
from models.vocabulary.row import ImportState

PLACE_FILE: Final = "import-place"
"""In the data folder: tells the workers of one installation from those of another."""

PART: Final = "imports"


class ImportDesk:
    """Takes sheets up, notes how far they are and puts them back; each is one transaction.

    Once another worker holds a sheet, or its sender has let it go, nothing is noted any more.
    """

    def __init__(self, service: Service, now: Callable[[], datetime]) -> None:
        """Take the installation and what gives the present moment."""
        self._service = service
        self._now = now
        self._worker: Worker | None = None

    def take(self) -> tuple[Taken, bytes] | None:
        """Take up the sheet whose turn it is, with its file; None when none waits."""
        with acting_as(system(PART)):
            with self._service.database.read() as session:
                if not import_turns.free_imports(session, self._me, self._now()):
                    return None  # looking disturbs nobody who writes
            with self._service.database.write() as session:
                taken = import_turns.take_import(session, self._me, self._now())
                if taken is None:
                    return None
                return taken, import_jobs.content_of(session, taken.job.id)

    def begin(self, job_id: str, file: RowFile, places: ColumnPlaces) -> int | None:
        """Return the row after which the work goes on; None when the sheet is gone.

        Looking through begins anew: it stores nothing, and what comes twice in a sheet is only
        seen by whoever has seen it all.
        """
        with self._noting(job_id) as (session, job):
            if job is None:
                return None
            if job.state is ImportState.CHECKING or not job.after_row:
                import_jobs.forget_refusals(session, job.id)
                job.n_created = job.n_updated = job.n_unchanged = job.n_refused = 0
                job.after_row = 0
            job.n_rows = file.n_rows
            job.told = {
                **job.told,
                "note": file.note,
                "sheet": file.sheet,
                "headings": list(file.headings),
                "columns": places.meanings(),
            }
            return job.after_row

    def note(self, job_id: str, answers: Sequence[RowResult], places: ColumnPlaces) -> bool:
        """Note what became of some rows; returns whether the sheet is still held."""
        refused = [answer for answer in answers if answer.status is RowStatus.REFUSED]
        with self._noting(job_id) as (session, job):
            if job is None:
                return False
            counts = Counter(answer.status for answer in answers)
            job.n_created += counts[RowStatus.CREATED]
            job.n_updated += counts[RowStatus.UPDATED]
            job.n_unchanged += counts[RowStatus.UNCHANGED]
            job.n_refused += counts[RowStatus.REFUSED]
            job.after_row = answers[-1].number
            import_turns.note_progress(job)
            import_jobs.keep_refusals(
                session, [_refusal(job.id, places, answer) for answer in refused]
            )
        return True

    def finish(self, job_id: str, seen: dict[str, Any]) -> None:
        """End a sheet that was gone through; with what was seen where it was looked through."""
        with self._noting(job_id) as (_, job):
            if job is None:
                return
            is_check = job.state is ImportState.CHECKING
            self._close(job, ImportState.CHECKED if is_check else ImportState.DONE)
            if is_check:
                job.told = {**job.told, **seen}

    def put_back(self, job_id: str) -> None:
        """Let a sheet go on elsewhere or later."""
        with self._noting(job_id) as (_, job):
            if job is not None:
                import_turns.put_back(job)

    def put_off(self, job_id: str, error: Exception) -> None:
        """Try a sheet again later, unless that was done often enough."""
        with self._noting(job_id) as (_, job):
            if job is None or import_turns.put_off(job, self._now()):
                return
        reason = "服务的磁盘或内存出了问题。"
        if isinstance(error, NavmatchError):
            reason = error.message
        self.stop(job_id, f"因服务的缘故，试了 {MAX_TRIES} 次都没有做完：{reason}")

    def stop(self, job_id: str, reason: str, result: AuditResult = AuditResult.FAILED) -> None:
        """End a sheet in the middle, and say what became of its rows."""
        with self._noting(job_id) as (session, job):
            if job is not None:
                record(session, AuditAction.IMPORT, AUDITED, job.id, result)
                self._close(job, ImportState.FAILED)
                is_between = result is AuditResult.DENIED  # it was looked at between two chunks
                job.fault = f"{reason}{_left_of(job, is_between=is_between)}"[:MAX_FAULT_CHARS]

    def fail(self, job_id: str, fault: str) -> None:
        """End a sheet nothing can be done with."""
        with self._noting(job_id) as (_, job):
            if job is not None:
                self._close(job, ImportState.FAILED)
                job.fault = fault[:MAX_FAULT_CHARS]

    def others_wait(self, job: ImportJob) -> bool:
        """Return whether a sheet of another organisation waits for its turn."""
        with acting_as(system(PART)), self._service.database.read() as session:
            return import_turns.somebody_waits(session, job, self._me, self._now())

    @property
    def _me(self) -> Worker:
        """Who works here; one place is one data folder, of which one process leads."""
        if self._worker is None:
            place = read_secret(self._service.settings.data_dir / PLACE_FILE).hex()[:16]
            self._worker = Worker(place, secrets.token_hex(8))
        return self._worker

    def _close(self, job: ImportJob, state: ImportState) -> None:
        job.state, job.ended_at = state, self._now()
        import_turns.reset_turns(job)

    @contextmanager
    def _noting(self, job_id: str) -> Iterator[tuple[Session, ImportJob | None]]:
        """Give a sheet to be changed; None when it is held no more."""
        with acting_as(system(PART)), self._service.database.write() as session:
            yield session, import_turns.held_import(session, job_id, self._me, self._now())


def _left_of(job: ImportJob, *, is_between: bool) -> str:
    """Return what became of the rows of a sheet that was not gone through to its end.

    What fails within some rows may have stored the first of them.
    """
    if job.begun_at is None:
        return "什么也没有写入。"
    n_left = max(job.n_rows - job.n_done, 0)
    least = "" if is_between else "至少"
    return (
        f"已写入的{least} {job.n_created + job.n_updated} 行保留，还有 {n_left} 行没有处理完；"
        "问题解决后请重新上传，已写入的不会重复。"
    )


def _refusal(job_id: str, places: ColumnPlaces, answer: RowResult) -> ImportRefusal:
    problems = [places.told(answer.number, problem) for problem in answer.errors]
    return ImportRefusal(job_id=job_id, row=answer.number, problems=problems)
