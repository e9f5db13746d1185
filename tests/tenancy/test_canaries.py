"""Words that stand in hidden rows alone come out nowhere: not in lists, searches or counts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, Final
from zipfile import ZipFile

import httpx2
import pytest

from models.case import Case
from models.contact import Contact
from models.demand import Demand
from models.organisation import Base, Organisation
from models.provider import Capability, Provider
from models.vocabulary.access import Visibility
from models.vocabulary.demand import DemandState
from models.vocabulary.organisation import CaseState
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import Scheme
from tests.api.conftest import Running
from tests.rows import add_tag
from tests.tenancy.call import Call
from tests.tenancy.caller import Caller
from tests.tenancy.tenants import HIDDEN, OTHER
from tests.tenancy.test_matrix import Asking, asking  # noqa: F401 - the fixture
from tests.tenancy.world import World

CANARY: Final = "鸩鹉"
"""Two characters no other text of the tests has; a number behind them tells where they stood."""

HIDDEN_TEXT: Final = (
    f"{CANARY}甲一：我公司要向南美洲出口{CANARY}牌水下焊接机器人，需要排查推进器和密封件的专利侵权风险，"
    f"给出{CANARY}规避设计建议，并在两个月内提交{CANARY}分析报告和风险专利名单。"
)


@dataclass(frozen=True)
class Planted:
    """Keys of the rows with the words in them."""

    demand: str
    provider: str
    capability: str
    case: str
    base: str


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
    for number in range(6):
        world.fresh(Demand, OTHER, state=DemandState.PUBLISHED, visibility=Visibility.PLATFORM)
        world.fresh(Case, number % 3, state=CaseState.PUBLISHED, visibility=Visibility.PUBLIC)
    application.index()
    return keys


def strangers(world: World) -> list[Caller]:
    """Everybody who may see none of it."""
    return [
        caller
        for caller in world.callers
        if caller.letter != "O" and caller.credential not in ("expired", "revoked")
    ]


def questions(world: World, caller: Caller, planted: Planted) -> Iterator[Call]:
    """Every way of asking that could bring a hidden row up."""
    for path in ("/v1/demands", "/v1/providers", "/v1/cases", "/v1/bases"):
        yield Call("GET", path, None, {"limit": 50})
        yield Call("GET", path, None, {"limit": 50, "text": CANARY})
        yield Call("GET", path, None, {"limit": 50, "region": "11"})
    for path in ("/v1/demands", "/v1/cases"):
        yield Call("GET", path, None, {"limit": 50, "industry": "1.2"})
    # what somebody sends comes back to them: the question has other words
    other = {"text": HIDDEN_TEXT.replace(CANARY, "")}
    yield Call("POST", "/v1/preview", {"description": other["text"]})
    queries = {
        direction: {"direction": direction, "text": other, "k": 50, "fold": False}
        for direction in ("d2p", "d2d", "d2c")
    }
    yield Call("POST", "/v1/match", {"queries": queries})
    backwards = {d: {"direction": d, "text": other, "k": 50} for d in ("p2d", "p2c")}
    yield Call("POST", "/v1/match", {"queries": backwards})
    yield Call("GET", "/v1/widget/matches", None, {"text": other["text"], "limit": 10})
    yield from _about_own(world, caller)
    for what in ("demands", "providers", "cases", "interactions"):
        yield Call("GET", f"/v1/{what}/export", None, {"format": "csv"})
    yield Call("GET", "/v1/demands/export")  # a workbook
    for path in (
        f"/v1/providers/{planted.provider}/capabilities/export",
        f"/v1/demands/{planted.demand}/matches/export",
    ):
        yield Call("GET", path, None, {"format": "csv"})
    yield Call("GET", f"/v1/demands/{planted.demand}/report")
    yield Call("GET", "/v1/imports")
    for path in ("/v1/organisations", "/v1/people", "/v1/keys", "/v1/widget-tokens", "/v1/audit"):
        yield Call("GET", path)
    yield Call("GET", "/v1/invitations")
    for path in (
        f"/v1/demands/{planted.demand}",
        f"/v1/demands/{planted.demand}/matches",
        f"/v1/demands/{planted.demand}/similar",
        f"/v1/demands/{planted.demand}/cases",
        f"/v1/providers/{planted.provider}",
        f"/v1/providers/{planted.provider}/capabilities",
        f"/v1/providers/{planted.provider}/matches",
        f"/v1/capabilities/{planted.capability}",
        f"/v1/cases/{planted.case}",
        f"/v1/bases/{planted.base}",
        f"/v1/contacts/{planted.demand}",
    ):
        yield Call("GET", path)


def _about_own(world: World, caller: Caller) -> Iterator[Call]:
    if caller.base is not None:
        key = world.fresh(Demand, caller.base, state=DemandState.PUBLISHED)
        for what in ("matches", "similar", "cases"):
            yield Call("GET", f"/v1/demands/{key}/{what}", None, {"k": 50})
        wide = {"k": 50, "include_weak": "true", "fold": "false"}
        yield Call("GET", f"/v1/demands/{key}/matches/export", None, {**wide, "format": "csv"})
        for format_ in ("html", "docx"):
            yield Call("GET", f"/v1/demands/{key}/report", None, {**wide, "format": format_})
    if caller.provider is not None:
        key = world.providers[caller.provider].id
        for what in ("matches", "cases"):
            yield Call("GET", f"/v1/providers/{key}/{what}", None, {"k": 50})


def told(reply: httpx2.Response) -> str:
    """What an answer says; that of a workbook or Word file is packed."""
    if not reply.content.startswith(b"PK"):
        return reply.text
    with ZipFile(BytesIO(reply.content)) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_hidden_words_come_out_nowhere(
    world: World,
    asking: Asking,  # noqa: F811 - the fixture
    planted: Planted,
) -> None:
    n_asked = 0
    for caller in strangers(world):
        for call in questions(world, caller, planted):
            reply = asking.ask(caller, call)
            is_asked_back = call.path.startswith(("/v1/demands", "/v1/contacts"))
            said = told(reply)
            assert CANARY not in said, (caller.name, call.path)
            assert is_asked_back or planted.demand not in said
            n_asked += 1
    assert n_asked > 300


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
