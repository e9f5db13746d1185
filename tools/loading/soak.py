"""Offering half of what the service can do for long, and looking whether anything grows."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import psutil

from api.schemas import examples
from tools.loading.figures import MS, Goal, at_most, quantile, slope
from tools.loading.installation import Installation
from tools.loading.offering import Caller, Outcomes, Texts, offer
from tools.loading.profiles import (
    CLIENTS_AT_CAPACITY,
    Profile,
    Result,
    measure_capacity,
    measure_unloaded,
)

WRITE_SHARE: Final = 0.05
WARM_SHARE: Final = 0.2
"""Part of the run that is left out of the slopes: what writing takes is made, pools open."""

KEPT_DEMANDS: Final = 20
"""Demands of the run that exist at once; with more and more of them the index would grow, and that
is not what is looked for."""

REFUSED_PAUSE_S: Final = 0.2
"""Before asking on where others were too many."""

MIB: Final = float(1 << 20)
HOUR_S: Final = 3_600.0


@dataclass(frozen=True, slots=True)
class Sample:
    """What the service takes at one moment.

    Attributes:
        at_s: Seconds since the beginning.
        memory: MiB of each of its processes (unique to it), by its number.
        n_files: Open files.
        n_threads: Threads.
        wal: MiB of the write-ahead log.
        n_generations: Generations of the index on disk.
    """

    at_s: float
    memory: dict[int, float]
    n_files: int
    n_threads: int
    wal: float
    n_generations: int


async def soak(profile: Profile) -> Result:
    """Ask and write at half of the capacity, and sample what the service takes."""
    service, texts, phases = profile.service, Texts(profile.seed), profile.phases
    main, writer = Caller(service, "main", texts), Caller(service, "writer", texts)
    reads, writes, samples = Outcomes(), Outcomes(), list[Sample]()
    async with main, writer:
        await measure_unloaded(main, phases.warm_up_s)
        n_filling = await _fill(main, phases.n_filling)
        capacity = await measure_capacity(main, phases.capacity_s)
        rate = profile.factor * capacity
        await asyncio.gather(
            offer(main, reads, rate * (1 - WRITE_SHARE), profile.seconds),
            _write(writer, texts, writes, rate * WRITE_SHARE, profile.seconds),
            _sample(service, samples, profile.seconds, phases.sample_s),
        )
    facts = {"questions_before": n_filling, **_facts(capacity, reads, writes, samples)}
    return facts, _goals(reads, writes, samples)


async def _fill(caller: Caller, n_questions: int) -> int:
    """Ask until so many questions were answered, and every cache is full; returns how many were.

    Those that are refused or lost fill nothing, but are not repeated for ever either.
    """
    outcomes = Outcomes()

    async def ask() -> None:
        while len(outcomes.good_s) < n_questions and outcomes.n_asked < 10 * n_questions:
            n_refused = len(outcomes.refused_s)
            await caller.ask(outcomes)
            if len(outcomes.refused_s) > n_refused:
                await asyncio.sleep(REFUSED_PAUSE_S)

    await asyncio.gather(*(ask() for _ in range(CLIENTS_AT_CAPACITY)))
    return len(outcomes.good_s)


async def _write(
    caller: Caller, texts: Texts, outcomes: Outcomes, per_second: float, seconds: float
) -> None:
    """Post and delete demands at a rate, whether answers come or not."""
    until, tasks, posted = time.monotonic() + seconds, set[asyncio.Task[None]](), deque[str]()
    while time.monotonic() < until:
        if len(posted) > KEPT_DEMANDS:
            write = _delete(caller, outcomes, posted.popleft())
        else:
            write = _post(caller, next(texts), outcomes, posted)
        task = asyncio.create_task(write)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        await asyncio.sleep(1 / per_second)
    await asyncio.gather(*tasks)


async def _post(caller: Caller, text: str, outcomes: Outcomes, posted: deque[str]) -> None:
    body = {**examples.DEMAND, "description": text, "scenario_tags": ["ENT.RISK"]}
    reply = await caller.send(outcomes, "POST", "/v1/demands", body)
    if reply is not None and reply.status == 201:
        posted.append(reply.json()["id"])


async def _delete(caller: Caller, outcomes: Outcomes, demand_id: str) -> None:
    await caller.send(outcomes, "DELETE", f"/v1/demands/{demand_id}")


async def _sample(
    service: Installation, samples: list[Sample], seconds: float, every_s: float
) -> None:
    began = time.monotonic()
    while (now := time.monotonic() - began) < seconds:
        samples.append(await asyncio.to_thread(_look, service, now))
        await asyncio.sleep(every_s)


def _look(service: Installation, at_s: float) -> Sample:
    memory: dict[int, float] = {}
    n_files, n_threads = 0, 0
    for process in service.processes():
        with suppress(psutil.Error):
            memory[process.pid] = process.memory_full_info().uss / MIB
            n_files += process.num_fds()
            n_threads += process.num_threads()
    wal = service.folder / "navmatch.db-wal"
    return Sample(
        at_s,
        memory,
        n_files,
        n_threads,
        wal.stat().st_size / MIB if wal.exists() else 0.0,
        sum(1 for path in (service.folder / "index").glob("gen-*") if path.is_dir()),
    )


def _warm(samples: Sequence[Sample]) -> list[Sample]:
    return list(samples[int(WARM_SHARE * len(samples)) :])


def _total(sample: Sample) -> float:
    return round(sum(sample.memory.values()), 1)


def _by_process(samples: Sequence[Sample]) -> dict[int, list[int]]:
    """Return the first and the last figure of each process, and the slope in MiB an hour."""
    found = {}
    for pid in samples[-1].memory:
        points = [(s.at_s / HOUR_S, s.memory[pid]) for s in samples if pid in s.memory]
        found[pid] = [round(points[0][1]), round(points[-1][1]), round(slope(points))]
    return found


def _facts(
    capacity: float, reads: Outcomes, writes: Outcomes, samples: Sequence[Sample]
) -> dict[str, object]:
    warm = _warm(samples)
    return {
        "capacity_per_s": round(capacity, 1),
        "reads": dict(reads.statuses),
        "writes": dict(writes.statuses),
        "refusals": dict(reads.refusals + writes.refusals),
        "read_p50_ms": round(quantile(reads.good_s, 0.5) * MS, 1),
        "read_p99_ms": round(quantile(reads.good_s, 0.99) * MS, 1),
        "write_p99_ms": round(quantile(writes.good_s, 0.99) * MS, 1),
        "memory_mib": [_total(warm[0]), _total(warm[-1])],
        "memory_mib_by_process": _by_process(warm),
        "files": [min(s.n_files for s in warm), max(s.n_files for s in warm)],
        "threads": [min(s.n_threads for s in warm), max(s.n_threads for s in warm)],
        "wal_mib_max": round(max(s.wal for s in samples), 1),
        "generations_max": max(s.n_generations for s in samples),
        "p99_drift": round(_drift(reads), 3),
    }


def _goals(reads: Outcomes, writes: Outcomes, samples: Sequence[Sample]) -> list[Goal]:
    warm = _warm(samples)
    growth = slope([(s.at_s / HOUR_S, _total(s)) for s in warm])
    files = [s.n_files for s in warm]
    threads = [s.n_threads for s in warm]
    n_failed = reads.n_failed + reads.n_lost + writes.n_failed + writes.n_lost
    n_refused = len(reads.refused_s) + len(writes.refused_s)
    return [
        at_most("memory, MiB/h", growth, 2),
        at_most("open files, spread", max(files) - min(files), 4),
        at_most("threads, spread", max(threads) - min(threads), 0),
        at_most("p99 drift", _drift(reads), 0.10),
        at_most("write-ahead log, MiB", max(s.wal for s in samples), 64),
        at_most("generations", max(s.n_generations for s in samples), 4),
        at_most("failed requests", n_failed, 0),
        at_most("refused requests", n_refused, 0),
    ]


def _drift(outcomes: Outcomes) -> float:
    """Return by which share p99 of the last third differs from that of the one before it."""
    third = len(outcomes.good_s) // 3
    if not third:
        return 0.0
    before = quantile(outcomes.good_s[third : 2 * third], 0.99)
    after = quantile(outcomes.good_s[2 * third :], 0.99)
    return after / before - 1
