"""What client and child say to each other: length, JSON header, float32 rows."""

import json
import socket
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

MAX_MESSAGE_BYTES: Final = 64 << 20
_LENGTHS: Final = struct.Struct("!II")


class Role(StrEnum):
    """What the texts of a request are."""

    HELLO = "hello"
    QUERY = "query"
    DOCUMENT = "document"


class Outcome(StrEnum):
    """What became of a request."""

    DONE = "done"
    BUSY = "busy"
    LATE = "late"
    SUSPECT = "suspect"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Request:
    """Texts to encode.

    Attributes:
        role: What they are.
        texts: Canonical texts.
        due: Moment (monotonic clock, the same in all processes of a host) after which nobody
            waits; None where nobody is in a hurry: such requests wait behind all others.
        again: Whether it was sent before, to a process that died with it.
    """

    role: Role
    texts: Sequence[str] = ()
    due: float | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it.

    Attributes:
        outcome: Whether the vectors are there, and why not.
        vectors: float32 (n, dim); no rows unless done.
        refused: Places of the texts that are not encoded: processes died over them.
        fingerprint: That of the encoder, in the answer to a greeting.
        busy_s: How long the slowest lane has been at one batch, in the answer to a greeting.
        waiting: How many questions and how many batches of documents wait, in the same answer.
    """

    outcome: Outcome
    vectors: NDArray[np.float32]
    refused: Sequence[int] = ()
    fingerprint: str = ""
    busy_s: float = 0.0
    waiting: tuple[int, int] = (0, 0)


class HungUpError(Exception):
    """The other side closed the connection."""


def send_request(connection: socket.socket, request: Request) -> None:
    """Send a request."""
    _send(connection, json.dumps(asdict(request)).encode(), b"")


def receive_request(connection: socket.socket) -> Request:
    """Return the next request.

    Raises:
        HungUpError: there will be none.
    """
    header, _ = _receive(connection)
    fields = json.loads(header)
    return Request(**{**fields, "role": Role(fields["role"])})


def send_answer(connection: socket.socket, answer: Answer) -> None:
    """Send an answer."""
    header = {
        "outcome": answer.outcome,
        "shape": answer.vectors.shape,
        "refused": list(answer.refused),
        "fingerprint": answer.fingerprint,
        "busy_s": answer.busy_s,
        "waiting": answer.waiting,
    }
    rows = np.ascontiguousarray(answer.vectors, dtype="<f4").tobytes()
    _send(connection, json.dumps(header).encode(), rows)


def receive_answer(connection: socket.socket) -> Answer:
    """Return the answer to what was sent.

    Raises:
        HungUpError: there will be none.
    """
    header, rows = _receive(connection)
    fields = json.loads(header)
    vectors = np.frombuffer(bytearray(rows), dtype="<f4").reshape(fields["shape"])
    return Answer(
        outcome=Outcome(fields["outcome"]),
        vectors=vectors.astype(np.float32, copy=False),
        refused=fields["refused"],
        fingerprint=fields["fingerprint"],
        busy_s=fields["busy_s"],
        waiting=(fields["waiting"][0], fields["waiting"][1]),
    )


def no_vectors(dim: int = 0) -> NDArray[np.float32]:
    """Return no rows."""
    return np.zeros((0, dim), np.float32)


def _send(connection: socket.socket, header: bytes, rows: bytes) -> None:
    try:
        connection.sendall(_LENGTHS.pack(len(header), len(rows)) + header + rows)
    except (BrokenPipeError, ConnectionError) as error:
        raise HungUpError from error


def _receive(connection: socket.socket) -> tuple[bytes, bytes]:
    n_header, n_rows = _LENGTHS.unpack(_exactly(connection, _LENGTHS.size))
    if n_header + n_rows > MAX_MESSAGE_BYTES:
        raise HungUpError
    return _exactly(connection, n_header), _exactly(connection, n_rows)


def _exactly(connection: socket.socket, n_bytes: int) -> bytes:
    parts: list[bytes] = []
    while n_bytes:
        try:
            part = connection.recv(min(n_bytes, 1 << 20))
        except ConnectionError as error:
            raise HungUpError from error
        if not part:
            raise HungUpError
        parts.append(part)
        n_bytes -= len(part)
    return b"".join(parts)
