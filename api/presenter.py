"""From stored rows to the shapes that go out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Self

from api.schemas.capability import CapabilityRead, TypicalDays
from api.schemas.case import CaseRead
from api.schemas.demand import DemandRead, QualityRead
from api.schemas.facts import BudgetRead
from api.schemas.provider import ProviderRead
from api.schemas.service_base import BaseRead
from api.schemas.tags import EvidenceRead, StoredTagRead, TagsRead
from api.vocabularies import Vocabularies
from models import invitations, repository
from models.acting import elevated, viewer_of
from models.base import Row
from models.case import Case
from models.database import Session
from models.demand import Demand
from models.organisation import Base, Organisation
from models.provider import Capability, Provider
from models.sight import SEES_ALL, own_id, owns
from models.tag import TagAssignment
from models.viewer import Viewer
from models.vocabulary.demand import Clarity, Confidentiality

_REFERENCES: Final[Mapping[str, type[Row]]] = {
    "base_id": Base,
    "parent_base_id": Base,
    "provider_id": Provider,
    "case_ids": Case,
}
"""Columns that name another row, which may be hidden."""

_OWNERS: Final[Mapping[str, Callable[[], Any]]] = {
    "source_ref": lambda: None,
    "human_fields": list,
}
"""Columns only the owner is shown, and what others are shown instead."""

_EMPTY_QUALITY: dict[str, Any] = {
    "score": 0,
    "grade": "D",
    "missing": [],
    "vague_terms": [],
    "advice": [],
    "needs_confirmation": False,
    "routing_hint": None,
}


class Shown:
    """What of rows somebody is shown: less of another's than of one's own."""

    def __init__(self, viewer: Viewer, seen: frozenset[str], mutual: frozenset[str]) -> None:
        """Take who looks, the keys of the rows referred to they see, and of mutual interest."""
        self._viewer = viewer
        self._seen = seen
        self._mutual = mutual

    @classmethod
    def of(cls, session: Session, rows: Sequence[Row]) -> Self:
        """Return what a session's viewer is shown of rows, and of those they refer to."""
        viewer = viewer_of(session)
        if viewer.role in SEES_ALL:
            return cls(viewer, frozenset(), frozenset())
        seen: set[str] = set()
        for column, table in _REFERENCES.items():
            seen |= repository.visible_ids(session, table, _referred(rows, column))
        mutual = invitations.mutual_rows(session, [row.id for row in rows], own_id(viewer))
        return cls(viewer, frozenset(seen), frozenset(mutual))

    def is_own(self, row: Row) -> bool:
        """Return whether the viewer answers for a row."""
        return owns(self._viewer, row.owner_id, row.owner_region)

    def columns(self, row: Row, schema: type[Any], computed: set[str]) -> dict[str, Any]:
        """Return the values of a schema's fields that stand in columns of the row."""
        names = set(schema.model_fields) - computed
        values = {name: getattr(row, name) for name in names}
        if self._viewer.role in SEES_ALL:
            return values
        for column in names & set(_REFERENCES):
            values[column] = self._reference(values[column])
        if not self.is_own(row):
            values.update((name, empty()) for name, empty in _OWNERS.items() if name in names)
            if isinstance(row, Demand) and not self.knows_recipient(row):
                values.update(_without_recipient(row, names))
        return values

    def _reference(self, value: Any) -> Any:  # noqa: ANN401 - one key or a list of them
        if isinstance(value, list):
            return [key for key in value if key in self._seen]
        return value if value in self._seen else None

    def knows_recipient(self, row: Demand) -> bool:
        """Return whether the viewer may know whom a demand is for."""
        is_mutual = row.id in self._mutual
        return self.is_own(row) or is_mutual or row.recipient_id == own_id(self._viewer)


def _without_recipient(row: Demand, names: set[str]) -> dict[str, Any]:
    """Return what stands in the place of columns that tell whom a demand is for."""
    hidden = {"recipient_id"}
    if row.confidentiality is Confidentiality.MASKED:
        hidden.add("recipient_type")
    return dict.fromkeys(hidden & names)


def _referred(rows: Sequence[Row], column: str) -> Iterable[str]:
    for row in rows:
        value = getattr(row, column, None)
        yield from value if isinstance(value, list) else filter(None, [value])


class Presenter:
    """Shows rows with the Chinese names of their codes."""

    def __init__(self, vocabularies: Vocabularies) -> None:
        self._vocabularies = vocabularies

    def demands(self, session: Session, rows: Sequence[Demand]) -> list[DemandRead]:
        """Return demands with their tags, in order."""
        tags = _tags(session, rows)
        shown = Shown.of(session, rows)
        names = _recipient_names(session, [row for row in rows if shown.knows_recipient(row)])
        return [
            self._demand(row, tags.get(row.id, []), shown, names.get(row.recipient_id or ""))
            for row in rows
        ]

    def capabilities(self, session: Session, rows: Sequence[Capability]) -> list[CapabilityRead]:
        """Return capabilities with their tags, in order."""
        tags = _tags(session, rows)
        shown = Shown.of(session, rows)
        return [self._capability(row, tags.get(row.id, []), shown) for row in rows]

    def cases(self, session: Session, rows: Sequence[Case]) -> list[CaseRead]:
        """Return cases with their tags, in order."""
        tags = _tags(session, rows)
        shown = Shown.of(session, rows)
        return [self._case(row, tags.get(row.id, []), shown) for row in rows]

    def providers(self, session: Session, rows: Sequence[Provider]) -> list[ProviderRead]:
        """Return providers with the number of their capabilities, in order."""
        counts = repository.count_capabilities(session, [row.id for row in rows])
        shown = Shown.of(session, rows)
        return [self._provider(row, counts.get(row.id, 0), shown) for row in rows]

    def bases(self, session: Session, rows: Sequence[Base]) -> list[BaseRead]:
        """Return service bases, in order."""
        of_organisation = {"name", "short_name", "org_type", "region_code"}
        shown = Shown.of(session, rows)
        return [
            BaseRead(
                **shown.columns(row, BaseRead, of_organisation | {"region_name"}),
                **{name: getattr(row.organisation, name) for name in of_organisation},
                region_name=self._vocabularies.region_name(row.organisation.region_code),
            )
            for row in rows
        ]

    def tags(self, session: Session, row: Row) -> TagsRead:
        """Return the tags of a row that count now."""
        found = _tags(session, [row]).get(row.id, [])
        return TagsRead(id=row.id, version=row.version, tags=[self._tag(t) for t in found])

    def _demand(
        self, row: Demand, tags: Sequence[TagAssignment], shown: Shown, recipient: str | None
    ) -> DemandRead:
        is_own = shown.is_own(row)
        computed = {"budget", "quality", "tags", "region_name", "recipient_name"}
        return DemandRead(
            **shown.columns(row, DemandRead, computed),
            recipient_name=recipient if shown.knows_recipient(row) else None,
            region_name=self._vocabularies.region_name(row.region_code),
            budget=_budget(row),
            quality=quality_read(row.quality, row.clarity) if is_own else None,
            tags=[self._tag(tag) for tag in tags],
        )

    def _capability(
        self, row: Capability, tags: Sequence[TagAssignment], shown: Shown
    ) -> CapabilityRead:
        return CapabilityRead(
            **shown.columns(row, CapabilityRead, {"typical_days", "tags"}),
            typical_days=TypicalDays(min=row.typical_days_min, max=row.typical_days_max),
            tags=[self._tag(tag) for tag in tags],
        )

    def _case(self, row: Case, tags: Sequence[TagAssignment], shown: Shown) -> CaseRead:
        return CaseRead(
            **shown.columns(row, CaseRead, {"region_name", "is_own", "tags"}),
            is_own=shown.is_own(row),
            region_name=self._vocabularies.region_name(row.region_code),
            tags=[self._tag(tag) for tag in tags],
        )

    def _provider(self, row: Provider, n_capabilities: int, shown: Shown) -> ProviderRead:
        organisation = row.organisation
        of_organisation = {"name", "short_name", "uscc", "org_type", "region_code"}
        return ProviderRead(
            **shown.columns(row, ProviderRead, of_organisation | {"region_name", "n_capabilities"}),
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


def _recipient_names(session: Session, known: Sequence[Demand]) -> dict[str, str]:
    """Return the names of recipients by key; whoever may know one need not see its row."""
    keys = {row.recipient_id for row in known if row.recipient_id is not None}
    if not keys:
        return {}
    with elevated(session, "recipients"):
        return {
            key: row.name for key, row in repository.rows_by_id(session, Organisation, keys).items()
        }


def _tags(session: Session, rows: Sequence[Row]) -> dict[str, list[TagAssignment]]:
    if not rows:
        return {}
    return repository.tags_of(session, rows[0].entity, [row.id for row in rows])
