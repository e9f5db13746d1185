"""A real server process with a data folder of its own, to be killed and started again."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import httpx2
import psutil

from api.settings import DATABASE_FILE
from tests.credentials import operator_of

ROOT: Final = Path(__file__).resolve().parents[2]
START_S: Final = 120.0
"""Longest wait for a start on a machine that is busy with other things."""

DATA_DIR: Final = "NAVMATCH_DATA_DIR"
SINGLE_THREADED: Final = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONUTF8": "1",
    "HF_HUB_OFFLINE": "1",
}


class NotReadyError(Exception):
    """The server ended, or did not answer in time."""


_ANSWERS: Final = re.compile(rb"worker (\d+) answers")
"""What the first process writes down when a worker is ready."""


class Server:
    """One installation: its folder and its port outlive the processes.

    Attributes:
        data_dir: Database, index and the log of all starts.
        port: Where it listens on 127.0.0.1.
        environment: Variables given to every process, besides those of this one.
        arguments: Words after `serve`.
        program: Module that is run.
    """

    program = "tests.faults.program"

    def __init__(
        self,
        data_dir: Path,
        environment: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
    ) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.environment = dict(environment or {})
        self.arguments = tuple(arguments)
        self._process: subprocess.Popen[bytes] | None = None
        self._credentials: dict[str, str] | None = None
        data_dir.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log_path(self) -> Path:
        """What all its processes said."""
        return self.data_dir.with_name(f"{self.data_dir.name}.log")

    @property
    def pid(self) -> int:
        """Number of the first process."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the first process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self, **more: str) -> None:
        """Start it, with more variables this time; it may not answer yet."""
        assert not self.is_running
        self._process = self.command("serve", "--port", str(self.port), *self.arguments, **more)

    def command(self, *words: str, **more: str) -> subprocess.Popen[bytes]:
        """Start any command on the same installation, in a process group of its own."""
        environment = {
            **os.environ,
            **SINGLE_THREADED,
            **self.environment,
            DATA_DIR: str(self.data_dir),
            **more,
        }
        with self.log_path.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", self.program, *words],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_ready(self, limit_s: float = START_S) -> float:
        """Return how many seconds passed until it says it can answer.

        Raises:
            NotReadyError: it ended, or took longer.
        """
        begun = time.monotonic()
        with self._stranger() as client:
            while time.monotonic() - begun < limit_s:
                if not self.is_running:
                    raise NotReadyError(f"the server ended:\n{self.log_tail()}")
                with suppress(httpx2.TransportError):
                    if client.get("/readyz").status_code == 200:
                        return time.monotonic() - begun
                time.sleep(0.02)
        raise NotReadyError(f"not ready after {limit_s} s:\n{self.log_tail()}")

    def wait_followed(self, limit_s: float = START_S) -> dict[str, Any]:
        """Return what readiness says once the index has followed every change."""
        begun = time.monotonic()
        with self._stranger() as client:
            while time.monotonic() - begun < limit_s:
                with suppress(httpx2.TransportError):
                    reply = client.get("/readyz")
                    told: dict[str, Any] = reply.json()
                    if reply.status_code == 200 and told.get("lag") == 0:
                        return told
                time.sleep(0.05)
        raise NotReadyError(f"the index did not follow in {limit_s} s:\n{self.log_tail()}")

    def wait_end(self, limit_s: float = START_S) -> int:
        """Return the exit code of a process that ends by itself; what it left is killed."""
        assert self._process is not None
        code = self._process.wait(limit_s)
        self.kill()
        return code

    def client(self, timeout: float = 10.0) -> httpx2.Client:
        """Return a client that may do everything; no proxy of the environment is asked."""
        if self._credentials is None:
            self._credentials = operator_of(self.database_url)
        return httpx2.Client(
            base_url=self.url, timeout=timeout, trust_env=False, headers=self._credentials
        )

    @property
    def database_url(self) -> str:
        """Address of its database."""
        sqlite = f"sqlite:///{self.data_dir / DATABASE_FILE}"
        return self.environment.get("NAVMATCH_DATABASE_URL", sqlite)

    def _stranger(self) -> httpx2.Client:
        """Return a client nobody knows."""
        return httpx2.Client(base_url=self.url, timeout=5, trust_env=False)

    def workers(self) -> list[psutil.Process]:
        """Return the processes the first one started, itself if it started none."""
        if not self.is_running:
            return []
        first = psutil.Process(self.pid)
        return first.children(recursive=True) or [first]

    def answering(self) -> list[psutil.Process]:
        """Return the workers that said that they answer, the first process if it started none.

        Others of its processes encode, or wait in reserve.
        """
        said = {int(pid) for pid in _ANSWERS.findall(self.log_path.read_bytes())}
        return [worker for worker in self.workers() if worker.pid in said | {self.pid}]

    def kill(self) -> None:
        """Kill all its processes at once."""
        if self._process is None:
            return
        self.kill_command(self._process)
        self._process = None

    def kill_command(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a command of this installation with everything it started.

        The number of one that has ended may belong to a stranger by now: only processes of its
        group that work on this installation are killed then.
        """
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        while left := self._left_of(process.pid):  # killed ones may still hold locks
            for member in left:
                with suppress(psutil.NoSuchProcess):
                    member.kill()
            time.sleep(0.005)

    def _left_of(self, group: int) -> list[psutil.Process]:
        """Return the processes of a group that are ours and more than corpses nobody buried."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, ProcessLookupError):
                is_left = os.getpgid(process.pid) == group and self._is_ours(process)
                found += [process] if is_left else []
        return found

    def _is_ours(self, process: psutil.Process) -> bool:
        is_dead = process.status() == psutil.STATUS_ZOMBIE
        return not is_dead and process.environ().get(DATA_DIR) == str(self.data_dir)

    def stop(self, limit_s: float = START_S) -> int:
        """Ask it to end, wait, and return its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self.wait_end(limit_s)

    def log_tail(self, n_bytes: int = 4_000) -> str:
        """Return the end of what it said."""
        return self.log_path.read_bytes()[-n_bytes:].decode("utf-8", "replace")


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
