"""Documents made from rows: the bridge from the database to the index."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.text import canonicalise, drop_refused
from indexer.types import Condition, Credential, Document, Profile
from models import feed, repository
from models.base import Row, hash_texts
from models.case import Case
from models.database import Database, Session
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
        title=_searchable(demand.title),
        body=_searchable(demand.body()),
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
        title=_searchable(capability.title),
        body=_searchable(capability.description),
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
        title=_searchable(case.title),
        body=_searchable(case.summary),
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
    counts = [n for n in team.values() if isinstance(n, int)]
    total = team.get("total")
    preferences = provider.preferences or {}
    return Profile(
        name=provider.organisation.name,
        region_code=provider.organisation.region_code,
        service_regions=tuple(provider.service_regions),
        analysts_stability_3y=provider.analysts_stability_3y,
        team_total=total if total is not None or not counts else sum(counts),
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

    def mark(self, seq: int) -> str:
        """Return what the change log says at a change; empty when there is no such change."""
        with self._database.read() as session:
            change = feed.change_at(session, seq)
            if change is None:
                return ""
            told = (change.entity, change.entity_id, change.operation, change.content_hash)
            return hash_texts([*told, change.at.isoformat()])

    def changed_ids(self, after: int, limit: int) -> tuple[int, dict[Entity, set[str]]]:
        """Return the newest change looked at and the documents it and its predecessors touch.

        Documents carry facts of others: those of a provider its organisation's name and place
        and its cases' scenarios. They are touched when those are.
        """
        with self._database.read() as session:
            changes = repository.changes_after(session, after, limit)
            changed: dict[Entity, set[str]] = {entity: set() for entity in Entity}
            for change in changes:
                changed[change.entity].add(change.entity_id)
            cases = repository.rows_by_id(session, Case, changed[Entity.CASE])
            providers = {case.provider_id for case in cases.values() if case.provider_id}
            providers |= changed[Entity.PROVIDER]
            providers |= feed.provider_ids_of(session, changed[Entity.ORGANISATION])
            changed[Entity.CAPABILITY] |= feed.owned_ids(session, Capability, providers)
            changed[Entity.CASE] |= feed.owned_ids(session, Case, providers)
            newest = changes[-1].seq if changes else after
            return newest, {kind: changed[kind] for kind in KINDS}

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
            owners = _owners_of(session, findable)
            documents = [_document(row, tags.get(row.id, []), owners) for row in findable]
            return [d for d in documents if d is not None]

    def get(self, texts: Sequence[str]) -> Mapping[str, NDArray[np.float32]]:
        """Return the vectors in the cache table, by text."""
        with self._database.read() as session:
            return feed.cached_vectors(session, self._fingerprint, texts)

    def put(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep vectors in the cache table."""
        with self._database.write() as session:
            feed.keep_vectors(session, self._fingerprint, dict(vectors))


def _owners_of(session: Session, rows: Sequence[Row]) -> dict[str, _Owner]:
    """Return what is known of the providers of rows, by key."""
    owned = [row for row in rows if isinstance(row, Capability | Case)]
    wanted = {row.provider_id for row in owned if row.provider_id is not None}
    providers = repository.rows_by_id(session, Provider, sorted(wanted))
    provider_of = feed.published_cases(session, providers)
    scenarios: dict[str, list[str]] = {}
    for case_id, tags in repository.tags_of(session, Entity.CASE, provider_of).items():
        codes = [tag.code for tag in tags if tag.scheme == Scheme.SCENARIO]
        scenarios.setdefault(provider_of[case_id], []).extend(codes)
    return {
        key: _Owner(
            profile=provider_profile(provider, scenarios.get(key, [])),
            offered=provider.state in OFFERED_STATES and provider.deleted_at is None,
            visibility=provider.visibility,
        )
        for key, provider in providers.items()
    }


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
        is_shown = owner and narrower(row.visibility, owner.visibility) == row.visibility
        return case_document(row, tags, owner.profile if owner and is_shown else None)
    if isinstance(row, Capability):
        owner = owners[row.provider_id]
        if not owner.offered:
            return None
        document = capability_document(row, tags, owner.profile)
        return replace(document, visibility=narrower(row.visibility, owner.visibility))
    return None


def _searchable(text: str) -> str:
    """Return the canonical form, also of a text that came into the table past the sanitiser."""
    return canonicalise(drop_refused(text))


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
