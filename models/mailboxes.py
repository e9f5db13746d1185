"""Digests: who is due for one, and what stands in it."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from models.identity import Membership, Person
from models.notification import Delivery, Mailbox, Notification, NotificationRead
from models.vocabulary.access import Role
from models.vocabulary.notification import Cadence, Channel

MAX_TOLD: Final = 50
"""Notifications of one digest, the oldest; the others stand in the next."""

INTERVALS: Final = {
    Cadence.INSTANT: timedelta(0),
    Cadence.HOURLY: timedelta(hours=1),
    Cadence.DAILY: timedelta(days=1),
    Cadence.WEEKLY: timedelta(days=7),
}


def has_due_mailbox(session: Session, now: datetime) -> bool:
    """Return whether anybody may be sent a digest now, and something was told since the last."""
    wanted = select(Mailbox.person_id).where(
        Mailbox.next_at <= now, Mailbox.told_up_to < newest_notification(session)
    )
    return session.scalar(wanted.limit(1)) is not None


def plan_digests(session: Session, now: datetime) -> int:
    """Write an errand for everybody who is due and has something new; returns how many.

    The place reached moves in the same transaction, so nothing stands in two digests.
    """
    n_planned, newest = 0, newest_notification(session)
    for mailbox in session.scalars(select(Mailbox).where(Mailbox.next_at <= now)):
        unread = _unread(session, mailbox)
        if not unread:
            mailbox.told_up_to = max(mailbox.told_up_to, newest)
            continue
        session.add(
            Delivery(
                channel=Channel.EMAIL,
                target_id=mailbox.person_id,
                notification_ids=unread,
                next_at=now,
                created_at=now,
            )
        )
        mailbox.told_up_to = max(unread)
        mailbox.next_at = now + INTERVALS[mailbox.cadence]
        n_planned += 1
    return n_planned


def newest_notification(session: Session) -> str:
    """Return the key of the newest notification of all; empty when there is none."""
    wanted = select(Notification.id).order_by(Notification.id.desc()).limit(1)
    return session.scalar(wanted) or ""


def active_person(session: Session, person_id: str) -> Person | None:
    """Return a person who may sign in."""
    person = session.get(Person, person_id)
    return person if person is not None and person.disabled_at is None else None


def _unread(session: Session, mailbox: Mailbox) -> list[str]:
    """Return the keys of what a person has not been told and not read, oldest first."""
    if active_person(session, mailbox.person_id) is None:
        return []
    of = select(Membership.organisation_id, Membership.role).where(
        Membership.person_id == mailbox.person_id
    )
    places = list(session.execute(of))
    organisations = [key for key, _ in places if key is not None]
    addressed = [Notification.organisation_id.in_(organisations)]
    if any(role is Role.OPERATOR for _, role in places):
        addressed.append(Notification.organisation_id.is_(None))
    read = exists().where(
        NotificationRead.notification_id == Notification.id,
        NotificationRead.reader == mailbox.person_id,
    )
    wanted = select(Notification.id).where(
        or_(*addressed), Notification.id > mailbox.told_up_to, ~read
    )
    return list(session.scalars(wanted.order_by(Notification.id).limit(MAX_TOLD)))
