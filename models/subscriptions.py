"""Queries about subscriptions and what they found."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from models.base import Row
from models.change import ChangeLog
from models.errors import NotFoundError
from models.identity import ApiKey, Person
from models.repository import parts
from models.subscription import Subscription, SubscriptionHit
from models.vocabulary.row import Entity, Operation


def subscriptions_of(session: Session, organisation_id: str | None) -> list[Subscription]:
    """Return the subscriptions of an organisation, or of the operators, oldest first."""
    wanted = select(Subscription).where(Subscription.organisation_id == organisation_id)
    return list(session.scalars(wanted.order_by(Subscription.id)))


def get_subscription(
    session: Session, subscription_id: str, organisation_id: str | None
) -> Subscription:
    """Return a subscription of an organisation.

    Raises:
        NotFoundError: it has none with this key.
    """
    found = session.get(Subscription, subscription_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFoundError("没有找到这个订阅。", id=subscription_id)
    return found


def subscription_of_feed(session: Session, feed_hash: str) -> Subscription | None:
    """Return the subscription whose feed has a token with this hash."""
    wanted = select(Subscription).where(Subscription.feed_hash == feed_hash)
    return session.scalars(wanted).one_or_none()


def is_maker_active(session: Session, maker: str | None, now: datetime) -> bool:
    """Return whether whoever made a subscription may still come in."""
    if maker is None:
        return False
    person = session.get(Person, maker)
    if person is not None:
        return person.disabled_at is None
    key = session.get(ApiKey, maker)
    return key is not None and key.revoked_at is None and key.expires_at > now


def behind(session: Session, seq: int, limit: int) -> list[Subscription]:
    """Return subscriptions that have not looked at all changes up to one, oldest place first."""
    wanted = select(Subscription).where(Subscription.seq < seq)
    return list(session.scalars(wanted.order_by(Subscription.seq, Subscription.id).limit(limit)))


def changed_between(session: Session, entity: Entity, after: int, up_to: int) -> set[str]:
    """Return the keys of the rows of a kind that were written in a stretch of the change log."""
    wanted = select(ChangeLog.entity_id).where(
        ChangeLog.seq > after,
        ChangeLog.seq <= up_to,
        ChangeLog.entity == entity,
        ChangeLog.operation.in_([Operation.CREATE, Operation.UPDATE]),
    )
    return set(session.scalars(wanted))


def matching_ids(
    session: Session,
    table: type[Row],
    where: Sequence[ColumnElement[bool]],
    ids: Iterable[str],
) -> list[str]:
    """Return which of these rows fulfil conditions and are seen by the session's viewer."""
    found: list[str] = []
    for part in parts(sorted(ids)):
        wanted = select(table.id).where(table.id.in_(part), table.deleted_at.is_(None), *where)
        found.extend(session.scalars(wanted))
    return found


def known_hits(session: Session, subscription_id: str, ids: Iterable[str]) -> set[str]:
    """Return which of these rows a subscription has found before."""
    found: set[str] = set()
    for part in parts(sorted(ids)):
        wanted = select(SubscriptionHit.row_id).where(
            SubscriptionHit.subscription_id == subscription_id, SubscriptionHit.row_id.in_(part)
        )
        found.update(session.scalars(wanted))
    return found


def hits_of(session: Session, subscription_id: str, limit: int) -> list[SubscriptionHit]:
    """Return what a subscription found, the newest first."""
    wanted = select(SubscriptionHit).where(SubscriptionHit.subscription_id == subscription_id)
    ordered = wanted.order_by(SubscriptionHit.found_at.desc(), SubscriptionHit.row_id.desc())
    return list(session.scalars(ordered.limit(limit)))


def count_hits(session: Session, ids: Iterable[str]) -> dict[str, int]:
    """Return how many rows each subscription found; those without any are absent."""
    wanted = (
        select(SubscriptionHit.subscription_id, func.count())
        .where(SubscriptionHit.subscription_id.in_(list(ids)))
        .group_by(SubscriptionHit.subscription_id)
    )
    return {key: n for key, n in session.execute(wanted)}


def to_tell(session: Session, now: datetime) -> list[Subscription]:
    """Return the subscriptions that found something nobody was told of and are due to tell."""
    untold = select(SubscriptionHit.subscription_id).where(SubscriptionHit.told_at.is_(None))
    wanted = select(Subscription).where(Subscription.id.in_(untold), Subscription.next_at <= now)
    return list(session.scalars(wanted.order_by(Subscription.id)))


def untold_hits(session: Session, subscription_id: str) -> list[SubscriptionHit]:
    """Return what a subscription found and nobody was told of, oldest first."""
    wanted = select(SubscriptionHit).where(
        SubscriptionHit.subscription_id == subscription_id, SubscriptionHit.told_at.is_(None)
    )
    return list(session.scalars(wanted.order_by(SubscriptionHit.row_id)))


def remove_subscription(session: Session, subscription_id: str) -> None:
    """Remove a subscription and what it found."""
    for statement in (
        delete(SubscriptionHit).where(SubscriptionHit.subscription_id == subscription_id),
        delete(Subscription).where(Subscription.id == subscription_id),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})
