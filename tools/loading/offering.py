"""Offering requests: at a rate that does not wait for answers, or one after the other."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Final, Self

from tools.loading.client import Line, LostError, Reply
from tools.loading.installation import Installation

GIVE_UP_S: Final = 10.0
"""After this long a caller would have left."""

IDLE_S: Final = 5.0
"""How long a caller keeps a connection it does not use, as clients with a pool do; the server
may close it after 30 s, and what is then under way on it would be lost."""

REFUSALS: Final = (429, 503)
"""Statuses by which somebody is told to come again later."""

DEMO_DEMANDS: Final = "demands_a.jsonl"


@dataclass
class Outcomes:
    """What became of requests of one kind.

    Attributes:
        good_s: Seconds of good answers.
        refused_s: Seconds of refusals that say when to try again.
        at_s: When each good answer came, on the clock of `time.monotonic`.
        statuses: How often each status.
        refusals: How often each code of an answer that is none.
        n_lost: Requests without an answer.
        n_unhelpful: Refusals that do not say when to try again.
        n_late: Questions that were let in and not answered in time.
        n_failed: Answers that are neither good nor a refusal with a stable code.
    """

    good_s: list[float] = field(default_factory=list)
    refused_s: list[float] = field(default_factory=list)
    at_s: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    n_lost: int = 0
    n_unhelpful: int = 0
    n_late: int = 0
    n_failed: int = 0

    @property
    def n_asked(self) -> int:
        """How many requests there were."""
        return sum(self.statuses.values()) + self.n_lost + self.n_late

    def note(self, reply: Reply) -> None:
        """Count an answer; one that carries a question's failure counts as late."""
        if reply.status == 200 and _has_failed(reply):
            self.n_late += 1
            return
        self.statuses[reply.status] += 1
        if reply.status < 400:
            self.good_s.append(reply.seconds)
            self.at_s.append(time.monotonic())
            return
        code = _code_of(reply)
        self.refusals[code or f"no code, status {reply.status}"] += 1
        self.n_failed += reply.status not in REFUSALS or not code
        if reply.status in REFUSALS:
            self.refused_s.append(reply.seconds)
            self.n_unhelpful += "retry-after" not in reply.headers


class Texts:
    """Questions, no two alike: each has to be encoded."""

    def __init__(self, seed: int) -> None:
        lines = (files("api.demo") / DEMO_DEMANDS).read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        self._texts = [row["description"] for row in rows]
        self._chance = random.Random(seed)  # noqa: S311 - no secret is made from it
        self._n_asked = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        """Return the next text: sentences of two demands and a number."""
        self._n_asked += 1
        first, second = self._chance.sample(self._texts, 2)
        return f"{first[:60]}，{second[:40]}，第{self._n_asked}问。"


def question(text: str) -> dict[str, Any]:
    """Return the body that asks who fits a text."""
    return {"queries": {"q": {"direction": "d2p", "text": {"text": text}, "k": 10}}}


class Caller:
    """Somebody who asks over as many connections as it takes."""

    def __init__(self, service: Installation, name: str, texts: Texts) -> None:
        self._service = service
        self._headers = service.headers(name)
        self._texts = texts
        self._idle: list[tuple[Line, float]] = []

    async def ask(self, outcomes: Outcomes) -> None:
        """Ask once."""
        body = question(next(self._texts))
        await self.send(outcomes, "POST", "/v1/match", body)

    async def send(
        self, outcomes: Outcomes, method: str, path: str, body: object = None
    ) -> Reply | None:
        """Send a request and count what comes of it; returns the answer, None where it was lost."""
        try:
            async with asyncio.timeout(GIVE_UP_S):
                reply, line = await self._exchange(method, path, body)
        except (LostError, OSError):
            outcomes.n_lost += 1
            return None
        outcomes.note(reply)
        if reply.is_last:
            await line.close()
        else:
            self._idle.append((line, time.monotonic()))
        return reply

    async def _exchange(self, method: str, path: str, body: object) -> tuple[Reply, Line]:
        line = await self._line()
        try:
            return await line.ask(method, path, body, self._headers), line
        except BaseException:  # whoever gave up waiting leaves no connection open either
            await line.close()
            raise

    async def _line(self) -> Line:
        """Return the connection used last, or a new one where that lies too long ago."""
        while self._idle:
            line, used_at = self._idle.pop()
            if time.monotonic() - used_at <= IDLE_S:
                return line
            await line.close()
        return await Line.open(self._service.host, self._service.port)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for line, _used_at in self._idle:
            await line.close()


def _code_of(reply: Reply) -> str:
    """Return the stable code of an answer that is none; empty where it has none."""
    try:
        return str(reply.json()["code"])
    except (ValueError, KeyError, TypeError):
        return ""


def _has_failed(reply: Reply) -> bool:
    """Return whether the only question of an answer failed."""
    if b'"responses"' not in reply.body:
        return False
    named = reply.json().get("responses", {})
    return any(answer["status"] >= 400 for answer in named.values())


async def offer(caller: Caller, outcomes: Outcomes, per_second: float, seconds: float) -> None:
    """Ask at a rate, whether answers come or not."""
    began, tasks, n_sent = time.monotonic(), set[asyncio.Task[None]](), 0
    while (now := time.monotonic() - began) < seconds:
        while n_sent < now * per_second:
            task = asyncio.create_task(caller.ask(outcomes))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            n_sent += 1
        await asyncio.sleep(min(1 / per_second, 0.05))
    await asyncio.gather(*tasks)


async def ask_in_turn(caller: Caller, outcomes: Outcomes, seconds: float) -> None:
    """Ask again as soon as an answer is there."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        await caller.ask(outcomes)


async def look_at_health(service: Installation, outcomes: Outcomes, seconds: float) -> None:
    """Ask ten times a second whether the process lives."""
    until = time.monotonic() + seconds
    async with await Line.open(service.host, service.port) as line:
        while time.monotonic() < until:
            outcomes.note(await line.ask("GET", "/healthz"))
            await asyncio.sleep(0.1)
