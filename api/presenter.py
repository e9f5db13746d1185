"""From stored rows to the shapes that go out."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.schemas.capability import CapabilityRead, TypicalDays
from api.schemas.case import CaseRead
from api.schemas.demand import DemandRead, QualityRead
from api.schemas.facts import BudgetRead
from api.schemas.provider import ProviderRead
from api.schemas.service_base import BaseRead
from api.schemas.tags import EvidenceRead, StoredTagRead, TagsRead
from api.vocabularies import Vocabularies
from models import repository
from models.base import Row
from models.case import Case
from models.database import Session
from models.demand import Demand
from models.organisation import Base
from models.provider import Capability, Provider
from models.tag import TagAssignment
from models.vocabulary import Clarity

_EMPTY_QUALITY: dict[str, Any] = {
    "score": 0,
    "grade": "D",
    "missing": [],
    "vague_terms": [],
    "advice": [],
    "needs_confirmation": False,
    "routing_hint": None,
}


class Presenter:
    """Shows rows with the Chinese names of their codes."""

    def __init__(self, vocabularies: Vocabularies) -> None:
        self._vocabularies = vocabularies

    def demands(self, session: Session, rows: Sequence[Demand]) -> list[DemandRead]:
        """Return demands with their tags, in order."""
        tags = _tags(session, rows)
        return [self.demand(row, tags.get(row.id, [])) for row in rows]

    def capabilities(self, session: Session, rows: Sequence[Capability]) -> list[CapabilityRead]:
        """Return capabilities with their tags, in order."""
        tags = _tags(session, rows)
        return [self._capability(row, tags.get(row.id, [])) for row in rows]

    def cases(self, session: Session, rows: Sequence[Case]) -> list[CaseRead]:
        """Return cases with their tags, in order."""
        tags = _tags(session, rows)
        return [self._case(row, tags.get(row.id, [])) for row in rows]

    def providers(self, session: Session, rows: Sequence[Provider]) -> list[ProviderRead]:
        """Return providers with the number of their capabilities, in order."""
        counts = repository.count_capabilities(session, [row.id for row in rows])
        return [self._provider(row, counts.get(row.id, 0)) for row in rows]

    def bases(self, session: Session, rows: Sequence[Base]) -> list[BaseRead]:
        """Return service bases, in order."""
        of_organisation = {"name", "short_name", "org_type", "region_code"}
        return [
            BaseRead(
                **_columns(row, BaseRead, of_organisation | {"region_name"}),
                **{name: getattr(row.organisation, name) for name in of_organisation},
                region_name=self._vocabularies.region_name(row.organisation.region_code),
            )
            for row in rows
        ]

    def tags(self, session: Session, row: Row) -> TagsRead:
        """Return the tags of a row that count now."""
        found = _tags(session, [row]).get(row.id, [])
        return TagsRead(id=row.id, version=row.version, tags=[self._tag(t) for t in found])

    def demand(self, row: Demand, tags: Sequence[TagAssignment]) -> DemandRead:
        """Return one demand."""
        return DemandRead(
            **_columns(row, DemandRead, {"budget", "quality", "tags", "region_name"}),
            region_name=self._vocabularies.region_name(row.region_code),
            budget=_budget(row),
            quality=quality_read(row.quality, row.clarity),
            tags=[self._tag(tag) for tag in tags],
        )

    def _capability(self, row: Capability, tags: Sequence[TagAssignment]) -> CapabilityRead:
        return CapabilityRead(
            **_columns(row, CapabilityRead, {"typical_days", "tags"}),
            typical_days=TypicalDays(min=row.typical_days_min, max=row.typical_days_max),
            tags=[self._tag(tag) for tag in tags],
        )

    def _case(self, row: Case, tags: Sequence[TagAssignment]) -> CaseRead:
        return CaseRead(
            **_columns(row, CaseRead, {"region_name", "tags"}),
            region_name=self._vocabularies.region_name(row.region_code),
            tags=[self._tag(tag) for tag in tags],
        )

    def _provider(self, row: Provider, n_capabilities: int) -> ProviderRead:
        organisation = row.organisation
        of_organisation = {"name", "short_name", "uscc", "org_type", "region_code"}
        return ProviderRead(
            **_columns(row, ProviderRead, of_organisation | {"region_name", "n_capabilities"}),
            **{name: getattr(organisation, name) for name in of_organisation},
            region_name=self._vocabularies.region_name(organisation.region_code),
            n_capabilities=n_capabilities,
        )

    def _tag(self, tag: TagAssignment) -> StoredTagRead:
        return StoredTagRead(
            scheme=tag.scheme,
            version=tag.scheme_version,
            code=tag.code,
            name=self._vocabularies.name(tag.scheme, tag.code),
            confidence=tag.confidence,
            source=tag.source,
            evidence=[EvidenceRead(**evidence) for evidence in tag.evidence],
            assigned_by=tag.assigned_by,
            assigned_at=tag.assigned_at,
        )


def quality_read(quality: Mapping[str, Any], clarity: Clarity | None) -> QualityRead:
    """Return the advice on a demand as it goes out."""
    return QualityRead(clarity=clarity, **{**_EMPTY_QUALITY, **quality})


def _budget(row: Demand) -> BudgetRead | None:
    if row.budget_kind is None:
        return None
    return BudgetRead(
        kind=row.budget_kind,
        min_fen=row.budget_min_fen,
        max_fen=row.budget_max_fen,
        raw=row.budget_raw,
    )


def _columns(row: Row, schema: type[Any], computed: set[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in set(schema.model_fields) - computed}


def _tags(session: Session, rows: Sequence[Row]) -> dict[str, list[TagAssignment]]:
    if not rows:
        return {}
    return repository.tags_of(session, rows[0].entity, [row.id for row in rows])
