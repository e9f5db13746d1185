"""A child as its owner sees it: told what to do a line at a time, heard a line at a time."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self

from indexer.encoder_process.blame import hanging_on, make_board, suspects_on
from indexer.encoder_process.child import Plan
from indexer.errors import EncoderError, EncoderFilesError

STARTING_S: Final = 600.0
"""Longest wait for a first start: the default encoder's files are written in half a minute."""

STOPPING_S: Final = 1.5
"""How long it may take to end; with the workers' 13 s less than the 15 promised."""

_FROM_OUTSIDE: Final = (-signal.SIGKILL, -signal.SIGTERM)
_SPAWN: Final = ("-X", "faulthandler=0", "-m", "indexer.encoder_process.child")
_ROOT: Final = Path(__file__).resolve().parents[2]


class Offspring:
    """A process that encodes.

    Attributes:
        ready: What it said once its encoder was open.
        hanging: Digests of the texts it hung at, for which it was killed.
        began: Moment (monotonic clock) of its start.
    """

    def __init__(self, plan: Plan) -> None:
        """Start it; `await_ready` tells when its encoder is open."""
        make_board(Path(plan.board), plan.n_lanes)
        self._board, self._report = Path(plan.board), Path(plan.report)
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, *_SPAWN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=[plan.listening],
            env=_environment(plan.opening.threads),
        )
        self.began = time.monotonic()
        self.ready: dict[str, Any] = {}
        self.hanging: list[bytes] = []
        self.tell(plan.to_line())

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def status(self) -> int | None:
        """How it ended; None while it lives."""
        return self._process.poll()

    @property
    def board(self) -> bytes:
        """What its lanes say they are at; empty where that cannot be read."""
        try:
            return self._board.read_bytes()
        except OSError:
            return b""

    @property
    def report(self) -> str:
        """What it wrote while it died; empty where it could not."""
        try:
            return self._report.read_text(errors="replace")
        except OSError:
            return ""

    @property
    def was_killed(self) -> bool:
        """Whether its end came from outside: it proves nothing against what it was at."""
        return self.status in _FROM_OUTSIDE and not self.report and not self.hanging

    def await_ready(self) -> Self:
        """Return when its encoder is open.

        Raises:
            EncoderError: the encoder cannot be opened; the message says what to do.
        """
        timer = threading.Timer(STARTING_S, self._process.kill)
        timer.start()
        try:
            for said in self.words():
                if "error" in said:
                    self.bury()
                    kind = EncoderFilesError if said["code"] == "encoder_files" else EncoderError
                    raise kind(said["error"])
                if "fingerprint" in said:
                    self.ready = said
                    return self
        finally:
            timer.cancel()
        raise EncoderError(
            "编码器进程没有启动成功，原因见日志。请运行 navmatch doctor 检查；"
            "内存不足时请改用 e5-small-int8。",
            status=self.bury(),
        )

    def tell(self, line: str) -> None:
        """Say a line to it.

        Raises:
            OSError: it is gone.
        """
        if self._process.stdin is not None:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def words(self) -> Iterator[dict[str, Any]]:
        """Yield what it says until it is dead; a library's own words say nothing."""
        stream = self._process.stdout
        if stream is None or stream.closed:
            return
        for line in stream:
            try:
                said = json.loads(line)
            except ValueError:
                continue
            if isinstance(said, dict):
                yield said

    def suspects(self) -> list[bytes]:
        """Return the digests of the texts that may have killed it."""
        return self.hanging or suspects_on(self.board, self.report)

    def kill_if_hanging(self, limit_s: float) -> bool:
        """Kill it when it has been at some texts for too long; returns whether it was, now."""
        if self.hanging:
            return False
        self.hanging = hanging_on(self.board, limit_s)
        if self.hanging:
            self._process.kill()
        return bool(self.hanging)

    def end(self) -> None:
        """Have it end: the end of its input is its sign to go."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(STOPPING_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self.bury()

    def bury(self) -> int:
        """Wait for its end, close what led to it and return its status."""
        status = self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        return status


def _environment(threads: int) -> dict[str, str]:
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
