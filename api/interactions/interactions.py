"""The interactions of an installation: acting in them, and looking at them."""

from collections.abc import Callable
from datetime import datetime

from api.identity.store import writing
from api.interactions.doing import Doing, apply, check_act, check_words, event_of
from api.interactions.effects import follow_demand, follow_invitations
from api.interactions.sides import Pair, check_open, is_late, pair_of, pair_of_ids
from api.interactions.telling import tell
from models.audit_trail import record
from models.base import new_id, now_utc
from models.database import Database, Session
from models.errors import ConflictError, StateError
from models.interaction import ID_PREFIX, Interaction
from models.interaction_steps import MARKS
from models.interactions import find_interaction, get_interaction
from models.labels import Labels
from models.viewer import current_viewer
from models.vocabulary.access import AuditAction
from models.vocabulary.interaction import InteractionAct, Side
from models.working_days import TIME_ZONE

ENTITY = "interaction"


class Interactions:
    """Lets both sides act; each method is one transaction with all that follows from the act."""

    def __init__(
        self,
        database: Database,
        labels: Labels,
        committed: Callable[[], None],
        now: Callable[[], datetime] = now_utc,
    ) -> None:
        """Set where they are kept.

        Args:
            database: Where rows, interactions and notifications are.
            labels: Chinese names of reasons.
            committed: Called after every commit: the index and the outbox follow.
            now: Gives the present moment.
        """
        self._database = database
        self._labels = labels
        self._committed = committed
        self._now = now

    def begin(
        self, demand_id: str, provider_id: str, doing: Doing, side: Side | None = None
    ) -> Interaction:
        """Act on a demand and a provider, whether they had to do with each other or not.

        Raises:
            NotFoundError: the demand or the provider is not there for whoever acts.
            ForbiddenError: neither is theirs, or the act is the other side's.
            StateError: it cannot be done now.
            FieldsRejectedError: words, a reason or stars are missing.
        """
        with self._database.read() as session:
            pair = pair_of_ids(session, demand_id, provider_id, side)
        return self._do(pair, doing, None)

    def act(
        self, interaction_id: str, version: int, doing: Doing, side: Side | None = None
    ) -> Interaction:
        """Act in an interaction.

        Raises:
            NotFoundError: whoever acts is no part of it.
            ConflictError: something happened in it since it was read.
            ForbiddenError: the act is the other side's.
            StateError: it cannot be done now.
        """
        with self._database.read() as session:
            pair = pair_of(session, get_interaction(session, interaction_id), side)
        return self._do(pair, doing, version)

    def _do(self, pair: Pair, doing: Doing, version: int | None) -> Interaction:
        viewer, now = current_viewer(), self._now()
        with writing(self._database) as session:
            interaction = find_interaction(session, pair.demand.id, pair.provider.id)
            to = check_act(pair.side, doing.act, interaction)
            check_words(doing, pair.side)
            self._check_time(pair, doing, version, interaction)
            action = AuditAction.CREATE if interaction is None else AuditAction.UPDATE
            interaction = interaction or _new(pair, now)
            is_new = apply(interaction, doing, pair.side, to, now)
            if not is_new and action is AuditAction.UPDATE:
                return interaction
            session.add(interaction)
            session.flush()
            record(session, action, ENTITY, interaction.id)
            if is_new:
                who = (viewer.actor, viewer.organisation_id)
                session.add(event_of(interaction, doing, pair.side, who, now))
                self._follow(session, pair, interaction, doing, now)
        self._committed()
        return interaction

    def _check_time(
        self, pair: Pair, doing: Doing, version: int | None, interaction: Interaction | None
    ) -> None:
        if version is not None and interaction is not None and version != interaction.version:
            raise ConflictError(
                f"对接已有新的进展（现为第 {interaction.version} 版），请刷新后再做。",
                reason="version",
                version=interaction.version,
            )
        check_open(pair, doing.act)
        invited_at = interaction.invited_at if interaction is not None else None
        if doing.act is InteractionAct.EXPRESS_INTEREST and is_late(
            pair.demand, invited_at, self._now().astimezone(TIME_ZONE).date()
        ):
            raise StateError("这条需求的响应截止日期已过。", state=pair.demand.state.value)

    def _follow(
        self, session: Session, pair: Pair, interaction: Interaction, doing: Doing, now: datetime
    ) -> None:
        """Do what follows from an act, in its transaction."""
        if doing.act in MARKS:
            return
        demand = session.get_one(type(pair.demand), pair.demand.id)
        provider = session.get_one(type(pair.provider), pair.provider.id)
        follow_demand(session, demand, doing.act, interaction.state)
        follow_invitations(session, interaction, (demand, provider), now)
        reason = self._labels.of(doing.reason) if doing.reason is not None else None
        tell(session, interaction, (demand, provider), (doing.act, pair.side, reason), now)


def _new(pair: Pair, now: datetime) -> Interaction:
    return Interaction(
        id=new_id(ID_PREFIX),
        demand_id=pair.demand.id,
        provider_id=pair.provider.id,
        owner_id=pair.demand.owner_id,
        owner_region=pair.demand.owner_region,
        provider_org_id=pair.provider.organisation_id,
        version=0,
        is_saved=False,
        is_shortlisted=False,
        created_at=now,
        updated_at=now,
    )
