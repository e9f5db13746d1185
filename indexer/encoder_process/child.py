"""The process that encodes: `python -m indexer.encoder_process.child`, started by its owner.

It reads two lines from standard input: how to open the encoder, then, once it is ready, what
to answer on (the owner may keep a ready one in reserve). When that input ends, the owner is
gone and the process ends too. To standard output it writes lines of JSON.
"""

import faulthandler
import importlib
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from indexer.encoder_files import Stamp, remembering
from indexer.encoder_process.blame import Deaths, LaneBoard, Suspicion
from indexer.encoder_process.jobs import Job, JobQueue
from indexer.encoder_process.lanes import Lanes
from indexer.encoder_process.wire import (
    Answer,
    HungUpError,
    Outcome,
    Role,
    no_vectors,
    receive_request,
    send_answer,
)
from indexer.encoding import Encoder
from models.errors import NavmatchError

OPEN_ENCODER: Final = "indexer.encoder:open_encoder"


@dataclass(frozen=True, slots=True)
class Opening:
    """How to open the encoder.

    Attributes:
        setting: Which one, as `indexer.encoder.open_encoder` takes it.
        data_dir: Where the default encoder's files are kept.
        threads: CPU threads one call may use.
        factory: Module and function that opens it.
    """

    setting: str | None
    data_dir: str
    threads: int = 1
    factory: str = OPEN_ENCODER

    def open(self) -> Encoder:
        """Return the encoder.

        Raises:
            EncoderError: it cannot be used as it stands.
        """
        module, _, name = self.factory.partition(":")
        make: Any = getattr(importlib.import_module(module), name)
        encoder: Encoder = make(self.setting, Path(self.data_dir), self.threads)
        return encoder


@dataclass(frozen=True, slots=True)
class Plan:
    """What a child is told first.

    Attributes:
        opening: How to open the encoder.
        listening: Descriptor of the socket it inherits.
        board: File in which its lanes say what they are at.
        report: File for its crash report.
        n_lanes: How many texts or batches are encoded at once.
        digests: Hashes of files that have not been touched since they were checked.
    """

    opening: Opening
    listening: int
    board: str
    report: str
    n_lanes: int
    digests: list[tuple[Stamp, str]] = field(default_factory=list)

    def to_line(self) -> str:
        """Return it as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_line(cls, line: str) -> "Plan":
        """Return what a line says."""
        fields = json.loads(line)
        known = [((p[0], p[1], p[2], p[3]), digest) for p, digest in fields["digests"]]
        return cls(**{**fields, "opening": Opening(**fields["opening"]), "digests": known})


def main() -> int:
    """Serve until the owner is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner decides when to stop
    line = sys.stdin.readline()
    if not line:
        return 0
    plan = Plan.from_line(line)
    with Path(plan.report).open("w") as report:
        faulthandler.enable(report)  # names the thread that fell
        known = dict(plan.digests)
        try:
            with remembering(known):
                encoder = plan.opening.open()
        except NavmatchError as error:
            _say(error=error.message, code=error.code)
            return 1
        _say(fingerprint=encoder.fingerprint, dim=encoder.dim, digests=list(known.items()))
        if not (line := sys.stdin.readline()):
            return 0
        deaths = {bytes.fromhex(k): Deaths(*n) for k, n in json.loads(line)["deaths"].items()}
        _serve(plan, encoder, Suspicion(deaths))
        sys.stdin.read()
        os._exit(0)


def _serve(plan: Plan, encoder: Encoder, suspicion: Suspicion) -> None:
    """Begin to answer on the inherited socket."""
    queue = JobQueue()
    board = LaneBoard(Path(plan.board), plan.n_lanes)
    lanes = Lanes(encoder, queue, board, suspicion, lambda d: _say(cleared=d.hex()))
    lanes.start(plan.n_lanes)
    listening = socket.socket(fileno=plan.listening)

    def greet() -> Answer:
        nothing, fingerprint = no_vectors(encoder.dim), encoder.fingerprint
        return Answer(
            Outcome.DONE,
            nothing,
            fingerprint=fingerprint,
            busy_s=board.busy_s,
            waiting=queue.lengths(),
        )

    def accept() -> None:
        while True:
            connection, _ = listening.accept()
            threading.Thread(
                target=_answer_all, args=(connection, greet, queue), daemon=True
            ).start()

    threading.Thread(target=accept, daemon=True).start()


def _answer_all(connection: socket.socket, greet: Callable[[], Answer], queue: JobQueue) -> None:
    """Answer what comes over one connection, one request after the other."""
    with connection:
        try:
            while True:
                request = receive_request(connection)
                if request.role is Role.HELLO:
                    answer = greet()
                else:
                    job = Job(request)
                    is_taken = queue.put(job)
                    answer = job.wait() if is_taken else Answer(Outcome.BUSY, no_vectors())
                send_answer(connection, answer)
        except HungUpError:
            return


def _say(**fields: object) -> None:
    """Say something to the owner; where it is gone there is nothing left to do."""
    try:
        sys.stdout.write(json.dumps(fields) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
