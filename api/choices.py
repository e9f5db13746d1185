"""What people did with the rankings they were shown, put together from what the service keeps.

A ranking of providers for a stored demand is kept as a run (`models.match_run`), what was done
afterwards as acts (`models.interaction`). An organisation's acts on a provider count in the newest
list that showed it the provider before the first of them. A provider comes to a demand by a list
of its own: of its acts only the reason of a decline counts, and saying yes to it answers a message
rather than chooses. Lists in which nobody chose anything or found it unfit say nothing of what is
better, and are left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from matcher.evaluate import group_key
from matcher.learning.interactions import UNFIT_REASONS, Action, Shown, ShownList
from matcher.record import RunRecord
from models.database import Database
from models.interaction import Interaction, InteractionEvent
from models.interactions import all_acts, runs_acted_on
from models.vocabulary.access import Role
from models.vocabulary.interaction import DeclineReason, InteractionAct, InteractionState, Side

MEANINGS: Final = {
    InteractionAct.VIEW: Action.VIEW,
    InteractionAct.SAVE: Action.SAVE,
    InteractionAct.SHORTLIST: Action.SHORTLIST,
    InteractionAct.INVITE: Action.INVITE,
    InteractionAct.ACCEPT: Action.INVITE,
    InteractionAct.CONFIRM: Action.ACCEPT,
    InteractionAct.CONVERT: Action.ACCEPT,
    InteractionAct.RATE: Action.RATE,
}
"""What an act of those who choose is called where it is learned from. Accepting the interest of a
provider they had turned to is as much as inviting; only a settled deal is more."""

_REVOKED: Final = {InteractionAct.UNSHORTLIST: Action.SHORTLIST}
_BEGINNING: Final = frozenset(
    {InteractionAct.ASK, InteractionAct.INVITE, InteractionAct.EXPRESS_INTEREST}
)
_REASONED: Final = frozenset({InteractionAct.HIDE, InteractionAct.DECLINE})
_WANTING: Final = frozenset(
    {
        *(InteractionAct.UNHIDE, InteractionAct.SAVE, InteractionAct.SHORTLIST),
        *(InteractionAct.INVITE, InteractionAct.EXPRESS_INTEREST, InteractionAct.ACCEPT),
        *(InteractionAct.CONFIRM, InteractionAct.CONVERT),
    }
)
"""Acts after which a side no longer stands by the reason it had given against the other."""
_READERS: Final = frozenset(Role) - {Role.ANONYMOUS, Role.WIDGET, Role.SYSTEM}

_YES: Final = frozenset({InteractionAct.ACCEPT, InteractionAct.INVITE})
"""How a base says yes to an interest; of the second only the state tells that it does."""

_Pair = tuple[str, str, str | None]
"""A demand, a provider, and the organisation that acted; None for operators."""


@dataclass(slots=True)
class _Done:
    """What an organisation did with one provider for one demand, and what the others said."""

    first_at: datetime | None = None
    actions: set[Action] = field(default_factory=set)
    reasons: dict[Side, DeclineReason] = field(default_factory=dict)
    """Why a side does not want the other, as long as it stands by it."""
    rating: int | None = None
    begun_by: Side | None = None
    """Who turned to the other first."""
    run_id: str | None = None
    """The list it counts in."""

    @property
    def is_said(self) -> bool:
        """Whether it says anything of how well the provider fits."""
        return bool(
            self.actions or self.rating or UNFIT_REASONS.intersection(self.reasons.values())
        )

    def add(self, event: InteractionEvent) -> None:
        """Take the next act into account."""
        if event.side is Side.BASE:
            self.first_at = self.first_at or event.created_at
        if event.act in _BEGINNING:
            self.begun_by = self.begun_by or event.side
        if event.act in MEANINGS and not self._is_answer(event):
            self.actions.add(MEANINGS[event.act])
        if event.act in _REVOKED:
            self.actions.discard(_REVOKED[event.act])
        if event.act in _WANTING:
            self.reasons.pop(event.side, None)
        if event.act in _REASONED and event.reason:
            self.reasons[event.side] = event.reason
        stars = [given for given in (event.quality, event.usefulness) if given is not None]
        if stars:
            self.rating = min(stars)

    def shown(self, key: str, position: int) -> Shown:
        """Return it as one result of a list; a reason that speaks against the fit goes first."""
        reason = min(
            self.reasons.values(), key=lambda code: code not in UNFIT_REASONS, default=None
        )
        return Shown(key, position, frozenset(self.actions), reason, self.rating)

    def _is_answer(self, event: InteractionEvent) -> bool:
        """Whether an act is the provider's, or says yes to one that had come by itself."""
        is_yes = event.state is InteractionState.MUTUAL and event.act in _YES
        return event.side is Side.PROVIDER or (is_yes and self.begun_by is Side.PROVIDER)


_NOTHING: Final = _Done()


@dataclass(frozen=True, slots=True)
class _Run:
    """What of a run is needed: who was shown which providers for which demand."""

    id: str
    demand_id: str
    owner_id: str | None
    keys: tuple[str, ...]

    def pairs(self) -> list[_Pair]:
        """Return what could have been done with its results by whoever saw them."""
        return [(self.demand_id, key, self.owner_id) for key in self.keys]


def stored_lists(database: Database) -> list[ShownList]:
    """Return the lists that were shown for stored demands, with what was done, oldest first."""
    runs: list[_Run] = []
    with database.read() as session:
        done = _done_by_pair(all_acts(session))
        for run in runs_acted_on(session):
            record = RunRecord.from_json(run.record)
            if Role(str(record.viewer["role"])) not in _READERS:
                continue
            keys = tuple(match.group_id for match in record.matches)
            runs.append(_Run(run.id, str(run.asked_id), run.owner_id, keys))
            for pair in runs[-1].pairs():
                found = done.get(pair)
                if found and found.first_at and run.created_at <= found.first_at:
                    found.run_id = run.id
    lists = (_list_of(run, done) for run in runs)
    return [shown for shown in lists if shown is not None]


def _done_by_pair(
    acts: Iterable[tuple[Interaction, Sequence[InteractionEvent]]],
) -> dict[_Pair, _Done]:
    """Return what each organisation did, with what the other sides said."""
    done: dict[_Pair, _Done] = {}
    for interaction, events in acts:
        for organisation in {e.organisation_id for e in events if e.side is Side.BASE}:
            found = _Done()
            for event in events:
                if event.side is not Side.BASE or event.organisation_id == organisation:
                    found.add(event)
            done[interaction.demand_id, interaction.provider_id, organisation] = found
    return done


def _list_of(run: _Run, done: Mapping[_Pair, _Done]) -> ShownList | None:
    """Return a run as a list; None when what was done in it says nothing of the fit."""
    found = [done.get(pair, _NOTHING) for pair in run.pairs()]
    counting = [one if one.run_id == run.id else _NOTHING for one in found]
    if not any(one.is_said for one in counting):
        return None
    shown = (
        one.shown(group_key(key), position)
        for position, (key, one) in enumerate(zip(run.keys, counting, strict=True), start=1)
    )
    return ShownList({"id": run.demand_id}, tuple(shown))
