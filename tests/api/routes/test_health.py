import asyncio
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api import readiness as module
from api.metrics import Metrics
from api.readiness import Probe, Readiness
from api.sampler import Sampled, Sampler
from indexer.sync import Synchroniser
from models import repository
from models.base import now_utc
from models.errors import UnavailableError
from tests.api.conftest import Running


@pytest.fixture
def look(running: Running) -> Iterator[Callable[[], dict[str, Any]]]:
    """Ask the application anew whether it is ready; with its status."""
    app: Any = running.client.app
    usual = app.state.readiness

    def ask() -> dict[str, Any]:
        app.state.readiness = Readiness(running.service)
        reply = running.client.get("/readyz")
        app.state.readiness.close()
        return {"http": reply.status_code, **reply.json()}

    yield ask
    app.state.readiness = usual


def test_health_says_only_that_it_lives(running: Running) -> None:
    assert running.get("/healthz") == {"status": "ok"}


def test_ready_service_lacks_nothing(running: Running, look: Callable[[], dict[str, Any]]) -> None:
    running.demand()
    running.index()
    version = running.service.synchroniser.view.version
    assert look() == {
        "http": 200,
        "status": "ready",
        "problems": [],
        "version": version,
        "lag": 0,
    }


def test_index_that_cannot_follow_is_not_ready(
    running: Running, look: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running.service.follower, "last_error", RuntimeError("disk"))
    assert look()["problems"] == ["index_not_following"]
    assert look()["http"] == 503


def test_silent_database_is_not_ready_within_patience(
    running: Running, look: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()

    def hang(*_: object) -> int:
        released.wait(30)
        return 0

    monkeypatch.setattr(module, "PATIENCE_S", 0.05)
    monkeypatch.setattr(repository, "last_seq", hang)
    found = look()
    released.set()
    assert (found["http"], found["problems"], found["lag"]) == (503, ["database_unreachable"], None)


def test_failing_database_is_not_ready(
    running: Running, look: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise UnavailableError("gone")

    monkeypatch.setattr(repository, "last_seq", fail)
    assert look()["problems"] == ["database_unreachable"]


def test_index_far_behind_is_not_ready(
    running: Running, look: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = running.last_seq()
    limit = running.service.settings.ready_lag
    running.index()
    monkeypatch.setattr(repository, "last_seq", lambda _: newest + limit)
    assert look()["status"] == "ready"
    monkeypatch.setattr(repository, "last_seq", lambda _: newest + limit + 1)
    assert look()["problems"] == ["index_lagging"]


def test_index_not_on_disk_is_degraded_but_serves(
    running: Running, look: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Synchroniser, "save_error", OSError(28, "full"))
    found = look()
    assert (found["http"], found["status"]) == (200, "degraded")
    assert found["problems"] == ["index_not_saved"]


def test_silent_leader_is_told_of_by_those_who_only_read(
    look: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Synchroniser, "leader_silent_s", module.LEADER_SILENT_S + 1)
    found = look()
    assert (found["http"], found["status"]) == (200, "degraded")
    assert found["problems"] == ["index_leader_silent"]


def test_lag_is_never_that_of_an_earlier_look(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.index()
    assert running.get("/readyz")["lag"] == 0
    newest = running.service.synchroniser.view.seq
    monkeypatch.setattr(repository, "last_seq", lambda _: newest + 3)
    assert running.get("/readyz")["lag"] == 3


def test_encoder_is_asked_once_a_second_at_most(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def answers(*_: object) -> bool:
        asked.append(1)
        return True

    monkeypatch.setattr(Readiness, "_encoder_answers", answers)
    readiness = Readiness(running.service, kept_s=60)

    async def ask_often() -> None:
        await asyncio.gather(*(readiness.state() for _ in range(20)))

    asyncio.run(ask_often())
    readiness.close()
    assert len(asked) == 1


def test_all_who_wait_share_the_next_look(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    first_began, first_may_end = threading.Event(), threading.Event()

    def look_slowly(*_: object) -> int:
        looks.append(1)
        if len(looks) == 1:
            first_began.set()
            first_may_end.wait(30)
        return len(looks)

    monkeypatch.setattr(module, "PATIENCE_S", 30.0)
    monkeypatch.setattr(Readiness, "_newest_change", look_slowly)
    readiness = Readiness(running.service)

    async def ask() -> None:
        early = asyncio.create_task(readiness.state())
        await asyncio.to_thread(first_began.wait, 30)
        late = [asyncio.create_task(readiness.state()) for _ in range(10)]
        await asyncio.sleep(0)
        assert not early.done()
        first_may_end.set()
        await asyncio.gather(early, *late)

    asyncio.run(ask())
    readiness.close()
    assert len(looks) == 2


def test_who_goes_away_takes_no_look_from_others(running: Running) -> None:
    readiness = Readiness(running.service)

    async def ask() -> None:
        gone = asyncio.create_task(readiness.state())
        stays = asyncio.create_task(readiness.state())
        await asyncio.sleep(0)
        gone.cancel()
        assert (await stays).is_ready

    asyncio.run(ask())
    readiness.close()


def test_silent_encoder_is_not_ready(
    running: Running, look: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Readiness, "_encoder_answers", lambda _: False)
    found = look()
    assert (found["http"], found["problems"]) == (503, ["encoder_unavailable"])


def test_probe_that_hangs_is_not_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.01)
    released = threading.Event()
    asked: list[int] = []

    def hang() -> int:
        asked.append(1)
        released.wait(30)
        return 1

    async def ask_often() -> list[int]:
        return [await probe.answer(0) for _ in range(3)]

    probe = Probe(hang, "test")
    assert asyncio.run(ask_often()) == [0, 0, 0]
    released.set()
    probe.close()
    assert len(asked) == 1


@pytest.fixture
def local(running: Running) -> TestClient:
    """A client on the machine of the service."""
    return TestClient(running.client.app, client=("127.0.0.1", 4711))


def test_figures_are_read_on_the_machine_itself(local: TestClient) -> None:
    local.get("/healthz")
    reply = local.get("/metrics")
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    names = {family.name for family in text_string_to_metric_families(reply.text)}
    assert {"navmatch_request_seconds", "navmatch_responses"} <= names


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_figures_are_not_for_those_behind_a_proxy(local: TestClient, header: str) -> None:
    reply = local.get("/metrics", headers={header: "203.0.113.7"})
    assert (reply.status_code, reply.json()["code"]) == (403, "forbidden")


def test_figures_are_not_for_other_machines(running: Running) -> None:
    other = TestClient(running.client.app, client=("203.0.113.7", 4711))
    assert other.get("/metrics").status_code == 403


def test_gauges_of_the_moment_are_sampled(running: Running, local: TestClient) -> None:
    running.demand()
    running.index()
    running.service._sampler.sample()
    text = local.get("/metrics").text
    assert 'navmatch_index_rows{kind="demand"} 1.0' in text
    assert "navmatch_index_lag_changes 0.0" in text
    assert "navmatch_database_up 1.0" in text
    assert "navmatch_audit_entries" in text
    assert "navmatch_deliveries_waiting 0.0" in text


def test_lag_says_how_far_the_index_is_behind(running: Running, local: TestClient) -> None:
    running.index()
    before = running.last_seq()
    running.demand()
    running.service._sampler.sample()
    behind = running.last_seq() - before
    assert behind > 0
    assert f"navmatch_index_lag_changes {behind}.0" in local.get("/metrics").text


def _newly_started(running: Running) -> Sampler:
    """Return the sampler of a process that has seen nothing yet; its figures are its own."""
    service, encoder = running.service, running.service.embedder.encoder
    sampled = Sampled(
        service.database,
        service.synchroniser,
        encoder,
        service.settings.index_dir,
        service.file_watch,
    )
    return Sampler(Metrics(), sampled)


def _age_s(sampler: Sampler, ahead: timedelta = timedelta()) -> float:
    """Return the age of the generation when a clock is that much ahead."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.sampler.now_utc", lambda: now_utc() + ahead)
        sampler.sample()
    figures = sampler._metrics.exposition().decode()
    return _figure(figures, "navmatch_index_generation_age_seconds")


def test_age_of_a_generation_outlives_the_process(running: Running) -> None:
    running.service.synchroniser.rebuild()
    assert 0 <= _age_s(_newly_started(running)) < 3_600
    old = _age_s(sampler := _newly_started(running), timedelta(days=3))
    assert 3 * 86_400 <= old < 3 * 86_400 + 3_600
    running.service.synchroniser.rebuild()
    assert 0 <= _age_s(sampler) < 3_600


def test_age_of_a_generation_is_never_negative(running: Running) -> None:
    running.service.synchroniser.rebuild()
    assert _age_s(_newly_started(running), timedelta(days=-1)) == 0


def test_generation_that_is_not_on_disk_ages_from_first_sight(running: Running) -> None:
    synchroniser = running.service.synchroniser
    synchroniser.rebuild()
    shutil.rmtree(running.service.settings.index_dir / synchroniser.view.generation)
    sampler = _newly_started(running)
    assert _age_s(sampler, timedelta(days=3)) == 0
    assert 86_400 <= _age_s(sampler, timedelta(days=4)) < 86_400 + 3_600
    synchroniser.rebuild()


def test_bands_of_answers_are_counted(running: Running, local: TestClient) -> None:
    demand, _ = running.demand(), running.provider()
    running.index()
    before = _figures(local)
    reply = running.post("/v1/match", {"queries": {"q": {"id": demand["id"]}}}, 200)
    band = reply["responses"]["q"]["answer"]["matches"][0]["band"]
    for name in (
        f'navmatch_matches_total{{band="{band}",direction="d2p"}}',
        f'navmatch_answers_total{{best="{band}",direction="d2p"}}',
    ):
        assert _figure(_figures(local), name) == _figure(before, name) + 1


def _figures(local: TestClient) -> str:
    return local.get("/metrics").text


def _figure(figures: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)", figures, re.M)
    return float(found[1]) if found else 0.0


def test_refusals_and_requests_under_way_are_counted(
    running: Running, local: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **options: object) -> int:
        raise UnavailableError("gone")

    monkeypatch.setattr(repository, "page", fail)
    assert running.client.get("/v1/demands").status_code == 503
    text = local.get("/metrics").text
    assert 'navmatch_refusals_total{code="unavailable"}' in text
    assert "navmatch_requests_under_way 1.0" in text
