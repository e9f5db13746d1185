"""What brings the program to each failpoint, and what must hold afterwards."""

import random
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models.demand import EXPIRING_STATES
from models.failpoints import FailAction, Failpoint
from tests.faults.checking import index_differences, stored_rows, untagged
from tests.faults.importing import ImportRun
from tests.faults.oracle import Oracle
from tests.faults.server import START_S, NotReadyError, Server
from tests.faults.traffic import Traffic

ENOUGH_REPLIES: Final = 60
N_CLIENTS: Final = 2
ENVIRONMENT: Final = {
    "NAVMATCH_TEST_DELTA_ROWS": "8",
    "NAVMATCH_FOLLOW_INTERVAL_S": "0.1",
    "NAVMATCH_TESTING": "1",
}


@dataclass
class Breaking:
    """One installation whose program is to break at one place.

    Attributes:
        server: The installation.
        point: The place.
        action: What happens there.
        nth: At which time it is reached.
        seed: Repeats the choices of the clients.
    """

    server: Server
    point: Failpoint
    action: FailAction
    nth: int = 1
    seed: int = 1

    def __post_init__(self) -> None:
        self.oracle = Oracle()
        self.traffic = Traffic(self.server, self.oracle, N_CLIENTS, self.seed)

    @property
    def variables(self) -> dict[str, str]:
        """The variables that arm the place."""
        return {"NAVMATCH_FAILPOINTS": f"{self.point}:{self.action}:{self.nth}"}

    @property
    def has_fired(self) -> bool:
        """Whether the place was reached and acted."""
        said = f"failpoint {self.point}: {self.action}".encode()
        return self.server.log_path.exists() and said in self.server.log_path.read_bytes()

    def run(self) -> list[str]:
        """Break the program, start it again, and return everything that is wrong."""
        SCENES[self.point](self)
        found = [] if self.has_fired else [f"{self.point} was never reached"]
        self.server.kill()
        self.server.start()
        self.server.wait_ready()
        return found + self.differences()

    def differences(self) -> list[str]:
        """Return where database and index are not what clients were told."""
        url = f"sqlite:///{self.server.data_dir / 'navmatch.db'}"
        stored, titles = stored_rows(url)
        return [
            *self.oracle.compare(stored, titles),
            *untagged(url),
            *index_differences(url, self.server.data_dir / "index"),
        ]

    def serve(self) -> None:
        """Let clients write to a server that breaks sooner or later."""
        self.server.start(**self.variables)
        try:
            self.server.wait_ready()
        except NotReadyError:
            return
        self.traffic.start()
        deadline = time.monotonic() + START_S
        while self.server.is_running and time.monotonic() < deadline:
            n_replies = self.oracle.n_acknowledged + self.oracle.put_off.total()
            if self.has_fired and (n_replies > ENOUGH_REPLIES or self.action is FailAction.KILL):
                break
            time.sleep(0.02)
        self.traffic.stop()

    def serve_again(self) -> None:
        """Let clients write, end, and break at the next start."""
        self.write_in_peace()
        self.serve()

    def write_in_peace(self) -> None:
        """Let clients write for a while to a server that does not break, and end it."""
        self.server.start()
        self.server.wait_ready()
        self.traffic.start()
        while self.oracle.n_acknowledged < ENOUGH_REPLIES:
            time.sleep(0.02)
        self.traffic.stop()
        self.server.stop()

    def expire(self) -> None:
        """Let demands have run out while nothing ran."""
        self.write_in_peace()
        found = self.differences()
        assert not found, found
        with closing(sqlite3.connect(self.server.data_dir / "navmatch.db")) as connection:
            connection.execute("UPDATE demand SET valid_until = '2020-01-01'")
            connection.commit()
            states = connection.execute("SELECT state FROM demand WHERE deleted_at IS NULL")
            n_overdue = sum(state in EXPIRING_STATES for (state,) in states)
        self.nth = min(self.nth, n_overdue)  # the place is reached once for each
        self.serve_expired()

    def serve_expired(self) -> None:
        """Start on demands that ran out: each is expired in time, or still what it was."""
        for row in self.oracle.rows.values():
            content = row.content
            if row.noun == "demand" and content is not None and content.state != "withdrawn":
                row.allowed = [content, content._replace(state="expired")]
                row.version = None
        self.server.start(**self.variables)
        deadline = time.monotonic() + START_S
        while self.server.is_running and not self.has_fired and time.monotonic() < deadline:
            time.sleep(0.02)

    def import_file(self) -> None:
        """Import a file with a program that breaks on the way, then with one that does not."""
        name = f"s{self.seed}i"
        broken = ImportRun(self.server, self.oracle, name, **self.variables)
        assert broken.wait_end() != 0
        self.server.start()
        self.server.wait_ready()
        found = self.differences()
        assert not found, found
        again = ImportRun(self.server, self.oracle, name)
        assert again.wait_end() == 0

    def back_up(self) -> None:
        """Back up with a program that breaks on the way: there is no backup, then there is one."""
        self.write_in_peace()
        backup = self.server.data_dir.with_name("backup.zip")
        assert self._command("backup", str(backup), **self.variables) != 0
        assert not backup.exists()
        assert self._command("backup", str(backup)) == 0
        assert self._command("restore", "--check", str(backup)) == 0

    def restore(self) -> None:
        """Restore with a program that breaks on the way: what was there still is."""
        self.write_in_peace()
        backup = self.server.data_dir.with_name("backup.zip")
        assert self._command("backup", str(backup)) == 0
        assert self._command("restore", "--force", str(backup), **self.variables) != 0
        found = self.differences()
        assert not found, found
        assert self._command("restore", "--force", str(backup)) == 0

    def _command(self, *words: str, **more: str) -> int:
        return self.server.command(*words, **more).wait(START_S)


Scene = Callable[[Breaking], None]

SCENES: Final[Mapping[Failpoint, Scene]] = {
    **dict.fromkeys(Failpoint, Breaking.serve),
    Failpoint.MID_LOAD: Breaking.serve_again,
    Failpoint.MID_EXPIRY: Breaking.expire,
    Failpoint.MID_IMPORT_ROW: Breaking.import_file,
    Failpoint.MID_BACKUP: Breaking.back_up,
    Failpoint.BEFORE_BACKUP_RENAME: Breaking.back_up,
    Failpoint.MID_RESTORE: Breaking.restore,
}
"""How each place is reached; most are by clients that write."""


def break_at(
    folder: Path, point: Failpoint, action: FailAction, seed: int
) -> tuple[Breaking, list[str]]:
    """Break a fresh installation at a place and return what is wrong afterwards."""
    chance = random.Random(f"{seed}-{point}-{action}")  # noqa: S311 - no secret is made from it
    nth = chance.randint(1, MOST_NTH.get(point, 1))
    breaking = Breaking(Server(folder / "data", ENVIRONMENT), point, action, nth, seed)
    try:
        return breaking, breaking.run()
    finally:
        breaking.server.kill()


MOST_NTH: Final[Mapping[Failpoint, int]] = {
    Failpoint.BEFORE_COMMIT: 30,
    Failpoint.AFTER_COMMIT: 30,
    Failpoint.BEFORE_AUDIT: 20,
    Failpoint.AFTER_AUDIT: 20,
    Failpoint.MID_MIGRATION: 4,
    Failpoint.MID_IMPORT_ROW: 400,
    Failpoint.MID_WRITE: 60,
    Failpoint.BEFORE_FSYNC: 60,
    Failpoint.BEFORE_RENAME: 3,
    Failpoint.AFTER_RENAME: 3,
    Failpoint.BEFORE_CURRENT: 3,
    Failpoint.AFTER_CURRENT: 3,
    Failpoint.FILE_OPERATION: 200,
    Failpoint.FOLLOWER_ROUND: 5,
    Failpoint.VECTOR_CACHE_SAVED: 5,
    Failpoint.BEFORE_PUBLISH: 5,
    Failpoint.AFTER_PUBLISH: 5,
    Failpoint.MID_LOAD: 30,
    Failpoint.MID_EXPIRY: 5,
    Failpoint.MID_BACKUP: 8,
    Failpoint.MID_RESTORE: 8,
    Failpoint.IDEMPOTENCY_SAVED: 20,
    Failpoint.AFTER_EFFECT_BEFORE_REPLY: 20,
}
"""Up to which time a place is let pass: it is reached at least as often."""
