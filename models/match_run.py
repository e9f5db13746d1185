"""Rankings that were shown, each with what it takes to make it again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CursorResult, Index, String, Text, delete, func, insert, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import KEY_CHARS, ChoiceType, Table, new_id, now_utc
from models.errors import NotFoundError
from models.vocabulary.matching import Direction

ID_PREFIX = "mr"


class MatchRun(Table):
    """One ranking as somebody was shown it.

    It belongs to the organisation it was shown to. Nothing of a text is kept: a question that
    was not stored leaves its hash, and results leave keys and numbers.
    """

    __tablename__ = "match_run"
    __table_args__ = (Index("ix_match_run_owner_id", "owner_id", "id"),)

    id: Mapped[str] = mapped_column(
        String(KEY_CHARS), primary_key=True, default=lambda: new_id(ID_PREFIX)
    )
    created_at: Mapped[datetime] = mapped_column(default=now_utc, index=True)
    owner_id: Mapped[str | None] = mapped_column(String(KEY_CHARS))
    """Organisation it was shown to; None for the public and for operators."""
    owner_region: Mapped[str | None] = mapped_column(String(6))
    direction: Mapped[Direction] = mapped_column(ChoiceType(Direction))
    asked_id: Mapped[str | None] = mapped_column(String(KEY_CHARS), index=True)
    """Row that asked; None for a text that is not stored."""
    record: Mapped[str] = mapped_column(Text)
    """JSON of `matcher.record.RunRecord`."""


def new_run_id() -> str:
    """Return a fresh key."""
    return new_id(ID_PREFIX)


def keep_runs(session: Session, runs: Sequence[dict[str, object]]) -> None:
    """Store runs, given by their columns."""
    session.execute(insert(MatchRun), list(runs))


def find_run(session: Session, run_id: str) -> MatchRun:
    """Return a run.

    Raises:
        NotFoundError: there is none that whoever asks may see, or none any more.
    """
    found = session.scalars(select(MatchRun).where(MatchRun.id == run_id)).one_or_none()
    if found is None:
        raise NotFoundError(
            "没有这次排名的记录：编号不对，已超过保留期，或不是展示给您的。", id=run_id
        )
    return found


def count_runs(session: Session) -> int:
    """Return how many runs are kept."""
    return session.scalar(select(func.count()).select_from(MatchRun)) or 0


def drop_old_runs(session: Session, before: datetime, keep: int) -> int:
    """Remove the runs made before a moment and all but the newest; returns how many went."""
    newest = select(MatchRun.id).order_by(MatchRun.id.desc()).offset(keep).limit(1)
    last = session.scalar(newest)
    old = MatchRun.created_at < before
    result = session.execute(delete(MatchRun).where(or_(old, MatchRun.id <= last) if last else old))
    return result.rowcount if isinstance(result, CursorResult) else 0


def forget_runs(session: Session, ids: Sequence[str]) -> int:
    """Remove the runs that name any of these rows or organisations; returns how many."""
    about = [MatchRun.record.contains(f'"{row_id}"', autoescape=True) for row_id in ids]
    owned = MatchRun.owner_id.in_(list(ids))
    result = session.execute(delete(MatchRun).where(or_(owned, *about)))
    return result.rowcount if isinstance(result, CursorResult) else 0
