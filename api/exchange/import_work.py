"""Working through uploaded sheets aside: looking, then importing, going on where it stopped.

The worker that leads does it, in a thread of its own; the organisations take turns. A sheet is held
while it is worked on, so that a worker on another machine leaves it alone. What a chunk of rows
brings is stored before the place that was reached; a process that dies between the two does that
chunk again, and finds its rows stored.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from api.exchange.cells import CellReader
from api.exchange.columns import ImportKind
from api.exchange.import_desk import PART, ImportDesk
from api.exchange.import_rights import ImportRights, RightLostError
from api.exchange.importing import Importer
from api.exchange.placing import ColumnPlaces
from api.exchange.previewing import Preview
from api.exchange.read import open_rows
from api.exchange.records import TABLES
from api.exchange.results import OF_ALL_ROWS, RowResult, RowStatus
from api.exchange.rows import RowReader
from api.exchange.scratch import scratch_folder
from api.exchange.types import FileRefusedError, RawRow, RowFile
from api.exchange.uploading import NAME
from api.wiring import Service
from models import repository
from models.base import Row
from models.import_job import ImportJob
from models.import_turns import MAX_TRIES, Taken
from models.occasion import Occasion, during
from models.viewer import acting_as
from models.vocabulary.access import AuditResult
from models.vocabulary.row import ImportState

LOOK_EVERY_S: Final = 2.0
"""Seconds between two looks for a sheet another worker took in."""

STOP_S: Final = 30.0
"""How long a stop waits for the rows under way."""

TURN_S: Final = 60.0
"""How long one sheet is imported while others wait for their turn."""

_log = logging.getLogger("navmatch.import")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet that is worked on.

    Attributes:
        job: What it was when the work began.
        is_left_behind: Whether rows may be stored that are not noted.
        file: Its rows.
        importer: Answers them.
        reader: Reads them.
        places: Its columns.
        preview: Its first rows as they are understood.
    """

    job: ImportJob
    is_left_behind: bool
    file: RowFile
    importer: Importer
    reader: RowReader
    places: ColumnPlaces
    preview: Preview

    def seen(self) -> dict[str, Any]:
        """Return what there is to say of it after it was looked through."""
        return {"preview": self.preview.rows, "unknown": list(self.reader.unknown)}


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
        self._look_every_s = look_every_s
        self._desk = ImportDesk(service, now)
        self._rights = ImportRights(service.identity)
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._idle = threading.Event()
        self._is_failing = False
        self._thread = threading.Thread(target=self._run, name=PART, daemon=True)

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
            found = self._desk.take()
            if found is None:
                return
            self._work(*found)

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

    def _work(self, taken: Taken, content: bytes) -> None:
        job = taken.job
        if job.n_tries > MAX_TRIES:
            self._desk.stop(job.id, f"处理这份表格时服务中断了 {MAX_TRIES} 次，不再重试。")
            return
        try:
            viewer = self._rights.check(job)
            with acting_as(viewer), during(Occasion(PART)), _written(job, content) as path:
                self._go_through(self._opened(taken, path))
        except RightLostError as error:
            self._desk.stop(job.id, error.message, AuditResult.DENIED)
        except FileRefusedError as error:
            self._desk.fail(job.id, error.message)
        except OF_ALL_ROWS as error:
            _log.exception("importing a sheet stopped; it is tried again later")
            self._desk.put_off(job.id, error)
        except Exception:
            _log.exception("importing a sheet failed")
            self._desk.stop(job.id, "程序内部出错，没有做完；原因已记入日志。")

    def _opened(self, taken: Taken, path: Path) -> _Sheet:
        job = taken.job
        kind = ImportKind(job.kind)
        file = open_rows(path, job.sheet)
        reader = RowReader(kind, CellReader(self._service.vocabularies))
        is_check = job.state is ImportState.CHECKING
        importer = Importer(self._service, reader, commit=not is_check, owner_id=job.owner_id)
        importer.before_chunk = partial(self._rights.check, job)
        preview = Preview(kind, self._service.vocabularies, job.owner_id)
        importer.understood = preview.take
        places = ColumnPlaces(reader, file.headings)
        return _Sheet(job, taken.is_left_behind, file, importer, reader, places, preview)

    def _go_through(self, sheet: _Sheet) -> None:
        """Answer the rows from where the work stopped, noting the place after every few.

        Who leads no more leaves the rest to whoever does; a long sheet lets others go before.
        """
        job_id, begun_s = sheet.job.id, time.monotonic()
        after = self._desk.begin(job_id, sheet.file, sheet.places)
        if after is None:
            return
        in_doubt = sheet.is_left_behind
        rows = _rest(sheet, after)
        for answers in sheet.importer.chunks(rows):
            told = self._as_first_told(sheet.job, answers) if in_doubt else answers
            in_doubt = False
            if not self._desk.note(job_id, told, sheet.places):
                return
            if self._stopping.is_set() or not self._leads() or self._is_turn_over(sheet, begun_s):
                self._desk.put_back(job_id)
                return
        self._desk.finish(job_id, sheet.seen())

    def _is_turn_over(self, sheet: _Sheet, begun_s: float) -> bool:
        """Return whether it is for others to go on; looking through is done in one piece."""
        if sheet.job.state is ImportState.CHECKING or time.monotonic() - begun_s < TURN_S:
            return False
        return self._desk.others_wait(sheet.job)

    def _as_first_told(self, job: ImportJob, answers: Sequence[RowResult]) -> list[RowResult]:
        """Return the answers an interrupted process would have given for what it had stored."""
        known = [a.id for a in answers if a.status is RowStatus.UNCHANGED and a.id is not None]
        with self._service.database.read() as session:
            rows = repository.rows_by_id(session, TABLES[ImportKind(job.kind)], known)
        return [_as_stored(job, rows.get(answer.id or ""), answer) for answer in answers]


def _rest(sheet: _Sheet, after: int) -> Iterator[RawRow]:
    """Yield the rows that come after one."""
    for row in sheet.file.rows:
        if row.number > after:
            yield row
        else:
            sheet.importer.pass_over(row)


def _as_stored(job: ImportJob, row: Row | None, answer: RowResult) -> RowResult:
    if row is None or job.begun_at is None:
        return answer
    if row.created_at >= job.begun_at and row.created_by == job.created_by:
        return replace(answer, status=RowStatus.CREATED)
    if row.updated_at >= job.begun_at:
        return replace(answer, status=RowStatus.UPDATED)
    return answer


@contextmanager
def _written(job: ImportJob, content: bytes) -> Iterator[Path]:
    """Give the file of a sheet, as long as it is worked on."""
    with scratch_folder() as folder:
        path = folder / f"{NAME}.{job.told['format']}"
        path.write_bytes(content)
        yield path
