"""Versions of the scenario taxonomy an installation made, and the work of tagging anew."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import KEY_CHARS, ChoiceType, Sealed, Table, now_utc
from models.vocabulary.taxonomy import RetaggingState, TaxonomyAct


class TaxonomyVersion(Sealed, Table):
    """One version of the taxonomy; the highest number is in force, the shipped one before 1."""

    __tablename__ = "taxonomy_version"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    act: Mapped[TaxonomyAct] = mapped_column(ChoiceType(TaxonomyAct))
    code: Mapped[str | None] = mapped_column(String(32))
    """Code that was added, changed or retired; None when a whole taxonomy was imported."""
    content: Mapped[dict[str, Any]]
    """The whole taxonomy in the form of the shipped file."""
    made_by: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(default=now_utc)


class Retagging(Sealed, Table):
    """One round of tagging stored texts by the taxonomy in force; it goes on where it stopped."""

    __tablename__ = "retagging"

    id: Mapped[str] = mapped_column(String(KEY_CHARS), primary_key=True)
    taxonomy: Mapped[str] = mapped_column(String(32))
    """Version of the taxonomy it was begun for."""
    state: Mapped[RetaggingState] = mapped_column(
        ChoiceType(RetaggingState), default=RetaggingState.RUNNING
    )
    n_total: Mapped[int] = mapped_column(default=0)
    n_done: Mapped[int] = mapped_column(default=0)
    n_changed: Mapped[int] = mapped_column(default=0)
    n_kept: Mapped[int] = mapped_column(default=0)
    """Texts whose scenario a person or an import had set: left as it is."""
    n_rejected: Mapped[int] = mapped_column(default=0)
    """Demands that now fit no code."""
    after_id: Mapped[str] = mapped_column(String(KEY_CHARS), default="")
    """Key of the last row done; rows go by kind and key."""
    kind: Mapped[int] = mapped_column(default=0)
    """Number of the kind of row under way."""
    held_until: Mapped[datetime | None]
    """Until when whoever works on it has it for themselves; past, anybody may go on."""
    begun_by: Mapped[str | None] = mapped_column(String(64))
    begun_at: Mapped[datetime] = mapped_column(default=now_utc)
    ended_at: Mapped[datetime | None]
