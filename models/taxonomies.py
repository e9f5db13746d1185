"""What the taxonomy of an installation asks the database: its versions, and tagging anew."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.acting import viewer_of
from models.audit_trail import record
from models.base import Row, new_id, now_utc
from models.case import Case
from models.demand import Demand
from models.errors import ConflictError
from models.provider import Capability
from models.taxonomy_version import Retagging, TaxonomyVersion
from models.vocabulary.access import AuditAction
from models.vocabulary.taxonomy import RetaggingState, TaxonomyAct

AUDITED: Final = "taxonomy"
"""What the audit chain calls it."""

RETAGGED: Final[tuple[type[Row], ...]] = (Demand, Capability, Case)
"""Kinds of row that carry scenario tags, in the order they are tagged anew."""

HELD_FOR: Final = timedelta(seconds=60)
"""How long a round belongs to whoever works on it, without a sign of life."""

Mark = tuple[int, datetime | None]
"""Number of a version and when it was made: those of another database have other times."""

SHIPPED: Final[Mark] = (0, None)

_ID_PREFIX: Final = "rt"


def newest_mark(session: Session) -> Mark:
    """Return which version is in force, without its content."""
    wanted = select(TaxonomyVersion.number, TaxonomyVersion.made_at)
    newest = session.execute(wanted.order_by(TaxonomyVersion.number.desc()).limit(1)).one_or_none()
    return SHIPPED if newest is None else (newest.number, newest.made_at)


def newest_version(session: Session) -> TaxonomyVersion | None:
    """Return the version in force; None for the shipped one."""
    return next(iter(versions(session, 1)), None)


def versions(session: Session, limit: int) -> list[TaxonomyVersion]:
    """Return the newest versions, the newest first."""
    wanted = select(TaxonomyVersion).order_by(TaxonomyVersion.number.desc()).limit(limit)
    return list(session.scalars(wanted))


def add_version(
    session: Session, number: int, act: TaxonomyAct, code: str | None, content: Mapping[str, Any]
) -> None:
    """Put a version in force, and the act into the audit chain.

    Raises:
        ConflictError: somebody else was first with this number.
    """
    actor = viewer_of(session).actor
    session.add(
        TaxonomyVersion(number=number, act=act, code=code, content=dict(content), made_by=actor)
    )
    record(session, _AUDITED_AS[act], AUDITED, code or f"+{number}")
    try:
        session.flush()
    except IntegrityError as error:
        raise ConflictError("词表刚被别人改过，请重新查看后再改。", reason="version") from error


def newest_retagging(session: Session) -> Retagging | None:
    """Return the round begun last."""
    return session.scalars(select(Retagging).order_by(Retagging.id.desc()).limit(1)).one_or_none()


def begin_retagging(session: Session, taxonomy: str) -> Retagging:
    """Return the round that is under way for a version, or a new one in its place."""
    newest = newest_retagging(session)
    if newest is not None and newest.state == RetaggingState.RUNNING:
        if newest.taxonomy == taxonomy:
            return newest
        newest.state, newest.ended_at = RetaggingState.SUPERSEDED, now_utc()
    begun = Retagging(
        id=new_id(_ID_PREFIX), taxonomy=taxonomy, begun_by=viewer_of(session).actor, n_total=0
    )
    begun.n_total = sum(
        session.scalar(select(func.count()).select_from(t).where(t.deleted_at.is_(None))) or 0
        for t in RETAGGED
    )
    session.add(begun)
    record_round(session, begun)
    return begun


def record_round(session: Session, round_: Retagging) -> None:
    """Put the beginning or the end of a round into the audit chain; its counts stand in it."""
    record(session, AuditAction.UPDATE, AUDITED, round_.id)


def rounds(session: Session, ids: Iterable[str]) -> dict[str, Retagging]:
    """Return rounds by key; keys of anything else are passed over."""
    wanted = [key for key in ids if key.startswith(f"{_ID_PREFIX}_")]
    found = session.scalars(select(Retagging).where(Retagging.id.in_(wanted)))
    return {round_.id: round_ for round_ in found}


def claim(session: Session, now: datetime) -> Retagging | None:
    """Take the round under way for oneself; None when there is none, or somebody has it."""
    newest = newest_retagging(session)
    if newest is None or newest.state != RetaggingState.RUNNING:
        return None
    session.refresh(newest, with_for_update=True)
    if newest.held_until is not None and newest.held_until > now:
        return None
    newest.held_until = now + HELD_FOR
    return newest


def next_rows(session: Session, kind: int, after: str, limit: int) -> Sequence[Row]:
    """Return the next rows of a kind that are not deleted, by key."""
    table = RETAGGED[kind]
    wanted = select(table).where(table.deleted_at.is_(None), table.id > after)
    return session.scalars(wanted.order_by(table.id).limit(limit)).all()


_AUDITED_AS: Final = {
    TaxonomyAct.ADD: AuditAction.CREATE,
    TaxonomyAct.CHANGE: AuditAction.UPDATE,
    TaxonomyAct.RETIRE: AuditAction.DELETE,
    TaxonomyAct.IMPORT: AuditAction.IMPORT,
}
