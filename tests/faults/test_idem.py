"""Two hundred duplicates at once, and processes killed between effect and answer: one effect."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.schemas import examples
from models.failpoints import Failpoint
from tests.conftest import DATABASES
from tests.faults import flaws
from tests.faults.server import Server
from tests.postgres import PostgresServer
from tools.loading.client import LostError, Reply, ask_once

HOST = "127.0.0.1"
DEMAND = {**examples.DEMAND, "scenario_tags": ["ENT.RISK"]}
PLACES = (Failpoint.IDEMPOTENCY_SAVED, Failpoint.AFTER_EFFECT_BEFORE_REPLY)
N_CRASHES = int(os.environ.get("NAVMATCH_CRASHES", "50"))


@pytest.fixture(
    params=[
        pytest.param(("sqlite", 1), marks=pytest.mark.nightly),
        ("sqlite", 2),
        ("postgresql", 2),
    ],
    ids=["one worker", "two workers", "postgresql"],
)
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    kind, n_workers = request.param
    environment = _place(kind, request)
    started = Server(tmp_path / "data", environment, arguments=("--workers", str(n_workers)))
    started.start()
    started.wait_ready()
    yield started
    started.kill()


def _place(kind: str, request: pytest.FixtureRequest) -> dict[str, str]:
    """Where the database is."""
    if kind == "sqlite":
        return {}
    postgres: PostgresServer = request.getfixturevalue("postgres")
    return {"NAVMATCH_DATABASE_URL": postgres.new_database()}


def _n_demands(server: Server) -> int:
    with server.client() as client:
        return len(client.get("/v1/demands", params={"limit": 50}).json()["items"])


def _credentials(server: Server) -> dict[str, str]:
    with server.client() as client:
        return {"Authorization": client.headers["authorization"]}


async def _send(server: Server, key: str, caller: dict[str, str]) -> Reply:
    headers = {**caller, "Idempotency-Key": key}
    return await ask_once(HOST, server.port, "POST", "/v1/demands", DEMAND, headers)


async def _send_until_answered(server: Server, key: str, caller: dict[str, str]) -> Reply:
    """Do as a good client does: send again under the same key when asked to."""
    while True:
        reply = await _send(server, key, caller)
        if reply.status not in (409, 503):
            return reply
        await asyncio.sleep(0.05 * int(reply.headers["retry-after"]))


def _duplicates(server: Server, n_requests: int) -> list[Reply]:
    caller = _credentials(server)

    async def run() -> list[Reply]:
        sent = (_send_until_answered(server, "one", caller) for _ in range(n_requests))
        return list(await asyncio.gather(*sent))

    return asyncio.run(run())


def _crash(folder: Path, place: Failpoint, environment: dict[str, str]) -> tuple[list[Reply], int]:
    """Have the process killed at a place; return the answers to the repeats, and the effects."""
    server = Server(folder, environment)
    caller = _credentials(server)
    server.start(NAVMATCH_TESTING="1", NAVMATCH_FAILPOINTS=f"{place}:kill")
    try:
        server.wait_ready()
        with pytest.raises(LostError):
            asyncio.run(_send(server, "one", caller))
        server.wait_end()
        server.start()
        server.wait_ready()
        repeats = [asyncio.run(_send(server, "one", caller)) for _ in range(2)]
        return repeats, _n_demands(server)
    finally:
        server.kill()


def _check_crash(folder: Path, place: Failpoint, environment: dict[str, str]) -> None:
    (first, second), n_demands = _crash(folder, place, environment)

    assert n_demands == 1
    assert (first.status, second.status) == (201, 201)
    assert first.body == second.body
    was_done = place is Failpoint.AFTER_EFFECT_BEFORE_REPLY
    assert ("idempotency-replayed" in first.headers) == was_done


def test_duplicates_at_once_have_one_effect(server: Server) -> None:
    replies = _duplicates(server, 200)

    assert Counter(reply.status for reply in replies) == {201: 200}
    assert len({reply.body for reply in replies}) == 1
    assert _n_demands(server) == 1


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(Failpoint.IDEMPOTENCY_SAVED, marks=pytest.mark.nightly),
        Failpoint.AFTER_EFFECT_BEFORE_REPLY,
    ],
)
def test_crash_between_effect_and_answer_is_made_good_by_a_repeat(
    tmp_path: Path, place: Failpoint
) -> None:
    _check_crash(tmp_path / "data", place, {})


@pytest.mark.nightly
@pytest.mark.parametrize("kind", DATABASES)
@pytest.mark.parametrize("place", PLACES)
def test_fifty_crashes_between_effect_and_answer(
    tmp_path: Path, place: Failpoint, kind: str, request: pytest.FixtureRequest
) -> None:
    for number in range(N_CRASHES):
        _check_crash(tmp_path / str(number), place, _place(kind, request))
    print(
        f"{N_CRASHES} crashes at {place}: every repeat got its answer, every effect happened once"
    )


@pytest.mark.nightly
def test_service_that_keeps_no_reply_is_found_out(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", {flaws.VARIABLE: "forgetful_replies"})
    server.start()
    server.wait_ready()
    _duplicates(server, 10)

    assert _n_demands(server) == 10
    server.kill()
