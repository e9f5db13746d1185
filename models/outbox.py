"""The outbox: errands taken up one process at a time, tried again, given up at last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.errors import NotFoundError, StateError
from models.notification import ERROR_CHARS, Delivery, Notification
from models.vocabulary.notification import Channel, DeliveryState

LEASE: Final = timedelta(minutes=5)
"""How long nobody else tries what somebody is trying; it may have died over it."""

WAITS: Final = (
    *(timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)),
    *(timedelta(hours=2), timedelta(hours=5), timedelta(hours=10), timedelta(hours=14)),
)
"""Waits between tries; after the last one the errand is dead."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A delivery somebody has taken up, with what it brings."""

    id: str
    channel: Channel
    target_id: str
    n_tries: int
    notifications: tuple[Notification, ...]


def take_due(session: Session, now: datetime, limit: int) -> list[Errand]:
    """Take up the errands that are due: until the lease ends nobody else does.

    Only one transaction writes at a time, so no errand is taken up twice.
    """
    wanted = (
        select(Delivery)
        .where(Delivery.state == DeliveryState.WAITING, Delivery.next_at <= now)
        .order_by(Delivery.next_at, Delivery.id)
        .limit(limit)
    )
    found = list(session.scalars(wanted))
    told = _notifications(session, {key for d in found for key in d.notification_ids})
    taken = []
    for delivery in found:
        delivery.n_tries += 1
        delivery.next_at = now + LEASE
        brought = tuple(told[key] for key in delivery.notification_ids if key in told)
        taken.append(
            Errand(delivery.id, delivery.channel, delivery.target_id, delivery.n_tries, brought)
        )
    return taken


def n_waiting(session: Session) -> int:
    """Return how many errands are still to be done, due or not."""
    wanted = select(func.count()).where(Delivery.state == DeliveryState.WAITING)
    return session.scalar(wanted.select_from(Delivery)) or 0


def has_due(session: Session, now: datetime) -> bool:
    """Return whether an errand is due."""
    wanted = select(Delivery.id).where(
        Delivery.state == DeliveryState.WAITING, Delivery.next_at <= now
    )
    return session.scalar(wanted.limit(1)) is not None


def settle(
    session: Session, errand: Errand, now: datetime, error: str | None, *, is_final: bool
) -> None:
    """Write down how a try ended; one whose lease another has taken over is passed over."""
    delivery = session.get(Delivery, errand.id)
    if delivery is None or delivery.n_tries != errand.n_tries:
        return
    delivery.last_error = error[:ERROR_CHARS] if error else None
    if error is None:
        delivery.state, delivery.done_at = DeliveryState.DONE, now
    elif is_final or errand.n_tries > len(WAITS):
        delivery.state, delivery.done_at = DeliveryState.DEAD, now
    else:
        delivery.next_at = now + WAITS[errand.n_tries - 1]


def put_off(session: Session, errand: Errand, now: datetime) -> None:
    """Give back an errand that was taken up and not tried; it is due again after the first wait."""
    delivery = session.get(Delivery, errand.id)
    if delivery is not None and delivery.n_tries == errand.n_tries:
        delivery.n_tries -= 1
        delivery.next_at = now + WAITS[0]


def deliveries_to(session: Session, target_id: str, limit: int) -> list[Delivery]:
    """Return the newest errands to a webhook or mailbox."""
    wanted = select(Delivery).where(Delivery.target_id == target_id)
    return list(session.scalars(wanted.order_by(Delivery.id.desc()).limit(limit)))


def try_again(
    session: Session, delivery_id: str, targets: Iterable[str], now: datetime
) -> Delivery:
    """Wake a dead errand.

    Raises:
        NotFoundError: there is none with this key to one of these targets.
        StateError: it is not dead.
    """
    delivery = session.get(Delivery, delivery_id)
    if delivery is None or delivery.target_id not in set(targets):
        raise NotFoundError("没有找到这次发送。", id=delivery_id)
    if delivery.state is not DeliveryState.DEAD:
        raise StateError("只有已放弃的发送可以重试。", state=delivery.state.value)
    delivery.state, delivery.done_at = DeliveryState.WAITING, None
    delivery.n_tries, delivery.next_at = 0, now
    return delivery


def _notifications(session: Session, ids: set[str]) -> dict[str, Notification]:
    found: Sequence[Notification] = session.scalars(
        select(Notification).where(Notification.id.in_(sorted(ids)))
    ).all()
    return {row.id: row for row in found}
