"""Demands: what a base or its recipient needs, in their words, and what was read from them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import KEY_CHARS, ChoiceType, Row
from models.searched import Searched
from models.vocabulary.demand import (
    Audience,
    BudgetKind,
    Clarity,
    Confidentiality,
    DemandState,
    FundSource,
    ProcurementRoute,
    ServiceRegion,
)
from models.vocabulary.organisation import OrganisationType
from models.vocabulary.row import Entity

MATCHABLE_STATES = frozenset({DemandState.PUBLISHED, DemandState.MATCHING, DemandState.SHORTLISTED})
"""States in which a demand is offered to providers."""

SHOWN_STATES = MATCHABLE_STATES | {
    DemandState.NEGOTIATING,
    DemandState.MATCHED,
    DemandState.PROJECT_CREATED,
    DemandState.CLOSED,
}
"""States in which others than its owner may see a demand, as far as its visibility goes."""

DEMAND_STEPS: dict[DemandState, frozenset[DemandState]] = {
    DemandState.DRAFT: frozenset(
        {DemandState.SUBMITTED, DemandState.PUBLISHED, DemandState.REJECTED}
    ),
    DemandState.SUBMITTED: frozenset({DemandState.BASE_REVIEW, DemandState.REJECTED}),
    DemandState.BASE_REVIEW: frozenset(
        {DemandState.PUBLISHED, DemandState.RETURNED, DemandState.REJECTED}
    ),
    DemandState.RETURNED: frozenset({DemandState.DRAFT, DemandState.SUBMITTED}),
    DemandState.PUBLISHED: frozenset(
        {DemandState.MATCHING, DemandState.PAUSED, DemandState.REJECTED}
    ),
    DemandState.MATCHING: frozenset(
        {DemandState.SHORTLISTED, DemandState.PAUSED, DemandState.REJECTED}
    ),
    DemandState.SHORTLISTED: frozenset(
        {
            DemandState.NEGOTIATING,
            DemandState.MATCHING,
            DemandState.PAUSED,
            DemandState.REJECTED,
        }
    ),
    DemandState.NEGOTIATING: frozenset({DemandState.MATCHED, DemandState.SHORTLISTED}),
    DemandState.MATCHED: frozenset({DemandState.PROJECT_CREATED, DemandState.CLOSED}),
    DemandState.PROJECT_CREATED: frozenset({DemandState.CLOSED}),
    DemandState.PAUSED: frozenset({DemandState.PUBLISHED, DemandState.REJECTED}),
    DemandState.WITHDRAWN: frozenset(),
    DemandState.EXPIRED: frozenset({DemandState.PUBLISHED}),
    DemandState.REJECTED: frozenset({DemandState.DRAFT}),
    DemandState.CLOSED: frozenset(),
}
"""Steps of the life-cycle; before `matched` every state may also go to withdrawn or expired."""

EXPIRING_STATES = frozenset(DEMAND_STEPS) - {
    DemandState.MATCHED,
    DemandState.PROJECT_CREATED,
    DemandState.CLOSED,
    DemandState.WITHDRAWN,
    DemandState.EXPIRED,
}
"""States before `matched`, from which a demand may be withdrawn or expire."""


class Demand(Searched, Row):
    """A need for patent navigation, posted by a base on behalf of a recipient."""

    __tablename__ = "demand"
    __table_args__ = (Index("ix_demand_state_created_at", "state", "created_at"),)
    id_prefix = "dm"
    entity = Entity.DEMAND
    searched_columns = ("title", "description", "demand_no")

    demand_no: Mapped[str | None] = mapped_column(String(24), unique=True)
    """Number for people, `XQ-<region2>-<year>-<seq>`."""
    state: Mapped[DemandState] = mapped_column(ChoiceType(DemandState), default=DemandState.DRAFT)
    base_id: Mapped[str | None] = mapped_column(String(KEY_CHARS), ForeignKey("base.id"))
    recipient_id: Mapped[str | None] = mapped_column(
        String(KEY_CHARS), ForeignKey("organisation.id")
    )
    """Organisation that will use the result; shown to nobody else before interest is mutual."""
    recipient_type: Mapped[OrganisationType | None] = mapped_column(ChoiceType(OrganisationType))

    title: Mapped[str] = mapped_column(String(80))
    background: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    decision_question: Mapped[str | None] = mapped_column(String(300))
    """Who will decide what with the result."""

    audience: Mapped[Audience | None] = mapped_column(ChoiceType(Audience))
    region_code: Mapped[str | None] = mapped_column(String(6), index=True)
    service_region: Mapped[ServiceRegion] = mapped_column(
        ChoiceType(ServiceRegion), default=ServiceRegion.ANY
    )
    deliverables: Mapped[list[str]] = mapped_column(default=list)
    application_form: Mapped[list[str]] = mapped_column(default=list)
    tech_keywords: Mapped[list[str]] = mapped_column(default=list)
    ipc: Mapped[list[str]] = mapped_column(default=list)

    budget_kind: Mapped[BudgetKind | None] = mapped_column(ChoiceType(BudgetKind))
    budget_min_fen: Mapped[int | None] = mapped_column(BigInteger)
    budget_max_fen: Mapped[int | None] = mapped_column(BigInteger)
    budget_raw: Mapped[str | None] = mapped_column(String(200))
    fund_source: Mapped[FundSource | None] = mapped_column(ChoiceType(FundSource))
    procurement_route: Mapped[ProcurementRoute | None] = mapped_column(ChoiceType(ProcurementRoute))
    period_days: Mapped[int | None]
    period_raw: Mapped[str | None] = mapped_column(String(200))
    respond_by: Mapped[date | None]
    valid_until: Mapped[date]

    requirements: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    confidentiality: Mapped[Confidentiality] = mapped_column(
        ChoiceType(Confidentiality), default=Confidentiality.OPEN
    )
    public_funded: Mapped[bool] = mapped_column(default=False)
    urgent: Mapped[bool] = mapped_column(default=False)

    clarity: Mapped[Clarity | None] = mapped_column(ChoiceType(Clarity))
    quality: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Advice only: score, grade, missing facts with questions, vague terms."""
    human_fields: Mapped[list[str]] = mapped_column(default=list)
    """Fields a person set; reading the text again never overwrites them."""

    def searchable_texts(self) -> Iterable[str]:
        """Yield title, description, background and decision question."""
        yield self.title
        yield self.body()

    def body(self) -> str:
        """Return everything but the title as one text, most telling part first."""
        return "\n".join(filter(None, (self.description, self.decision_question, self.background)))


def may_step(state: DemandState, to: DemandState) -> bool:
    """Return whether the life-cycle allows a demand to go from one state to another."""
    if to in (DemandState.WITHDRAWN, DemandState.EXPIRED):
        return state in EXPIRING_STATES
    return to in DEMAND_STEPS[state]
