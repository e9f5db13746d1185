"""Working through uploaded sheets aside: looking, then importing, going on where it stopped.

The worker that leads does it, in a thread of its own, one sheet after the other. What a chunk of
rows brings is stored before the place that was reached; a process that dies between the two does
that chunk again, and finds its rows stored.
"""

import logging
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from api.exchange.cells import CellReader
from api.exchange.columns import ImportKind
from api.exchange.importing import Importer
from api.exchange.placing import ColumnPlaces
from api.exchange.previewing import Preview
from api.exchange.read import open_rows
from api.exchange.records import TABLES
from api.exchange.results import OF_ALL_ROWS, RowResult, RowStatus
from api.exchange.rows import RowReader
from api.exchange.types import FileRefusedError, RowFile
from api.exchange.uploading import NAME
from api.wiring import Service
from models import import_jobs, repository
from models.base import Row
from models.database import Session
from models.import_job import MAX_FAULT_CHARS, ImportJob, ImportRefusal
from models.occasion import Occasion, during
from models.viewer import Viewer, acting_as, system
from models.vocabulary import ImportState

LOOK_EVERY_S: Final = 2.0
"""Seconds between two looks for a sheet another worker took in."""

STOP_S: Final = 30.0
"""How long a stop waits for the rows under way."""

THREAD: Final = "imports"

_log = logging.getLogger("navmatch.import")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet that is worked on.

    Attributes:
        job: What it was when the work began.
        file: Its rows.
        importer: Answers them.
        reader: Reads them.
        places: Its columns.
        preview: Its first rows as they are understood.
    """

    job: ImportJob
    file: RowFile
    importer: Importer
    reader: RowReader
    places: ColumnPlaces
    preview: Preview


class ImportWork:
    """A thread that works on the uploaded sheets of an installation."""

    def __init__(
        self,
        service: Service,
        leads: Callable[[], bool],
        now: Callable[[], datetime],
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        """Set whether it is for this worker to do, and how often to look."""
        self._service = service
        self._leads = leads
        self._now = now
        self._look_every_s = look_every_s
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._idle = threading.Event()
        self._is_failing = False
        self._thread = threading.Thread(target=self._run, name=THREAD, daemon=True)

    def start(self) -> None:
        """Begin to look for sheets."""
        self._thread.start()

    def wake(self) -> None:
        """Look at once: there is a sheet."""
        self._idle.clear()
        self._woken.set()

    def wait_idle(self, limit_s: float) -> bool:
        """Return whether all that waited when this was asked is done within a time."""
        return self._idle.wait(limit_s)

    def stop(self) -> None:
        """Stop after the rows under way; the sheet goes on elsewhere or later."""
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def look(self) -> None:
        """Work on all sheets that wait, one after the other."""
        while not self._stopping.is_set() and self._leads():
            with acting_as(system(THREAD)), self._service.database.read() as session:
                job = import_jobs.next_import(session)
                content = import_jobs.content_of(session, job.id) if job is not None else b""
            if job is None:
                return
            self._work(job, content)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                self.look()
                self._is_failing = False
            except Exception:
                if not self._is_failing:
                    _log.exception("importing a sheet stopped; it goes on from there")
                self._is_failing = True
            if not self._woken.is_set():
                self._idle.set()
            self._woken.wait(self._look_every_s)

    def _work(self, job: ImportJob, content: bytes) -> None:
        viewer = Viewer(job.role, job.created_by, job.owner_id, job.owner_region)
        with acting_as(viewer), during(Occasion(THREAD)), tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{NAME}.{job.told['format']}"
            path.write_bytes(content)
            try:
                self._go_through(self._opened(job, path))
            except FileRefusedError as error:
                self._end(job.id, ImportState.FAILED, error.message)
            except OF_ALL_ROWS:
                raise
            except Exception:
                _log.exception("importing a sheet failed")
                self._end(job.id, ImportState.FAILED, "程序内部出错，没有做完；原因已记入日志。")

    def _opened(self, job: ImportJob, path: Path) -> _Sheet:
        kind = ImportKind(job.kind)
        file = open_rows(path, job.sheet)
        reader = RowReader(kind, CellReader(self._service.vocabularies))
        is_check = job.state is ImportState.CHECKING
        importer = Importer(self._service, reader, commit=not is_check, owner_id=job.owner_id)
        preview = Preview(kind, self._service.vocabularies, job.owner_id)
        importer.understood = preview.take
        return _Sheet(job, file, importer, reader, ColumnPlaces(reader, file.headings), preview)

    def _go_through(self, sheet: _Sheet) -> None:
        """Answer the rows from where the work stopped, noting the place after every few.

        Who leads no more leaves the rest to whoever does: two would store the same rows.
        """
        after = self._begin(sheet)
        if after is None:
            return
        is_resumed = after > 0
        rows = (row for row in sheet.file.rows if row.number > after)
        for answers in sheet.importer.chunks(rows):
            told = self._as_first_told(sheet.job, answers) if is_resumed else answers
            is_resumed = False
            if not self._note(sheet, told) or self._stopping.is_set() or not self._leads():
                return
        self._finish(sheet)

    def _begin(self, sheet: _Sheet) -> int | None:
        """Return the row after which the work goes on; None when the sheet is gone.

        Looking through begins anew: it stores nothing, and what comes twice in a sheet is only
        seen by whoever has seen it all.
        """
        with self._noting(sheet.job.id) as (session, job):
            if job is None:
                return None
            if job.state is ImportState.CHECKING or not job.after_row:
                import_jobs.forget_refusals(session, job.id)
                job.n_created = job.n_updated = job.n_unchanged = job.n_refused = 0
                job.after_row = 0
            job.n_rows = sheet.file.n_rows
            job.told = {
                **job.told,
                "note": sheet.file.note,
                "sheet": sheet.file.sheet,
                "headings": list(sheet.file.headings),
                "columns": sheet.places.meanings(),
            }
            return job.after_row

    def _note(self, sheet: _Sheet, answers: Sequence[RowResult]) -> bool:
        """Note what became of some rows; returns whether the sheet is still there."""
        refused = [answer for answer in answers if answer.status is RowStatus.REFUSED]
        with self._noting(sheet.job.id) as (session, job):
            if job is None:
                return False
            counts = Counter(answer.status for answer in answers)
            job.n_created += counts[RowStatus.CREATED]
            job.n_updated += counts[RowStatus.UPDATED]
            job.n_unchanged += counts[RowStatus.UNCHANGED]
            job.n_refused += counts[RowStatus.REFUSED]
            job.after_row = answers[-1].number
            import_jobs.keep_refusals(
                session, [_refusal(job.id, sheet.places, answer) for answer in refused]
            )
        return True

    def _finish(self, sheet: _Sheet) -> None:
        is_check = sheet.job.state is ImportState.CHECKING
        with self._noting(sheet.job.id) as (_, job):
            if job is not None:
                job.state = ImportState.CHECKED if is_check else ImportState.DONE
                job.ended_at = self._now()
                if is_check:
                    seen = {"preview": sheet.preview.rows, "unknown": list(sheet.reader.unknown)}
                    job.told = {**job.told, **seen}

    def _end(self, job_id: str, state: ImportState, fault: str) -> None:
        with self._noting(job_id) as (_, job):
            if job is not None:
                job.state, job.fault = state, fault[:MAX_FAULT_CHARS]
                job.ended_at = self._now()

    @contextmanager
    def _noting(self, job_id: str) -> Iterator[tuple[Session, ImportJob | None]]:
        """Give a sheet to be changed; None when its sender has let it go."""
        with acting_as(system(THREAD)), self._service.database.write() as session:
            yield session, session.get(ImportJob, job_id)

    def _as_first_told(self, job: ImportJob, answers: Sequence[RowResult]) -> list[RowResult]:
        """Return the answers an interrupted process would have given for what it had stored."""
        known = [a.id for a in answers if a.status is RowStatus.UNCHANGED and a.id is not None]
        with self._service.database.read() as session:
            rows = repository.rows_by_id(session, TABLES[ImportKind(job.kind)], known)
        return [_as_stored(job, rows.get(answer.id or ""), answer) for answer in answers]


def _as_stored(job: ImportJob, row: Row | None, answer: RowResult) -> RowResult:
    if row is None or job.begun_at is None:
        return answer
    if row.created_at >= job.begun_at and row.created_by == job.created_by:
        return replace(answer, status=RowStatus.CREATED)
    if row.updated_at >= job.begun_at:
        return replace(answer, status=RowStatus.UPDATED)
    return answer


def _refusal(job_id: str, places: ColumnPlaces, answer: RowResult) -> ImportRefusal:
    problems = [places.told(answer.number, problem) for problem in answer.errors]
    return ImportRefusal(job_id=job_id, row=answer.number, problems=problems)
