"""Providers (服务机构) and their capabilities, the unit that is indexed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import KEY_CHARS, ChoiceType, Row
from models.organisation import Organisation
from models.searched import Searched
from models.vocabulary.organisation import CapabilityKind, EvidenceLevel, ProviderState
from models.vocabulary.row import Entity

OFFERED_STATES = frozenset({ProviderState.VERIFIED, ProviderState.ACTIVE})
"""States in which a provider's capabilities are offered to demands."""

PROVIDER_STEPS: dict[ProviderState, frozenset[ProviderState]] = {
    ProviderState.DRAFT: frozenset({ProviderState.SUBMITTED, ProviderState.WITHDRAWN}),
    ProviderState.SUBMITTED: frozenset({ProviderState.UNDER_REVIEW, ProviderState.WITHDRAWN}),
    ProviderState.UNDER_REVIEW: frozenset(
        {ProviderState.VERIFIED, ProviderState.REJECTED, ProviderState.WITHDRAWN}
    ),
    ProviderState.VERIFIED: frozenset(
        {ProviderState.ACTIVE, ProviderState.SUSPENDED, ProviderState.WITHDRAWN}
    ),
    ProviderState.ACTIVE: frozenset(
        {ProviderState.PAUSED, ProviderState.SUSPENDED, ProviderState.WITHDRAWN}
    ),
    ProviderState.PAUSED: frozenset({ProviderState.ACTIVE, ProviderState.WITHDRAWN}),
    ProviderState.SUSPENDED: frozenset({ProviderState.ACTIVE, ProviderState.WITHDRAWN}),
    ProviderState.WITHDRAWN: frozenset(),
    ProviderState.REJECTED: frozenset({ProviderState.DRAFT}),
}


class Provider(Row):
    """A service institution; None in a fact means it was never said, not that it is absent."""

    __tablename__ = "provider"
    id_prefix = "pv"
    entity = Entity.PROVIDER

    organisation_id: Mapped[str] = mapped_column(
        String(KEY_CHARS), ForeignKey("organisation.id"), unique=True
    )
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    state: Mapped[ProviderState] = mapped_column(
        ChoiceType(ProviderState), default=ProviderState.ACTIVE
    )
    intro: Mapped[str | None] = mapped_column(Text)
    service_regions: Mapped[list[str]] = mapped_column(default=list)
    """GB/T 2260 codes of two, four or six digits, or the single word `nation`."""
    team: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Head counts by role: project_mgmt, info_collect, data_process, analysis, quality, total."""
    analysts_stability_3y: Mapped[int | None]
    """Analysts with 3+ years in patent stability and infringement risk (GB/T 39551.4, 4.2)."""
    credentials: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    data_resources: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    tools: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    nda_ready: Mapped[bool | None]
    on_prem_ok: Mapped[bool | None]
    languages: Mapped[list[str]] = mapped_column(default=list)
    capacity: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    reputation: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict)

    capabilities: Mapped[list["Capability"]] = relationship(
        back_populates="provider", order_by="Capability.id", lazy="raise"
    )

    def searchable_texts(self) -> Iterable[str]:
        """Yield the introduction; providers are found through their capabilities."""
        yield self.intro or ""


class Capability(Searched, Row):
    """One thing a provider can do."""

    __tablename__ = "capability"
    id_prefix = "cp"
    entity = Entity.CAPABILITY
    searched_columns = ("title", "description")

    provider_id: Mapped[str] = mapped_column(
        String(KEY_CHARS), ForeignKey("provider.id"), index=True
    )
    provider: Mapped[Provider] = relationship(back_populates="capabilities", lazy="raise")
    kind: Mapped[CapabilityKind] = mapped_column(
        ChoiceType(CapabilityKind), default=CapabilityKind.SERVICE
    )
    title: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(Text)
    any_industry: Mapped[bool] = mapped_column(default=False)
    tech_keywords: Mapped[list[str]] = mapped_column(default=list)
    ipc: Mapped[list[str]] = mapped_column(default=list)
    deliverables: Mapped[list[str]] = mapped_column(default=list)
    methods: Mapped[list[str]] = mapped_column(default=list)
    typical_days_min: Mapped[int | None]
    typical_days_max: Mapped[int | None]
    case_ids: Mapped[list[str]] = mapped_column(default=list)
    evidence_level: Mapped[EvidenceLevel] = mapped_column(
        ChoiceType(EvidenceLevel), default=EvidenceLevel.CLAIMED
    )
    valid_until: Mapped[date | None]
    human_fields: Mapped[list[str]] = mapped_column(default=list)

    def searchable_texts(self) -> Iterable[str]:
        """Yield title and description."""
        yield self.title
        yield self.description
