"""`python -m tests.faults.feed`: many writers, one reader that follows the change log.

Writers are processes of their own; each commits at a moment of its own choice. The reader asks
for what comes after the newest change it has seen, as the index does. Whatever was committed it
must see once, in the order of numbers.

    python -m tests.faults.feed --db postgresql --writers 8 --rows 5000
    python -m tests.faults.feed --db sqlite --writers 8 --rows 500 --rows-per-write 1 --max-delay 0
"""

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Final

from sqlalchemy import Connection, select

import models.postgresql
import models.tables
from models.base import new_id
from models.database import Database
from models.errors import UnavailableError
from models.organisation import Organisation
from models.repository import changes_after
from models.viewer import acting_as, system
from models.vocabulary.organisation import OrganisationType
from tests.postgres import temporary_server

ROUND: Final = 500
"""Entries the reader asks for at a time."""


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """What is written.

    Attributes:
        n_writers: Processes that write at the same time.
        n_rows: Rows each of them writes.
        rows_per_write: Rows in one transaction, at most.
        seed: Repeats the delays and sizes, though not the timing.
        ordered: Whether writers take the lock that puts commits in order.
        max_delay_s: Longest time between the last statement of a transaction and its commit.
    """

    n_writers: int
    n_rows: int
    rows_per_write: int
    seed: int
    ordered: bool = True
    max_delay_s: float = 0.01


@dataclass(frozen=True, slots=True)
class FeedReport:
    """What came of it.

    Attributes:
        seed: Of the plan.
        n_committed: Rows whose commit was acknowledged.
        n_refused: Writes refused because the database was busy.
        n_missed: Rows committed that the reader never saw.
        n_unknown: Entries seen for rows nobody committed.
        n_disordered: Entries seen after one with a higher number, or twice.
        p99_s: Time within which 99 of 100 writes were acknowledged.
        max_s: Longest such time.
        writes_per_s: Transactions of all writers together.
    """

    seed: int
    n_committed: int
    n_refused: int
    n_missed: int
    n_unknown: int
    n_disordered: int
    p99_s: float
    max_s: float
    writes_per_s: float

    @property
    def is_whole(self) -> bool:
        """Whether the reader saw exactly what was committed, in order."""
        return self.n_missed == self.n_unknown == self.n_disordered == 0


@dataclass(frozen=True, slots=True)
class Written:
    """What one writer did.

    Attributes:
        committed: Keys of rows whose commit was acknowledged.
        waits: Seconds until each write was acknowledged.
        n_refused: Writes refused because the database was busy.
    """

    committed: tuple[str, ...]
    waits: tuple[float, ...]
    n_refused: int


def follow(url: str, plan: FeedPlan) -> FeedReport:
    """Let the writers write, follow the log meanwhile, and compare."""
    database = Database(url)
    seen: list[tuple[int, str]] = []
    began = time.monotonic()
    with _processes(plan.n_writers) as pool, acting_as(system("test")):
        writers = [pool.submit(write, url, plan, number) for number in range(plan.n_writers)]
        while not all(writer.done() for writer in writers):
            _read_on(database, seen)
        _read_on(database, seen)
        lasted = time.monotonic() - began
        written = [writer.result() for writer in writers]
    database.close()
    committed = {key for one in written for key in one.committed}
    waits = sorted(wait for one in written for wait in one.waits)
    numbers = [number for number, _ in seen]
    keys = {key for _, key in seen}
    return FeedReport(
        seed=plan.seed,
        n_committed=len(committed),
        n_refused=sum(one.n_refused for one in written),
        n_missed=len(committed - keys),
        n_unknown=len(keys - committed),
        n_disordered=sum(later <= sooner for sooner, later in pairwise(numbers)),
        p99_s=round(waits[int(len(waits) * 0.99)], 3),
        max_s=round(waits[-1], 3),
        writes_per_s=round(len(waits) / lasted, 1),
    )


def write(url: str, plan: FeedPlan, number: int) -> Written:
    """Be one writer, in a process of its own."""
    chance = random.Random(plan.seed * 1_000 + number)  # noqa: S311 - no secret is made from it
    if not plan.ordered:
        models.postgresql.__dict__["_begin"] = _begin_without_lock
    database = Database(url)
    committed: list[str] = []
    waits: list[float] = []
    n_refused = 0
    with acting_as(system("test")):
        while len(committed) < plan.n_rows:
            n_left = plan.n_rows - len(committed)
            keys = [
                new_id("og") for _ in range(min(n_left, chance.randint(1, plan.rows_per_write)))
            ]
            began = time.monotonic()
            try:
                _write_once(database, keys, chance.random() * plan.max_delay_s)
            except UnavailableError:
                n_refused += 1
                continue
            waits.append(time.monotonic() - began)
            committed += keys
    database.close()
    return Written(tuple(committed), tuple(waits), n_refused)


def _write_once(database: Database, keys: Sequence[str], delay_s: float) -> None:
    with database.write() as session:
        session.scalars(select(Organisation.id).limit(1)).all()  # read first, like the service
        for key in keys:
            session.add(Organisation(id=key, name=key, org_type=OrganisationType.AGENCY))
        session.flush()
        time.sleep(delay_s)


def _begin_without_lock(connection: Connection) -> None:
    """Begin as if nobody else wrote: what the check must notice."""


def _read_on(database: Database, seen: list[tuple[int, str]]) -> None:
    """Take up what the log says after the newest change seen."""
    while True:
        with database.read() as session:
            found = changes_after(session, seen[-1][0] if seen else 0, ROUND)
            seen += [(change.seq, change.entity_id) for change in found]
        if len(found) < ROUND:
            return


@contextmanager
def _processes(n: int) -> Iterator[ProcessPoolExecutor]:
    """Give processes; they are forked off one that has imported everything, and no more."""
    start = multiprocessing.get_context("forkserver")
    start.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(n, start) as pool:
        yield pool


def main() -> None:
    """Run the check, or be one of its writers."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.feed", description=__doc__)
    parser.add_argument("--db", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--rows-per-write", type=int, default=10)
    parser.add_argument("--max-delay", type=float, default=0.01, help="seconds before a commit")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = parser.parse_args()
    plan = FeedPlan(
        asked.writers, asked.rows, asked.rows_per_write, asked.seed, max_delay_s=asked.max_delay
    )
    with _database(asked.db) as url:
        report = follow(url, plan)
    print(json.dumps(asdict(report)))
    sys.exit(not report.is_whole)


@contextmanager
def _database(kind: str) -> Iterator[str]:
    """Give the address of an empty database with tables, as durable as in production."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield _migrated(f"sqlite:///{folder}/feed.db")
        return
    with temporary_server(durable=True) as server:
        yield _migrated(server.new_database())


def _migrated(url: str) -> str:
    database = Database(url)
    database.migrate()
    database.close()
    return url


if __name__ == "__main__":
    main()
