"""Notifications and the outbox: what has to be told, written with what it tells of.

A notification is what an organisation finds when it signs in. A delivery is the errand of
bringing it elsewhere, by webhook or e-mail; it is written in the same transaction, so nothing
that happened stays untold and nothing is told that did not happen.
"""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import KEY_CHARS, ChoiceType, Sealed, Table, new_id, now_utc
from models.vocabulary.notification import Cadence, Channel, DeliveryState, NotificationKind

TEXT_CHARS = 300
URL_CHARS = 500
ERROR_CHARS = 64


class Notification(Sealed, Table):
    """One sentence for one organisation, or for the platform's operators."""

    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_organisation_id", "organisation_id", "id"),)

    id: Mapped[str] = mapped_column(
        String(KEY_CHARS), primary_key=True, default=lambda: new_id("nt")
    )
    organisation_id: Mapped[str | None] = mapped_column(String(KEY_CHARS))
    """Who is told; None for the platform's operators."""
    kind: Mapped[NotificationKind] = mapped_column(ChoiceType(NotificationKind))
    text: Mapped[str] = mapped_column(String(TEXT_CHARS))
    interaction_id: Mapped[str | None] = mapped_column(String(KEY_CHARS), index=True)
    demand_id: Mapped[str | None] = mapped_column(String(KEY_CHARS), index=True)
    provider_id: Mapped[str | None] = mapped_column(String(KEY_CHARS), index=True)
    subscription_id: Mapped[str | None] = mapped_column(String(KEY_CHARS), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now_utc, index=True)


class NotificationRead(Table):
    """Somebody has read a notification; everybody of an organisation reads for themselves."""

    __tablename__ = "notification_read"

    notification_id: Mapped[str] = mapped_column(String(KEY_CHARS), primary_key=True)
    reader: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Key of the person or API key."""
    read_at: Mapped[datetime] = mapped_column(default=now_utc)


class Webhook(Sealed, Table):
    """An address of an organisation that is told by a signed request."""

    __tablename__ = "webhook"

    id: Mapped[str] = mapped_column(
        String(KEY_CHARS), primary_key=True, default=lambda: new_id("wh")
    )
    organisation_id: Mapped[str | None] = mapped_column(String(KEY_CHARS), index=True)
    name: Mapped[str] = mapped_column(String(40))
    url: Mapped[str] = mapped_column(String(URL_CHARS))
    salt: Mapped[str] = mapped_column("secret", String(64))
    """Makes the secret that signs, together with a key outside the database."""
    kinds: Mapped[list[str]] = mapped_column(default=list)
    """Kinds it is told of; empty for all."""
    created_at: Mapped[datetime] = mapped_column(default=now_utc)
    created_by: Mapped[str | None] = mapped_column(String(64))
    revoked_at: Mapped[datetime | None]


class Mailbox(Sealed, Table):
    """Where a person wants a digest sent, and how often."""

    __tablename__ = "mailbox"

    person_id: Mapped[str] = mapped_column(String(KEY_CHARS), primary_key=True)
    address: Mapped[str] = mapped_column(String(100))
    cadence: Mapped[Cadence] = mapped_column(ChoiceType(Cadence), default=Cadence.DAILY)
    told_up_to: Mapped[str] = mapped_column(String(KEY_CHARS), default="")
    """Newest notification that stood in a digest."""
    next_at: Mapped[datetime] = mapped_column(default=now_utc)
    """Before this no digest goes out."""


class Delivery(Sealed, Table):
    """An errand of the outbox: one notification to one webhook, or one digest to one person."""

    __tablename__ = "delivery"
    __table_args__ = (Index("ix_delivery_state", "state", "next_at"),)

    id: Mapped[str] = mapped_column(
        String(KEY_CHARS), primary_key=True, default=lambda: new_id("dl")
    )
    channel: Mapped[Channel] = mapped_column(ChoiceType(Channel))
    target_id: Mapped[str] = mapped_column(String(KEY_CHARS), index=True)
    """Key of the webhook, or of the person whose mailbox it is."""
    notification_ids: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[DeliveryState] = mapped_column(
        ChoiceType(DeliveryState), default=DeliveryState.WAITING
    )
    n_tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=now_utc)
    """When it is tried next; while somebody tries, when another may."""
    last_error: Mapped[str | None] = mapped_column(String(ERROR_CHARS))
    """Code of what went wrong; never what the other side said."""
    created_at: Mapped[datetime] = mapped_column(default=now_utc, index=True)
    done_at: Mapped[datetime | None]
