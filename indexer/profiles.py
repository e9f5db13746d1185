"""What is known of the providers behind rows."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from indexer.types import Credential, Profile
from models import feed, invitations, repository
from models.base import Row
from models.case import Case
from models.database import Session
from models.provider import OFFERED_STATES, Capability, Provider
from models.sight import covers
from models.vocabulary.access import Visibility
from models.vocabulary.organisation import CredentialType
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import Scheme


@dataclass(frozen=True, slots=True)
class Owner:
    """The provider behind rows: profile, whether it is offered, who may see it.

    Attributes:
        profile: What is known of it.
        offered: Whether it takes part in matching.
        visibility: Who may see it.
        invited: Organisations invited to it.
    """

    profile: Profile
    offered: bool
    visibility: Visibility
    invited: tuple[str, ...] = ()


def owners_of(session: Session, rows: Sequence[Row]) -> dict[str, Owner]:
    """Return what is known of the providers of rows, by key.

    Of a provider's cases only those count that everybody may see who sees the provider: what
    is said of it must not tell of others.
    """
    owned = [row for row in rows if isinstance(row, Capability | Case)]
    wanted = {row.provider_id for row in owned if row.provider_id is not None}
    providers = repository.rows_by_id(session, Provider, sorted(wanted))
    provider_of = feed.published_cases(session, providers)
    cases = repository.rows_by_id(session, Case, provider_of)
    provider_of = {
        case_id: key
        for case_id, key in provider_of.items()
        if covers(cases[case_id].visibility, providers[key].visibility)
    }
    invited = invitations.invited_to(session, providers)
    scenarios: dict[str, list[set[str]]] = {}
    for case_id, tags in repository.tags_of(session, Entity.CASE, provider_of).items():
        codes = {tag.code for tag in tags if tag.scheme == Scheme.SCENARIO}
        if codes:
            scenarios.setdefault(provider_of[case_id], []).append(codes)
    return {
        key: Owner(
            profile=provider_profile(provider, scenarios.get(key, [])),
            offered=provider.state in OFFERED_STATES and provider.deleted_at is None,
            visibility=provider.visibility,
            invited=invited.get(key, ()),
        )
        for key, provider in providers.items()
    }


def provider_profile(provider: Provider, case_scenarios: Iterable[Set[str]]) -> Profile:
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
        team_total=total,
        team_at_least=sum(counts) if total is None and counts else None,
        credentials=tuple(_credential(c) for c in provider.credentials) or None,
        data_resources=tuple(str(r.get("name", "")) for r in provider.data_resources) or None,
        tools=tuple(str(t.get("name", "")) for t in provider.tools) or None,
        languages=tuple(provider.languages) or None,
        nda_ready=provider.nda_ready,
        case_scenarios=tuple(sorted(tuple(sorted(codes)) for codes in case_scenarios)),
        open_slots=(provider.capacity or {}).get("open_slots"),
        reputation=(provider.reputation or {}).get("shrunk_score"),
        joined=provider.created_at.date().isoformat(),
        preferred_scenarios=tuple(preferences.get("scenarios") or ()),
        preferred_regions=tuple(preferences.get("regions") or ()),
        budget_min_fen=preferences.get("budget_min_fen"),
    )


def _credential(values: Mapping[str, Any]) -> Credential:
    return Credential(
        type=CredentialType(values["type"]),
        level=values.get("level"),
        scope=values.get("scope"),
        valid_to=values.get("valid_to"),
        verified=bool(values.get("verified_at")),
    )
