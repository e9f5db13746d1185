"""The gap map: scenario by industry by region, demand that no provider serves.

It is counted from what the index holds, so it says the same as a search would. A fact nobody
stated counts for nothing: a capability without an industry serves none, unless it says that it
is open to every one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from indexer.types import NATION, Document
from indexer.view import IndexView
from models.vocabulary.row import Entity

SURE_ENOUGH: Final = 0.5
"""Confidence from which a tag of a capability counts as supply."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One place of the map; empty where it is not known."""

    scenario: str
    industry: str
    region: str


@dataclass(frozen=True, slots=True)
class Supply:
    """What one capability serves."""

    provider_id: str
    industries: frozenset[str]
    any_industry: bool
    regions: tuple[str, ...]

    def serves(self, place: Place) -> bool:
        """Return whether it serves a place; what is not known of a demand asks for nothing."""
        in_field = not place.industry or self.any_industry or place.industry in self.industries
        in_reach = not place.region or any(
            area == NATION or area.startswith(place.region) or place.region.startswith(area)
            for area in self.regions
        )
        return in_field and in_reach


@dataclass(frozen=True, slots=True)
class Gaps:
    """The map.

    Attributes:
        demands: How many demands each place has.
        providers: How many providers serve it.
    """

    demands: Mapping[Place, int]
    providers: Mapping[Place, int]


def gaps_of(view: IndexView, today: str, area: str = "") -> Gaps:
    """Return the map of an index.

    Args:
        view: The index.
        today: ISO day; demands that have ended are left out.
        area: Leading digits of the region of demands; empty for all.
    """
    open_demands = (
        document
        for document in _alive(view, Entity.DEMAND)
        if (document.valid_until is None or document.valid_until >= today)
        and (document.region_code or "").startswith(area)
    )
    demands = Counter(map(place_of, open_demands))
    supply: dict[str, list[Supply]] = {}
    for document in _alive(view, Entity.CAPABILITY):
        for code, confidence in document.scenarios:
            if confidence >= SURE_ENOUGH:
                supply.setdefault(code, []).append(_supply_of(document))
    providers = {
        place: len({s.provider_id for s in supply.get(place.scenario, ()) if s.serves(place)})
        for place in demands
    }
    return Gaps(demands, providers)


def place_of(document: Document) -> Place:
    """Return where on the map a demand stands: surest scenario, field, province."""
    return Place(
        scenario=document.scenarios[0][0] if document.scenarios else "",
        industry=document.industries[0][0].partition(".")[0] if document.industries else "",
        region=(document.region_code or "")[:2],
    )


def _supply_of(document: Document) -> Supply:
    profile = document.profile
    served = profile.service_regions if profile is not None else ()
    at_home = (document.region_code or "")[:4]
    return Supply(
        provider_id=document.group_id,
        industries=frozenset(code.partition(".")[0] for code, _ in document.industries),
        any_industry=document.any_industry,
        regions=tuple(filter(None, (*served, at_home))),
    )


def _alive(view: IndexView, kind: Entity) -> Iterable[Document]:
    found = view.of(kind)
    return (found.documents[row] for row in found.alive_rows.tolist())
