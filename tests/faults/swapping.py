"""Searchers that go from worker to worker while indexes are swapped under them.

One publisher changes which demands may be found, and notes after which change how many there
are. Searchers ask whichever worker takes the connection, each time for an index at least as new as
the one that answered before. Afterwards every answer is compared with what was true at its
version; where the index held part of what came after, with all that was true until it answered.

Judged exactly, a request that is put off is an error, and what was just written must be shown
within the goal. The short form, which runs beside other tests, allows both some room.
"""

import json
import random
import re
import threading
import time
from bisect import bisect_right
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2

from api.versions import VERSION_HEADER
from tests.faults.nouns import DEMAND
from tests.faults.server import Server

MOST_DEMANDS: Final = 40
HONOURED_S: Final = 2.0
PATIENCE_S: Final = 0.05

_VERSION: Final = re.compile(r"(gen-\d{8}|memory-\d+)\.(?:(\d+)-[0-9a-f]{8}(?:\+(\d+))?|0)")
BUSY: Final = frozenset(
    {"busy", "encoder_busy", "rate_exceeded", "deadline", "version_not_yet", "too_many_connections"}
)
"""Refusals of a server that has too much to do: no answer, though not a wrong one."""

ROOM_S: Final = 1.0
"""How much longer an own write may take to be shown where it is not judged exactly."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a searcher was told.

    Attributes:
        session: Which searcher.
        seq: Change up to which the index held everything.
        step: Whether it held part of what came after.
        n_candidates: How many demands could be found besides the one that asked.
        ids: Those that were shown.
        generation: The generation that answered.
        n_states: States published when it came, and one that may have been under way.
    """

    session: int
    seq: int
    step: int
    n_candidates: int
    ids: frozenset[str]
    generation: str
    n_states: int


@dataclass
class SwapReport:
    """What happened.

    Attributes:
        answers: Every answer.
        truth: After which change which demands may be found, ascending.
        faults: What was wrong, in words.
        is_exact: Whether nothing is allowed for a busy machine.
        n_busy: How often a searcher was told to come back later.
        n_put_off: How often the publisher was.
        slowest_own_s: Longest wait of the publisher for what it had just written, in seconds.
    """

    answers: list[Answer] = field(default_factory=list)
    truth: list[tuple[int, frozenset[str]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    is_exact: bool = False
    n_busy: int = 0
    n_put_off: int = 0
    slowest_own_s: float = 0.0

    def judge(self, anchor: str) -> None:
        """Compare every answer with what was true at its version."""
        seqs = [seq for seq, _ in self.truth]
        for answer in self.answers:
            place = bisect_right(seqs, answer.seq) - 1
            if place < 0:
                continue
            last = answer.n_states if answer.step else place + 1
            states = [shown - {anchor} for _, shown in self.truth[place:last]]
            always, ever = frozenset.intersection(*states), frozenset.union(*states)
            if not len(always) <= answer.n_candidates <= len(ever):
                self.faults.append(
                    f"at {answer.seq}+{answer.step} {answer.n_candidates} were found, "
                    f"not {len(always)} to {len(ever)}"
                )
            if not always <= answer.ids <= ever:
                self.faults.append(
                    f"at {answer.seq}+{answer.step} {len(answer.ids - ever)} were shown that "
                    f"should not be, {len(always - answer.ids)} that should be were not"
                )
        if self.is_exact and self.n_busy + self.n_put_off:
            self.faults.append(f"{self.n_busy + self.n_put_off} requests were put off")

    def __str__(self) -> str:
        generations = len({a.generation for a in self.answers})
        exact = sum(a.step == 0 for a in self.answers)
        return (
            f"{len(self.answers)} answers ({exact} at a whole change), {generations} generations, "
            f"{len(self.truth)} published states, {self.n_busy} questions and "
            f"{self.n_put_off} writes put off, "
            f"slowest own write {self.slowest_own_s:.2f} s, {len(self.faults)} faults"
        )


def swap(
    server: Server, n_searchers: int, seed: int, n_states: int = 1, seconds: float = 0.0
) -> SwapReport:
    """Let searchers and a publisher work on a running server.

    Args:
        server: It runs.
        n_searchers: Threads that ask.
        seed: Repeats what is published.
        n_states: How many states are published at least.
        seconds: How long it goes on at least; a run of some length is judged exactly.
    """
    report, stopping = SwapReport(is_exact=seconds > 0), threading.Event()
    chance = random.Random(seed)  # noqa: S311 - no secret is made from it
    with ExitStack() as stack:
        http = stack.enter_context(server.client())
        anchor, seq = _post(http, "swap-anchor", report)
        report.truth.append((seq, frozenset({anchor})))
        threads = [
            threading.Thread(target=_search, args=(server, anchor, number, report, stopping))
            for number in range(n_searchers)
        ]
        for thread in threads:
            thread.start()
        until = time.monotonic() + seconds
        try:
            while time.monotonic() < until or len(report.truth) < n_states:
                _publish(http, anchor, report, chance)
        finally:
            stopping.set()
            for thread in threads:
                thread.join()
    report.judge(anchor)
    return report


def _publish(http: httpx2.Client, anchor: str, report: SwapReport, chance: random.Random) -> None:
    """Change who may be found, and see it in the next answer."""
    shown = set(report.truth[-1][1])
    others = sorted(shown - {anchor})
    if len(others) < MOST_DEMANDS and (not others or chance.random() < 0.6):
        key, seq = _post(http, f"swap-{len(report.truth)}", report)
        shown.add(key)
    else:
        key = chance.choice(others)
        reply = _patiently(lambda: http.post(f"{DEMAND.path}/{key}/pause"), report)
        assert reply.status_code == 200, reply.text
        seq = _place(reply)
        shown.remove(key)
    report.truth.append((seq, frozenset(shown)))
    begun = time.monotonic()
    answer = _ask(http, anchor, str(seq), -1, report)
    took = time.monotonic() - begun
    if answer is not None:
        report.slowest_own_s = max(report.slowest_own_s, took)
        report.answers.append(answer)
        if answer.seq < seq:
            report.faults.append(f"asked for {seq}, answered from {answer.seq}")
    if took > HONOURED_S + (0 if report.is_exact else ROOM_S):
        report.faults.append(f"own write was shown after {took:.1f} s")


def _search(
    server: Server, anchor: str, session: int, report: SwapReport, stopping: threading.Event
) -> None:
    """Ask again and again, over a connection of its own each time."""
    last, minimum = 0, ""
    while not stopping.is_set():
        with server.client() as http:
            answer = _ask(http, anchor, minimum, session, report)
        if answer is None:
            continue
        if answer.seq < last:
            report.faults.append(f"session {session} went back from {last} to {answer.seq}")
        last, minimum = answer.seq, str(answer.seq)
        report.answers.append(answer)


def _ask(
    http: httpx2.Client, anchor: str, minimum: str, session: int, report: SwapReport
) -> Answer | None:
    """Return an answer; None when there was none, which is noted."""
    query = {
        "k": "50",
        "explain": "false",
        "include_weak": "true",
        **({"min_version": minimum} if minimum else {}),
    }
    reply = http.get(f"{DEMAND.path}/{anchor}/similar", params=query)
    if reply.status_code != 200:
        code = reply.json().get("code")
        if code in BUSY:
            report.n_busy += 1
            time.sleep(PATIENCE_S)
        else:
            report.faults.append(f"answered {reply.status_code} {code}")
        return None
    told: dict[str, Any] = reply.json()
    found = _VERSION.fullmatch(told["version"])
    if found is None:
        report.faults.append(f"odd version {json.dumps(told['version'])}")
        return None
    shown = {match["item"]["id"] for match in told["matches"]}
    folded = {key for match in told["matches"] for key in match["near_duplicates"]}
    generation, seq, step = found.groups()
    return Answer(
        session=session,
        seq=int(seq or 0),
        step=int(step or 0),
        n_candidates=told["n_candidates"],
        ids=frozenset(shown | folded),
        generation=generation,
        n_states=len(report.truth) + 1,
    )


def _post(http: httpx2.Client, mark: str, report: SwapReport) -> tuple[str, int]:
    body, _ = DEMAND.new(mark, publish=True)
    reply = _patiently(lambda: http.post(DEMAND.path, json=body), report)
    assert reply.status_code == 201, reply.text
    return reply.json()["id"], _place(reply)


def _patiently(send: Callable[[], httpx2.Response], report: SwapReport) -> httpx2.Response:
    """Send until the server has room for it; how often it had none is noted."""
    while True:
        reply = send()
        if reply.status_code not in (429, 503) or reply.json().get("code") not in BUSY:
            return reply
        report.n_put_off += 1
        time.sleep(PATIENCE_S)


def _place(reply: httpx2.Response) -> int:
    return int(reply.headers[VERSION_HEADER].partition("-")[0])
