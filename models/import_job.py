"""Sheets people upload, and how far importing them has come."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import KEY_CHARS, ChoiceType, Table, new_id, now_utc
from models.vocabulary.access import Role
from models.vocabulary.row import ImportState

ID_PREFIX: Final = "im"
MAX_NAME_CHARS: Final = 200
MAX_SHEET_CHARS: Final = 100
MAX_FAULT_CHARS: Final = 500


class ImportJob(Table):
    """One uploaded sheet: looked through first, imported when its sender says so.

    It belongs to the organisation of whoever sent it, and its rows are written as by them.
    """

    __tablename__ = "import_job"
    __table_args__ = (Index("ix_import_job_owner_id", "owner_id", "id"),)

    id: Mapped[str] = mapped_column(
        String(KEY_CHARS), primary_key=True, default=lambda: new_id(ID_PREFIX)
    )
    created_at: Mapped[datetime] = mapped_column(default=now_utc, index=True)
    created_by: Mapped[str | None] = mapped_column(String(64))
    role: Mapped[Role] = mapped_column(ChoiceType(Role))
    """As what its sender acts."""
    owner_id: Mapped[str | None] = mapped_column(String(KEY_CHARS))
    owner_region: Mapped[str | None] = mapped_column(String(6))
    kind: Mapped[str] = mapped_column(String(32))
    """What its rows are."""
    name: Mapped[str] = mapped_column(String(MAX_NAME_CHARS))
    """Name of the file, for people."""
    sheet: Mapped[str | None] = mapped_column(String(MAX_SHEET_CHARS))
    state: Mapped[ImportState] = mapped_column(
        ChoiceType(ImportState), default=ImportState.CHECKING, index=True
    )
    n_rows: Mapped[int] = mapped_column(default=0)
    n_created: Mapped[int] = mapped_column(default=0)
    n_updated: Mapped[int] = mapped_column(default=0)
    n_unchanged: Mapped[int] = mapped_column(default=0)
    n_refused: Mapped[int] = mapped_column(default=0)
    after_row: Mapped[int] = mapped_column(default=0)
    """Row of the sheet that was answered last."""
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What was found out on looking through it: headings, those unknown, the first rows."""
    fault: Mapped[str | None] = mapped_column(String(MAX_FAULT_CHARS))
    """Why it could not be read, or did not come to its end."""
    begun_at: Mapped[datetime | None]
    """When somebody had it imported."""
    confirmed_by: Mapped[str | None] = mapped_column(String(64))
    """Who that was."""
    ended_at: Mapped[datetime | None]
    n_tries: Mapped[int] = mapped_column(default=0)
    """How often it was taken up since it last came further."""
    not_before: Mapped[datetime | None]
    """When it may be tried again."""
    taken_by: Mapped[str | None] = mapped_column(String(64))
    """Worker that took it up last and did not put it back in good order."""
    taken_at: Mapped[datetime | None]
    held_until: Mapped[datetime | None]
    """Until when nobody else may take it up; None when nobody has it."""

    @property
    def n_done(self) -> int:
        """How many rows are answered."""
        return self.n_created + self.n_updated + self.n_unchanged + self.n_refused


class ImportFile(Table):
    """The uploaded file itself."""

    __tablename__ = "import_file"

    job_id: Mapped[str] = mapped_column(String(KEY_CHARS), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRefusal(Table):
    """A row of the sheet that was refused, with everything that is wrong with it."""

    __tablename__ = "import_refusal"

    job_id: Mapped[str] = mapped_column(String(KEY_CHARS), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
