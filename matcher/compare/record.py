"""What is on record about the organisation behind a candidate."""

import numpy as np

from indexer.types import NATION, Profile
from matcher.types import Candidates, Query, Values
from models.regions import RegionRelation, RegionTable

NEARNESS = {
    RegionRelation.SAME_CITY: 1.0,
    RegionRelation.SAME_PROVINCE: 0.8,
    RegionRelation.SAME_MACRO: 0.6,
    RegionRelation.DIFFERENT: 0.2,
    RegionRelation.UNKNOWN: float("nan"),
}
NATION_NEARNESS = 0.5
"""A provider that says it works everywhere, and sits somewhere else."""

ENOUGH_CASES = 3
"""Cases in the same scenario that count as full experience."""


def nearby(query: Query, candidates: Candidates, regions: RegionTable) -> Values:
    """Return how near the two sides are: city > province > macro region > nation."""
    here = query.document.region_code
    values: list[float] = []
    for document in candidates.documents:
        near = NEARNESS[regions.relation(here, document.region_code)]
        served = document.profile.service_regions if document.profile else ()
        if NATION in served and here is not None:
            near = max(0.0 if np.isnan(near) else near, NATION_NEARNESS)
        values.append(near)
    return np.array(values, np.float32)


def similar_cases(query: Query, candidates: Candidates) -> Values:
    """Return experience on record in the asked scenarios; NaN when no case is on record."""
    asked = {code for code, _ in query.document.scenarios}

    def experience(profile: Profile | None) -> float:
        if profile is None or not profile.case_scenarios or not asked:
            return float("nan")
        n_similar = sum(code in asked for code in profile.case_scenarios)
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
