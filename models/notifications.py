"""Telling organisations something: the notification, and errands to their webhooks, in one go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session

from models.notification import (
    TEXT_CHARS,
    Delivery,
    Notification,
    NotificationRead,
    Webhook,
)
from models.sight import own_id
from models.viewer import Viewer
from models.vocabulary.access import Role
from models.vocabulary.notification import Channel, NotificationKind

CLIPPED = "…"


@dataclass(frozen=True, slots=True)
class About:
    """What a notification speaks of; keys, for programs and for erasing."""

    interaction_id: str | None = None
    demand_id: str | None = None
    provider_id: str | None = None
    subscription_id: str | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told, and when.

    Attributes:
        kind: What it is about.
        text: One Chinese sentence whoever is told may read.
        about: What it speaks of.
        at: When it happened.
    """

    kind: NotificationKind
    text: str
    about: About
    at: datetime


def notify(session: Session, organisation_id: str | None, telling: Telling) -> Notification:
    """Tell an organisation, or the operators, in the transaction of what is told.

    Args:
        session: A session of the system that writes.
        organisation_id: Who is told; None for the platform's operators.
        telling: What they are told.
    """
    made = Notification(
        organisation_id=organisation_id,
        kind=telling.kind,
        text=_clipped(telling.text),
        interaction_id=telling.about.interaction_id,
        demand_id=telling.about.demand_id,
        provider_id=telling.about.provider_id,
        subscription_id=telling.about.subscription_id,
        created_at=telling.at,
    )
    session.add(made)
    session.flush()
    for webhook in webhooks_of(session, organisation_id):
        if not webhook.kinds or telling.kind.value in webhook.kinds:
            session.add(
                Delivery(
                    channel=Channel.WEBHOOK,
                    target_id=webhook.id,
                    notification_ids=[made.id],
                    next_at=telling.at,
                    created_at=telling.at,
                )
            )
    return made


def webhooks_of(session: Session, organisation_id: str | None) -> list[Webhook]:
    """Return the webhooks of an organisation that are in use."""
    wanted = select(Webhook).where(
        Webhook.organisation_id == organisation_id, Webhook.revoked_at.is_(None)
    )
    return list(session.scalars(wanted.order_by(Webhook.id)))


def all_webhooks(session: Session) -> list[Webhook]:
    """Return the webhooks in use of all organisations, oldest first."""
    return list(
        session.scalars(select(Webhook).where(Webhook.revoked_at.is_(None)).order_by(Webhook.id))
    )


def notifications_page(
    session: Session, viewer: Viewer, *, unread: bool, after: str | None, limit: int
) -> list[tuple[Notification, datetime | None]]:
    """Return up to `limit` notifications for somebody, newest first, with when they read it."""
    mine = (NotificationRead.notification_id == Notification.id) & (
        NotificationRead.reader == (viewer.actor or "")
    )
    wanted = (
        select(Notification, NotificationRead.read_at)
        .outerjoin(NotificationRead, mine)
        .where(addressed_to(viewer))
        .order_by(Notification.id.desc())
        .limit(limit)
    )
    if unread:
        wanted = wanted.where(NotificationRead.read_at.is_(None))
    if after is not None:
        wanted = wanted.where(Notification.id < after)
    return [(row, read_at) for row, read_at in session.execute(wanted)]


def count_unread(session: Session, viewer: Viewer) -> int:
    """Return how many notifications somebody has not read."""
    wanted = (
        select(func.count())
        .select_from(Notification)
        .where(addressed_to(viewer), ~_is_read_by(viewer.actor or ""))
    )
    return session.scalar(wanted) or 0


def count_addressed(session: Session, viewer: Viewer) -> int:
    """Return how many notifications there are for somebody."""
    wanted = select(func.count()).select_from(Notification).where(addressed_to(viewer))
    return session.scalar(wanted) or 0


def mark_read(session: Session, viewer: Viewer, ids: Iterable[str] | None, at: datetime) -> int:
    """Note that somebody has read notifications of theirs, all when no keys are given.

    Keys of others' notifications are passed over: nobody learns that they exist.
    """
    reader = viewer.actor or ""
    wanted = select(Notification.id).where(addressed_to(viewer), ~_is_read_by(reader))
    if ids is not None:
        wanted = wanted.where(Notification.id.in_(list(ids)))
    found = list(session.scalars(wanted))
    session.add_all(
        NotificationRead(notification_id=key, reader=reader, read_at=at) for key in found
    )
    return len(found)


def drop_old_notifications(session: Session, before: datetime) -> None:
    """Remove notifications of long ago, with who read them and the errands about them."""
    old = select(Notification.id).where(Notification.created_at < before)
    for statement in (
        delete(NotificationRead).where(NotificationRead.notification_id.in_(old)),
        delete(Notification).where(Notification.created_at < before),
        delete(Delivery).where(Delivery.created_at < before),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})


def addressed_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that a notification is for somebody: not merely seen by them."""
    organisation_id = own_id(viewer)
    if organisation_id is not None:
        return Notification.organisation_id == organisation_id
    if viewer.role is Role.OPERATOR:
        return Notification.organisation_id.is_(None)
    return Notification.id.is_(None)


def _is_read_by(reader: str) -> ColumnElement[bool]:
    return exists().where(
        NotificationRead.notification_id == Notification.id, NotificationRead.reader == reader
    )


def _clipped(text: str) -> str:
    return text if len(text) <= TEXT_CHARS else text[: TEXT_CHARS - 1] + CLIPPED
