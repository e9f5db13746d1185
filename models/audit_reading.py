"""Reading the audit chain: newest first, or oldest first for handing it out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.audit import AuditEvent
from models.vocabulary.access import AuditAction, AuditResult

BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """Which entries are wanted; what is None does not matter.

    Attributes:
        chain: Key of an organisation, or `platform`.
        actor: Who acted.
        action: What was done.
        entity_id: To what it was done.
        result: How it ended.
        since: Earliest moment.
        until: First moment no longer wanted.
    """

    chain: str | None = None
    actor: str | None = None
    action: AuditAction | None = None
    entity_id: str | None = None
    result: AuditResult | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return them as conditions on the table."""
        equal = (
            (AuditEvent.chain, self.chain),
            (AuditEvent.actor, self.actor),
            (AuditEvent.action, self.action),
            (AuditEvent.entity_id, self.entity_id),
            (AuditEvent.result, self.result),
        )
        found = [column == value for column, value in equal if value is not None]
        if self.since is not None:
            found.append(AuditEvent.at >= self.since)
        if self.until is not None:
            found.append(AuditEvent.at < self.until)
        return found


def newest_entries(
    session: Session, question: AuditQuestion, *, before: int | None, limit: int
) -> list[AuditEvent]:
    """Return up to `limit` entries older than the one numbered `before`, newest first."""
    wanted = select(AuditEvent).where(*question.conditions())
    if before is not None:
        wanted = wanted.where(AuditEvent.seq < before)
    return list(session.scalars(wanted.order_by(AuditEvent.seq.desc()).limit(limit)))


def count_entries(session: Session, question: AuditQuestion) -> int:
    """Return how many entries there are."""
    wanted = select(func.count()).select_from(AuditEvent).where(*question.conditions())
    return session.scalar(wanted) or 0


def all_entries(session: Session, question: AuditQuestion) -> Iterator[AuditEvent]:
    """Yield all entries, oldest first."""
    wanted = select(AuditEvent).where(*question.conditions()).order_by(AuditEvent.seq)
    yield from session.scalars(wanted, execution_options={"yield_per": BATCH})
