"""Reminders and ends of interactions, by a clock that is set by hand."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from api.interactions.doing import Doing
from api.interactions.interactions import Interactions
from api.interactions.timers import Timers
from models.audit import AuditEvent
from models.database import Database
from models.demand import Demand
from models.interaction import Interaction, InteractionEvent
from models.labels import Labels
from models.notification import Notification
from models.organisation import Base
from models.viewer import Viewer, acting_as, system
from models.vocabulary.access import Role
from models.vocabulary.demand import DemandState
from models.vocabulary.interaction import InteractionAct, InteractionState, Side
from models.vocabulary.notification import NotificationKind
from models.vocabulary.organisation import BaseLevel
from models.working_days import after_working_days
from tests.clock import MONDAY, Clock
from tests.rows import add_demand, add_organisation, add_provider


@dataclass(frozen=True)
class Stage:
    """A base and a provider around a demand."""

    database: Database
    clock: Clock
    base: Viewer
    provider: Viewer
    demand_id: str
    provider_id: str

    def act(self, viewer: Viewer, act: InteractionAct, **more: object) -> Interaction:
        interactions = Interactions(self.database, Labels.load(), lambda: None, self.clock)
        with acting_as(viewer):
            return interactions.begin(self.demand_id, self.provider_id, Doing(act, **more))  # type: ignore[arg-type]

    def run(self) -> int:
        return Timers(self.database, self.clock).run()

    def now(self) -> Interaction:
        with self.database.read() as session:
            return session.scalars(select(Interaction)).one()

    def acts(self) -> list[InteractionAct]:
        with self.database.read() as session:
            return list(session.scalars(select(InteractionEvent.act).order_by(InteractionEvent.id)))

    def told(self, kind: NotificationKind) -> list[str | None]:
        wanted = select(Notification.organisation_id).where(Notification.kind == kind)
        with self.database.read() as session:
            return list(session.scalars(wanted.order_by(Notification.id)))


@pytest.fixture
def stage(database: Database) -> Stage:
    with database.write() as session:
        of = add_organisation(session, "示例基地")
        base = Base(organisation_id=of.id, level=BaseLevel.NATIONAL)
        session.add(base)
        session.flush()
        demand = add_demand(session, base_id=base.id)
        provider = add_provider(session)
    return Stage(
        database,
        Clock(),
        Viewer(Role.BASE_ADMIN, "us_base", of.id),
        Viewer(Role.PROVIDER_ADMIN, "us_provider", provider.organisation_id),
        demand.id,
        provider.id,
    )


def at(days: int) -> datetime:
    return after_working_days(MONDAY, days)


def test_interest_is_reminded_of_then_lapses(stage: Stage) -> None:
    stage.act(stage.provider, InteractionAct.EXPRESS_INTEREST)
    stage.clock.now = at(5) - timedelta(seconds=1)
    assert stage.run() == 0
    stage.clock.now = at(5)
    assert (stage.run(), stage.run()) == (1, 0)
    assert stage.now().state is InteractionState.INTERESTED
    assert stage.told(NotificationKind.REMINDER) == [stage.base.organisation_id]
    stage.clock.now = at(10)
    assert (stage.run(), stage.run()) == (1, 0)
    assert stage.now().state is InteractionState.LAPSED
    told = stage.told(NotificationKind.LAPSED)
    assert set(told) == {stage.base.organisation_id, stage.provider.organisation_id}
    acts = [InteractionAct.EXPRESS_INTEREST, InteractionAct.REMIND, InteractionAct.LAPSE]
    assert stage.acts() == acts


def test_answer_stops_the_timer(stage: Stage) -> None:
    stage.act(stage.base, InteractionAct.INVITE)
    stage.clock.now = at(5)
    stage.run()
    assert stage.now().awaiting is Side.PROVIDER
    stage.act(stage.provider, InteractionAct.ACCEPT)
    stage.clock.now = at(50)
    assert stage.run() == 0
    assert stage.now().state is InteractionState.MUTUAL


def test_lapsed_interest_begins_anew(stage: Stage) -> None:
    stage.act(stage.provider, InteractionAct.EXPRESS_INTEREST)
    for day in (5, 10):
        stage.clock.now = at(day)
        stage.run()
    stage.act(stage.provider, InteractionAct.EXPRESS_INTEREST)
    assert stage.now().due_at == after_working_days(at(10), 5)
    assert stage.now().reminded_at is None


@pytest.mark.parametrize("state", [DemandState.WITHDRAWN, DemandState.EXPIRED, DemandState.CLOSED])
def test_closed_demand_ends_what_was_begun(stage: Stage, state: DemandState) -> None:
    stage.act(stage.base, InteractionAct.INVITE)
    with stage.database.write() as session:
        session.get_one(Demand, stage.demand_id).state = state
    assert (stage.run(), stage.run()) == (1, 0)
    assert stage.now().state is InteractionState.LAPSED


def test_paused_demand_leaves_it_open(stage: Stage) -> None:
    stage.act(stage.base, InteractionAct.INVITE)
    with stage.database.write() as session:
        session.get_one(Demand, stage.demand_id).state = DemandState.PAUSED
    assert stage.run() == 0


def test_timer_fires_once_whoever_runs_it(stage: Stage) -> None:
    """Eight workers see the same row due at the same moment."""
    stage.act(stage.provider, InteractionAct.EXPRESS_INTEREST)
    stage.clock.now = at(5)
    start = threading.Barrier(8)
    failed: list[Exception] = []

    def work() -> None:
        start.wait()
        try:
            with acting_as(system("timers")):
                Timers(stage.database, stage.clock).run()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert stage.acts().count(InteractionAct.REMIND) == 1
    assert len(stage.told(NotificationKind.REMINDER)) == 1


def test_timer_is_in_the_audit_chain(stage: Stage) -> None:
    stage.act(stage.provider, InteractionAct.EXPRESS_INTEREST)
    stage.clock.now = at(5)
    stage.run()
    with stage.database.read() as session:
        newest = select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)
        entry = session.scalars(newest).one()
    assert (entry.entity, entry.entity_id) == ("interaction", stage.now().id)
