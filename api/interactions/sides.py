"""On whose side somebody acts, and the rows of both."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from models import repository
from models.acting import elevated, viewer_of
from models.database import Session
from models.demand import MATCHABLE_STATES, Demand
from models.errors import ForbiddenError, InvalidInputError, NotFoundError, StateError
from models.interaction import Interaction
from models.interaction_steps import TOGETHER
from models.provider import OFFERED_STATES, Provider
from models.sight import may_change, oversees, own_id
from models.viewer import Viewer
from models.vocabulary.interaction import InteractionAct, Side

_PART = "interactions"
OPENING: Final = frozenset(
    {InteractionAct.INVITE, InteractionAct.EXPRESS_INTEREST, InteractionAct.ASK}
)
"""Acts that need a demand and a provider that are on offer."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A demand, a provider, and on whose side whoever acts stands."""

    demand: Demand
    provider: Provider
    side: Side


def pair_of_ids(session: Session, demand_id: str, provider_id: str, side: Side | None) -> Pair:
    """Return the pair somebody wants to begin with: both rows as far as they may see them.

    Raises:
        NotFoundError: one of the rows is not there for whoever acts.
        ForbiddenError: neither of them is theirs.
        InvalidInputError: both belong to one organisation.
    """
    demand = repository.get(session, Demand, demand_id)
    provider = repository.get(session, Provider, provider_id)
    if demand.owner_id == provider.organisation_id:
        raise InvalidInputError("需求和机构同属一个单位，不必对接。", field="provider_id")
    return Pair(demand, provider, _side(viewer_of(session), demand, provider, side))


def pair_of(session: Session, interaction: Interaction, side: Side | None) -> Pair:
    """Return the pair of an interaction somebody is part of, whatever they may still see.

    Raises:
        NotFoundError: one of the rows is gone.
        ForbiddenError: whoever acts only looks on.
    """
    viewer = viewer_of(session)
    with elevated(session, _PART):
        demand = session.get(Demand, interaction.demand_id)
        provider = session.get(Provider, interaction.provider_id)
    if demand is None or provider is None:
        raise NotFoundError("没有找到这条对接。", id=interaction.id)
    return Pair(demand, provider, _side(viewer, demand, provider, side))


def side_of(viewer: Viewer, interaction: Interaction) -> Side:
    """Return from whose side somebody looks at an interaction they see."""
    if oversees(viewer, interaction.owner_region):
        return Side.PLATFORM
    mine = own_id(viewer)
    if mine == interaction.owner_id:
        return Side.BASE
    return Side.PROVIDER if mine == interaction.provider_org_id else Side.RECIPIENT


def is_base_known(interaction: Interaction, *, is_seen: bool) -> bool:
    """Return whether a provider is told the base's name: it came forward, or is seen anyway."""
    return is_seen or interaction.invited_at is not None or interaction.state in TOGETHER


def check_open(pair: Pair, act: InteractionAct) -> None:
    """Refuse to begin with a demand or provider that is not on offer.

    Raises:
        StateError: it is not.
    """
    if act not in OPENING:
        return
    if not is_sought(pair.demand):
        raise StateError("这条需求现在不接受新的对接。", state=pair.demand.state.value)
    if not is_offered(pair.provider):
        raise StateError("这家机构现在不接受对接。", state=pair.provider.state.value)


def is_sought(demand: Demand) -> bool:
    """Return whether somebody is looked for to meet a demand."""
    return demand.state in MATCHABLE_STATES and demand.deleted_at is None


def is_offered(provider: Provider) -> bool:
    """Return whether a provider offers its work."""
    return provider.state in OFFERED_STATES and provider.deleted_at is None


def is_late(demand: Demand, invited_at: datetime | None, day: date) -> bool:
    """Return whether a provider comes too late to express interest, and was not invited."""
    return demand.respond_by is not None and demand.respond_by < day and invited_at is None


def _side(viewer: Viewer, demand: Demand, provider: Provider, wanted: Side | None) -> Side:
    found = [side for side in Side if _stands(viewer, demand, provider, side)]
    if wanted is not None and wanted in found:
        return wanted
    if wanted is not None or not found:
        raise ForbiddenError("这条需求和这家机构都不属于您所在的单位，不能做这项操作。")
    return found[0]


def _stands(viewer: Viewer, demand: Demand, provider: Provider, side: Side) -> bool:
    """Return whether somebody may act on a side."""
    match side:
        case Side.BASE:
            return may_change(viewer, demand.owner_id, demand.owner_region)
        case Side.PROVIDER:
            return may_change(viewer, provider.owner_id, provider.owner_region)
        case Side.RECIPIENT:
            mine = own_id(viewer)
            return mine is not None and mine == demand.recipient_id and not viewer.read_only
        case Side.PLATFORM:
            return False
