"""What people did with the rankings they were shown, put together from what the service keeps.

A ranking of providers for a stored demand is kept as a run (`models.match_run`), what was done
afterwards as acts (`models.interaction`). An organisation's acts on a provider count in the newest
list that showed it the provider before the first of them. A provider comes to a demand by a list
of its own: of its acts only the reason of a decline counts. Lists nobody acted on say nothing of
what is better, and are left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from matcher.evaluate import group_key
from matcher.learning.interactions import Action, Shown, ShownList
from matcher.record import RunRecord
from models.database import Database
from models.interaction import Interaction, InteractionEvent
from models.interactions import all_acts, runs_acted_on
from models.vocabulary import DeclineReason, InteractionAct, Role, Side

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
"""What an act of those who choose is called where it is learned from. Accepting an offered
interest is as much as inviting; only a settled deal is more."""

_REVOKED: Final = {InteractionAct.UNSHORTLIST: Action.SHORTLIST}
_READERS: Final = frozenset(Role) - {Role.ANONYMOUS, Role.WIDGET, Role.SYSTEM}

_Pair = tuple[str, str, str | None]
"""A demand, a provider, and the organisation that acted; None for operators."""


@dataclass(slots=True)
class _Done:
    """What an organisation did with one provider for one demand."""

    first_at: datetime | None = None
    actions: set[Action] = field(default_factory=set)
    reason: DeclineReason | None = None
    rating: int | None = None
    run_id: str | None = None
    """The list it counts in."""

    def add(self, event: InteractionEvent) -> None:
        """Take an act of those who choose into account."""
        self.first_at = self.first_at or event.created_at
        if event.act in MEANINGS and event.side is not Side.PROVIDER:
            self.actions.add(MEANINGS[event.act])
        if event.act in _REVOKED:
            self.actions.discard(_REVOKED[event.act])
        if event.act in {InteractionAct.HIDE, InteractionAct.DECLINE, InteractionAct.UNHIDE}:
            self.reason = event.reason
        stars = [given for given in (event.quality, event.usefulness) if given is not None]
        if stars:
            self.rating = min(stars)

    def shown(self, key: str, position: int) -> Shown:
        """Return it as one result of a list."""
        return Shown(key, position, frozenset(self.actions), self.reason, self.rating)


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
    """Return what each organisation did, with what the others said of it afterwards."""
    done: dict[_Pair, _Done] = {}
    for interaction, events in acts:
        of_base: dict[str | None, _Done] = {}
        for event in events:
            if event.side is Side.BASE:
                of_base.setdefault(event.organisation_id, _Done()).add(event)
        for event in events:
            if event.side is not Side.BASE and (event.reason or event.quality):
                for found in of_base.values():
                    found.add(event)
        for organisation, found in of_base.items():
            done[interaction.demand_id, interaction.provider_id, organisation] = found
    return done


def _list_of(run: _Run, done: Mapping[_Pair, _Done]) -> ShownList | None:
    """Return a run as a list; None when nothing that was done counts in it."""
    found = [done.get(pair, _NOTHING) for pair in run.pairs()]
    counting = [one if one.run_id == run.id else _NOTHING for one in found]
    if all(one is _NOTHING for one in counting):
        return None
    shown = (
        one.shown(group_key(key), position)
        for position, (key, one) in enumerate(zip(run.keys, counting, strict=True), start=1)
    )
    return ShownList({"id": run.demand_id}, tuple(shown))
