"""Figures about what happens on the platform; counts and times, never a text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.base import Row
from models.demand import Demand
from models.interaction import Interaction, InteractionEvent
from models.organisation import Base, Organisation
from models.provider import Capability, Provider
from models.vocabulary.demand import DemandState
from models.vocabulary.interaction import InteractionAct, Side

_REACHED: Final[tuple[tuple[str, InstrumentedAttribute[Any]], ...]] = (
    ("viewed", Interaction.viewed_at),
    ("invited", Interaction.invited_at),
    ("interested", Interaction.interested_at),
    ("mutual", Interaction.mutual_at),
    ("shortlisted", Interaction.shortlisted_at),
    ("confirmed", Interaction.confirmed_at),
    ("project", Interaction.converted_at),
)
_NEVER_OFFERED: Final = frozenset(
    {
        *(DemandState.DRAFT, DemandState.SUBMITTED, DemandState.BASE_REVIEW),
        *(DemandState.RETURNED, DemandState.REJECTED),
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the funnel: how many demands reached it, in how many pairs with providers."""

    name: str
    n_demands: int
    n_pairs: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody was asked, and answered or has not yet.

    Attributes:
        side: Who was asked.
        asked_at: When.
        answered_at: When they first answered; None when they have not.
    """

    side: Side
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Activity:
    """When an organisation last did something.

    Attributes:
        row_id: Key of the base or provider.
        organisation_id: Key of its organisation.
        name: Its name.
        region_code: Where it lies.
        last_at: Newest change of what is its own, or act in an interaction.
    """

    row_id: str
    organisation_id: str
    name: str
    region_code: str | None
    last_at: datetime


def funnel(session: Session, since: datetime, until: datetime, area: str) -> list[Step]:
    """Return how far the demands posted in a time came.

    Args:
        session: A session that sees all rows.
        since: First moment.
        until: Moment behind the last.
        area: Leading digits of the region of the demands' owners; empty for all.
    """
    posted = (
        Demand.created_at >= since,
        Demand.created_at < until,
        Demand.deleted_at.is_(None),
        *_inside(Demand.owner_region, area),
    )
    ids = select(Demand.id).where(*posted)
    offered = (*posted, Demand.state.not_in(sorted(_NEVER_OFFERED)))
    steps = [
        Step("posted", _count(session, posted), 0),
        Step("matched", _count(session, offered), 0),
    ]
    for name, column in _REACHED:
        wanted = select(
            func.count(func.distinct(Interaction.demand_id)), func.count(Interaction.id)
        ).where(Interaction.demand_id.in_(ids), column.is_not(None))
        n_demands, n_pairs = session.execute(wanted).one()
        steps.append(Step(name, n_demands, n_pairs))
    return steps


def waits(session: Session, since: datetime, until: datetime, area: str) -> list[Wait]:
    """Return everybody who was asked in a time, by invitation, interest or question."""
    wanted = (
        select(
            InteractionEvent.interaction_id,
            InteractionEvent.act,
            InteractionEvent.side,
            InteractionEvent.created_at,
        )
        .join(Interaction, Interaction.id == InteractionEvent.interaction_id)
        .where(
            InteractionEvent.created_at >= since,
            InteractionEvent.side.in_([Side.BASE, Side.PROVIDER, Side.RECIPIENT]),
            *_inside(Interaction.owner_region, area),
        )
        .order_by(InteractionEvent.interaction_id, InteractionEvent.id)
    )
    found: list[Wait] = []
    asked: dict[Side, datetime] = {}
    current = ""
    for interaction_id, act, side, at in session.execute(wanted):
        if interaction_id != current:
            found += [Wait(of, when, None) for of, when in asked.items()]
            current, asked = interaction_id, {}
        mine = Side.PROVIDER if side is Side.PROVIDER else Side.BASE
        if act in _ANSWERS and mine in asked:
            found.append(Wait(mine, asked.pop(mine), at))
        if act in _ASKS and at < until:
            other = Side.BASE if mine is Side.PROVIDER else Side.PROVIDER
            asked.setdefault(other, at)
    return found + [Wait(of, when, None) for of, when in asked.items()]


_ASKS: Final = frozenset(
    {InteractionAct.INVITE, InteractionAct.EXPRESS_INTEREST, InteractionAct.ASK}
)
_ANSWERS: Final = frozenset(InteractionAct) - {
    *(InteractionAct.VIEW, InteractionAct.SAVE, InteractionAct.HIDE, InteractionAct.UNHIDE),
    *(InteractionAct.SHORTLIST, InteractionAct.UNSHORTLIST, InteractionAct.REPORT_ABUSE),
}
"""Acts by which somebody who was asked lets the other side hear of them."""


def activities(session: Session, table: type[Base | Provider], area: str) -> list[Activity]:
    """Return when each base or provider last did something, the longest ago first."""
    newest = _newest_by_organisation(session, table)
    wanted = (
        select(table.id, table.organisation_id, Organisation.name, Organisation.region_code)
        .add_columns(table.updated_at)
        .join(Organisation, Organisation.id == table.organisation_id)
        .where(table.deleted_at.is_(None), *_inside(Organisation.region_code, area))
    )
    found = [
        Activity(row_id, of, name, region, max(updated_at, newest.get(of, updated_at)))
        for row_id, of, name, region, updated_at in session.execute(wanted)
    ]
    return sorted(found, key=lambda activity: (activity.last_at, activity.row_id))


def _newest_by_organisation(session: Session, table: type[Base | Provider]) -> dict[str, datetime]:
    owned: type[Row] = Demand if table is Base else Capability
    sources = (
        select(owned.owner_id, func.max(owned.updated_at)).group_by(owned.owner_id),
        select(InteractionEvent.organisation_id, func.max(InteractionEvent.created_at)).group_by(
            InteractionEvent.organisation_id
        ),
    )
    newest: dict[str, datetime] = {}
    for source in sources:
        for organisation_id, at in session.execute(source):
            if organisation_id is not None and at is not None:
                newest[organisation_id] = max(at, newest.get(organisation_id, at))
    return newest


def _count(session: Session, conditions: Iterable[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count()).select_from(Demand).where(*conditions)) or 0


def _inside(
    column: InstrumentedAttribute[str | None], area: str
) -> tuple[ColumnElement[bool], ...]:
    return (column.startswith(area, autoescape=True),) if area else ()
