"""Contacts: who to call about a row; apart from all text, never indexed, seldom shown."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import KEY_CHARS, ChoiceType, Sealed, Table, now_utc
from models.vocabulary.row import Entity


class Contact(Sealed, Table):
    """A person to speak to; shown to the owner, to operators, and where interest is mutual."""

    __tablename__ = "contact"

    row_id: Mapped[str] = mapped_column(String(KEY_CHARS), primary_key=True)
    entity: Mapped[Entity] = mapped_column(ChoiceType(Entity))
    owner_id: Mapped[str | None] = mapped_column(String(KEY_CHARS), index=True)
    """Organisation the row belongs to."""
    name: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(100))
    updated_at: Mapped[datetime] = mapped_column(default=now_utc, onupdate=now_utc)
