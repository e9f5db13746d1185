"""`python -m tests.hostile.run`: the whole corpus in every place of every operation.

The cases are cut into shards; each runs in a process of its own on a database of its own, so
that a death costs one request, is seen, and is charged to the case that caused it.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, Self

from tests.hostile.attack import Finding, Tally, attack
from tests.hostile.cases import Case, all_cases, drawn
from tests.hostile.corpus import CORPUS, RAW_BODIES
from tests.hostile.target import (
    Target,
    database,
    leave_nothing_when_told_to_end,
    serving,
)
from tests.hostile.toy import toying
from tests.hostile.verdict import Fault

SHARD_CASES: Final = 8_000
LIMIT_S: Final = 2.0
MAX_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run sends.

    Attributes:
        database: Kind of database.
        seed: Repeats the order and the draw.
        only: Part of the keys of the cases wanted.
        n_cases: How many cases; None for all.
        limit_s: Longest time a reply may take; None for any.
        toy: Whether a small application stands in the place of the service.
        flaw: What is wrong with that one; None for nothing.
    """

    database: str
    seed: int
    only: str = ""
    n_cases: int | None = None
    limit_s: float | None = LIMIT_S
    toy: bool = False
    flaw: Fault | None = None

    def target(self, folder: Path, url: str | None) -> AbstractAsyncContextManager[Target]:
        """Return the application to be attacked."""
        return toying(self.flaw) if self.toy else serving(folder, url)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print what was seen and return 0 when nothing was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.run", description=__doc__)
    parser.add_argument("--db", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument(
        "--ops",
        default="",
        help="only cases whose key holds this: POST, /v1/demands, body:title, nul/",
    )
    parser.add_argument("--cases", type=int, default=None, help="how many; all when left out")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=None, help="file for the findings (JSONL)")
    chosen = parser.parse_args(arguments)
    plan = Plan(chosen.db, chosen.seed, chosen.ops, chosen.cases)
    print(f"seed {plan.seed}, {plan.database}: {len(CORPUS)} values, {len(RAW_BODIES)} bodies")
    start_s = time.perf_counter()
    tally = run(plan, chosen.processes)
    report(tally, time.perf_counter() - start_s)
    if chosen.keep is not None:
        lines = (json.dumps(asdict(finding), ensure_ascii=True) for finding in tally.findings)
        chosen.keep.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return 1 if tally.findings else 0


def run(plan: Plan, n_processes: int) -> Tally:
    """Run all shards, a few at a time, and return what they saw together."""
    tally = Tally()
    with database(plan.database) as new_url:
        spawn = multiprocessing.get_context("spawn")
        waiting = _shards(plan)
        running: list[_Shard] = []
        while waiting or running:
            while waiting and len(running) < n_processes:
                start, stop = waiting.pop(0)
                running.append(_Shard(spawn, plan, new_url(), start, stop))
            with running.pop(0) as ended:
                tally.merge(ended.wait())
                if ended.process.exitcode:
                    finding, next_start = ended.obituary()
                    tally.findings.append(finding)
                    if next_start < ended.stop:
                        waiting.insert(0, (next_start, ended.stop))
    return tally


def report(tally: Tally, seconds: float) -> None:
    """Print what was seen."""
    print(f"{tally.n_sent} requests in {seconds:.0f} s, {tally.n_busy} answered “later”")
    print("statuses:", ", ".join(f"{s}: {n}" for s, n in sorted(tally.statuses.items())))
    print("slowest:")
    for took_s, key in tally.slowest[:5]:
        print(f"  {took_s:.2f} s  {key}")
    shallow = {key: status for key, status in tally.learnt.items() if not _is_reached(status)}
    if shallow:
        print("operations whose usual request is refused:", shallow)
    counts = Counter(finding.fault for finding in tally.findings)
    print("findings:", dict(counts) or "none")
    for finding in tally.findings[:MAX_SHOWN]:
        print(f"  {finding.fault}: {finding.case} ({finding.detail})")


def _is_reached(status: int) -> bool:
    return 200 <= status < 300 or status == 409


def _shards(plan: Plan) -> list[tuple[int, int]]:
    n_cases = plan.n_cases or asyncio.run(_count(plan))  # of too many wanted, all are sent
    return [(at, min(at + SHARD_CASES, n_cases)) for at in range(0, n_cases, SHARD_CASES)]


async def _count(plan: Plan) -> int:
    with tempfile.TemporaryDirectory() as folder:
        async with plan.target(Path(folder), None) as target:
            return len(all_cases(target.document, plan.only))


class _Shard:
    """One process with its share of the cases."""

    def __init__(
        self,
        spawn: multiprocessing.context.SpawnContext,
        plan: Plan,
        url: str | None,
        start: int,
        stop: int,
    ) -> None:
        self.start, self.stop = start, stop
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        self._last = folder / "last"
        self._from_child, to_parent = spawn.Pipe(duplex=False)
        self.process = spawn.Process(
            target=_run_shard, args=(plan, url, (start, stop), folder, to_parent), daemon=True
        )
        self.process.start()
        to_parent.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.is_alive():  # the run was interrupted
            self.process.kill()
            self.process.join()
        self.process.close()
        self._folder.cleanup()

    def wait(self) -> Tally:
        """Return what the process saw, when it has ended; nothing when it died.

        Raises:
            RuntimeError: it failed by a fault of ours, not by that of the application.
        """
        with self._from_child:
            try:
                seen: Tally = self._from_child.recv()
            except EOFError:
                seen = Tally()
        self.process.join()
        if (self.process.exitcode or 0) > 0:
            raise RuntimeError("a shard of the run failed; its traceback stands above")
        return seen

    def obituary(self) -> tuple[Finding, int]:
        """Return the case that killed the process, and where to go on."""
        number, _, key = self._last.read_text("utf-8").partition(" ")
        detail = f"exit status {self.process.exitcode}"
        return Finding(Fault.DEATH, key, detail), int(number or self.start) + 1


def _run_shard(
    plan: Plan, url: str | None, share: tuple[int, int], folder: Path, to_parent: Connection
) -> None:
    to_parent.send(asyncio.run(_attack_share(plan, url, share, folder)))


async def _attack_share(plan: Plan, url: str | None, share: tuple[int, int], folder: Path) -> Tally:
    start, stop = share
    async with plan.target(folder / "data", url) as target:
        cases = drawn(all_cases(target.document, plan.only), plan.n_cases, plan.seed)
        with _remembering(folder / "last", start) as remember:
            return await attack(target, islice(cases, start, stop), plan.limit_s, remember)


class _Memory:
    """Writes down each case before it is sent, where it outlives the process."""

    def __init__(self, descriptor: int, number: int) -> None:
        self._descriptor, self._number = descriptor, number

    def __call__(self, case: Case) -> None:
        line = f"{self._number} {case.key}".encode()
        os.ftruncate(self._descriptor, len(line))
        os.pwrite(self._descriptor, line, 0)
        self._number += 1


@contextmanager
def _remembering(path: Path, start: int) -> Iterator[_Memory]:
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
    try:
        yield _Memory(descriptor, start)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    leave_nothing_when_told_to_end()
    sys.exit(main())
