"""Queries about interactions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from models.acting import viewer_of
from models.demand import Demand
from models.errors import NotFoundError
from models.interaction import Interaction, InteractionEvent
from models.interaction_steps import LIVE, TOGETHER
from models.match_run import MatchRun
from models.repository import parts
from models.sight import own_id
from models.vocabulary.demand import DemandState
from models.vocabulary.interaction import InteractionState, Side
from models.vocabulary.matching import Direction

READ_AT_ONCE: Final = 500
"""Rows of a long list in memory at a time."""


@dataclass(frozen=True, slots=True)
class InteractionFilter:
    """Which interactions are wanted; None stands for no condition.

    Attributes:
        demand_id: Those of a demand.
        provider_id: Those of a provider.
        state: Those that stand there.
        awaiting: Those in which this side has to answer.
        shortlisted: Those that are, or are not, on a short list.
        hidden: Those a base hides, or does not.
    """

    demand_id: str | None = None
    provider_id: str | None = None
    state: InteractionState | None = None
    awaiting: Side | None = None
    shortlisted: bool | None = None
    hidden: bool | None = None


def find_interaction(session: Session, demand_id: str, provider_id: str) -> Interaction | None:
    """Return the interaction of a demand and a provider."""
    wanted = select(Interaction).where(
        Interaction.demand_id == demand_id, Interaction.provider_id == provider_id
    )
    return session.scalars(wanted).one_or_none()


def get_interaction(session: Session, interaction_id: str) -> Interaction:
    """Return an interaction.

    Raises:
        NotFoundError: there is none with this key, or none the session's viewer is part of.
    """
    wanted = select(Interaction).where(Interaction.id == interaction_id)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFoundError("没有找到这条对接。", id=interaction_id)
    return found


def interactions_page(
    session: Session, wanted: InteractionFilter, after: str | None, limit: int
) -> list[Interaction]:
    """Return up to `limit` interactions beyond a key, newest first."""
    conditions = _conditions(session, wanted)
    query = select(Interaction).where(*conditions).order_by(Interaction.id.desc())
    if after is not None:
        query = query.where(Interaction.id < after)
    return list(session.scalars(query.limit(limit)))


def count_interactions(session: Session, wanted: InteractionFilter) -> int:
    """Return how many there are."""
    query = select(func.count()).select_from(Interaction).where(*_conditions(session, wanted))
    return session.scalar(query) or 0


def interactions_with(
    session: Session, demand_id: str, provider_ids: Iterable[str]
) -> list[Interaction]:
    """Return the interactions of a demand with some providers."""
    wanted = select(Interaction).where(
        Interaction.demand_id == demand_id, Interaction.provider_id.in_(list(provider_ids))
    )
    return list(session.scalars(wanted))


def events_of(session: Session, interaction_id: str) -> list[InteractionEvent]:
    """Return the acts of an interaction that a session's viewer sees, oldest first."""
    wanted = select(InteractionEvent).where(InteractionEvent.interaction_id == interaction_id)
    return list(session.scalars(wanted.order_by(InteractionEvent.id)))


def all_acts(session: Session) -> Iterator[tuple[Interaction, list[InteractionEvent]]]:
    """Yield every interaction with its acts, oldest first."""
    last = ""
    while found := _interactions_after(session, last):
        by_id: dict[str, list[InteractionEvent]] = {interaction.id: [] for interaction in found}
        for part in parts(sorted(by_id)):
            wanted = select(InteractionEvent).where(InteractionEvent.interaction_id.in_(part))
            for event in session.scalars(wanted.order_by(InteractionEvent.id)):
                by_id[event.interaction_id].append(event)
        yield from ((interaction, by_id[interaction.id]) for interaction in found)
        last = found[-1].id


def runs_acted_on(session: Session) -> Iterator[MatchRun]:
    """Yield the rankings of providers for demands somebody has acted on, oldest first."""
    wanted = select(MatchRun).where(
        MatchRun.direction == Direction.DEMAND_TO_PROVIDER,
        MatchRun.asked_id.in_(select(Interaction.demand_id)),
    )
    last = ""
    while True:
        after = wanted.where(MatchRun.id > last).order_by(MatchRun.id).limit(READ_AT_ONCE)
        found = list(session.scalars(after))
        if not found:
            return
        yield from found
        last = found[-1].id


def due_interactions(session: Session, now: datetime, limit: int) -> list[Interaction]:
    """Return the interactions of which a timer has run down, the oldest first."""
    wanted = select(Interaction).where(Interaction.due_at <= now)
    return list(session.scalars(wanted.order_by(Interaction.due_at, Interaction.id).limit(limit)))


def left_behind(
    session: Session, open_states: Iterable[DemandState], limit: int
) -> list[Interaction]:
    """Return live interactions whose demand is gone, or in none of these states any more."""
    closed = or_(Demand.state.not_in(sorted(open_states)), Demand.deleted_at.is_not(None))
    wanted = (
        select(Interaction)
        .join(Demand, Demand.id == Interaction.demand_id)
        .where(Interaction.state.in_(sorted(LIVE)), closed)
    )
    return list(session.scalars(wanted.order_by(Interaction.id).limit(limit)))


def has_shortlisted(session: Session, demand_id: str) -> bool:
    """Return whether a provider is on the short list of a demand."""
    wanted = select(Interaction.id).where(
        Interaction.demand_id == demand_id, Interaction.is_shortlisted
    )
    return session.scalar(wanted.limit(1)) is not None


def are_together_elsewhere(session: Session, interaction: Interaction, row_id: str) -> bool:
    """Return whether both organisations have said yes to another interaction of a row."""
    wanted = select(Interaction.id).where(
        Interaction.id != interaction.id,
        Interaction.owner_id == interaction.owner_id,
        Interaction.provider_org_id == interaction.provider_org_id,
        or_(Interaction.demand_id == row_id, Interaction.provider_id == row_id),
        Interaction.state.in_(sorted(TOGETHER)),
    )
    return session.scalar(wanted.limit(1)) is not None


def demands_of(session: Session, found: Sequence[Interaction]) -> dict[str, Demand]:
    """Return the demands of interactions that the viewer may see, by key."""
    ids = sorted({interaction.demand_id for interaction in found})
    demands: dict[str, Demand] = {}
    for part in parts(ids):
        wanted = select(Demand).where(Demand.id.in_(part), Demand.deleted_at.is_(None))
        demands.update((demand.id, demand) for demand in session.scalars(wanted))
    return demands


def _interactions_after(session: Session, last: str) -> list[Interaction]:
    wanted = select(Interaction).where(Interaction.id > last).order_by(Interaction.id)
    return list(session.scalars(wanted.limit(READ_AT_ONCE)))


def _conditions(session: Session, wanted: InteractionFilter) -> list[ColumnElement[bool]]:
    columns = (
        (Interaction.demand_id, wanted.demand_id),
        (Interaction.provider_id, wanted.provider_id),
        (Interaction.state, wanted.state),
        (Interaction.awaiting, wanted.awaiting),
        (Interaction.is_shortlisted, wanted.shortlisted),
    )
    found: list[ColumnElement[bool]] = [c == value for c, value in columns if value is not None]
    if wanted.hidden is not None:
        is_hidden = Interaction.hidden_reason.is_not(None)
        found.append(is_hidden if wanted.hidden else ~is_hidden)
        mine = own_id(viewer_of(session))
        if mine is not None:  # who is hidden is not told so by asking for it
            found.append(Interaction.owner_id == mine)
    return found
