"""`python -m tests.faults.crash`: kill the server while clients write, and see what is left.

After every kill: what was acknowledged is there as it was acknowledged, what nobody sent is not,
nothing is there twice, and the index left on disk becomes what the database says.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

import psutil

from tests.faults.checking import copied, index_differences, stored_rows, untagged
from tests.faults.importing import ImportRun
from tests.faults.oracle import Oracle
from tests.faults.server import NotReadyError, Server
from tests.faults.stock import lay_in
from tests.faults.traffic import Traffic
from tests.postgres import PostgresServer, temporary_server

N_CLIENTS: Final = 4
IMPORT_SHARE: Final = 0.08
MOST_REPLIES: Final = 60
"""A kill comes after up to that many replies: as many on a slow machine as on a fast one."""

LONGEST_S: Final = 30.0
READY_GOAL_S: Final = 5.0
GOAL_DOCUMENTS: Final = 10_000


class Victim(StrEnum):
    """What is killed."""

    SERVER = "server"
    WORKER = "worker"
    POSTGRESQL = "postgresql"
    BACKEND = "backend"


@dataclass(frozen=True, slots=True)
class Plan:
    """One run.

    Attributes:
        n_kills: How often something is killed.
        database: Kind of database.
        n_workers: Worker processes of the server.
        seed: Repeats the choices, though not the timing.
        n_documents: Documents laid in before.
        flaw: What is wrong with the server; empty for nothing.
    """

    n_kills: int
    database: str = "sqlite"
    n_workers: int = 1
    seed: int = 1
    n_documents: int = 0
    flaw: str = ""

    def victims(self) -> list[Victim]:
        """Return what may be killed, the likelier the more often it stands there."""
        found = [Victim.SERVER, Victim.SERVER]
        if self.n_workers > 1:
            found += [Victim.WORKER]
        if self.database == "postgresql":
            found += [Victim.POSTGRESQL, Victim.BACKEND]
        return found


@dataclass
class Outcome:
    """What was seen."""

    kills: Counter[Victim] = field(default_factory=Counter)
    ready_s: list[float] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    n_acknowledged: int = 0
    n_unknown: int = 0
    n_generations: int = 0
    folder: Path | None = None
    """Where everything is kept, after a failure."""

    def summary(self) -> str:
        """Return the figures in one line."""
        kills = ", ".join(f"{victim} {n}" for victim, n in sorted(self.kills.items()))
        ready = sorted(self.ready_s) or [0.0]
        return (
            f"{self.kills.total()} kills ({kills}); {self.n_acknowledged} acknowledged, "
            f"{self.n_unknown} left open, {self.n_generations} generations; ready: median "
            f"{ready[len(ready) // 2]:.1f} s, longest {ready[-1]:.1f} s; "
            f"{len(self.differences)} differences"
        )


class Crash:
    """One installation that is killed again and again."""

    def __init__(self, plan: Plan, folder: Path, postgres: PostgresServer | None) -> None:
        self._plan = plan
        self._chance = random.Random(plan.seed)  # noqa: S311 - no secret is made from it
        self._postgres = postgres
        environment = {"NAVMATCH_TEST_DELTA_ROWS": "40", "NAVMATCH_FOLLOW_INTERVAL_S": "0.2"}
        data_dir = folder / "data"
        self._url = f"sqlite:///{data_dir / 'navmatch.db'}"
        self._truth = self._url
        if postgres is not None:
            self._url = postgres.new_database()
            self._truth = self._url.replace("//navmatch@", "//postgres@")
            environment["NAVMATCH_DATABASE_URL"] = self._url
        if plan.flaw:
            environment["NAVMATCH_TEST_FLAW"] = plan.flaw
        arguments = ("--workers", str(plan.n_workers)) if plan.n_workers > 1 else ()
        self.server = Server(data_dir, environment, arguments)
        self.oracle = Oracle()
        self.outcome = Outcome(folder=folder)
        self._traffic = Traffic(self.server, self.oracle, N_CLIENTS, plan.seed)

    def run(self) -> Outcome:
        """Kill as often as planned and return what was seen; stops at the first difference."""
        outcome = self.outcome
        if self._plan.n_documents:
            lay_in(self.server, self._plan.n_documents, self._plan.seed)
        try:
            self._start()
            outcome.ready_s.clear()  # the first start builds the index
            while outcome.kills.total() < self._plan.n_kills and not outcome.differences:
                self._round()
        except NotReadyError as error:
            outcome.differences.append(str(error))
        finally:
            self.server.kill()
        outcome.n_acknowledged = self.oracle.n_acknowledged
        outcome.n_unknown = self.oracle.n_unknown
        if not outcome.n_acknowledged:
            outcome.differences.append("nothing was ever acknowledged: nothing was tested")
        outcome.n_generations = self._newest_generation()
        slowest_s = max(outcome.ready_s, default=0.0)
        if self._is_timed and slowest_s > READY_GOAL_S:
            outcome.differences.append(f"ready after {slowest_s:.1f} s, goal {READY_GOAL_S} s")
        return outcome

    @property
    def _is_timed(self) -> bool:
        """Whether it has as many documents as the goal for a start is given for."""
        return self._plan.n_documents >= GOAL_DOCUMENTS

    def _round(self) -> None:
        """Let clients write, kill something, and compare."""
        victim = self._chance.choice(self._plan.victims())
        running = self._begin_import() if self._chance.random() < IMPORT_SHARE else None
        self._traffic.start()
        if running is not None:
            running.wait_begun()
        self._wait_for_replies(self._chance.randint(0, MOST_REPLIES))
        time.sleep(self._chance.uniform(0, 0.05))
        if running is not None:
            running.kill()
        self._kill(victim)
        self._traffic.stop()
        self.outcome.kills[victim] += 1
        index = self.server.data_dir / "index"
        if victim is Victim.SERVER:
            self._start_and_compare(index)
        else:
            self.outcome.ready_s.append(self.server.wait_ready())
            self.outcome.differences += self._differences(index)

    def _wait_for_replies(self, n_replies: int) -> None:
        wanted = self.oracle.n_acknowledged + n_replies
        deadline = time.monotonic() + LONGEST_S
        while self.oracle.n_acknowledged < wanted and time.monotonic() < deadline:
            time.sleep(0.005)

    def _kill(self, victim: Victim) -> None:
        match victim:
            case Victim.SERVER:
                self.server.kill()
            case Victim.WORKER:
                self._chance.choice(self.server.answering()).kill()
            case Victim.POSTGRESQL:
                assert self._postgres is not None
                self._postgres.kill()
                self._postgres.start()
            case Victim.BACKEND:
                assert self._postgres is not None
                self._kill_backend(self._postgres)

    def _kill_backend(self, postgres: PostgresServer) -> None:
        """Kill one of the processes that serve us; PostgreSQL then ends all and recovers."""
        found = postgres.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'navmatch'")
        if not found:
            return
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(int(str(self._chance.choice(found)[0])))
            if process.name() == "postgres":  # numbers of processes are given again
                process.kill()

    def _start_and_compare(self, index: Path) -> None:
        """Start the server and compare what the one before left: meanwhile, unless it is timed."""
        with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as beside:
            left = copied(index, Path(folder) / "index")
            if self._is_timed:
                try:
                    self._start()
                finally:  # what it was left with says most where it does not start
                    self.outcome.differences += self._differences(left)
                return
            differences = beside.submit(self._differences, left)
            self._start()
            self.outcome.differences += differences.result()

    def _start(self) -> None:
        begun = time.monotonic()
        self.server.start()
        self.server.wait_ready()
        self.outcome.ready_s.append(time.monotonic() - begun)

    def _begin_import(self) -> ImportRun:
        return ImportRun(
            self.server, self.oracle, f"s{self._plan.seed}i{self.outcome.kills.total()}"
        )

    def _differences(self, index: Path) -> list[str]:
        stored, titles = stored_rows(self._truth)
        found = self.oracle.compare(stored, titles)
        found += untagged(self._truth)
        return found + index_differences(self._url, index)

    def _newest_generation(self) -> int:
        names = [path.name for path in (self.server.data_dir / "index").glob("gen-*")]
        return max((int(name.removeprefix("gen-")) for name in names), default=0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print what was seen and return 0 when nothing was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--db", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--docs", type=int, default=0, help="documents laid in before")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--flaw", default="", help="a flaw to build in, see tests/faults/flaws.py")
    chosen = parser.parse_args(arguments)
    plan = Plan(chosen.kills, chosen.db, chosen.workers, chosen.seed, chosen.docs, chosen.flaw)
    print(f"seed {plan.seed}, {plan.database}, {plan.n_workers} workers, {plan.n_documents} docs")
    outcome = crash(plan)
    print(outcome.summary())
    for difference in outcome.differences[:40]:
        print(f"  {difference}")
    if outcome.differences:
        print(f"kept: {outcome.folder}")
    return 1 if outcome.differences else 0


def crash(plan: Plan) -> Outcome:
    """Make an installation, kill it as planned and return what was seen.

    The folder is kept when there was a difference.
    """
    folder = Path(tempfile.mkdtemp(prefix="navmatch-crash-"))
    with ExitStack() as stack:
        postgres = None
        if plan.database == "postgresql":
            postgres = stack.enter_context(temporary_server(durable=True))
        run = Crash(plan, folder, postgres)
        outcome = run.run()
        if outcome.differences:
            _keep(folder, plan, run, postgres)
        else:
            shutil.rmtree(folder)
    return outcome


def _keep(folder: Path, plan: Plan, run: Crash, postgres: PostgresServer | None) -> None:
    """Write down what was expected and what was found."""
    rows = {mark: asdict(row) for mark, row in run.oracle.rows.items()}
    told = {"plan": asdict(plan), "differences": run.outcome.differences, "expected": rows}
    (folder / "failure.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    if postgres is not None:
        (folder / "postgresql.log").write_text(postgres.log(), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
