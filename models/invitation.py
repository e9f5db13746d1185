"""Invitations: organisations that are shown a row nobody else is shown."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import KEY_CHARS, ChoiceType, Sealed, Table, new_id, now_utc
from models.vocabulary.row import Entity

ID_PREFIX = "iv"


class Invitation(Sealed, Table):
    """One organisation is shown one row; accepting it makes the interest mutual."""

    __tablename__ = "invitation"
    __table_args__ = (
        Index("uq_invitation_row_id", "row_id", "organisation_id", unique=True),
        Index("ix_invitation_organisation_id", "organisation_id"),
    )

    id: Mapped[str] = mapped_column(
        String(KEY_CHARS), primary_key=True, default=lambda: new_id(ID_PREFIX)
    )
    entity: Mapped[Entity] = mapped_column(ChoiceType(Entity))
    row_id: Mapped[str] = mapped_column(String(KEY_CHARS))
    owner_id: Mapped[str | None] = mapped_column(String(KEY_CHARS))
    """Organisation the row belongs to."""
    owner_region: Mapped[str | None] = mapped_column(String(6))
    organisation_id: Mapped[str] = mapped_column(String(KEY_CHARS))
    """Organisation that is invited."""
    invited_by: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now_utc)
    accepted_at: Mapped[datetime | None]
