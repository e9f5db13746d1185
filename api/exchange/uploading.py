"""Sheets people upload: taken in, looked at, imported when they say so, given back marked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Final

from api.exchange.columns import ImportKind
from api.exchange.delimited import encoding_of
from api.exchange.limits import SHEET_LIMITS
from api.exchange.marking import mark_delimited, mark_workbook
from api.exchange.types import FileFormat, FileRefusedError
from api.exchange.workbook import check_archive
from models import import_jobs
from models.acting import elevated
from models.audit_trail import record
from models.database import Database
from models.errors import ConflictError, StateError
from models.import_job import ImportJob, ImportRefusal
from models.import_turns import reset_turns
from models.sight import own_id
from models.viewer import current_viewer
from models.vocabulary.access import AuditAction
from models.vocabulary.row import ImportState

MAX_OPEN: Final = 3
"""Sheets of an organisation that may wait or be worked on at once."""

MAX_KEPT: Final = 20
"""Sheets of an organisation that are kept; the oldest goes when another comes."""

NAME: Final = "上传的表格"
AUDITED: Final = "import"
_ZIP: Final = b"PK\3\4"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_MAX_SAID: Final = 2_000
"""Characters of one cell of errors."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A sheet as it is sent.

    Attributes:
        kind: What its rows are.
        name: Name of the file, for people.
        sheet: Which of its sheets; the first visible one when None.
        content: Its bytes.
    """

    kind: ImportKind
    name: str
    sheet: str | None
    content: bytes


@dataclass(frozen=True, slots=True)
class Returned:
    """A sheet on its way back.

    Attributes:
        name: What to call it.
        format: How it is written.
        content: Its bytes.
    """

    name: str
    format: FileFormat
    content: bytes


class Uploads:
    """The uploaded sheets of an installation, for whoever asks."""

    def __init__(
        self, database: Database, wake: Callable[[], None], now: Callable[[], datetime]
    ) -> None:
        """Make it; `wake` is called when there is something to work on."""
        self._database = database
        self._wake = wake
        self._now = now

    def take(self, upload: Upload) -> ImportJob:
        """Take a sheet in; it is looked through aside.

        Raises:
            FileRefusedError: it is none, or larger than a sheet may be.
            ConflictError: too many of this organisation are under way.
        """
        format_ = check_upload(upload.content)
        viewer = current_viewer()
        job = ImportJob(
            created_by=viewer.actor,
            role=viewer.role,
            owner_id=own_id(viewer),
            owner_region=viewer.region_code,
            kind=upload.kind.value,
            name=upload.name,
            sheet=upload.sheet,
            told={"format": format_.value},
        )
        with self._database.write() as session:
            if import_jobs.count_open_imports(session, job) >= MAX_OPEN:
                raise ConflictError(
                    f"您单位已有 {MAX_OPEN} 份表格正在处理，请等其中一份完成后再上传。",
                    reason="imports_open",
                )
            import_jobs.drop_beyond(session, job, MAX_KEPT - 1)
            import_jobs.add_import(session, job, upload.content)
            record(session, AuditAction.CREATE, AUDITED, job.id)
        self._database.when_committed(self._wake)
        return job

    def find(self, job_id: str) -> ImportJob:
        """Return a sheet.

        Raises:
            NotFoundError: there is none that whoever asks may see.
        """
        with self._database.read() as session:
            return import_jobs.find_import(session, job_id)

    def page(self, after: str | None, limit: int) -> tuple[list[ImportJob], int]:
        """Return sheets, the newest first, and how many there are in all."""
        with self._database.read() as session:
            jobs = import_jobs.list_imports(session, after, limit)
            return jobs, import_jobs.count_imports(session)

    def refusals(self, job_id: str, after: int, limit: int) -> list[ImportRefusal]:
        """Return the refused rows of a sheet below a row.

        Raises:
            NotFoundError: there is no such sheet.
        """
        with self._database.read() as session:
            import_jobs.find_import(session, job_id)
            return import_jobs.refusals_of(session, job_id, after, limit)

    def run(self, job_id: str) -> ImportJob:
        """Have a sheet imported that was looked through.

        Raises:
            NotFoundError: there is no such sheet.
            StateError: it was not looked through yet, or is imported already.
        """
        with self._database.write() as session:
            job = import_jobs.find_import(session, job_id)
            if job.state is not ImportState.CHECKED:
                raise StateError(
                    "只有检查完、还没有导入的表格可以导入。", state=job.state.value, to="running"
                )
            with elevated(session, AUDITED):
                job.state = ImportState.RUNNING
                job.begun_at = self._now()
                job.confirmed_by = current_viewer().actor
                reset_turns(job)
                job.n_created = job.n_updated = job.n_unchanged = job.n_refused = 0
                job.after_row = 0
                session.flush()
            record(session, AuditAction.IMPORT, AUDITED, job.id)
        self._database.when_committed(self._wake)
        return job

    def drop(self, job_id: str) -> None:
        """Let a sheet go, or stop importing it; the rows that are stored stay.

        Raises:
            NotFoundError: there is no such sheet.
        """
        with self._database.write() as session:
            import_jobs.find_import(session, job_id)
            import_jobs.drop_import(session, job_id)
            record(session, AuditAction.DELETE, AUDITED, job_id)

    def marked(self, job_id: str) -> Returned:
        """Return the sender's own sheet with a column of errors.

        Raises:
            NotFoundError: there is no such sheet.
            StateError: it is still worked on, or could not be read.
            FileRefusedError: nothing can be put into it.
        """
        with self._database.read() as session:
            job = import_jobs.find_import(session, job_id)
            if job.state not in (ImportState.CHECKED, ImportState.DONE):
                raise StateError("表格还没有处理完，或没有能读出来。", state=job.state.value, to="")
            content = import_jobs.content_of(session, job_id)
            refusals = import_jobs.refusals_of(session, job_id)
        errors = {refusal.row: _said(refusal) for refusal in refusals}
        name = f"{PurePath(job.name).stem}-标注"
        if job.told["format"] == FileFormat.CSV:
            return Returned(name, FileFormat.CSV, mark_delimited(content, errors))
        marked = mark_workbook(content, job.told["sheet"], job.told["headings"], errors)
        return Returned(name, FileFormat.XLSX, marked)


def check_upload(content: bytes) -> FileFormat:
    """Return which format a file has, as far as that is seen before it is parsed.

    Raises:
        FileRefusedError: it is empty, too large packed or unpacked, or no sheet.
    """
    if not content:
        raise FileRefusedError("文件是空的。")
    if len(content) > SHEET_LIMITS.max_bytes:
        raise FileRefusedError("文件过大，请拆成几份再导入。", limit=SHEET_LIMITS.max_bytes)
    if content.startswith(_OLD_WORKBOOK):
        raise FileRefusedError("这是旧版 .xls 或加了密码的表格，请另存为 .xlsx 再上传。")
    if content.startswith(_ZIP):
        check_archive(content, NAME, SHEET_LIMITS)
        return FileFormat.XLSX
    encoding_of(content, NAME)
    return FileFormat.CSV


def _said(refusal: ImportRefusal) -> str:
    """Return everything that is wrong with a row as the text of one cell."""
    sentences = (f"{p['title']}：{p['message']}" for p in refusal.problems)
    return "\n".join(sentences)[:_MAX_SAID]
