"""The client against the service, at night in a process of its own: every call, a dead worker."""

import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest

import navmatch.client
from api.client import imports
from api.client.asking import Interactions, Subscriptions, Taxonomy
from api.client.client import Client
from api.client.errors import ConflictError, NotFoundError, NotSignedInError
from api.client.imports import Imports
from api.client.records import Capabilities, Cases, Demands, Providers
from api.client.retrying import Retries
from api.client.transport import MIN_VERSION_HEADER, ONCE_HEADER, VERSION_HEADER
from api.idempotency import HEADER
from api.schemas import examples
from api.schemas.capability import CapabilityCreate, CapabilityUpdate
from api.schemas.case import CaseCreate, CaseUpdate
from api.schemas.demand import DemandCreate, DemandUpdate
from api.schemas.interaction import ActCreate, InteractionCreate
from api.schemas.match import FiltersIn, MatchOptions, MatchQuery
from api.schemas.preview import PreviewIn, TextIn
from api.schemas.provider import ProviderCreate, ProviderRead, ProviderUpdate
from api.schemas.subscription import SubscriptionCreate
from api.schemas.tags import TagsUpdate
from api.versions import MIN_VERSION_HEADER as SERVED_MIN_VERSION
from api.versions import VERSION_HEADER as SERVED_VERSION
from examples.post_and_match import TITLE, post_and_match
from models.failpoints import CONSENT_VARIABLE, SPEC_VARIABLE, Failpoint
from models.vocabulary.demand import DemandState
from models.vocabulary.interaction import InteractionAct, Side
from models.vocabulary.matching import Direction
from models.vocabulary.organisation import CaseState, ProviderState
from models.vocabulary.row import ImportState
from tests.api.conftest import Running
from tests.faults.server import Server

DEMAND = DemandCreate.model_validate({**examples.DEMAND, "scenario_tags": ["ENT.RISK"]})
TAGS = TagsUpdate.model_validate({**examples.TAGS, "version": 1})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("client") / "data")
    started.start()
    started.wait_ready()
    yield started
    started.kill()


def _client(server: Server) -> Client:
    with server.client() as operator:
        key = operator.headers["authorization"].removeprefix("Bearer ")
    return Client(server.url, key=key, timeout_s=60)


@pytest.fixture(params=["here", pytest.param("own process", marks=pytest.mark.nightly)])
def client(request: pytest.FixtureRequest, running: Running) -> Iterator[Client]:
    if request.param == "own process":
        with _client(request.getfixturevalue("server")) as made:
            yield made
        return
    made = Client("http://testserver")
    made.close()
    made._transport._http = running.client
    yield made


def _provider(client: Client) -> ProviderRead:
    new = {**examples.PROVIDER, "name": f"苏州{token_hex(4)}咨询有限公司"}
    return client.providers.create(ProviderCreate.model_validate(new))


def test_demands_are_posted_read_changed_and_ended(client: Client) -> None:
    demand = client.demands.create(DEMAND)
    assert demand.state is DemandState.PUBLISHED
    assert client.demands.get(demand.id) == demand
    tags = client.demands.decide_tags(demand.id, TAGS)
    changed = client.demands.change(demand.id, DemandUpdate(version=tags.version, urgent=True))
    assert changed.urgent
    with pytest.raises(ConflictError):
        client.demands.change(demand.id, DemandUpdate(version=1, urgent=False))
    assert client.demands.pause(demand.id).state is DemandState.PAUSED
    assert client.demands.publish(demand.id).state is DemandState.PUBLISHED
    assert client.demands.withdraw(demand.id).state is DemandState.WITHDRAWN
    client.demands.delete(demand.id, reason="测试")
    with pytest.raises(NotFoundError):
        client.demands.get(demand.id)


def test_all_pages_are_gone_through(client: Client) -> None:
    made = [client.demands.create(DEMAND).id for _ in range(3)]
    first = client.demands.page(limit=2, state=DemandState.PUBLISHED, own=False)
    assert len(first.items) == 2
    second = client.demands.page(first.next_cursor, limit=2, state=DemandState.PUBLISHED)
    listed = [row.id for row in [*first.items, *second.items]]
    assert listed[:3] == made[::-1]
    assert [row.id for row in client.demands.iterate(state=DemandState.PUBLISHED)][:3] == made[::-1]


def test_providers_capabilities_and_cases(client: Client) -> None:
    provider = _provider(client)
    changed = client.providers.change(provider.id, ProviderUpdate(version=1, nda_ready=True))
    assert changed.nda_ready
    assert client.providers.pause(provider.id).state is ProviderState.PAUSED
    assert client.providers.publish(provider.id).state is ProviderState.ACTIVE
    assert provider.id in [row.id for row in client.providers.iterate()]
    new = CapabilityCreate.model_validate(examples.CAPABILITY)
    capability = client.capabilities.create(provider.id, new)
    assert capability in client.capabilities.of(provider.id)
    assert client.capabilities.decide_tags(capability.id, TAGS).id == capability.id
    update = CapabilityUpdate(version=client.capabilities.get(capability.id).version, methods=[])
    assert client.capabilities.change(capability.id, update).methods == []
    client.capabilities.delete(capability.id)
    case = client.cases.create(CaseCreate.model_validate(examples.CASE))
    assert client.cases.decide_tags(case.id, TAGS).id == case.id
    version = client.cases.get(case.id).version
    assert client.cases.change(case.id, CaseUpdate(version=version, title="换了题目的案例")).title
    assert client.cases.withdraw(case.id).state is CaseState.HIDDEN
    assert client.cases.publish(case.id).state is CaseState.PUBLISHED
    client.cases.delete(case.id)
    client.providers.withdraw(provider.id)
    client.providers.delete(provider.id)


def test_what_was_written_is_found_at_once(client: Client) -> None:
    provider = _provider(client)
    demand = client.demands.create(DEMAND)
    answer = client.matches(demand.id, MatchOptions(k=50, fold=False, include_weak=True))
    assert provider.id in [match.item.group_id for match in answer.matches]
    options = MatchOptions(k=1, filters=FiltersIn(regions=["32"]), include_weak=True)
    assert len(client.match_text(DEMAND.description, options, title=DEMAND.title).matches) == 1
    back = client.matches(provider.id, direction=Direction.PROVIDER_TO_DEMAND)
    assert back.direction is Direction.PROVIDER_TO_DEMAND
    missing = MatchQuery(id="dm_01JZX3V8Q4W6T2N9K7M5R1C0BD")
    named = client.match({"a": MatchQuery(id=demand.id), "b": missing})
    assert [named.responses[name].status for name in "ab"] == [200, 404]
    with pytest.raises(NotFoundError):
        client.matches(missing.id or "")
    preview = client.preview(PreviewIn(description=DEMAND.description), min_version=client.version)
    assert preview.version
    assert client.tags(TextIn(text=DEMAND.description)).model_dump()


def test_both_sides_of_a_match_act(client: Client) -> None:
    provider = _provider(client)
    demand = client.demands.create(DEMAND)
    invite = InteractionCreate(
        demand_id=demand.id, provider_id=provider.id, act=InteractionAct.INVITE, side=Side.BASE
    )
    begun = client.interactions.begin(invite)
    asked = ActCreate(
        act=InteractionAct.ASK, body="何时开始？", side=Side.PROVIDER, version=begun.version
    )
    detail = client.interactions.act(begun.id, asked)
    assert client.interactions.get(begun.id) == detail
    assert [row.id for row in client.interactions.iterate(demand=demand.id)] == [begun.id]
    assert client.interactions.page(limit=1).total.value >= 1


def test_subscriptions_and_vocabularies(client: Client) -> None:
    wanted = SubscriptionCreate.model_validate(examples.SAVED_SEARCH)
    made = client.subscriptions.create(wanted)
    assert made.about in client.subscriptions.mine()
    assert client.subscriptions.found(made.about.id) == []
    client.subscriptions.delete(made.about.id)
    assert client.taxonomy.get().scenarios
    assert client.taxonomy.industries("1")
    assert client.taxonomy.regions(text="苏州")[0].code == "320500"
    assert client.taxonomy.algorithms().features
    assert client.who_am_i().role == "operator"


def test_sheets_are_sent_imported_and_given_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "ASK_EVERY_S", 0.02)
    rows = ["标题,需求描述", f"{DEMAND.title},{DEMAND.description}", "短,太短"]
    told: list[int] = []
    sent = client.imports.send("\n".join(rows).encode(), kind="demands", name="需求.csv")
    checked = client.imports.wait(sent.id, lambda now: told.append(now.n_done))
    assert (checked.state, checked.n_created, checked.n_refused) == (ImportState.CHECKED, 1, 1)
    assert told[-1] == 2
    assert {problem.cell for problem in client.imports.problems(sent.id)} == {"A3", "B3"}
    client.imports.run(sent.id)
    assert client.imports.wait(sent.id).state is ImportState.DONE
    assert (
        client.imports.sheet(sent.id).decode("utf-8-sig").startswith("标题,需求描述,〔只读〕错误")
    )
    assert [row.id for row in client.imports.iterate()] == [sent.id]
    client.imports.delete(sent.id)
    with pytest.raises(NotFoundError):
        client.imports.get(sent.id)


def test_every_call_of_the_client_is_tried_here() -> None:
    told = Path(__file__).read_text("utf-8")
    parts = (
        *(Client, Demands, Providers, Capabilities, Cases, Imports),
        *(Interactions, Subscriptions, Taxonomy),
    )
    names = {n for part in parts for n, _ in inspect.getmembers(part, inspect.isfunction)}
    elsewhere = {"close", "sign_in", "sign_out"}
    untried = {n for n in names if n[0] != "_" and f".{n}(" not in told}
    assert untried <= elsewhere


@pytest.mark.nightly
def test_stranger_and_wrong_password_are_refused(server: Server) -> None:
    with Client(server.url) as stranger:
        with pytest.raises(NotSignedInError):
            stranger.demands.create(DEMAND)
        with pytest.raises(NotSignedInError):
            stranger.sign_in("nobody", "no-such-person")


def test_example_posts_one_demand_however_often_it_runs(client: Client) -> None:
    _provider(client)
    told = post_and_match(client)
    posted = [row.id for row in client.demands.iterate(text=TITLE)]
    assert posted
    assert post_and_match(client) == told
    assert [row.id for row in client.demands.iterate(text=TITLE)] == posted


def test_client_loads_no_part_of_the_service() -> None:
    code = "import navmatch.client, sys; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    loaded = set(done.stdout.split())
    assert "navmatch.client" in loaded
    assert not loaded & {"torch", "faiss", "sqlalchemy", "fastapi", "starlette", "uvicorn"}


def test_names_of_the_client_are_those_listed() -> None:
    shown = {name for name in vars(navmatch.client) if name[0] != "_"}
    assert shown == set(navmatch.client.__all__)


def test_headers_are_those_of_the_service() -> None:
    assert (VERSION_HEADER, MIN_VERSION_HEADER) == (SERVED_VERSION, SERVED_MIN_VERSION)
    assert ONCE_HEADER.lower().encode() == HEADER


@pytest.mark.nightly
@pytest.mark.parametrize(
    "place", [Failpoint.IDEMPOTENCY_SAVED, Failpoint.AFTER_EFFECT_BEFORE_REPLY]
)
def test_worker_killed_between_effect_and_answer_leaves_one_effect(
    tmp_path: Path, place: Failpoint
) -> None:
    server = Server(tmp_path / "data")
    server.start(**{CONSENT_VARIABLE: "1", SPEC_VARIABLE: f"{place}:kill"})
    waits: list[float] = []

    def start_again(seconds: float) -> None:
        waits.append(seconds)
        server.wait_end()
        server.start()
        server.wait_ready()

    try:
        server.wait_ready()
        with _client(server) as client:
            client._transport._retries = Retries(sleep=start_again)
            demand = client.demands.create(DEMAND)
            assert [row.id for row in client.demands.iterate()] == [demand.id]
    finally:
        server.kill()
    assert len(waits) == 1
