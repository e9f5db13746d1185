"""Sending cases and judging replies; what went wrong is counted and kept."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from tests.hostile.cases import Case, built
from tests.hostile.target import Target
from tests.hostile.verdict import Fault, faults, is_busy
from tests.hostile.wire import Got
from tests.hostile.world import World

BUSY_PAUSES_S: Final = (0.2, 1.0, 5.0)


@dataclass(frozen=True, slots=True)
class Finding:
    """One failure.

    Attributes:
        fault: Its kind.
        case: Key of the case.
        detail: What was seen.
    """

    fault: Fault
    case: str
    detail: str


@dataclass
class Tally:
    """What a run saw.

    Attributes:
        n_sent: Requests sent.
        n_busy: Replies that said “later” with a declared code.
        statuses: How often each status came.
        slowest: The longest replies, each with its case.
        findings: Failures.
        reached: How many requests each operation accepted, by key.
        learnt: Status of the usual request of each operation, by key.
    """

    n_sent: int = 0
    n_busy: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    reached: Counter[str] = field(default_factory=Counter)
    learnt: dict[str, int] = field(default_factory=dict)

    def add(self, case: Case, got: Got) -> None:
        """Count one reply."""
        self.n_sent += 1
        self.statuses[got.status] += 1
        self.reached[case.operation.key] += 200 <= got.status < 300
        self.slowest = sorted([*self.slowest, (got.seconds, case.key)], reverse=True)[:10]

    def merge(self, other: "Tally") -> None:
        """Add what another run saw."""
        self.n_sent += other.n_sent
        self.n_busy += other.n_busy
        self.statuses += other.statuses
        self.reached += other.reached
        self.slowest = sorted([*self.slowest, *other.slowest], reverse=True)[:10]
        self.findings += other.findings
        self.learnt = self.learnt or other.learnt


async def attack(
    target: Target,
    cases: Iterable[Case],
    limit_s: float | None,
    about_to_send: Callable[[Case], None] = lambda case: None,
) -> Tally:
    """Send all cases one after another and return what was seen.

    Args:
        target: The application.
        cases: What to send.
        limit_s: Longest time a reply may take; None for any.
        about_to_send: Told of each case before it is sent, in case nobody lives to tell.
    """
    world = World(target)
    tally = Tally(learnt=await world.learn())
    before: object = None
    known_at = -1
    for case in cases:
        made = await built(world, case, limit_s)
        if made is None:
            continue
        sent, asked = made
        is_write = sent.method != "GET"
        if is_write and known_at != world.n_sent:
            before = target.state()
        about_to_send(case)
        got = await world.send(sent)
        if is_busy(got):
            tally.n_busy += 1
            got = await _when_less_busy(world, case, limit_s)
        if is_write and got.status >= 400:
            after, known_at = target.state(), world.n_sent
            asked = replace(asked, changed=after != before)
            before = after
        if limit_s is not None and got.seconds > limit_s:
            got.seconds = min(got.seconds, await _again(world, case, limit_s))
        tally.add(case, got)
        tally.findings += [Finding(f, case.key, detail) for f, detail in faults(asked, got)]
        world.note(case.operation, got)
        await world.put_back(case.operation, got)
    return tally


async def _when_less_busy(world: World, case: Case, limit_s: float | None) -> Got:
    """Return the reply to a case sent again after “later”; one that never comes is a failure.

    A machine busy with other things says so now and then. What says so each time does it because
    of what was sent, and nobody could ever have it served.
    """
    got = Got(fault="no more such request")
    for pause_s in BUSY_PAUSES_S:
        await asyncio.sleep(pause_s)
        made = await built(world, case, limit_s)
        if made is None:
            return got
        got = await world.send(made[0])
        if not is_busy(got):
            return got
    got.fault = "said “later” each time"
    return got


async def _again(world: World, case: Case, limit_s: float) -> float:
    """Return how long a case takes when it is sent once more.

    A machine busy with other things makes a reply slow once; what is slow by itself is so again.
    """
    made = await built(world, case, limit_s)
    return float("inf") if made is None else (await world.send(made[0])).seconds
