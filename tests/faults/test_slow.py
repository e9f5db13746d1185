"""Half-open sockets by the hundred: whoever speaks is answered, the rest is closed in time."""

import asyncio
import multiprocessing
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import pytest

from tests.faults import flaws
from tests.faults.server import Server
from tools.loading.client import LostError, ask_once

HOST = "127.0.0.1"
PATH = "/v1/taxonomy/industries"
START_S = 60.0
CLOSED_S = 15.0
SHORT, LONG = 90, 1_000

HALVES = (
    b"GET /v1/demands HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    b"POST /v1/match HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: 100000\r\n\r\n{",
    b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 8,
)
"""Headers that never end, a body that never ends, answers that nobody reads."""

READING = 2


@dataclass(frozen=True)
class Outcome:
    """What came of an attack.

    Attributes:
        seconds: Of the answers to those who spoke.
        n_failed: How many of them got none.
        closed_s: After how long the last socket of the attack was closed.
    """

    seconds: list[float]
    n_failed: int
    closed_s: float


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path / "data")
    started.start()
    started.wait_ready()
    yield started
    started.kill()


def _attackers(port: int, n_sockets: int) -> list[socket.socket]:
    """Sockets of many addresses, each at half of something."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 8_192), hard), hard))
    made = []
    for number in range(n_sockets):
        attacker = socket.socket()
        attacker.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        attacker.bind((f"127.0.{1 + number // 250}.{1 + number % 250}", 0))
        attacker.connect((HOST, port))
        attacker.setblocking(False)
        attacker.sendall(HALVES[number % len(HALVES)])
        made.append(attacker)
    return made


def _n_open(server: Server) -> int:
    """How many sockets of the attack the server still holds."""
    held = psutil.Process(server.pid).net_connections("tcp")
    return sum(bool(c.raddr) and not c.raddr.ip.startswith("127.0.0.") for c in held)


def _besiege(port: int, n_sockets: int, told: Connection) -> None:
    """Attack until told to stop, in a process of its own: what it does must not slow who measures.

    Once open, it looks alive: a byte a second of what never ends.
    """
    attackers = _attackers(port, n_sockets)
    told.send(None)
    while not told.poll(1.0):
        for number, attacker in enumerate(attackers):
            if number % len(HALVES) != READING:
                with suppress(OSError):
                    attacker.send(b"x")
    for attacker in attackers:
        attacker.close()


async def _speak(port: int, n_requests: int, pause_s: float) -> tuple[list[float], int]:
    seconds, n_failed = [], 0
    for _ in range(n_requests):
        try:
            reply = await ask_once(HOST, port, "GET", PATH)
            n_failed += reply.status != 200
            seconds.append(reply.seconds)
        except LostError:
            n_failed += 1
        await asyncio.sleep(pause_s)
    return seconds, n_failed


@contextmanager
def _besieged(server: Server, n_sockets: int) -> Iterator[None]:
    """A siege for as long as this lasts, whatever happens meanwhile."""
    spawning = multiprocessing.get_context("spawn")
    told, tells = spawning.Pipe()
    attacker = spawning.Process(target=_besiege, args=(server.port, n_sockets, tells), daemon=True)
    attacker.start()
    tells.close()  # so that the end of the attacker is told as well
    try:
        assert told.poll(START_S), "the attack did not begin"
        told.recv()
        yield
    finally:
        with suppress(OSError):
            told.send(None)
        attacker.join(START_S)
        attacker.kill()
        attacker.join()
        told.close()


async def _attack(server: Server, n_sockets: int, n_requests: int) -> Outcome:
    with _besieged(server, n_sockets):
        began = time.monotonic()
        while not _n_open(server):  # those that connected may still wait to be accepted
            assert time.monotonic() - began < CLOSED_S
            await asyncio.sleep(0.02)
        speaking = asyncio.create_task(_speak(server.port, n_requests, 0.02))
        while await asyncio.to_thread(_n_open, server) and time.monotonic() - began < 3 * CLOSED_S:
            await asyncio.sleep(0.1)
        closed_s = time.monotonic() - began
        seconds, n_failed = await speaking
    return Outcome(seconds, n_failed, closed_s)


def _p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(0.99 * (len(seconds) - 1))]


def test_half_open_sockets_keep_nobody_from_being_answered_or_the_server_from_stopping(
    server: Server,
) -> None:
    outcome = asyncio.run(_attack(server, SHORT, 100))

    assert outcome.n_failed == 0
    assert outcome.closed_s < 3 * CLOSED_S

    attackers = _attackers(server.port, SHORT)

    server.stop(limit_s=60)

    for attacker in attackers:
        attacker.close()


@pytest.mark.nightly
def test_thousand_half_open_sockets(server: Server) -> None:
    quiet, _ = asyncio.run(_speak(server.port, 500, 0.02))
    rounds = [asyncio.run(_attack(server, LONG, 500)) for _ in range(4)]

    attackers = _attackers(server.port, LONG)
    began = time.monotonic()
    server.stop(limit_s=60)
    stop_s = time.monotonic() - began
    for attacker in attackers:
        attacker.close()

    attacked = [second for outcome in rounds for second in outcome.seconds]
    closed = [outcome.closed_s for outcome in rounds]
    print(f"p99 quiet {_p99(quiet) * 1e3:.0f} ms, attacked {_p99(attacked) * 1e3:.0f} ms")
    print(f"closed after {max(closed):.1f} s, stopped after {stop_s:.1f} s")
    assert sum(outcome.n_failed for outcome in rounds) == 0
    assert max(closed) <= CLOSED_S
    assert stop_s <= CLOSED_S
    assert _p99(attacked) <= 2 * _p99(quiet)


@pytest.mark.nightly
def test_service_that_waits_for_ever_is_found_out(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", {flaws.VARIABLE: "endless_patience"})
    server.start()
    try:
        server.wait_ready()
        outcome = asyncio.run(_attack(server, SHORT, 10))
    finally:
        server.kill()

    assert outcome.closed_s > CLOSED_S
