"""Telling the other sides what was done, in the transaction of the act."""

from datetime import datetime

from api.interactions.sides import is_base_known
from api.interactions.wording import DEMAND_SIDE, KINDS, Act, sentence
from models.database import Session
from models.demand import Demand
from models.interaction import Interaction
from models.interaction_steps import TOGETHER
from models.notifications import About, Telling, notify
from models.organisation import Organisation
from models.provider import Provider
from models.viewer import Viewer
from models.visibility import sees
from models.vocabulary.access import Role
from models.vocabulary.interaction import InteractionAct, InteractionState, Side
from models.vocabulary.notification import NotificationKind


def tell(
    session: Session,
    interaction: Interaction,
    rows: tuple[Demand, Provider],
    act: Act,
    now: datetime,
) -> None:
    """Tell everybody an act concerns but those who did it.

    Args:
        session: A session of the system that writes.
        interaction: After the act.
        rows: Its demand and its provider.
        act: What was done.
        now: When.
    """
    doing, side, _ = act
    kind = KINDS.get(doing)
    if kind is None or interaction.state is InteractionState.NOTED:
        return
    demand, provider = rows
    about = About(interaction.id, demand.id, provider.id)
    for organisation_id, reader in _told(interaction, demand, kind, doing, side):
        text = sentence(
            act,
            interaction.state,
            reader=reader,
            names=_names(session, interaction, provider, reader),
            title=demand.title,
        )
        notify(session, organisation_id, Telling(kind, text, about, now))


def _names(
    session: Session, interaction: Interaction, provider: Provider, reader: Side
) -> dict[Side, str]:
    """Return the names of base and provider, as whoever is told may know them."""
    names = {Side.BASE: DEMAND_SIDE, Side.PROVIDER: provider.organisation.name}
    owner = session.get(Organisation, interaction.owner_id) if interaction.owner_id else None
    if owner is None:
        return names
    to = provider.organisation
    looks = Viewer(Role.PROVIDER_STAFF, None, to.id, to.region_code)
    is_seen = sees(session, looks, Organisation, owner.id)
    if reader is not Side.PROVIDER or is_base_known(interaction, is_seen=is_seen):
        names[Side.BASE] = owner.name
    return names


def _told(
    interaction: Interaction,
    demand: Demand,
    kind: NotificationKind,
    act: InteractionAct,
    side: Side,
) -> list[tuple[str | None, Side]]:
    """Return who is told, and on which side: organisations, or None for the operators."""
    if kind is NotificationKind.ABUSE:
        return [(None, Side.PLATFORM)]
    of_side = {Side.BASE: interaction.owner_id, Side.PROVIDER: interaction.provider_org_id}
    if act is InteractionAct.REMIND:
        awaited = interaction.awaiting
        key = of_side.get(awaited) if awaited else None
        return [(key, awaited)] if key is not None and awaited is not None else []
    told: list[tuple[str | None, Side]] = [
        (key, of) for of, key in of_side.items() if of is not side and key is not None
    ]
    is_recipient_told = interaction.state in TOGETHER and side is not Side.RECIPIENT
    if is_recipient_told and demand.recipient_id not in (None, interaction.owner_id):
        told.append((demand.recipient_id, Side.RECIPIENT))
    return told
