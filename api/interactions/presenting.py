"""Interactions as they go out: to each side what it may know."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from api.interactions.sides import (
    OPENING,
    is_base_known,
    is_late,
    is_offered,
    is_sought,
    side_of,
)
from api.interactions.wording import DEMAND_SIDE, RECIPIENT
from api.schemas.interaction import InteractionDetail, InteractionEventRead, InteractionRead
from models.acting import elevated, viewer_of
from models.database import Session
from models.demand import Demand
from models.interaction import Interaction, InteractionEvent
from models.interaction_steps import TOGETHER, possible_acts
from models.interactions import demands_of, events_of
from models.labels import Labels
from models.organisation import Organisation
from models.provider import Provider
from models.repository import rows_by_id, visible_ids
from models.vocabulary.interaction import InteractionAct, InteractionState, Side

_PART = "interactions"


class InteractionPresenter:
    """Shows interactions with Chinese names."""

    def __init__(self, labels: Labels, today: Callable[[], date]) -> None:
        self._labels = labels
        self._today = today

    def many(self, session: Session, found: Sequence[Interaction]) -> list[InteractionRead]:
        """Return interactions as the session's viewer may see them, in order."""
        names = _Names.of(session, found, self._today())
        return [
            InteractionRead(**self._columns(session, interaction, names)) for interaction in found
        ]

    def one(self, session: Session, interaction: Interaction) -> InteractionDetail:
        """Return an interaction with the acts the session's viewer sees."""
        names = _Names.of(session, [interaction], self._today())
        side = side_of(viewer_of(session), interaction)
        return InteractionDetail(
            **self._columns(session, interaction, names),
            events=[
                self._event(event, interaction, side, names)
                for event in events_of(session, interaction.id)
            ],
        )

    def _columns(
        self, session: Session, interaction: Interaction, names: "_Names"
    ) -> dict[str, Any]:
        viewer = viewer_of(session)
        side = side_of(viewer, interaction)
        is_base = side in (Side.BASE, Side.PLATFORM)
        acts = [] if viewer.read_only else _acts(side, interaction)
        refused = names.refused.get(interaction.id, frozenset())
        acts = [act for act in acts if act not in refused]
        return {
            "id": interaction.id,
            "demand_id": interaction.demand_id,
            "demand_title": names.titles.get(interaction.demand_id),
            "provider_id": interaction.provider_id,
            "provider_name": names.organisation(interaction.provider_org_id),
            "base_name": names.base(interaction, side),
            "recipient_name": names.recipient(interaction, side),
            "state": interaction.state,
            "state_label": self._labels.of(interaction.state),
            "version": interaction.version,
            "my_side": side,
            "awaiting": interaction.awaiting,
            "due_at": interaction.due_at,
            "reminded_at": interaction.reminded_at,
            "ended_by": interaction.ended_by,
            "is_shortlisted": interaction.is_shortlisted,
            "is_saved": interaction.is_saved if is_base else None,
            "hidden_reason": interaction.hidden_reason if is_base else None,
            "acts": acts,
            "updated_at": interaction.updated_at,
        }

    def _event(
        self, event: InteractionEvent, interaction: Interaction, side: Side, names: "_Names"
    ) -> InteractionEventRead:
        return InteractionEventRead(
            id=event.id,
            act=event.act,
            act_label=self._labels.of(event.act),
            side=event.side,
            by=names.actor(event, interaction, side),
            state=event.state,
            body=event.body,
            reason=event.reason,
            reason_label=self._labels.of(event.reason) if event.reason is not None else None,
            quality=event.quality,
            usefulness=event.usefulness,
            created_at=event.created_at,
        )


class _Names:
    """Names of the rows and organisations of some interactions.

    Attributes:
        titles: Title of each demand that is seen.
        refused: What is not taken because of where the demand or the provider stands, by key of
            the interaction.
    """

    def __init__(
        self,
        titles: dict[str, str],
        organisations: dict[str, str],
        recipients: dict[str, str | None],
        seen: set[str],
        refused: Mapping[str, frozenset[InteractionAct]],
    ) -> None:
        self.titles = titles
        self.refused = refused
        self._organisations = organisations
        self._recipients = recipients
        self._seen = seen

    @classmethod
    def of(cls, session: Session, found: Sequence[Interaction], day: date) -> "_Names":
        demands = demands_of(session, found)
        with elevated(session, _PART):
            every = rows_by_id(session, Demand, {i.demand_id for i in found})
            providers = rows_by_id(session, Provider, {i.provider_id for i in found})
            refused = {
                i.id: _refused(every.get(i.demand_id), providers.get(i.provider_id), i, day)
                for i in found
            }
            recipients = {key: demand.recipient_id for key, demand in every.items()}
            wanted = {i.provider_org_id for i in found} | {i.owner_id for i in found}
            wanted |= set(recipients.values())
            keys = sorted(key for key in wanted if key is not None)
            names = {
                key: organisation.name
                for key, organisation in rows_by_id(session, Organisation, keys).items()
            }
        owners = [i.owner_id for i in found if i.owner_id is not None]
        seen = visible_ids(session, Organisation, owners)
        titles = {key: demand.title for key, demand in demands.items()}
        return cls(titles, names, recipients, seen, refused)

    def organisation(self, key: str | None) -> str | None:
        """Return the name of an organisation of the interactions."""
        return self._organisations.get(key) if key is not None else None

    def base(self, interaction: Interaction, side: Side) -> str | None:
        """Return the name of the base, once it has come forward or where it is seen anyway."""
        is_seen = interaction.owner_id in self._seen
        if side is Side.PROVIDER and not is_base_known(interaction, is_seen=is_seen):
            return None
        return self.organisation(interaction.owner_id)

    def actor(self, event: InteractionEvent, interaction: Interaction, side: Side) -> str | None:
        """Return the name of who did something, as one side may know it."""
        if event.side is Side.RECIPIENT and interaction.state not in TOGETHER:
            return RECIPIENT
        if event.side is Side.BASE and self.base(interaction, side) is None:
            return DEMAND_SIDE
        return self.organisation(event.organisation_id)

    def recipient(self, interaction: Interaction, side: Side) -> str | None:
        """Return the name of the recipient; a provider learns it when both have said yes."""
        if side is Side.PROVIDER and interaction.state not in TOGETHER:
            return None
        return self.organisation(self._recipients.get(interaction.demand_id))


def _refused(
    demand: Demand | None, provider: Provider | None, interaction: Interaction, day: date
) -> frozenset[InteractionAct]:
    """Return the acts that are refused whatever the interaction has come to."""
    if demand is None or provider is None:
        return frozenset(InteractionAct)
    if not is_sought(demand) or not is_offered(provider):
        return OPENING
    if is_late(demand, interaction.invited_at, day):
        return frozenset({InteractionAct.EXPRESS_INTEREST})
    return frozenset()


def _acts(side: Side, interaction: Interaction) -> list[InteractionAct]:
    """Return what may be done now; who only oversees may do it for the demand's side."""
    acting = Side.BASE if side is Side.PLATFORM else side
    acts = possible_acts(acting, interaction.state, interaction.ended_by)
    state: InteractionState = interaction.state
    kept = {
        InteractionAct.SHORTLIST: not interaction.is_shortlisted,
        InteractionAct.UNSHORTLIST: interaction.is_shortlisted,
        InteractionAct.UNHIDE: interaction.hidden_reason is not None,
        InteractionAct.HIDE: interaction.hidden_reason is None,
        InteractionAct.SAVE: not interaction.is_saved,
        InteractionAct.VIEW: interaction.viewed_at is None,
        InteractionAct.ACCEPT: state is not InteractionState.MUTUAL,
    }
    return [act for act in acts if kept.get(act, True)]
