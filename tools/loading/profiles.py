"""The ways of offering load: steadily, too much, or for long."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Final

from tools.loading.figures import MS, Goal, at_least, at_most, quantile
from tools.loading.installation import Installation
from tools.loading.offering import (
    Caller,
    Outcomes,
    Texts,
    ask_in_turn,
    look_at_health,
    offer,
)

CLIENTS_AT_CAPACITY: Final = 4
"""More than compute at once, and fewer than are let in: who is refused and asks again at once would
take from what is measured."""

QUIET_SHARE: Final = 0.1
"""Of the capacity, what the caller asks that makes no noise."""


Result = tuple[dict[str, Any], list[Goal]]


@dataclass(frozen=True)
class Phases:
    """How long each part of a profile takes, besides the offering itself.

    Attributes:
        warm_up_s: Until connections are open and caches filled.
        calm_s: Looking at one caller alone.
        capacity_s: Finding out what the service can do.
        recovery_s: Looking after an overload whether it is over.
        sample_s: Between two looks at what the service takes.
        n_filling: Questions answered before a long run, by which the caches of one worker are
            full: 2,600 have the 8,192 texts whose vectors are remembered.
    """

    warm_up_s: float = 5.0
    calm_s: float = 10.0
    capacity_s: float = 20.0
    recovery_s: float = 10.0
    sample_s: float = 5.0
    n_filling: int = 3_000


@dataclass(frozen=True)
class Profile:
    """How load is offered.

    Attributes:
        service: To whom.
        seconds: For how long.
        factor: How many times the capacity.
        seed: Chance.
        phases: How long what comes before and after takes.
    """

    service: Installation
    seconds: float
    factor: float
    seed: int
    phases: Phases = Phases()


class NothingServedError(Exception):
    """A service that serves nobody has no capacity a load could be a multiple of."""


async def measure_unloaded(caller: Caller, seconds: float) -> Outcomes:
    """Return what one caller that waits for each answer sees."""
    outcomes = Outcomes()
    await ask_in_turn(caller, outcomes, seconds)
    return outcomes


async def measure_capacity(caller: Caller, seconds: float) -> float:
    """Return how many good answers a second come when somebody always waits for a turn.

    Raises:
        NothingServedError: none comes at all.
    """
    outcomes = Outcomes()
    await asyncio.gather(
        *(ask_in_turn(caller, outcomes, seconds) for _ in range(CLIENTS_AT_CAPACITY))
    )
    if not outcomes.good_s:
        raise NothingServedError(f"no good answer in {seconds:g} s: {dict(outcomes.refusals)}")
    return len(outcomes.good_s) / seconds


async def overload(profile: Profile) -> Result:
    """Offer several times what the service can do, and see who is served."""
    service, texts, phases = profile.service, Texts(profile.seed), profile.phases
    main, noisy, quiet = (Caller(service, name, texts) for name in ("main", "noisy", "quiet"))
    loud, soft, health = Outcomes(), Outcomes(), Outcomes()
    async with main, noisy, quiet:
        await measure_unloaded(main, phases.warm_up_s)
        unloaded = await measure_unloaded(main, phases.calm_s)
        capacity = await measure_capacity(main, phases.capacity_s)
        await asyncio.gather(
            offer(noisy, loud, profile.factor * capacity, profile.seconds),
            offer(quiet, soft, QUIET_SHARE * capacity, profile.seconds),
            look_at_health(service, health, profile.seconds),
        )
        recovered_s = await _recovery(main, unloaded, phases.recovery_s)
    goodput = (len(loud.good_s) + len(soft.good_s)) / profile.seconds
    calm_p99 = quantile(unloaded.good_s, 0.99)
    facts = {
        "capacity_per_s": round(capacity, 1),
        "offered_per_s": round(profile.factor * capacity, 1),
        "goodput_per_s": round(goodput, 1),
        "unloaded_p50_ms": round(quantile(unloaded.good_s, 0.5) * MS, 1),
        "unloaded_p99_ms": round(calm_p99 * MS, 1),
        "accepted_p99_ms": round(quantile(loud.good_s + soft.good_s, 0.99) * MS, 1),
        "noisy": dict(loud.statuses),
        "refusals": dict(loud.refusals + soft.refusals),
        "quiet": dict(soft.statuses),
        "late": loud.n_late + soft.n_late,
        "lost": loud.n_lost + soft.n_lost,
    }
    goals = [
        at_least("goodput / capacity", goodput / capacity, 0.85),
        at_most("accepted p99 / unloaded p99", _p99(loud, soft) / calm_p99, 5),
        at_most("rejected p99, ms", quantile(loud.refused_s, 0.99) * MS, 50),
        at_most("rejections without Retry-After", loud.n_unhelpful, 0),
        at_most("healthz p99, ms", quantile(health.good_s, 0.99) * MS, 100),
        at_least("success of the quiet key", len(soft.good_s) / soft.n_asked, 0.95),
        at_most("recovery, s", recovered_s, 5),
        at_most("requests lost", loud.n_lost + soft.n_lost, 0),
        at_most("failed requests", loud.n_failed + soft.n_failed, 0),
    ]
    return facts, goals


async def steady(profile: Profile) -> Result:
    """Offer a share of what the service can do."""
    texts, phases = Texts(profile.seed), profile.phases
    outcomes = Outcomes()
    async with Caller(profile.service, "main", texts) as main:
        await measure_unloaded(main, phases.warm_up_s)
        unloaded = await measure_unloaded(main, phases.calm_s)
        capacity = await measure_capacity(main, phases.capacity_s)
        await offer(main, outcomes, profile.factor * capacity, profile.seconds)
    facts = {
        "capacity_per_s": round(capacity, 1),
        "offered_per_s": round(profile.factor * capacity, 1),
        "unloaded_p50_ms": round(quantile(unloaded.good_s, 0.5) * MS, 1),
        "unloaded_p99_ms": round(quantile(unloaded.good_s, 0.99) * MS, 1),
        "p50_ms": round(quantile(outcomes.good_s, 0.5) * MS, 1),
        "p99_ms": round(quantile(outcomes.good_s, 0.99) * MS, 1),
        "statuses": dict(outcomes.statuses),
    }
    return facts, [at_least("success", len(outcomes.good_s) / outcomes.n_asked, 0.99)]


async def _recovery(caller: Caller, unloaded: Outcomes, seconds: float) -> float:
    """Return after how many seconds answers come as quickly as before."""
    usual, began, last_slow = quantile(unloaded.good_s, 0.99), time.monotonic(), 0.0
    while (now := time.monotonic() - began) < seconds:
        outcomes = Outcomes()
        await caller.ask(outcomes)
        if not outcomes.good_s or outcomes.good_s[0] > 1.5 * usual:
            last_slow = now
    return last_slow


def _p99(*outcomes: Outcomes) -> float:
    return quantile([second for one in outcomes for second in one.good_s], 0.99)
