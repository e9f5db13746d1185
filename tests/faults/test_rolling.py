"""Replacing workers one by one, and losing them, while clients that never retry ask."""

import asyncio
import os
import re
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from uuid import uuid4

import psutil
import pytest

from api.schemas import examples
from tests.faults import flaws
from tests.faults.server import Server
from tools.loading.client import Line, LostError, Reply, ask_once

HOST = "127.0.0.1"
PATH = "/v1/demands?limit=1"
N_WORKERS = 2
GOOD = {200, 201}
RESPAWN_GOAL_S = 3.0
PAUSE_S = 0.1
"""So all fresh clients together ask ten times a second: reads, searches and writes in turn. Those
that keep their connection ask as often again each; that is about half of what two workers can do.
"""

CALM_S = 20.0

_ANSWERS = re.compile(r"worker (\d+) answers")
"""What the first process writes down when a worker is ready."""


@dataclass
class Tally:
    """What became of requests."""

    statuses: Counter[int] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    """What the service said where it refused, by its code."""

    lost: list[LostError] = field(default_factory=list)
    n_last: int = 0
    n_in_flight: int = 0
    n_sent: int = 0
    pause_s: float = 0.1
    """Between two requests of a client; beyond what the workers can do, a 503 would be right."""

    looks_first: bool = False
    """Whether a connection the server has closed is not used, as clients with a pool do."""

    is_over: bool = False

    @contextmanager
    def asking(self) -> Iterator[int]:
        """Count a request as under way; gives its number."""
        self.n_in_flight += 1
        self.n_sent += 1
        try:
            yield self.n_sent
        finally:
            self.n_in_flight -= 1

    def note(self, reply: Reply) -> None:
        """Count an answer."""
        self.statuses[reply.status] += 1
        if reply.status not in GOOD:
            self.refusals[reply.json()["code"]] += 1

    @property
    def n_failed(self) -> int:
        """Requests without a good answer."""
        return len(self.lost) + sum(n for status, n in self.statuses.items() if status >= 500)


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Server]:
    """Two workers, for one test after the other."""
    environment = {
        flaws.VARIABLE: getattr(request, "param", ""),
        "NAVMATCH_SEARCH_DEADLINE_S": "60",  # how fast it is depends on what else runs here
    }
    folder = tmp_path_factory.mktemp("rolling")
    started = Server(folder / "data", environment, ("--workers", str(N_WORKERS)))
    started.start()
    started.wait_ready()
    _await(lambda: len(_pids(started)) == N_WORKERS)
    yield started
    started.kill()


def _await(is_true: Callable[[], bool], seconds: float = 60.0) -> float:
    began = time.monotonic()
    while not is_true() and time.monotonic() - began < seconds:
        time.sleep(0.02)
    assert is_true()
    return time.monotonic() - began


def _caller(server: Server) -> dict[str, str]:
    with server.client() as client:
        return {"Authorization": client.headers["authorization"]}


async def _keep_asking(port: int, caller: dict[str, str], tally: Tally) -> None:
    """Ask over one connection until the server says that it ends, then over the next."""
    while not tally.is_over:
        with suppress(OSError):
            async with await Line.open(HOST, port) as line:
                await _ask_until_last(line, caller, tally)


async def _ask_until_last(line: Line, caller: dict[str, str], tally: Tally) -> None:
    while not (tally.is_over or (tally.looks_first and line.is_closed)):
        try:
            with tally.asking():
                reply = await line.ask("GET", PATH, headers=caller)
        except LostError as error:
            tally.lost.append(error)
            return
        tally.note(reply)
        if reply.is_last:
            tally.n_last += 1
            return
        await asyncio.sleep(tally.pause_s)


async def _ask_afresh(port: int, caller: dict[str, str], tally: Tally, after_s: float) -> None:
    """Read, search and write in turn, each over a connection of its own.

    Clients begin one after the other: all at the same moment, again and again, are no load that
    forty strangers make.
    """
    await asyncio.sleep(after_s)
    while not tally.is_over:
        try:
            with tally.asking() as number:
                reply = await _do_one(port, caller, number)
            tally.note(reply)
        except LostError as error:
            tally.lost.append(error)
        await asyncio.sleep(tally.pause_s)


async def _do_one(port: int, caller: dict[str, str], number: int) -> Reply:
    match number % 3:
        case 0:
            return await ask_once(HOST, port, "GET", PATH, headers=caller)
        case 1:
            return await ask_once(HOST, port, "POST", "/v1/match", examples.MATCH, caller)
        case _:
            keyed = {**caller, "Idempotency-Key": f"{uuid4()}"}
            body = {**examples.DEMAND, "source_ref": f"rolling-{uuid4()}"}
            return await ask_once(HOST, port, "POST", "/v1/demands", body, keyed)


@asynccontextmanager
async def _clients(server: Server, n_kept: int, n_fresh: int) -> AsyncIterator[tuple[Tally, Tally]]:
    kept, fresh = Tally(), Tally(pause_s=n_fresh * PAUSE_S)
    port, caller = server.port, _caller(server)
    tasks = [asyncio.create_task(_keep_asking(port, caller, kept)) for _ in range(n_kept)]
    tasks += [
        asyncio.create_task(_ask_afresh(port, caller, fresh, number * PAUSE_S))
        for number in range(n_fresh)
    ]
    try:
        yield kept, fresh
    finally:
        kept.is_over = fresh.is_over = True
        await asyncio.gather(*tasks)


def _pids(server: Server) -> set[int]:
    """Workers that live and have said that they answer."""
    said = _ANSWERS.findall(server.log_path.read_text("utf-8", "replace"))
    return {worker.pid for worker in server.workers()} & set(map(int, said))


async def _restart(server: Server, limit_s: float = 240.0) -> float:
    """Replace all workers; returns how long it took until only new ones were left."""
    before, began = _pids(server), time.monotonic()
    os.kill(server.pid, signal.SIGHUP)
    while _pids(server) & before or len(_pids(server)) < N_WORKERS:
        assert time.monotonic() - began < limit_s
        await asyncio.sleep(0.5)
    return time.monotonic() - began


def _run_restarts(server: Server, n_restarts: int, n_clients: int) -> tuple[Tally, Tally]:
    async def run() -> tuple[Tally, Tally]:
        async with _clients(server, n_clients, n_clients) as (kept, fresh):
            for _ in range(n_restarts):
                seconds = await _restart(server)
                print(f"restart: {seconds:.1f} s")
        return kept, fresh

    return asyncio.run(run())


def _run_calmly(server: Server, n_clients: int) -> tuple[Tally, Tally]:
    """The same clients for a while in which nothing is restarted."""

    async def run() -> tuple[Tally, Tally]:
        async with _clients(server, n_clients, n_clients) as tallies:
            await asyncio.sleep(CALM_S)
        return tallies

    return asyncio.run(run())


@dataclass
class Losses:
    """What killing workers cost.

    Attributes:
        tally: What became of requests.
        n_in_flight: Requests under way when a worker was killed, over all kills.
        gaps_s: Seconds until another worker answered in its place.
    """

    tally: Tally
    n_in_flight: int
    gaps_s: list[float]


def _kill(pid: int) -> None:
    """Kill a process and wait until it is dead; the clients of this process send nothing meanwhile.

    Taking its memory apart lasts some dozen milliseconds in which its connections look alive, and
    what is sent on them would be lost beyond what was under way.
    """
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        process.kill()
        process.wait(10)


def _run_kills(server: Server, n_kills: int, n_clients: int) -> Losses:
    async def run() -> Losses:
        gaps, n_in_flight = [], 0
        async with _clients(server, n_clients, n_clients) as (kept, fresh):
            kept.looks_first = True
            for _ in range(n_kills):
                victim = sorted(_pids(server))[0]
                n_in_flight += kept.n_in_flight + fresh.n_in_flight
                _kill(victim)
                began = time.monotonic()
                while victim in _pids(server) or len(_pids(server)) < N_WORKERS:
                    assert time.monotonic() - began < 60
                    await asyncio.sleep(0.2)
                gaps.append(time.monotonic() - began)
                await asyncio.sleep(1.0)
        tally = Tally(
            kept.statuses + fresh.statuses,
            kept.refusals + fresh.refusals,
            kept.lost + fresh.lost,
        )
        return Losses(tally, n_in_flight, gaps)

    return asyncio.run(run())


def test_rolling_restart_fails_no_request(server: Server) -> None:
    kept, fresh = _run_restarts(server, n_restarts=1, n_clients=4)

    assert (kept.n_failed, fresh.n_failed) == (0, 0)
    assert kept.n_last > 0
    assert set(kept.statuses) == {200}
    assert set(fresh.statuses) == GOOD


def test_killed_worker_is_replaced_and_the_other_goes_on(server: Server) -> None:
    losses = _run_kills(server, n_kills=1, n_clients=4)

    assert len(losses.tally.lost) <= losses.n_in_flight
    assert set(losses.tally.statuses) == GOOD


def _told(kept: Tally, fresh: Tally) -> str:
    """What became of the requests of a round, in words."""
    refused = dict(kept.refusals + fresh.refusals)
    return (
        f"{sum(kept.statuses.values())} kept-alive, {sum(fresh.statuses.values())} fresh requests; "
        f"lost {len(kept.lost + fresh.lost)}, refused {refused}"
    )


@pytest.mark.nightly
def test_three_rolling_restarts_under_forty_clients(server: Server) -> None:
    calm = _run_calmly(server, n_clients=20)
    print(f"nothing restarted: {_told(*calm)}")
    kept, fresh = _run_restarts(server, n_restarts=3, n_clients=20)
    print(f"three restarts: {_told(kept, fresh)}")

    assert [tally.n_failed for tally in calm] == [0, 0]
    assert (kept.n_failed, fresh.n_failed) == (0, 0)


@pytest.mark.nightly
def test_twenty_killed_workers(server: Server) -> None:
    losses = _run_kills(server, n_kills=20, n_clients=20)

    n_lost, n_answered = len(losses.tally.lost), sum(losses.tally.statuses.values())
    gaps = sorted(losses.gaps_s)
    print(f"lost {n_lost} of {n_answered}, {losses.n_in_flight} in flight; gaps {gaps[-3:]}")
    print(f"refused: {dict(losses.tally.refusals)}")
    assert n_lost <= losses.n_in_flight
    assert set(losses.tally.statuses) == GOOD
    assert gaps[-1] <= RESPAWN_GOAL_S


@pytest.mark.nightly
@pytest.mark.parametrize("server", ["wordless_close"], indirect=True)
def test_workers_that_close_without_a_word_are_found_out(server: Server) -> None:
    kept, _ = _run_restarts(server, n_restarts=2, n_clients=20)

    print(f"lost {len(kept.lost)} of {sum(kept.statuses.values())}")
    assert kept.lost
