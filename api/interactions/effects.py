"""What an act changes besides the interaction: the demand's state, and who sees contacts."""

from datetime import datetime
from typing import Final

from models.base import Row
from models.change import note_update
from models.database import Session
from models.demand import DEMAND_STEPS, Demand
from models.interaction import Interaction
from models.interaction_steps import ENDED, PENDING, TOGETHER
from models.interactions import are_together_elsewhere, has_shortlisted
from models.invitation import Invitation
from models.invitations import find_invitation
from models.provider import Provider
from models.vocabulary.demand import DemandState
from models.vocabulary.interaction import InteractionAct, InteractionState, Side

_D = DemandState
_PATH: Final = (_D.PUBLISHED, _D.MATCHING, _D.SHORTLISTED, _D.NEGOTIATING, _D.MATCHED)
"""The states a demand goes through on its way to a provider, in order."""


def follow_demand(
    session: Session, demand: Demand, act: InteractionAct, state: InteractionState
) -> None:
    """Bring a demand to where an act on it leads; it never goes back for another provider."""
    if state in PENDING or state in TOGETHER:
        _advance(demand, _D.MATCHING)
    if act is InteractionAct.SHORTLIST:
        _advance(demand, _D.SHORTLISTED)
    elif act is InteractionAct.UNSHORTLIST:
        session.flush()
        if demand.state is _D.SHORTLISTED and not has_shortlisted(session, demand.id):
            demand.state = _D.MATCHING
    elif act is InteractionAct.CONFIRM:
        _advance(demand, _D.MATCHED)
    elif act is InteractionAct.CONVERT and _D.PROJECT_CREATED in DEMAND_STEPS[demand.state]:
        demand.state = _D.PROJECT_CREATED


def follow_invitations(
    session: Session, interaction: Interaction, rows: tuple[Demand, Provider], now: datetime
) -> None:
    """Let both sides see each other's contact while they have both said yes, to this or another."""
    demand, provider = rows
    state = interaction.state
    if state is InteractionState.INVITED or state in TOGETHER:
        accepted_at = now if state in TOGETHER else None
        _show(session, demand, interaction.provider_org_id, accepted_at)
        if interaction.owner_id is not None and accepted_at is not None:
            _show(session, provider, interaction.owner_id, accepted_at)
    elif state in ENDED:
        is_taken_back = interaction.ended_by is Side.BASE
        if not are_together_elsewhere(session, interaction, demand.id):
            _close(session, demand, interaction.provider_org_id, is_taken_back=is_taken_back)
        owner_id = interaction.owner_id
        if owner_id and not are_together_elsewhere(session, interaction, provider.id):
            _close(session, provider, owner_id, is_taken_back=True)


def _advance(demand: Demand, to: DemandState) -> None:
    """Take a demand forward step by step, as far as its life-cycle has it on that way."""
    while demand.state in _PATH and _PATH.index(demand.state) < _PATH.index(to):
        demand.state = _PATH[_PATH.index(demand.state) + 1]


def _show(session: Session, row: Row, organisation_id: str, accepted_at: datetime | None) -> None:
    found = find_invitation(session, row.id, organisation_id)
    if found is None:
        session.add(
            Invitation(
                entity=row.entity,
                row_id=row.id,
                owner_id=row.owner_id,
                owner_region=row.owner_region,
                organisation_id=organisation_id,
                accepted_at=accepted_at,
            )
        )
        note_update(session, row)
    elif found.accepted_at is None:
        found.accepted_at = accepted_at


def _close(session: Session, row: Row, organisation_id: str, *, is_taken_back: bool) -> None:
    found = find_invitation(session, row.id, organisation_id)
    if found is None:
        return
    if is_taken_back:
        session.delete(found)
        note_update(session, row)
    else:
        found.accepted_at = None
