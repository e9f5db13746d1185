"""Figures for those who look after the platform, and the gap map for everybody known."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import median, quantiles
from typing import Final

from api.gaps import Gaps, Place, gaps_of
from api.identity.store import reading
from api.interactions.doing import REPLY_DAYS
from api.schemas.analytics import (
    FunnelRead,
    FunnelStep,
    GapCell,
    GapMap,
    InactiveItem,
    InactiveRead,
    ResponsesRead,
    ResponseTimes,
)
from api.wiring import Service
from models import analytics
from models.analytics import Activity, Wait
from models.organisation import Base
from models.provider import Provider
from models.sight import SEES_ALL, area_of
from models.viewer import Viewer, current_viewer
from models.vocabulary.access import Role
from models.vocabulary.interaction import Side
from models.vocabulary.taxonomy import Scheme
from models.working_days import after_working_days

K: Final = 5
"""Fewest demands of one place that others than operators are told the number of."""

MAX_INACTIVE: Final = 200

LABELS: Final = {
    "posted": "已登记",
    "matched": "进入匹配",
    "viewed": "看过机构",
    "invited": "已邀请",
    "interested": "机构有意",
    "mutual": "双方有意",
    "shortlisted": "列入候选",
    "confirmed": "确认合作",
    "project": "已立项",
}


class Analytics:
    """Counts; regional operators are told of their area only."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def gap_map(self) -> GapMap:
        """Return where there is demand without supply; small numbers only for operators.

        A total less the numbers shown must not tell a hidden one, so a place whose number is
        hidden counts as one, the least it can hold: everybody who reads the map can add that up.
        """
        viewer, view = current_viewer(), self._service.synchroniser.view
        found = gaps_of(view, self._service.today().isoformat(), self._area(viewer))
        least = 1 if viewer.role in SEES_ALL | {Role.REGIONAL_OPERATOR} else K
        shown = {place: n for place, n in found.demands.items() if n >= least}
        known = {place: shown.get(place, 1) for place in found.demands}
        return GapMap(
            version=view.version,
            k=K,
            n_demands=sum(known.values()),
            n_without_supply=sum(n for place, n in known.items() if not found.providers[place]),
            is_at_least=len(shown) < len(known),
            cells=[
                self._cell(place, shown.get(place), found.providers[place])
                for place in _ordered(found, shown)
            ],
        )

    def funnel(self, since: datetime, until: datetime) -> FunnelRead:
        """Return how far the demands posted in a time came."""
        with reading(self._service.database) as session:
            area = self._area(current_viewer())
            steps = analytics.funnel(session, since, until, area)
        return FunnelRead(
            since=since,
            until=until,
            steps=[
                FunnelStep(
                    name=step.name,
                    label=LABELS[step.name],
                    n_demands=step.n_demands,
                    n_pairs=step.n_pairs,
                )
                for step in steps
            ],
        )

    def responses(self, since: datetime, until: datetime) -> ResponsesRead:
        """Return how fast both sides answer."""
        with reading(self._service.database) as session:
            found = analytics.waits(session, since, until, self._area(current_viewer()))
        sides = (Side.BASE, Side.PROVIDER)
        return ResponsesRead(
            since=since,
            until=until,
            sides=[_times(side, [wait for wait in found if wait.side is side]) for side in sides],
        )

    def inactive(self, days: int) -> InactiveRead:
        """Return who has done nothing for so many days."""
        area = self._area(current_viewer())
        with reading(self._service.database) as session:
            bases = analytics.activities(session, Base, area)
            providers = analytics.activities(session, Provider, area)
        return InactiveRead(
            days=days,
            bases=self._idle(bases, days),
            providers=self._idle(providers, days),
        )

    def _area(self, viewer: Viewer) -> str:
        if viewer.role is Role.REGIONAL_OPERATOR and viewer.region_code:
            return area_of(viewer.region_code)
        return ""

    def _cell(self, place: Place, n_demands: int | None, n_providers: int) -> GapCell:
        tables = self._service.vocabularies
        region = f"{place.region}0000" if place.region else None
        return GapCell(
            scenario=place.scenario or None,
            scenario_name=tables.name(Scheme.SCENARIO, place.scenario) if place.scenario else None,
            industry=place.industry or None,
            industry_name=tables.name(Scheme.SEI, place.industry) if place.industry else None,
            region=region,
            region_name=tables.region_name(region),
            n_demands=n_demands,
            n_providers=n_providers,
            is_gap=not n_providers,
        )

    def _idle(self, found: Sequence[Activity], days: int) -> list[InactiveItem]:
        now = self._service.now()
        return [
            InactiveItem(
                id=activity.row_id,
                name=activity.name,
                region_name=self._service.vocabularies.region_name(activity.region_code),
                last_at=activity.last_at,
                days=(now - activity.last_at).days,
            )
            for activity in found
            if (now - activity.last_at).days >= days
        ][:MAX_INACTIVE]


def _ordered(found: Gaps, shown: Mapping[Place, int]) -> list[Place]:
    """Return the places, gaps first, then by demand; the order of hidden numbers tells nothing."""
    return sorted(
        found.demands,
        key=lambda place: (found.providers[place] > 0, -shown.get(place, 0), place),
    )


def _times(side: Side, found: Sequence[Wait]) -> ResponseTimes:
    answered = [(w.asked_at, w.answered_at) for w in found if w.answered_at is not None]
    hours = sorted((done - asked).total_seconds() / 3_600 for asked, done in answered)
    in_time = [done <= after_working_days(asked, REPLY_DAYS) for asked, done in answered]
    p90 = quantiles(hours, n=10, method="inclusive")[-1] if len(hours) > 1 else None
    return ResponseTimes(
        side=side,
        n_asked=len(found),
        n_answered=len(answered),
        n_in_time=sum(in_time),
        median_hours=round(median(hours), 1) if hours else None,
        p90_hours=round(p90, 1) if p90 is not None else (round(hours[0], 1) if hours else None),
    )
