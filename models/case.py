"""Cases: finished navigation work that shows what a provider has done before."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import KEY_CHARS, ChoiceType, Row
from models.searched import Searched
from models.vocabulary.organisation import CaseState, OrganisationType
from models.vocabulary.row import Entity

CASE_STEPS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.DRAFT: frozenset({CaseState.SUBMITTED, CaseState.PUBLISHED}),
    CaseState.SUBMITTED: frozenset({CaseState.REVIEWED, CaseState.DRAFT}),
    CaseState.REVIEWED: frozenset({CaseState.PUBLISHED, CaseState.DRAFT}),
    CaseState.PUBLISHED: frozenset({CaseState.HIDDEN, CaseState.ARCHIVED}),
    CaseState.HIDDEN: frozenset({CaseState.PUBLISHED, CaseState.ARCHIVED}),
    CaseState.ARCHIVED: frozenset(),
}


class Case(Searched, Row):
    """A result that was delivered and, at best, applied."""

    __tablename__ = "case_result"
    id_prefix = "cs"
    entity = Entity.CASE
    searched_columns = ("title", "summary")

    state: Mapped[CaseState] = mapped_column(ChoiceType(CaseState), default=CaseState.DRAFT)
    provider_id: Mapped[str | None] = mapped_column(
        String(KEY_CHARS), ForeignKey("provider.id"), index=True
    )
    base_id: Mapped[str | None] = mapped_column(String(KEY_CHARS), ForeignKey("base.id"))
    recipient_type: Mapped[OrganisationType | None] = mapped_column(ChoiceType(OrganisationType))
    title: Mapped[str] = mapped_column(String(80))
    summary: Mapped[str] = mapped_column(Text)
    region_code: Mapped[str | None] = mapped_column(String(6), index=True)
    year: Mapped[int | None]
    deliverables: Mapped[list[str]] = mapped_column(default=list)
    report_pages: Mapped[int | None]
    data_volume: Mapped[int | None]
    standard_followed: Mapped[str | None] = mapped_column(String(32))
    application: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """How the result was used: form, adopted_by, date, effect_text."""
    award: Mapped[str | None] = mapped_column(String(100))
    source_url: Mapped[str | None] = mapped_column(String(500))
    verified: Mapped[bool] = mapped_column(default=False)

    def searchable_texts(self) -> Iterable[str]:
        """Yield title and summary."""
        yield self.title
        yield self.summary
