"""What is on record about the organisation behind a candidate."""

from functools import cache
from math import isnan

import numpy as np

from indexer.types import NATION, Document, Profile
from matcher.types import Candidates, Query, Values
from models.regions import RegionRelation, RegionTable

NEARNESS = {
    RegionRelation.SAME_CITY: 1.0,
    RegionRelation.SAME_PROVINCE: 0.8,
    RegionRelation.SAME_MACRO: 0.6,
    RegionRelation.DIFFERENT: 0.2,
    RegionRelation.UNKNOWN: float("nan"),
}
SERVED_NEARNESS = 0.6
"""A provider that names the region among those it works in, and sits somewhere else."""

NATION_NEARNESS = 0.5
"""A provider that says it works everywhere, and sits somewhere else."""

ENOUGH_CASES = 3
"""Cases in the same scenario that count as full experience."""


def nearby(query: Query, candidates: Candidates, regions: RegionTable) -> Values:
    """Return how near the two sides are: city > province > macro region > nation.

    Whichever side is a provider also counts as near where it says it works.
    """
    relation, is_within = cache(regions.relation), cache(regions.is_within)
    here, served_here = query.document.region_code, _served(query.document)

    def service(place: str | None, served: tuple[str, ...]) -> float:
        if place is None:
            return float("nan")
        if any(is_within(place, area) for area in served):
            return SERVED_NEARNESS
        return NATION_NEARNESS if NATION in served else float("nan")

    def nearness(document: Document) -> float:
        there = document.region_code
        known = (
            NEARNESS[relation(here, there)],
            service(here, _served(document)),
            service(there, served_here),
        )
        return max((value for value in known if not isnan(value)), default=float("nan"))

    return np.array([nearness(d) for d in candidates.documents], np.float32)


def _served(document: Document) -> tuple[str, ...]:
    return document.profile.service_regions if document.profile else ()


def similar_cases(query: Query, candidates: Candidates) -> Values:
    """Return experience on record in the asked scenarios; NaN when no case is on record."""
    asked = {code for code, _ in query.document.scenarios}

    def experience(profile: Profile | None) -> float:
        if profile is None or not profile.case_scenarios or not asked:
            return float("nan")
        n_similar = profile.count_cases(asked)
        return min(n_similar / ENOUGH_CASES, 1.0)

    return np.array([experience(d.profile) for d in candidates.documents], np.float32)


def rating(query: Query, candidates: Candidates) -> Values:
    """Return the shrunk rating from accepted projects; NaN when there is none."""
    return np.array(
        [
            float("nan")
            if d.profile is None or d.profile.reputation is None
            else d.profile.reputation
            for d in candidates.documents
        ],
        np.float32,
    )


def free_capacity(query: Query, candidates: Candidates) -> Values:
    """Return whether the provider can take work now; NaN when it did not say."""
    return np.array(
        [
            float("nan")
            if d.profile is None or d.profile.open_slots is None
            else float(d.profile.open_slots > 0)
            for d in candidates.documents
        ],
        np.float32,
    )
