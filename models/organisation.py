"""Organisations and the service bases among them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import KEY_CHARS, ChoiceType, Row
from models.lookalikes import skeleton
from models.searched import Searched
from models.vocabulary.organisation import BaseLevel, BaseState, OrganisationType
from models.vocabulary.row import Entity

SHOWN_BASE_STATES = frozenset({BaseState.CONFIRMED, BaseState.ACTIVE})
"""States in which others than its own organisation may see a base."""

USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Characters of a unified social credit code, in order of their value (GB 32100-2015)."""


class Organisation(Searched, Row):
    """A legal person: government office, park, enterprise, university, agency …"""

    __tablename__ = "organisation"
    id_prefix = "og"
    entity = Entity.ORGANISATION
    searched_columns = ("name", "short_name")

    name: Mapped[str] = mapped_column(String(100), index=True)
    name_skeleton: Mapped[str | None] = mapped_column(String(200), index=True)
    """The same for names that look alike (`models/lookalikes.py`)."""
    short_name: Mapped[str | None] = mapped_column(String(40))
    uscc: Mapped[str | None] = mapped_column(String(18), unique=True)
    """Unified social credit code; government offices may have none."""
    org_type: Mapped[OrganisationType] = mapped_column(ChoiceType(OrganisationType))
    park_level: Mapped[str | None] = mapped_column(String(16))
    region_code: Mapped[str | None] = mapped_column(String(6), index=True)
    credit_flags: Mapped[list[dict[str, Any]]] = mapped_column(default=list)

    def derive(self) -> None:
        """Set what is made from other columns."""
        super().derive()
        self.name_skeleton = skeleton(self.name)[:200]

    def searchable_texts(self) -> Iterable[str]:
        """Yield the name; organisations themselves are not indexed."""
        yield self.name


class Base(Row):
    """A patent-navigation service base (服务基地): finds out needs and posts demands."""

    __tablename__ = "base"
    id_prefix = "bs"
    entity = Entity.BASE

    organisation_id: Mapped[str] = mapped_column(
        String(KEY_CHARS), ForeignKey("organisation.id"), unique=True
    )
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    level: Mapped[BaseLevel] = mapped_column(ChoiceType(BaseLevel))
    state: Mapped[BaseState] = mapped_column(ChoiceType(BaseState), default=BaseState.ACTIVE)
    batch: Mapped[str | None] = mapped_column(String(32))
    dept_name: Mapped[str | None] = mapped_column(String(100))
    staff_count: Mapped[int | None]
    service_count_total: Mapped[int | None]
    has_fund: Mapped[bool | None]
    has_premises: Mapped[bool | None]
    has_data: Mapped[bool | None]
    parent_base_id: Mapped[str | None] = mapped_column(String(KEY_CHARS), ForeignKey("base.id"))

    def searchable_texts(self) -> Iterable[str]:
        """Yield nothing: bases are not indexed."""
        return ()


def uscc_is_valid(code: str) -> bool:
    """Return whether the check character of a unified social credit code fits.

    Weights are powers of 3 modulo 31, the sum's complement to 31 is the last character
    (GB 32100-2015, annex).
    """
    if len(code) != 18 or any(c not in USCC_CHARS for c in code):
        return False
    total = sum(USCC_CHARS.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return USCC_CHARS[(31 - total % 31) % 31] == code[17]
