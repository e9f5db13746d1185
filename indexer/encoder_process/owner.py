"""Starts the process that encodes and puts another in its place when it dies.

The owner holds the listening socket, so that callers never find the door shut: while a process
is replaced their connections wait. It knows from the board of the dead which text it was at.
"""

import json
import logging
import os
import queue
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Self

from indexer.encoder_files import Stamp
from indexer.encoder_process.blame import Suspicion, make_board, n_running_on, suspects_on
from indexer.encoder_process.child import Opening, Plan
from indexer.errors import EncoderError, EncoderFilesError
from models.errors import SetupError

STARTING_S: Final = 600.0
"""Longest wait for a first start: the default encoder's files are written in half a minute."""

STOPPING_S: Final = 5.0
BACKLOG: Final = 256
MAX_PAUSE_S: Final = 10.0
"""Longest pause before another try when processes die without having encoded anything."""

HEALTHY_S: Final = 30.0
"""A process that lived this long did not die of being started."""

_log = logging.getLogger("navmatch.encoder")
_SPAWN: Final = ("-X", "faulthandler=0", "-m", "indexer.encoder_process.child")
_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass
class _Child:
    """A process and what it has said.

    Attributes:
        process: The process.
        board: File in which its lanes say what they are at.
        report: Its crash report.
        ready: What it said once the encoder was open.
        began: Moment (monotonic) of its start.
    """

    process: subprocess.Popen[str]
    board: Path
    report: Path
    ready: dict[str, Any]
    began: float


class EncoderOwner:
    """Owner of the encoder's process.

    Attributes:
        address: Unix socket on which it is asked.
        n_deaths: How many processes died.
        last_gap_s: Seconds from the last death to the next process being ready.
    """

    def __init__(self, opening: Opening, *, n_lanes: int = 1, has_spare: bool = False) -> None:
        """Start nothing yet.

        Args:
            opening: How to open the encoder.
            n_lanes: How many texts or batches are encoded at once.
            has_spare: Whether a second process is kept ready: it takes the memory of one, and
                spares callers the time an encoder takes to load.
        """
        self._opening = opening
        self._n_lanes = n_lanes
        self._has_spare = has_spare
        self._folder = Path(tempfile.mkdtemp(prefix="navmatch-"))  # a short path: 108 bytes
        self.address = self._folder / "encoder.sock"
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._suspicion = Suspicion()
        self._digests: dict[Stamp, str] = {}
        self._child: _Child | None = None
        self._spares: queue.Queue[_Child | None] = queue.Queue()
        self._stopping = threading.Event()
        self._watch = threading.Thread(target=self._run, name="encoder-owner", daemon=True)
        self._n_started = 0
        self.n_deaths = 0
        self.last_gap_s = 0.0

    @property
    def pid(self) -> int | None:
        """Number of the process; None while there is none."""
        return self._child.process.pid if self._child else None

    @property
    def n_running(self) -> int:
        """How many lanes encode at this moment."""
        return n_running_on(self._child.board.read_bytes()) if self._child else 0

    @property
    def n_spares(self) -> int:
        """How many processes stand ready."""
        return self._spares.qsize()

    def start(self) -> Self:
        """Start the process and return when it answers.

        Raises:
            SetupError: the encoder cannot be opened; the message says what to do.
        """
        self._listening.bind(str(self.address))
        self._listening.listen(BACKLOG)
        try:
            child = self._make()
        except SetupError:
            self._clear_away()
            raise
        self._take_on(child)
        self._watch.start()
        return self

    def stop(self) -> None:
        """Stop the process; who still asks finds nobody."""
        self._stopping.set()
        self._end(self._child)
        if self._watch.is_alive():
            self._watch.join(STOPPING_S)
        while not self._spares.empty():
            self._end(self._spares.get())
        self._clear_away()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        pause_s = 0.1
        while not self._stopping.is_set():
            child = self._child
            if child is None:
                return
            self._listen_to(child)
            if self._stopping.is_set():
                return
            died = time.monotonic()
            n_suspects = self._count(child)
            if n_suspects or died - child.began > HEALTHY_S:
                pause_s = 0.1
            else:
                self._stopping.wait(pause_s)
                pause_s = min(2 * pause_s, MAX_PAUSE_S)
            self._replace(died)

    def _listen_to(self, child: _Child) -> None:
        """Hear what a child has to say until it is dead."""
        for line in _lines(child.process):
            said = _parsed(line)
            if "cleared" in said:
                self._suspicion.clear(bytes.fromhex(said["cleared"]))
        _bury(child.process)

    def _count(self, child: _Child) -> int:
        """Take note of a death; returns how many texts are suspected of it."""
        self.n_deaths += 1
        suspects = suspects_on(child.board.read_bytes(), child.report.read_text(errors="replace"))
        self._suspicion.add(suspects)
        _log.error(
            "encoder process %d died (status %s) with %d texts under way",
            child.process.pid,
            child.process.returncode,
            len(suspects),
        )
        return len(suspects)

    def _replace(self, died: float) -> None:
        while not self._stopping.is_set():
            try:
                child = None if self._spares.empty() else self._spares.get()
                if child is None or child.process.poll() is not None:
                    child = self._make()
                self._take_on(child)
            except (SetupError, OSError) as error:
                _log.error("encoder process not replaced: %s", error)
                self._stopping.wait(MAX_PAUSE_S)
                continue
            self.last_gap_s = time.monotonic() - died
            _log.warning("encoder process replaced after %.2f s", self.last_gap_s)
            return

    def _take_on(self, child: _Child) -> None:
        """Let a child that is ready answer from now on."""
        deaths = {digest.hex(): n for digest, n in self._suspicion.deaths().items()}
        _tell(child.process, json.dumps({"deaths": deaths}))
        self._child = child
        if self._has_spare:
            threading.Thread(target=self._make_spare, daemon=True).start()

    def _make_spare(self) -> None:
        try:
            spare = self._make()
        except (SetupError, OSError) as error:
            _log.warning("no encoder process in reserve: %s", error)
            return
        self._spares.put(spare)
        if self._stopping.is_set():
            self._end(spare)

    def _make(self) -> _Child:
        """Return a new child whose encoder is open."""
        self._n_started += 1
        board = self._folder / f"board-{self._n_started}"
        report = self._folder / f"report-{self._n_started}"
        make_board(board, self._n_lanes)
        plan = Plan(
            opening=self._opening,
            listening=self._listening.fileno(),
            board=str(board),
            report=str(report),
            n_lanes=self._n_lanes,
            digests=list(self._digests.items()),
        )
        process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, *_SPAWN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=[self._listening.fileno()],
            env=_environment(self._opening.threads),
        )
        began = time.monotonic()
        _tell(process, plan.to_line())
        ready = self._await_ready(process)
        self._digests = {(k[0], k[1], k[2], k[3]): digest for k, digest in ready["digests"]}
        return _Child(process, board, report, ready, began)

    def _await_ready(self, process: subprocess.Popen[str]) -> dict[str, Any]:
        timer = threading.Timer(STARTING_S, process.kill)
        timer.start()
        try:
            for line in _lines(process):
                said = _parsed(line)
                if "error" in said:
                    _bury(process)
                    kind = EncoderFilesError if said["code"] == "encoder_files" else EncoderError
                    raise kind(said["error"])
                if "fingerprint" in said:
                    return said
        finally:
            timer.cancel()
        raise EncoderError(
            "编码器进程没有启动成功，原因见日志。请运行 navmatch doctor 检查；"
            "内存不足时请改用 e5-small-int8。",
            status=_bury(process),
        )

    def _end(self, child: _Child | None) -> None:
        if child is None:
            return
        if child.process.stdin is not None:
            child.process.stdin.close()  # the end of its input is its sign to go
        try:
            child.process.wait(STOPPING_S)
        except subprocess.TimeoutExpired:
            child.process.kill()
        _bury(child.process)

    def _clear_away(self) -> None:
        self._listening.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _environment(threads: int) -> Mapping[str, str]:
    """Return an environment in which native libraries use no threads but those asked for."""
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
    return {
        **os.environ,
        "OMP_NUM_THREADS": str(threads),
        "OMP_WAIT_POLICY": "passive",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "PYTHONPATH": path,
    }


def _tell(process: subprocess.Popen[str], line: str) -> None:
    if process.stdin is not None:
        process.stdin.write(line + "\n")
        process.stdin.flush()


def _bury(process: subprocess.Popen[str]) -> int:
    """Wait for the end of a process, close what led to it and return its status."""
    status = process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
    return status


def _lines(process: subprocess.Popen[str]) -> IO[str] | list[str]:
    return process.stdout if process.stdout is not None else []


def _parsed(line: str) -> dict[str, Any]:
    """Return what a line says; a library's own words say nothing."""
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
