"""Migrations that are stopped at their n-th statement.

`python -m tests.migrations.stopping URL` reads numbers and, for each, has a copy of itself migrate
that is killed before it sends that statement. A copy is there at once: what takes longest, starting
Python and reading our modules, is done one time for all.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import event

from models.database import Database

ROOT: Final = Path(__file__).resolve().parents[2]


class StoppedError(Exception):
    """The statement was not sent."""


def migrate(url: str, before: Callable[[int], None]) -> int:
    """Migrate, call something before each statement, and return how many there were."""
    n_sent = 0

    def count(*told: object) -> None:
        nonlocal n_sent
        n_sent += 1
        before(n_sent)

    database = Database(url)
    event.listen(database.engine, "before_cursor_execute", count)
    try:
        database.migrate()
    finally:
        database.close()
    return n_sent


def count_statements(url: str) -> int:
    """Return how many statements the migration takes, and take them back."""
    n_sent = 0

    def count(*told: object) -> None:
        nonlocal n_sent
        n_sent += 1

    def stop(*told: object) -> None:
        raise StoppedError

    database = Database(url)
    event.listen(database.engine, "before_cursor_execute", count)
    event.listen(database.engine, "commit", stop)
    try:
        database.migrate()
    except StoppedError:
        return n_sent
    finally:
        database.close()
    raise AssertionError("nothing was committed")


def fail_at(nth: int) -> Callable[[int], None]:
    """Return what makes the n-th statement fail."""

    def check(number: int) -> None:
        if number == nth:
            raise StoppedError

    return check


def killed_at(url: str, statements: Iterable[int]) -> Iterator[int]:
    """Migrate again and again, killed before one of these statements; yield how each ended."""
    words = [sys.executable, "-m", "tests.migrations.stopping", url]
    with subprocess.Popen(  # noqa: S603 - this very module
        words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for nth in statements:
            process.stdin.write(f"{nth}\n")
            process.stdin.flush()
            yield int(process.stdout.readline())


def _kill_at(nth: int) -> Callable[[int], None]:
    def check(number: int) -> None:
        if number == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    return check


def _serve(url: str) -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                migrate(url, _kill_at(int(line)))
            finally:
                os._exit(1)  # it should have been killed
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve(sys.argv[1])
