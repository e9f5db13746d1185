"""Words that stand in hidden rows alone come out nowhere: not in lists, searches or counts."""

from dataclasses import replace
from itertools import chain
from typing import Any

import pytest

from models.case import Case
from models.contact import Contact
from models.demand import Demand
from models.notifications import About, Telling, notify
from models.organisation import Base, Organisation
from models.provider import Capability, Provider
from models.subscription import Subscription
from models.vocabulary.access import Visibility
from models.vocabulary.demand import DemandState
from models.vocabulary.notification import NotificationKind
from models.vocabulary.organisation import CaseState
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import Scheme
from tests.api.conftest import Running
from tests.rows import add_tag
from tests.tenancy.call import Call
from tests.tenancy.caller import Caller
from tests.tenancy.questions import (
    CANARY,
    EXCUSED,
    HIDDEN_TEXT,
    Planted,
    operations_of,
    questions,
    reached,
    remaining,
    told,
)
from tests.tenancy.tenants import HIDDEN, OTHER
from tests.tenancy.test_matrix import Asking, asking  # noqa: F401 - the fixture
from tests.tenancy.world import World


@pytest.fixture(scope="module")
def planted(application: Running, world: World) -> Planted:
    """Rows of the tenant nobody sees, every text of theirs with the words in it."""
    with world.writing() as session:
        for table, number in ((Provider, HIDDEN), (Base, HIDDEN)):
            rows: Any = world.providers if table is Provider else world.bases
            organisation = session.get_one(Organisation, rows[number].organisation_id)
            organisation.name = f"{CANARY}乙{table.__name__}公司"
            organisation.short_name = f"{CANARY}丙"
        provider = session.get_one(Provider, world.providers[HIDDEN].id)
        provider.intro = HIDDEN_TEXT
        provider.tools = [{"name": f"{CANARY}丁工具"}]
        provider.source_ref = f"{CANARY}:p"
        session.get_one(Base, world.bases[HIDDEN].id).dept_name = f"{CANARY}戊处"
    keys = Planted(
        demand=world.fresh(
            Demand,
            HIDDEN,
            state=DemandState.PUBLISHED,
            title=f"{CANARY}己焊接机器人导航",
            description=HIDDEN_TEXT,
            background=f"{CANARY}庚背景",
            decision_question=f"{CANARY}辛决策",
            tech_keywords=[f"{CANARY}壬"],
            source_ref=f"{CANARY}:d",
            recipient_id=world.recipients[1].id,
        ),
        provider=provider.id,
        capability=world.fresh(
            Capability,
            HIDDEN,
            visibility=Visibility.PUBLIC,  # and still hidden with its provider
            title=f"{CANARY}癸排查",
            description=HIDDEN_TEXT,
            methods=[f"{CANARY}子法"],
        ),
        case=world.fresh(
            Case,
            HIDDEN,
            state=CaseState.PUBLISHED,
            title=f"{CANARY}丑案例",
            summary=HIDDEN_TEXT,
            application=[{"form": "plan_text", "adopted_by": f"{CANARY}寅局"}],
        ),
        base=world.bases[HIDDEN].id,
    )
    with world.writing() as session:
        for row in (
            session.get_one(Demand, keys.demand),
            session.get_one(Capability, keys.capability),
        ):
            add_tag(session, row, "1.2", scheme=Scheme.SEI)
        session.add(Contact(row_id=keys.demand, entity=Entity.DEMAND, name=f"{CANARY}卯"))
        recipient = session.get_one(Organisation, world.recipients[1].id)
        recipient.name, recipient.region_code = f"{CANARY}辰使用单位", "110000"
    _plant_dealings(application, world, keys)
    for number in range(6):
        world.fresh(Demand, OTHER, state=DemandState.PUBLISHED, visibility=Visibility.PLATFORM)
        world.fresh(Case, number % 3, state=CaseState.PUBLISHED, visibility=Visibility.PUBLIC)
    application.index()
    return keys


def _plant_dealings(application: Running, world: World, keys: Planted) -> None:
    """What the tenant nobody sees deals with, is told and has asked for."""
    organisation_id = world.providers[HIDDEN].organisation_id
    world.interaction(keys.demand, HIDDEN)
    subscription = world.subscription(organisation_id)
    telling = Telling(
        NotificationKind.ABUSE, f"{CANARY}午通知。", About(), application.service.now()
    )
    with world.writing() as session:
        session.get_one(Subscription, subscription).name = f"{CANARY}未订阅"
        notify(session, organisation_id, telling)


def strangers(world: World) -> list[Caller]:
    """Everybody who may see none of it."""
    return [
        caller
        for caller in world.callers
        if caller.letter != "O" and caller.credential not in ("expired", "revoked")
    ]


def test_hidden_words_come_out_nowhere(
    application: Running,
    world: World,
    asking: Asking,  # noqa: F811 - the fixture
    planted: Planted,
) -> None:
    operations = operations_of(application)
    reading = {operation.name for operation in operations if operation.reads}
    n_asked, answered = 0, set[str]()
    for caller in strangers(world):
        mine = set[str]()
        by_hand = questions(world, caller, planted)
        for call in chain(by_hand, remaining(world, caller, reading, mine)):
            reply = asking.ask(caller, call)
            if reply.is_success:
                mine.add(reached(operations, call))
            is_asked_back = call.path.startswith(("/v1/demands", "/v1/contacts"))
            said = told(reply)
            assert CANARY not in said, (caller.name, call.path)
            assert is_asked_back or planted.demand not in said
            n_asked += 1
        answered |= mine
    assert n_asked > 1_000
    left_out = reading - answered
    assert left_out == EXCUSED.keys(), "reads and told nobody anything, or is excused and did"


def test_operator_is_shown_what_is_hidden_from_others(
    world: World,
    asking: Asking,  # noqa: F811
    planted: Planted,
) -> None:
    """The words would come out if nothing held them back: the test above can fail."""
    operator = next(caller for caller in world.callers if caller.letter == "O")
    seen = [
        CANARY in told(asking.ask(operator, call))
        for call in questions(world, replace(operator, base=None, provider=None), planted)
    ]
    assert sum(seen) > len(seen) / 2
    files = [
        told(asking.ask(operator, Call("GET", f"/v1/{what}/export", None, {"format": format_})))
        for what in ("demands", "providers", "cases")
        for format_ in ("csv", "xlsx")
    ]
    assert all(CANARY in file for file in files)


def test_counts_tell_of_no_hidden_row(
    world: World,
    asking: Asking,  # noqa: F811
    planted: Planted,
) -> None:
    for caller in strangers(world):
        for path in ("/v1/demands", "/v1/providers", "/v1/cases", "/v1/bases"):
            page = asking.ask(caller, Call("GET", path, None, {"limit": 50})).json()
            assert page["total"]["value"] >= len(page["items"])
            found = asking.ask(caller, Call("GET", path, None, {"text": CANARY})).json()
            assert (found["total"]["value"], found["items"]) == (0, [])
        body = {"queries": {"q": {"direction": "d2p", "text": {"text": "侵权风险排查服务"}}}}
        reply = asking.ask(caller, Call("POST", "/v1/match", body))
        if reply.status_code != 200:
            continue
        answer = reply.json()["responses"]["q"]["answer"]
        providers = asking.ask(caller, Call("GET", "/v1/providers", None, {"limit": 50})).json()
        offering = {item["id"] for item in providers["items"] if item["n_capabilities"]}
        assert answer["n_candidates"] <= len(offering)
        assert answer["n_excluded"] <= answer["n_candidates"]


def test_near_copy_of_a_hidden_demand_is_not_named(
    world: World,
    asking: Asking,  # noqa: F811
    planted: Planted,
) -> None:
    body = {"title": f"{CANARY}己焊接机器人导航", "description": HIDDEN_TEXT, "k": 0}
    for caller in world.callers:
        reply = asking.ask(caller, Call("POST", "/v1/preview", body))
        if reply.status_code == 200:
            copies = {copy["id"] for copy in reply.json()["near_duplicates"]}
            assert (planted.demand in copies) is (caller.letter == "O"), caller.name
