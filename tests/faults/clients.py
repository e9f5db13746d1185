"""Clients that never retry, in a process of their own.

What the test does meanwhile, looking for workers and killing them, takes no time from them: an
answer that comes late or never is the service's.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Final, Self
from uuid import uuid4

from tools.loading.client import Line, LostError, Reply

HOST: Final = "127.0.0.1"
PATH: Final = "/v1/demands?limit=1"
GOOD: Final = {200, 201}
PAUSE_S: Final = 0.1
"""So all fresh clients together ask ten times a second: reads, searches and writes in turn. Those
that keep their connection ask as often again each; that is about half of what two workers can do.
"""

END_S: Final = 60.0
"""Longest wait for the last answers."""

LOOK_S: Final = 0.05
"""After a hold, for what happened meanwhile to connections to be seen before any is used."""

_HOLD: Final = "hold"
_GO_ON: Final = "go on"
_END: Final = "end"


@dataclass
class Tally:
    """What became of requests."""

    statuses: Counter[int] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    """What the service said where it refused, by its code."""

    n_lost: int = 0
    n_last: int = 0
    """Answers after which the service ended the connection, as it said in them."""

    in_flight: set[int] = field(default_factory=set)
    """Ports of the connections on which a request is under way."""

    is_over: bool = False

    @contextmanager
    def asking(self, line: Line) -> Iterator[None]:
        """Count a request as under way."""
        self.in_flight.add(line.port)
        try:
            yield
        finally:
            self.in_flight.discard(line.port)

    def note(self, reply: Reply) -> None:
        """Count an answer."""
        self.statuses[reply.status] += 1
        if reply.status not in GOOD:
            self.refusals[reply.json()["code"]] += 1

    @property
    def n_failed(self) -> int:
        """Requests without a good answer."""
        return self.n_lost + sum(n for status, n in self.statuses.items() if status >= 500)


@dataclass(frozen=True)
class Crowd:
    """Who asks, where and what.

    Attributes:
        port: Where the service listens.
        caller: Headers that say who asks.
        n_clients: Clients that keep their connection, and as many that make a new one each time.
        match: What is searched with.
        demand: What is written.
        looks_first: Whether a connection the server has closed is not used, as clients with a
            pool do.
    """

    port: int
    caller: Mapping[str, str]
    n_clients: int
    match: Mapping[str, Any]
    demand: Mapping[str, Any]
    looks_first: bool = False


class Clients:
    """A crowd at work, in a process of its own."""

    def __init__(self, crowd: Crowd) -> None:
        """Take the crowd; nobody asks yet."""
        self._wire, theirs = get_context("spawn").Pipe()
        self._process = get_context("spawn").Process(target=_run, args=(crowd, theirs), daemon=True)

    def __enter__(self) -> Self:
        self._process.start()
        self._wire.recv()
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.join()
        self._wire.close()

    @contextmanager
    def held(self) -> Iterator[set[int]]:
        """Have them send nothing for a moment; gives the ports on which requests are under way."""
        self._wire.send(_HOLD)
        in_flight: set[int] = self._wire.recv()
        yield in_flight
        self._wire.send(_GO_ON)

    def end(self) -> tuple[Tally, Tally]:
        """Wait for the last answers; what became of kept and of fresh connections."""
        self._wire.send(_END)
        assert self._wire.poll(END_S)
        kept, fresh = self._wire.recv()
        return kept, fresh


def _run(crowd: Crowd, wire: Connection) -> None:
    asyncio.run(_ask_all(crowd, wire))


async def _ask_all(crowd: Crowd, wire: Connection) -> None:
    kept, fresh, is_over, gate = Tally(), Tally(), asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def obey() -> None:
        if wire.recv() == _END:
            is_over.set()
        else:
            gate.clear()
            wire.send(kept.in_flight | fresh.in_flight)
            wire.recv()  # nothing is sent or read meanwhile
            loop.call_later(LOOK_S, gate.set)

    gate.set()
    loop.add_reader(wire.fileno(), obey)
    tasks = [asyncio.create_task(_keep_asking(crowd, kept, gate)) for _ in range(crowd.n_clients)]
    tasks += [
        asyncio.create_task(_ask_afresh(crowd, fresh, gate, n)) for n in range(crowd.n_clients)
    ]
    wire.send(True)
    await is_over.wait()
    kept.is_over = fresh.is_over = True
    await asyncio.gather(*tasks)
    wire.send((kept, fresh))


async def _keep_asking(crowd: Crowd, tally: Tally, gate: asyncio.Event) -> None:
    """Ask over one connection until the server says that it ends, then over the next."""
    while not tally.is_over:
        try:
            line = await Line.open(HOST, crowd.port)
        except OSError:  # whoever cannot even connect has lost what they were about to ask
            tally.n_lost += 1
            await asyncio.sleep(PAUSE_S)
            continue
        async with line:
            await _ask_until_last(crowd, line, tally, gate)


async def _ask_until_last(crowd: Crowd, line: Line, tally: Tally, gate: asyncio.Event) -> None:
    while not tally.is_over:
        await gate.wait()
        if crowd.looks_first and line.is_closed:
            return
        try:
            with tally.asking(line):
                reply = await line.ask("GET", PATH, headers=crowd.caller)
        except LostError:
            tally.n_lost += 1
            return
        tally.note(reply)
        if reply.is_last:
            tally.n_last += 1
            return
        await asyncio.sleep(PAUSE_S)


async def _ask_afresh(crowd: Crowd, tally: Tally, gate: asyncio.Event, number: int) -> None:
    """Read, search and write in turn, each over a connection of its own.

    Clients begin one after the other: all at the same moment, again and again, are no load that
    forty strangers make.
    """
    await asyncio.sleep(number * PAUSE_S)
    for sent in count():
        if tally.is_over:
            return
        await gate.wait()
        try:
            async with await Line.open(HOST, crowd.port) as line:
                await gate.wait()
                if crowd.looks_first and line.is_closed:  # nothing was asked on it yet
                    continue
                with tally.asking(line):
                    tally.note(await _do_one(crowd, line, sent))
        except (LostError, OSError):  # those who could not even connect are lost too
            tally.n_lost += 1
        await asyncio.sleep(crowd.n_clients * PAUSE_S)


async def _do_one(crowd: Crowd, line: Line, number: int) -> Reply:
    headers = {**crowd.caller, "Connection": "close"}
    match number % 3:
        case 0:
            return await line.ask("GET", PATH, headers=headers)
        case 1:
            return await line.ask("POST", "/v1/match", crowd.match, headers)
        case _:
            body = {**crowd.demand, "source_ref": f"rolling-{uuid4()}"}
            keyed = {**headers, "Idempotency-Key": f"{uuid4()}"}
            return await line.ask("POST", "/v1/demands", body, keyed)
