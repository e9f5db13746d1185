"""Migrations that are stopped at their n-th statement.

`python -m tests.migrations.stopping URL N` is killed before it sends statement N.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
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


def killed_at(url: str, nth: int) -> int:
    """Migrate in a process that is killed before its n-th statement; return how it ended."""
    return subprocess.run(  # noqa: S603 - this very module
        [sys.executable, "-m", "tests.migrations.stopping", url, str(nth)], cwd=ROOT, check=False
    ).returncode


def _kill_at(nth: int) -> Callable[[int], None]:
    def check(number: int) -> None:
        if number == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    return check


if __name__ == "__main__":
    migrate(sys.argv[1], _kill_at(int(sys.argv[2])))
