"""Replacing workers one by one, and losing them, while clients that never retry ask.

What one worker revoked opens nothing on the other.
"""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial

import httpx2
import psutil
import pytest

from api.schemas import examples
from tests.faults import flaws
from tests.faults.clients import GOOD, Clients, Crowd, Tally
from tests.faults.server import Server

N_WORKERS = 2
RESPAWN_GOAL_S = 3.0
LOOK_S = 0.05
"""Between two looks at what the first process wrote down; a look costs next to nothing."""

CALM_S = 20.0
BETWEEN_KILLS_S = 10.0
"""Time for the supervisor to have another process in reserve."""

_ANSWERS = re.compile(rb"worker (\d+) answers")
"""What the first process writes down when a worker is ready."""


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


def _await(is_true: Callable[[], object], seconds: float = 60.0) -> float:
    began = time.monotonic()
    while not is_true() and time.monotonic() - began < seconds:
        time.sleep(LOOK_S)
    assert is_true()
    return time.monotonic() - began


@contextmanager
def _clients(server: Server, n_clients: int, *, looks_first: bool = False) -> Iterator[Clients]:
    with server.client() as client:
        caller = {"Authorization": client.headers["authorization"]}
    crowd = Crowd(
        server.port, caller, n_clients, examples.MATCH, examples.DEMAND, looks_first=looks_first
    )
    with Clients(crowd) as clients:
        yield clients


def _said(server: Server, since: int = 0) -> list[int]:
    """Workers that said that they answer, after so many bytes of what was written down."""
    with server.log_path.open("rb") as log:
        log.seek(since)
        return [int(pid) for pid in _ANSWERS.findall(log.read())]


def _n_bytes_said(server: Server) -> int:
    return server.log_path.stat().st_size


def _pids(server: Server) -> set[int]:
    """Workers that live and have said that they answer."""
    return {worker.pid for worker in server.answering()}


def _restart(server: Server) -> float:
    """Replace all workers; returns how long it took until only new ones were left."""
    before, since = _pids(server), _n_bytes_said(server)
    os.kill(server.pid, signal.SIGHUP)

    def is_done() -> bool:
        if len(_said(server, since)) < N_WORKERS:
            return False
        now = _pids(server)
        return len(now) == N_WORKERS and not now & before

    return _await(is_done, 240.0)


def _run_restarts(server: Server, n_restarts: int, n_clients: int) -> tuple[Tally, Tally]:
    with _clients(server, n_clients) as clients:
        for _ in range(n_restarts):
            print(f"restart: {_restart(server):.1f} s")
        return clients.end()


def _run_calmly(server: Server, n_clients: int) -> tuple[Tally, Tally]:
    """The same clients for a while in which nothing is restarted."""
    with _clients(server, n_clients) as clients:
        time.sleep(CALM_S)
        return clients.end()


@dataclass
class Losses:
    """What killing workers cost.

    Attributes:
        tally: What became of requests.
        n_in_flight: Requests under way on a worker when it was killed, over all kills.
        n_elsewhere: Requests under way on the other worker then, or taken by none yet.
        gaps_s: Seconds until another worker answered in its place.
    """

    tally: Tally
    n_in_flight: int
    n_elsewhere: int
    gaps_s: list[float]


def _kill(pid: int) -> None:
    """Kill a process and wait until it is dead; the clients send nothing meanwhile.

    Taking its memory apart lasts some dozen milliseconds in which its connections look alive, and
    what is sent on them would be lost beyond what was under way.
    """
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        process.kill()
        process.wait(10)


def _run_kills(server: Server, n_kills: int, n_clients: int, pause_s: float) -> Losses:
    gaps, n_in_flight, n_elsewhere = [], 0, 0
    with _clients(server, n_clients, looks_first=True) as clients:
        for _ in range(n_kills):
            victim, since = sorted(_pids(server))[0], _n_bytes_said(server)
            with clients.held() as in_flight:
                psutil.Process(victim).suspend()  # it takes no more
                n_there = len(in_flight & _taken(server, victim))
                _kill(victim)
            n_in_flight += n_there
            n_elsewhere += len(in_flight) - n_there
            gaps.append(_await(partial(_said, server, since)))
            time.sleep(pause_s)
        kept, fresh = clients.end()
    tally = Tally(
        kept.statuses + fresh.statuses, kept.refusals + fresh.refusals, kept.n_lost + fresh.n_lost
    )
    return Losses(tally, n_in_flight, n_elsewhere, gaps)


def test_rolling_restart_fails_no_request(server: Server) -> None:
    kept, fresh = _run_restarts(server, n_restarts=1, n_clients=4)

    assert (kept.n_failed, fresh.n_failed) == (0, 0)
    assert kept.n_last > 0
    assert set(kept.statuses) == {200}
    assert set(fresh.statuses) == GOOD


def test_killed_worker_is_replaced_and_the_other_goes_on(server: Server) -> None:
    losses = _run_kills(server, n_kills=1, n_clients=4, pause_s=1.0)

    assert losses.tally.n_lost <= losses.n_in_flight + losses.n_elsewhere
    assert set(losses.tally.statuses) == GOOD


def _told(kept: Tally, fresh: Tally) -> str:
    """What became of the requests of a round, in words."""
    refused = dict(kept.refusals + fresh.refusals)
    return (
        f"{sum(kept.statuses.values())} kept-alive, {sum(fresh.statuses.values())} fresh requests; "
        f"lost {kept.n_lost + fresh.n_lost}, refused {refused}"
    )


@contextmanager
def _client_of(server: Server, worker: int) -> Iterator[httpx2.Client]:
    """A client whose connection one worker took: the others were held when it came."""
    others = [psutil.Process(pid) for pid in _pids(server) - {worker}]
    n_taken = len(_taken(server, worker))
    with server.client() as client:
        for other in others:
            other.suspend()
        try:
            assert client.get("/healthz").status_code == 200
        finally:
            for other in others:
                other.resume()
        assert len(_taken(server, worker)) == n_taken + 1
        yield client


def _taken(server: Server, worker: int) -> set[int]:
    """Ports from which the connections come that a worker holds."""
    found = psutil.Process(worker).net_connections("tcp")
    return {
        connection.raddr.port
        for connection in found
        if connection.status == psutil.CONN_ESTABLISHED and connection.laddr.port == server.port
    }


def test_key_revoked_by_one_worker_is_dead_with_the_next_request_to_the_other(
    server: Server,
) -> None:
    first, second = sorted(_pids(server))
    with _client_of(server, first) as one, _client_of(server, second) as other:
        made = one.post("/v1/keys", json={**examples.KEY, "name": "即将撤销"}).json()
        key = {"Authorization": f"Bearer {made['key']}"}
        for client in (one, other):
            assert client.get("/v1/session", headers=key).status_code == 200
        assert one.delete(f"/v1/keys/{made['about']['id']}").status_code == 204
        for client in (other, one):
            assert client.get("/v1/session", headers=key).status_code == 401


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
    losses = _run_kills(server, n_kills=20, n_clients=20, pause_s=BETWEEN_KILLS_S)

    n_lost, n_answered = losses.tally.n_lost, sum(losses.tally.statuses.values())
    gaps = sorted(losses.gaps_s)
    print(f"lost {n_lost} of {n_answered}, {losses.n_in_flight} in flight there; gaps {gaps[-3:]}")
    print(f"in flight elsewhere: {losses.n_elsewhere}")
    print(f"refused: {dict(losses.tally.refusals)}")
    assert n_lost <= losses.n_in_flight
    assert set(losses.tally.statuses) == GOOD
    assert gaps[-1] <= RESPAWN_GOAL_S


@pytest.mark.nightly
@pytest.mark.parametrize("server", ["wordless_close"], indirect=True)
def test_workers_that_close_without_a_word_are_found_out(server: Server) -> None:
    kept, _ = _run_restarts(server, n_restarts=2, n_clients=20)

    print(f"lost {kept.n_lost} of {sum(kept.statuses.values())}")
    assert kept.n_lost
