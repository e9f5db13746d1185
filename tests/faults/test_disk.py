"""A disk that is full at every stage: writes are put off, nothing told is lost, search goes on.

Where tmpfs can be mounted the data lie on 16 MiB; elsewhere a limit on the size of files stands
in for it. `-m nightly` goes through many sizes of what is left.
"""

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from tests.equipment import absent
from tests.faults.checking import index_differences, stored_rows, untagged
from tests.faults.disks import Disk, SmallDisk, needed_disk, some_disk
from tests.faults.importing import ImportRun
from tests.faults.oracle import Oracle
from tests.faults.searching import Searching
from tests.faults.server import START_S, NotReadyError, Server
from tests.faults.traffic import Traffic
from tests.postgres import PostgresServer, require_postgresql

LEFT = (0, 8_000, 60_000, 300_000, 1_500_000)
PUT_OFF = {"disk_full", "unavailable", "busy"}
RECOVERY_GOAL_S = 10.0
POSTGRESQL_MB = 400
ENOUGH = 60


class Installation:
    """A server on a disk, with clients that write and one that searches."""

    def __init__(self, disk: Disk, seed: int, folder: Path | None = None, url: str = "") -> None:
        """Set where data and database are: on the disk unless they are elsewhere."""
        self.disk = disk
        environment = {"NAVMATCH_TEST_DELTA_ROWS": "25", "NAVMATCH_FOLLOW_INTERVAL_S": "0.2"}
        if url:
            environment["NAVMATCH_DATABASE_URL"] = url
        self.server = Server(folder or disk.folder, environment)
        self._truth = url.replace("//navmatch@", "//postgres@") or self.server.database_url
        self.oracle = Oracle()
        self.traffic = Traffic(self.server, self.oracle, 3, seed)

    def start(self) -> None:
        self.server.start()
        self.server.wait_ready()

    def write(self, n_told: int = ENOUGH) -> float:
        """Write until that many more were told that it was done; returns how long it took."""
        wanted, begun = self.oracle.n_acknowledged + n_told, time.monotonic()
        self.traffic.start()
        while self.oracle.n_acknowledged < wanted and time.monotonic() - begun < START_S:
            time.sleep(0.01)
        took_s = time.monotonic() - begun
        self.traffic.stop()
        assert self.oracle.n_acknowledged >= wanted, self.oracle.put_off
        return took_s

    def write_until_put_off(self, n_times: int = 20) -> None:
        """Write until clients were put off that often."""
        begun = time.monotonic()
        wanted = self.oracle.put_off.total() + n_times
        self.traffic.start()
        while self.oracle.put_off.total() < wanted and time.monotonic() - begun < START_S:
            time.sleep(0.01)
        self.traffic.stop()
        assert self.oracle.put_off.total() >= wanted, "the disk never became full"

    def differences(self) -> list[str]:
        stored, titles = stored_rows(self._truth)
        found = [*self.oracle.compare(stored, titles), *untagged(self._truth)]
        index = self.server.data_dir / "index"
        return found + index_differences(self.server.database_url, index)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with some_disk(tmp_path / "disk") as found:
        yield found


@pytest.fixture
def installation(disk: Disk, seed: int) -> Iterator[Installation]:
    made = Installation(disk, seed)
    yield made
    made.server.kill()


def fill_and_free(installation: Installation, n_left: int) -> float:
    """Fill the disk, see what happens, free it; returns how long it took to write again."""
    server, disk = installation.server, installation.disk
    installation.start()
    installation.write()
    with Searching(server) as searching:
        disk.fill(server, n_left)
        installation.write_until_put_off()
        disk.free(server)
        took_s = installation.write(1)
        installation.write()
    assert searching.failures == {}
    assert searching.answers["200"] > 0
    assert set(installation.oracle.put_off) <= PUT_OFF
    wait_until_saved(server)
    server.kill()
    assert installation.differences() == []
    installation.start()
    installation.write(5)
    server.stop()
    assert installation.differences() == []
    return took_s


@pytest.mark.parametrize("n_left", [0, pytest.param(60_000, marks=pytest.mark.nightly)])
def test_full_disk_puts_writes_off_and_loses_nothing(
    installation: Installation, n_left: int
) -> None:
    fill_and_free(installation, n_left)
    assert installation.oracle.put_off["disk_full"] > 0


@pytest.mark.nightly
@pytest.mark.parametrize("n_left", LEFT)
@pytest.mark.parametrize("round_number", range(4))
def test_disk_full_at_any_moment_is_free_again_in_time(
    disk: Disk, n_left: int, round_number: int, seed: int
) -> None:
    seed += round_number
    chance = random.Random(f"{seed}-{n_left}")  # noqa: S311 - no secret is made from it
    installation = Installation(disk, seed)
    try:
        took_s = fill_and_free(installation, n_left + chance.randint(0, 8_000))
    finally:
        installation.server.kill()
    print(f"seed {seed}, {n_left} bytes left: {took_s:.2f} s, {installation.oracle.put_off}")
    assert took_s <= RECOVERY_GOAL_S


def test_import_on_a_full_disk_says_so_and_is_made_good(
    installation: Installation, seed: int
) -> None:
    disk, server = installation.disk, installation.server
    if not isinstance(disk, SmallDisk):
        absent("no small disk here, and a command cannot be limited before it runs")
    installation.start()
    installation.write(20)
    disk.fill(server, 40_000)
    name = f"s{seed}i"
    assert ImportRun(server, installation.oracle, name).wait_end() == 1
    assert "磁盘空间不足" in server.log_tail()
    disk.free(server)
    assert ImportRun(server, installation.oracle, name).wait_end() == 0
    server.wait_followed()
    server.kill()
    assert installation.differences() == []


@pytest.mark.nightly
def test_restart_on_a_full_disk_answers_or_says_why(installation: Installation) -> None:
    disk, server = installation.disk, installation.server
    installation.start()
    installation.write()
    if isinstance(disk, SmallDisk):
        disk.fill(server)
    server.kill()
    server.start()
    code = wait_for_either(server)
    assert code in (None, 3), server.log_tail()
    assert code is None or "磁盘空间不足" in server.log_tail()
    server.kill()
    if isinstance(disk, SmallDisk):
        disk.free(server)
    installation.start()
    installation.write(5)
    server.kill()
    assert installation.differences() == []


@pytest.mark.nightly
def test_full_disk_of_postgresql_puts_writes_off_and_loses_nothing(
    tmp_path: Path, seed: int
) -> None:
    with ExitStack() as stack:
        disk = stack.enter_context(needed_disk(open_folder(stack), POSTGRESQL_MB))
        postgres = stack.enter_context(postgresql_on(disk))
        installation = Installation(disk, seed, tmp_path / "data", postgres.new_database())
        stack.callback(installation.server.kill)
        installation.start()
        installation.write()
        with Searching(installation.server) as searching:
            disk.fill(installation.server)
            installation.write_until_put_off()
            disk.free(installation.server)
            start_again_if_ended(postgres)
            installation.write()
        assert searching.failures == {}
        assert set(installation.oracle.put_off) <= PUT_OFF
        installation.server.wait_followed()
        installation.server.kill()
        assert installation.differences() == []


def open_folder(stack: ExitStack) -> Path:
    """Make a folder into which the user of PostgreSQL can go, too."""
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="navmatch-pg-disk-")))
    folder.chmod(0o755)
    return folder


@contextmanager
def postgresql_on(disk: SmallDisk) -> Iterator[PostgresServer]:
    """Give a running PostgreSQL whose data are on a small disk."""
    require_postgresql()
    server = PostgresServer(disk.folder / "server", durable=True)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def start_again_if_ended(postgres: PostgresServer) -> None:
    """Start a server that gave up for want of space for its log, as its keeper would."""
    try:
        postgres.execute("SELECT 1")
    except psycopg.OperationalError:
        postgres.kill()
        postgres.start()


def wait_for_either(server: Server) -> int | None:
    """Wait until it answers or has ended; returns the exit code, None when it answers."""
    try:
        server.wait_ready()
    except NotReadyError:
        return server.wait_end()
    return None


def wait_until_saved(server: Server) -> None:
    """Wait until the index is served from a generation on disk."""
    begun = time.monotonic()
    while server.wait_followed()["version"].startswith("memory-"):
        assert time.monotonic() - begun < START_S
        time.sleep(0.1)
