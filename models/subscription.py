"""Subscriptions: what an organisation wants to be told of when it is published."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import KEY_CHARS, ChoiceType, Sealed, Table, new_id, now_utc
from models.vocabulary.access import Role
from models.vocabulary.matching import Band
from models.vocabulary.notification import Cadence, SubscriptionKind
from models.vocabulary.row import Entity


class Subscription(Sealed, Table):
    """A saved search, or a text that what is new is compared with."""

    __tablename__ = "subscription"

    id: Mapped[str] = mapped_column(
        String(KEY_CHARS), primary_key=True, default=lambda: new_id("sb")
    )
    organisation_id: Mapped[str | None] = mapped_column(String(KEY_CHARS), index=True)
    """Whose it is; None for the platform's operators."""
    role: Mapped[Role] = mapped_column(ChoiceType(Role))
    """As what it looks: nothing is found that its maker could not see."""
    region_code: Mapped[str | None] = mapped_column(String(6))
    created_by: Mapped[str | None] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[SubscriptionKind] = mapped_column(ChoiceType(SubscriptionKind))
    entity: Mapped[Entity] = mapped_column(ChoiceType(Entity))
    """What is looked for: demands or providers."""
    text: Mapped[str | None] = mapped_column(Text)
    filters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    min_band: Mapped[Band] = mapped_column(ChoiceType(Band), default=Band.GOOD)
    """Weakest band that is told of; only for texts."""
    cadence: Mapped[Cadence] = mapped_column(ChoiceType(Cadence), default=Cadence.DAILY)
    feed_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 (hex) of the token in the address of its feed."""
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    """Newest change that was looked at."""
    next_at: Mapped[datetime] = mapped_column(default=now_utc)
    """Before this nobody is told of what was found."""
    created_at: Mapped[datetime] = mapped_column(default=now_utc)
    version: Mapped[int] = mapped_column(default=1)


class SubscriptionHit(Sealed, Table):
    """Something a subscription found; each row is found once."""

    __tablename__ = "subscription_hit"

    subscription_id: Mapped[str] = mapped_column(String(KEY_CHARS), primary_key=True)
    row_id: Mapped[str] = mapped_column(String(KEY_CHARS), primary_key=True, index=True)
    band: Mapped[Band | None] = mapped_column(ChoiceType(Band))
    found_at: Mapped[datetime] = mapped_column(default=now_utc)
    told_at: Mapped[datetime | None]
