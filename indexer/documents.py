"""Documents made from rows: the bridge from the database to the index."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.text import canonicalise
from indexer.types import Condition, Credential, Document, Profile
from models import repository
from models.base import Row
from models.case import Case
from models.database import Database
from models.demand import MATCHABLE_STATES, Demand
from models.provider import OFFERED_STATES, Capability, Provider
from models.tag import TagAssignment
from models.vocabulary import (
    CaseState,
    CredentialType,
    Entity,
    EvidenceLevel,
    RequirementKind,
    RequirementStrength,
    Scheme,
    Visibility,
)

KINDS = (Entity.CAPABILITY, Entity.DEMAND, Entity.CASE)
"""Kinds of row that are indexed."""

REJECT_CODE = "OTH"


def demand_document(demand: Demand, tags: Sequence[TagAssignment]) -> Document:
    """Return the document of a demand, whatever its state."""
    return Document(
        id=demand.id,
        kind=Entity.DEMAND,
        group_id=demand.id,
        title=canonicalise(demand.title),
        body=canonicalise(demand.body()),
        scenarios=_codes(tags, Scheme.SCENARIO),
        industries=_codes(tags, Scheme.SEI),
        classes=_codes(tags, Scheme.GB4754),
        region_code=demand.region_code,
        service_region=demand.service_region,
        deliverables=tuple(demand.deliverables),
        conditions=tuple(_condition(c) for c in demand.requirements),
        budget_kind=demand.budget_kind,
        budget_min_fen=demand.budget_min_fen,
        budget_max_fen=demand.budget_max_fen,
        period_days=demand.period_days,
        visibility=demand.visibility,
    )


def capability_document(
    capability: Capability, tags: Sequence[TagAssignment], profile: Profile
) -> Document:
    """Return the document of a capability."""
    return Document(
        id=capability.id,
        kind=Entity.CAPABILITY,
        group_id=capability.provider_id,
        title=canonicalise(capability.title),
        body=canonicalise(capability.description),
        scenarios=_codes(tags, Scheme.SCENARIO),
        industries=_codes(tags, Scheme.SEI),
        classes=_codes(tags, Scheme.GB4754),
        any_industry=capability.any_industry,
        region_code=profile.region_code,
        deliverables=tuple(capability.deliverables),
        typical_days_min=capability.typical_days_min,
        verified=capability.evidence_level == EvidenceLevel.VERIFIED,
        visibility=capability.visibility,
        profile=profile,
    )


def case_document(case: Case, tags: Sequence[TagAssignment], profile: Profile | None) -> Document:
    """Return the document of a case."""
    return Document(
        id=case.id,
        kind=Entity.CASE,
        group_id=case.id,
        title=canonicalise(case.title),
        body=canonicalise(case.summary),
        scenarios=_codes(tags, Scheme.SCENARIO),
        industries=_codes(tags, Scheme.SEI),
        classes=_codes(tags, Scheme.GB4754),
        region_code=case.region_code,
        deliverables=tuple(case.deliverables),
        verified=case.verified,
        visibility=case.visibility,
        profile=profile,
    )


def provider_profile(provider: Provider, case_scenarios: Iterable[str]) -> Profile:
    """Return what is known of a provider; what was never said stays None or empty."""
    team = provider.team or {}
    numbers = [n for n in team.values() if isinstance(n, int)]
    preferences = provider.preferences or {}
    return Profile(
        name=provider.organisation.name,
        region_code=provider.organisation.region_code,
        service_regions=tuple(provider.service_regions),
        analysts_stability_3y=provider.analysts_stability_3y,
        team_total=team.get("total", sum(numbers) if numbers else None),
        credentials=tuple(_credential(c) for c in provider.credentials) or None,
        data_resources=tuple(str(r.get("name", "")) for r in provider.data_resources) or None,
        tools=tuple(str(t.get("name", "")) for t in provider.tools) or None,
        languages=tuple(provider.languages) or None,
        nda_ready=provider.nda_ready,
        case_scenarios=tuple(sorted(case_scenarios)),
        open_slots=(provider.capacity or {}).get("open_slots"),
        reputation=(provider.reputation or {}).get("shrunk_score"),
        joined=provider.created_at.date().isoformat(),
        preferred_scenarios=tuple(preferences.get("scenarios") or ()),
        preferred_regions=tuple(preferences.get("regions") or ()),
        budget_min_fen=preferences.get("budget_min_fen"),
    )


@dataclass(frozen=True, slots=True)
class _Owner:
    """The provider behind rows: profile, whether it is offered, who may see it."""

    profile: Profile
    offered: bool
    visibility: Visibility


def narrower(a: Visibility, b: Visibility) -> Visibility:
    """Return the narrower of two levels: a hidden provider hides its capabilities."""
    return max(a, b, key=list(Visibility).index)


class DatabaseDocuments:
    """Reads documents, changes and cached vectors; what `indexer.sync` follows."""

    def __init__(self, database: Database, fingerprint: str) -> None:
        self._database = database
        self._fingerprint = fingerprint

    def last_seq(self) -> int:
        """Return the number of the newest change."""
        with self._database.read() as session:
            return repository.last_seq(session)

    def changed_ids(self, after: int, limit: int) -> tuple[int, dict[Entity, set[str]]]:
        """Return the newest change looked at and the documents it and its predecessors touch."""
        with self._database.read() as session:
            changes = repository.changes_after(session, after, limit)
            touched: dict[Entity, set[str]] = {kind: set() for kind in KINDS}
            for change in changes:
                if change.entity in touched:
                    touched[change.entity].add(change.entity_id)
            providers = {c.entity_id for c in changes if c.entity == Entity.PROVIDER}
            cases = repository.rows_by_id(session, Case, touched[Entity.CASE])
            providers |= {case.provider_id for case in cases.values() if case.provider_id}
            for provider_id in providers:
                owned = repository.capabilities_of(session, provider_id)
                touched[Entity.CAPABILITY] |= {c.id for c in owned}
                touched[Entity.CASE] |= {c.id for c in repository.cases_of(session, provider_id)}
            return (changes[-1].seq if changes else after), touched

    def all_ids(self, kind: Entity) -> list[str]:
        """Return the keys of all rows of a kind that are not deleted, oldest first."""
        with self._database.read() as session:
            return repository.live_ids(session, repository.TABLES[kind])

    def load(self, kind: Entity, ids: Iterable[str]) -> list[Document]:
        """Return the documents of those rows that may be found now, in the order of keys."""
        with self._database.read() as session:
            rows = repository.rows_by_id(session, repository.TABLES[kind], ids)
            findable = [row for _, row in sorted(rows.items()) if _is_findable(row)]
            tags = repository.tags_of(session, kind, [row.id for row in findable])
            profiles = self._profiles(session, findable)
            documents = [_document(row, tags.get(row.id, []), profiles) for row in findable]
            return [d for d in documents if d is not None]

    def get(self, texts: Sequence[str]) -> Mapping[str, NDArray[np.float32]]:
        """Return the vectors in the cache table, by text."""
        with self._database.read() as session:
            return repository.cached_vectors(session, self._fingerprint, texts)

    def put(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep vectors in the cache table."""
        with self._database.write() as session:
            repository.keep_vectors(session, self._fingerprint, dict(vectors))

    def _profiles(self, session: Any, rows: Sequence[Row]) -> dict[str, _Owner]:  # noqa: ANN401
        """Return what is known of the providers of rows, by key."""
        wanted = {getattr(row, "provider_id", None) for row in rows} - {None}
        providers = repository.rows_by_id(session, Provider, [str(w) for w in wanted])
        found: dict[str, _Owner] = {}
        for provider in providers.values():
            cases = [
                case.id
                for case in repository.cases_of(session, provider.id)
                if case.state == CaseState.PUBLISHED
            ]
            tags = repository.tags_of(session, Entity.CASE, cases)
            scenarios = [
                t.code for row in tags.values() for t in row if t.scheme == Scheme.SCENARIO
            ]
            offered = provider.state in OFFERED_STATES and provider.deleted_at is None
            profile = provider_profile(provider, scenarios)
            found[provider.id] = _Owner(profile, offered, provider.visibility)
        return found


def _is_findable(row: Row) -> bool:
    if row.deleted_at is not None:
        return False
    if isinstance(row, Demand):
        return row.state in MATCHABLE_STATES
    return not isinstance(row, Case) or row.state == CaseState.PUBLISHED


def _document(
    row: Row, tags: Sequence[TagAssignment], owners: Mapping[str, _Owner]
) -> Document | None:
    if isinstance(row, Demand):
        return demand_document(row, tags)
    if isinstance(row, Case):
        owner = owners.get(row.provider_id or "")
        return case_document(row, tags, owner.profile if owner else None)
    if isinstance(row, Capability):
        owner = owners[row.provider_id]
        if not owner.offered:
            return None
        document = capability_document(row, tags, owner.profile)
        return replace(document, visibility=narrower(row.visibility, owner.visibility))
    return None


def _codes(tags: Sequence[TagAssignment], scheme: Scheme) -> tuple[tuple[str, float], ...]:
    chosen = [(t.code, t.confidence) for t in tags if t.scheme == scheme and t.code != REJECT_CODE]
    return tuple(sorted(chosen, key=lambda pair: (-pair[1], pair[0])))


def _condition(values: Mapping[str, Any]) -> Condition:
    return Condition(
        kind=RequirementKind(values["kind"]),
        strength=RequirementStrength(values["strength"]),
        value=values.get("value"),
        text=values.get("text", ""),
    )


def _credential(values: Mapping[str, Any]) -> Credential:
    return Credential(
        type=CredentialType(values["type"]),
        level=values.get("level"),
        scope=values.get("scope"),
        valid_to=values.get("valid_to"),
        verified=bool(values.get("verified_at")),
    )
