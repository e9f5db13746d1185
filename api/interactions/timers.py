"""Timers of interactions: a reminder after five working days, the end after five more.

Whoever runs them, they fire once: the row is looked at again inside a transaction that writes,
and there is only one of those at a time (docs/adr/0015).
"""

from collections.abc import Callable
from datetime import datetime

from api.identity.store import writing
from api.interactions.doing import REPLY_DAYS, Doing, event_of
from api.interactions.effects import follow_invitations
from api.interactions.interactions import ENTITY
from api.interactions.telling import tell
from models.audit_trail import record
from models.database import Database, Session
from models.demand import MATCHABLE_STATES, Demand
from models.interaction import Interaction
from models.interaction_steps import PENDING
from models.interactions import due_interactions, left_behind
from models.provider import Provider
from models.vocabulary.access import AuditAction
from models.vocabulary.demand import DemandState
from models.vocabulary.interaction import InteractionAct, InteractionState, Side
from models.working_days import after_working_days

BATCH = 100
"""Interactions of one transaction: others who write wait for it."""

_OPEN_STATES = MATCHABLE_STATES | {
    *(DemandState.NEGOTIATING, DemandState.MATCHED, DemandState.PROJECT_CREATED),
    DemandState.PAUSED,
}
"""States of a demand in which what was begun goes on."""


class Timers:
    """Reminds and ends; `run` is one transaction, or none when nothing is due."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        """Set where interactions are, and what gives the present moment."""
        self._database = database
        self._now = now

    def run(self) -> int:
        """Do what is due and return how many interactions it was."""
        now, n_done = self._now(), 0
        while self._is_any_due(now):
            with writing(self._database) as session:
                found = due_interactions(session, now, BATCH)
                for interaction in found:
                    self._fire(session, interaction, now)
                gone = left_behind(session, _OPEN_STATES, BATCH)
                for interaction in gone:
                    self._end(session, interaction, now)
            n_done += len(found) + len(gone)
        return n_done

    def _is_any_due(self, now: datetime) -> bool:
        with self._database.read() as session:
            if due_interactions(session, now, 1):
                return True
            return bool(left_behind(session, _OPEN_STATES, 1))

    def _fire(self, session: Session, interaction: Interaction, now: datetime) -> None:
        if interaction.state not in PENDING:
            interaction.due_at = None
        elif interaction.reminded_at is None:
            interaction.reminded_at = now
            interaction.due_at = after_working_days(now, REPLY_DAYS)
            _write(session, interaction, InteractionAct.REMIND, now)
        else:
            self._end(session, interaction, now)

    def _end(self, session: Session, interaction: Interaction, now: datetime) -> None:
        interaction.state = InteractionState.LAPSED
        interaction.awaiting = interaction.due_at = None
        _write(session, interaction, InteractionAct.LAPSE, now)


def _write(session: Session, interaction: Interaction, act: InteractionAct, now: datetime) -> None:
    interaction.version += 1
    interaction.updated_at = now
    session.flush()
    session.add(event_of(interaction, Doing(act), Side.PLATFORM, (None, None), now))
    record(session, AuditAction.UPDATE, ENTITY, interaction.id)
    demand = session.get(Demand, interaction.demand_id)
    provider = session.get(Provider, interaction.provider_id)
    if demand is not None and provider is not None:
        follow_invitations(session, interaction, (demand, provider), now)
        tell(session, interaction, (demand, provider), (act, Side.PLATFORM, None), now)
