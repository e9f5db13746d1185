"""Telling the other sides what was done, in the transaction of the act."""

from datetime import datetime

from api.interactions.wording import KINDS, sentence
from models.database import Session
from models.demand import Demand
from models.interaction import Interaction
from models.interaction_steps import TOGETHER
from models.notifications import About, Telling, notify
from models.organisation import Organisation
from models.provider import Provider
from models.vocabulary import InteractionAct, InteractionState, NotificationKind, Side

Act = tuple[InteractionAct, Side, str | None]
"""What was done, by whom, and the Chinese name of the reason given."""


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
    doing, side, reason = act
    kind = KINDS.get(doing)
    if kind is None or interaction.state is InteractionState.NOTED:
        return
    demand, provider = rows
    owner = session.get(Organisation, interaction.owner_id) if interaction.owner_id else None
    names = {
        Side.BASE: owner.name if owner is not None else "需求方",
        Side.PROVIDER: provider.organisation.name,
    }
    text = sentence(doing, interaction.state, side, names=names, title=demand.title, reason=reason)
    about = About(interaction.id, demand.id, provider.id)
    telling = Telling(kind, text, about, now)
    for organisation_id in _told(interaction, demand, kind, doing, side):
        notify(session, organisation_id, telling)


def _told(
    interaction: Interaction,
    demand: Demand,
    kind: NotificationKind,
    act: InteractionAct,
    side: Side,
) -> list[str | None]:
    """Return who is told: organisations, or None for the platform's operators."""
    if kind is NotificationKind.ABUSE:
        return [None]
    if act is InteractionAct.REMIND:
        of_side = {Side.BASE: interaction.owner_id, Side.PROVIDER: interaction.provider_org_id}
        awaited = of_side.get(interaction.awaiting) if interaction.awaiting else None
        return [awaited] if awaited is not None else []
    told: list[str | None] = []
    if side is not Side.BASE and interaction.owner_id is not None:
        told.append(interaction.owner_id)
    if side is not Side.PROVIDER:
        told.append(interaction.provider_org_id)
    is_recipient_told = interaction.state in TOGETHER and side is not Side.RECIPIENT
    if is_recipient_told and demand.recipient_id not in (None, interaction.owner_id):
        told.append(demand.recipient_id)
    return told
