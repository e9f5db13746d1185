"""Interactions: what a demand's side and a provider have said to each other, act by act."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import KEY_CHARS, ChoiceType, Sealed, Table, new_id, now_utc
from models.vocabulary.interaction import DeclineReason, InteractionAct, InteractionState, Side

ID_PREFIX = "in"
EVENT_PREFIX = "ie"


class Interaction(Sealed, Table):
    """A demand and a provider: how far they have come, and whose turn it is."""

    __tablename__ = "interaction"
    __table_args__ = (
        Index("uq_interaction_demand_id", "demand_id", "provider_id", unique=True),
        Index("ix_interaction_provider_org_id", "provider_org_id", "state"),
        Index("ix_interaction_owner_id", "owner_id", "state"),
    )

    id: Mapped[str] = mapped_column(
        String(KEY_CHARS), primary_key=True, default=lambda: new_id(ID_PREFIX)
    )
    demand_id: Mapped[str] = mapped_column(String(KEY_CHARS))
    provider_id: Mapped[str] = mapped_column(String(KEY_CHARS), index=True)
    owner_id: Mapped[str | None] = mapped_column(String(KEY_CHARS))
    """Organisation the demand belongs to."""
    owner_region: Mapped[str | None] = mapped_column(String(6))
    provider_org_id: Mapped[str] = mapped_column(String(KEY_CHARS))
    """Organisation the provider is."""
    state: Mapped[InteractionState] = mapped_column(
        ChoiceType(InteractionState), default=InteractionState.NOTED
    )
    version: Mapped[int] = mapped_column(default=1)
    """Counts the acts both sides see; marks only the base sees leave it alone."""
    awaiting: Mapped[Side | None] = mapped_column(ChoiceType(Side))
    """Who has to answer; None when nobody has."""
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the next reminder is due, or the end when there was one."""
    reminded_at: Mapped[datetime | None]
    ended_by: Mapped[Side | None] = mapped_column(ChoiceType(Side))
    is_saved: Mapped[bool] = mapped_column(default=False)
    is_shortlisted: Mapped[bool] = mapped_column(default=False)
    hidden_reason: Mapped[DeclineReason | None] = mapped_column(ChoiceType(DeclineReason))
    viewed_at: Mapped[datetime | None]
    invited_at: Mapped[datetime | None]
    interested_at: Mapped[datetime | None]
    mutual_at: Mapped[datetime | None]
    shortlisted_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    converted_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now_utc)
    updated_at: Mapped[datetime] = mapped_column(default=now_utc, index=True)


class InteractionEvent(Sealed, Table):
    """One act; never changed. Three columns say which sides see it, operators always do."""

    __tablename__ = "interaction_event"
    __table_args__ = (Index("ix_interaction_event_interaction_id", "interaction_id", "id"),)

    id: Mapped[str] = mapped_column(
        String(KEY_CHARS), primary_key=True, default=lambda: new_id(EVENT_PREFIX)
    )
    interaction_id: Mapped[str] = mapped_column(String(KEY_CHARS))
    act: Mapped[InteractionAct] = mapped_column(ChoiceType(InteractionAct))
    side: Mapped[Side] = mapped_column(ChoiceType(Side))
    actor: Mapped[str | None] = mapped_column(String(64))
    """Key of the person or API key; shown to nobody, for those who look into a complaint."""
    organisation_id: Mapped[str | None] = mapped_column(String(KEY_CHARS))
    state: Mapped[InteractionState] = mapped_column(ChoiceType(InteractionState))
    """Where the interaction stood after it."""
    body: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[DeclineReason | None] = mapped_column(ChoiceType(DeclineReason))
    quality: Mapped[int | None]
    """Stars, 1..5, for the quality of the work."""
    usefulness: Mapped[int | None]
    """Stars, 1..5, for whether it was of use."""
    for_base: Mapped[bool] = mapped_column(default=True)
    for_provider: Mapped[bool] = mapped_column(default=True)
    for_recipient: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now_utc)
