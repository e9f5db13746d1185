"""`python -m tests.faults.nth kill`: fail at the n-th file operation of a publish, for every n.

Each publish is made by a child that starts from the same state; what it leaves must be an index
that can be opened and becomes what the database says. Ends with the n that was never reached.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

from indexer.documents import KINDS, DatabaseDocuments
from indexer.embed import Embedder, RecentVectors
from indexer.encoder import HashEncoder
from indexer.sync import Synchroniser
from models.database import Database
from models.errors import UnavailableError
from models.failpoints import FailAction, armed
from models.viewer import acting_as, system
from tests.faults.checking import index_differences, segmenter
from tests.rows import add_capability, add_case, add_demand, add_provider

N_GENERATIONS: Final = 3
"""Generations written before, so that the publish also removes one."""

SAVED: Final = 0
FAILED: Final = 3


@dataclass
class Report:
    """What was seen.

    Attributes:
        n_operations: The last file operation of a publish that was reached.
        n_failed: Publishes that failed or died, as they should.
        differences: What was wrong after one of them.
    """

    n_operations: int = 0
    n_failed: int = 0
    differences: list[str] = field(default_factory=list)


def fail_everywhere(action: FailAction, folder: Path, first: int = 1, every: int = 1) -> Report:
    """Publish with a failure at one file operation after another, until none is reached.

    Args:
        action: What happens there.
        folder: Where to work.
        first: Number of the first operation that fails.
        every: Step to the next one.
    """
    url = f"sqlite:///{folder / 'nth.db'}"
    _stock(url)
    before = folder / "before"
    for generation in range(N_GENERATIONS):
        _change(url, generation)
        _publish(url, before)
    _change(url, N_GENERATIONS)
    report = Report()
    for number in count(first, every):
        work = folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(before, work)
        status = _publish_in_child(url, work, f"file_operation:{action}:{number}")
        report.differences += [
            f"operation {number}: {difference}"
            for difference in (*_unexpected(action, status), *index_differences(url, work))
        ]
        if status == SAVED:
            break
        report.n_operations = number
        report.n_failed += 1
    return report


def _unexpected(action: FailAction, status: int) -> list[str]:
    """Return what is wrong with how a child ended: killed, failed as planned, or through."""
    planned = -signal.SIGKILL if action is FailAction.KILL else FAILED
    return [] if status in (SAVED, planned) else [f"the process ended with {status}"]


def _publish_in_child(url: str, folder: Path, spec: str) -> int:
    """Build and write the index in a child; return how it ended, negative for a signal."""
    child = os.fork()
    if child == 0:
        try:
            with armed(spec):
                _publish(url, folder)
            os._exit(SAVED)
        except UnavailableError:
            os._exit(FAILED)
        except BaseException as error:  # a child must not come back from here
            print(f"unexpected: {error!r}", file=sys.stderr, flush=True)
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _publish(url: str, folder: Path) -> None:
    with acting_as(system("test")):
        database = Database(url)
        source = DatabaseDocuments(database, HashEncoder().fingerprint)
        embedder = Embedder(HashEncoder(), RecentVectors())
        synchroniser = Synchroniser(source, embedder, segmenter(), folder, KINDS)
        try:
            synchroniser.rebuild()
        finally:
            synchroniser.close()
            database.close()


def _stock(url: str) -> None:
    with acting_as(system("test")):
        database = Database(url)
        database.migrate()
        with database.write() as session:
            provider = add_provider(session)
            add_capability(session, provider)
            add_case(session, provider)
        database.close()


def _change(url: str, number: int) -> None:
    with acting_as(system("test")):
        database = Database(url)
        with database.write() as session:
            add_demand(session, f"第{number}条专利导航需求")
        database.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print what was seen and return 0 when nothing was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.nth", description=__doc__)
    parser.add_argument("action", choices=[FailAction.KILL, FailAction.ENOSPC, FailAction.EIO])
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--every", type=int, default=1)
    chosen = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="navmatch-nth-"))
    report = fail_everywhere(FailAction(chosen.action), folder, chosen.first, chosen.every)
    print(f"{report.n_operations} operations, {report.n_failed} failed publishes")
    for difference in report.differences:
        print(f"  {difference}")
    if report.differences:
        print(f"kept: {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
