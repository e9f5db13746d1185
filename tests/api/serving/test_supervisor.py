"""A worker that closes its channel and lives on makes the supervisor neither deaf nor late."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.serving import supervisor
from api.serving.supervisor import Supervisor, Worker

LINGERING = """
import socket, sys, time
channel = socket.socket(fileno=int(sys.argv[1]))
channel.recv(3)
channel.sendall(b"ready\\n")
channel.close()
time.sleep(600)
"""
"""A worker that says it is ready, closes its channel and lives on."""

STEADY = """
import socket, sys
channel = socket.socket(fileno=int(sys.argv[1]))
told = channel.recv(64)
if told == b"go\\n":
    channel.sendall(b"ready\\n")
    channel.recv(64)
"""
"""A worker that stays until it is told to leave or the channel closes."""

SLOW = STEADY.replace("told = ", "import time; time.sleep(0.5)\ntold = ")
"""A steady worker that takes its time to answer."""

LOADED = STEADY.replace("told = ", 'channel.sendall(b"loaded\\n")\ntold = ')
"""A steady worker that says when it has loaded."""

STUCK = """
import socket, sys, time
channel = socket.socket(fileno=int(sys.argv[1]))
channel.sendall(b"loaded\\n")
time.sleep(600)
"""
"""A worker that loads, and does nothing when it is put to work."""

FALLING = "import sys; sys.exit(3)"
"""A worker that ends before it answers."""

Programs = Callable[..., "Hatchery"]


class Hatchery:
    """Starts workers, the n-th with the n-th program and all after with the last.

    Attributes:
        started: Numbers of the processes started.
    """

    def __init__(self, *programs: str) -> None:
        self._programs = list(programs)
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def started(self) -> list[int]:
        """Numbers of the processes started."""
        return [process.pid for process in self._processes]

    def __call__(self) -> Worker:
        """Start one."""
        program = self._programs.pop(0) if len(self._programs) > 1 else self._programs[0]
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-c", program, str(theirs.fileno())]
            process = subprocess.Popen(command, pass_fds=[theirs.fileno()])  # noqa: S603
        ours.setblocking(False)
        self._processes.append(process)
        return Worker(process, ours)

    def close(self) -> None:
        """End what is left."""
        for process in self._processes:
            process.kill()
            process.wait()


@pytest.fixture
def hatch() -> Iterator[Programs]:
    made: list[Hatchery] = []

    def make(*programs: str) -> Hatchery:
        made.append(Hatchery(*programs))
        return made[-1]

    yield make
    for hatchery in made:
        hatchery.close()


def is_alive(pid: int) -> bool:
    """Return whether there is such a process that is no zombie."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def stop_when(is_true: Callable[[], bool]) -> threading.Thread:
    """Send SIGTERM to this process, in which the supervisor works, when something is true."""

    def wait() -> None:
        for _ in range(3_000):
            if is_true():
                break
            threading.Event().wait(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    return waiting


def test_worker_that_closed_its_channel_and_lives_on_is_replaced_at_once(
    hatch: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "ENDING_S", 600.0)
    hatchery = hatch(LINGERING, STEADY)
    looked: list[bool] = []
    watched = Supervisor(hatchery, 1)

    def is_replaced() -> bool:
        if len(hatchery.started) > 1 and watched.pids == hatchery.started[1:2]:
            looked.append(is_alive(hatchery.started[0]))
            return True
        return False

    stop_when(is_replaced)

    assert watched.run() == 0
    assert looked == [True]
    assert not any(map(is_alive, hatchery.started))


def test_spare_takes_the_place_of_a_worker_that_died(hatch: Programs) -> None:
    hatchery = hatch(STEADY)
    watched = Supervisor(hatchery, 2)
    seen: list[list[int]] = []

    def is_replaced() -> bool:
        if not seen and len(hatchery.started) == 3:  # two that answer, one that waits
            seen.append(watched.pids)
            os.kill(hatchery.started[0], signal.SIGKILL)
        if seen and len(watched.pids) == 2 and len(hatchery.started) == 4:
            seen.append(watched.pids)
            return hatchery.started[0] not in watched.pids
        return False

    stop_when(is_replaced)

    assert watched.run() == 0
    assert seen[0] == hatchery.started[:2]
    assert seen[-1] == hatchery.started[1:3]
    assert not any(map(is_alive, hatchery.started))


def test_spare_that_dies_is_replaced_and_nobody_else(hatch: Programs) -> None:
    hatchery = hatch(STEADY)
    watched = Supervisor(hatchery, 1)
    killed: list[int] = []

    def is_replaced() -> bool:
        if not killed and len(hatchery.started) == 2:
            killed.append(hatchery.started[1])
            os.kill(killed[0], signal.SIGKILL)
        return len(hatchery.started) == 3

    stop_when(is_replaced)

    assert watched.run() == 0
    assert watched.pids == hatchery.started[:1]
    assert not any(map(is_alive, hatchery.started))


def test_renewing_replaces_the_spare_as_well(hatch: Programs) -> None:
    hatchery = hatch(STEADY)
    watched = Supervisor(hatchery, 1)
    asked: list[list[int]] = []

    def is_renewed() -> bool:
        if not asked and len(hatchery.started) == 2:
            asked.append(watched.pids)
            os.kill(os.getpid(), signal.SIGHUP)
        return bool(asked) and len(hatchery.started) == 4 and not is_alive(hatchery.started[1])

    stop_when(is_renewed)

    assert watched.run() == 0
    assert watched.pids == hatchery.started[2:3]
    assert not any(map(is_alive, hatchery.started))


def test_renewing_ends_an_old_spare_without_calling_it_stuck(
    hatch: Programs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(supervisor, "RENEWING_S", 1.0)
    hatchery = hatch(LOADED)
    watched = Supervisor(hatchery, 1)
    asked: list[float] = []

    def is_renewed() -> bool:
        if not asked and len(hatchery.started) == 2:
            asked.append(time.monotonic())
        elif len(asked) == 1 and time.monotonic() - asked[0] > 1.5:
            asked.append(time.monotonic())
            os.kill(os.getpid(), signal.SIGHUP)
        return len(hatchery.started) == 4 and not is_alive(hatchery.started[1])

    stop_when(is_renewed)

    assert watched.run() == 0
    assert watched.pids == hatchery.started[2:3]
    assert not [record for record in caplog.records if "killed" in record.getMessage()]


def test_spare_that_is_stuck_when_put_to_work_is_replaced(
    hatch: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "OPENING_S", 0.2)
    hatchery = hatch(STEADY, STUCK, STEADY)
    watched = Supervisor(hatchery, 1)
    seen: list[float] = []

    def is_replaced() -> bool:
        if not seen and watched.spare_is_loaded:
            seen.append(time.monotonic())
            os.kill(hatchery.started[0], signal.SIGKILL)
        return bool(seen) and watched.pids == hatchery.started[2:3]

    stop_when(is_replaced)

    assert watched.run() == 0
    assert watched.pids == hatchery.started[2:3]
    assert not any(map(is_alive, hatchery.started))


def test_spares_that_fall_put_off_no_worker(
    hatch: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_S", 600.0)
    monkeypatch.setattr(supervisor, "MAX_PAUSE_S", 600.0)
    hatchery = hatch(STEADY, FALLING, STEADY)
    gone: list[int] = []
    watched = Supervisor(hatchery, 1, gone.append)

    def is_replaced() -> bool:
        if len(hatchery.started) == 2 and gone == hatchery.started[1:]:
            gone.clear()
            os.kill(hatchery.started[0], signal.SIGKILL)
        return len(hatchery.started) > 2 and watched.pids == hatchery.started[2:3]

    stop_when(is_replaced)

    assert watched.run() == 0
    assert watched.pids == hatchery.started[2:3]


def test_worker_renewed_before_it_answered_is_replaced_as_well(hatch: Programs) -> None:
    hatchery = hatch(SLOW, STEADY)
    watched = Supervisor(hatchery, 1)
    asked: list[None] = []

    def is_renewed() -> bool:
        if not asked and hatchery.started:
            asked.append(None)
            os.kill(os.getpid(), signal.SIGHUP)
        return watched.pids == hatchery.started[1:2] and len(hatchery.started) == 3

    stop_when(is_renewed)

    assert watched.run() == 0
    assert watched.pids == hatchery.started[1:2]


def test_worker_that_outlives_its_channel_for_too_long_is_killed(
    hatch: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "ENDING_S", 0.1)
    hatchery = hatch(LINGERING, STEADY)
    gone: list[int] = []
    stop_when(lambda: bool(gone))

    assert Supervisor(hatchery, 1, gone.append).run() == 0
    assert gone == hatchery.started[:1]


def test_first_worker_that_falls_ends_the_service_with_its_status(hatch: Programs) -> None:
    hatchery = hatch(FALLING)

    assert Supervisor(hatchery, 2).run() == 3
    assert len(hatchery.started) == 1


def test_workers_that_fall_when_started_are_not_tried_without_a_pause(
    hatch: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "MAX_PAUSE_S", 600.0)
    hatchery = hatch(STEADY, FALLING)
    gone: list[int] = []
    stop_when(lambda: len(gone) >= 2)

    assert Supervisor(hatchery, 2, gone.append).run() == 0
    assert len(hatchery.started) == 3
