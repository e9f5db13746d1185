"""What a connection may take: bytes, seconds, and how many there may be."""

from dataclasses import dataclass
from typing import Final

MAX_HEAD_BYTES: Final = 16 * 1024
"""Request line and headers together."""

HEAD_S: Final = 10.0
"""From the first byte of a request, or the opening of a connection, to the end of the headers."""

BODY_S: Final = 8.0
"""From the end of the headers to the end of the body, and more for a body that comes steadily.
A thousand that open connections at once are taken up within 5 s: the last is closed after 15."""

BODY_BYTES_PER_S: Final = 32 * 1024
"""What must have come of a body in each second since it was last looked at, for it to have as long
again: a sheet of 10 MiB may take five minutes, and a burst at first buys no silence after it."""

BODY_MOST_S: Final = 340.0
"""Longest a body may take however steadily it comes: the largest at the slowest pace."""

STALL_S: Final = 7.5
"""How long a caller may take nothing of an answer that waits for it; counted once the answer
waits, which takes seconds where a thousand ask at once."""

STALL_BYTES: Final = 4_096
"""What must have been taken meanwhile to count as something."""

SLOW_S: Final = 0.25
"""A body or an answer under way for longer makes room where there are too many connections."""

KEEP_ALIVE_S: Final = 30
"""How long a connection is kept between two requests."""

MAX_CONNECTIONS: Final = 512
"""Connections of one process; beyond, the slowest make room."""

MAX_CONNECTIONS_PER_ADDRESS: Final = 20
"""Connections from one address that is no proxy of ours."""

STOPPING_S: Final = 10
"""How long requests under way may take when the service is told to stop."""

DRAINING_S: Final = KEEP_ALIVE_S + 2.0
"""How long a replaced worker keeps idle connections, so that each can be closed by an answer."""

SEND_BUFFER_BYTES: Final = 128 * 1024
"""What the system holds of answers for one caller; it would grow to megabytes by itself."""

BACKLOG: Final = 2_048
"""Connections that may wait to be taken up, uvicorn's own figure."""

SWEPT: Final = 64
"""Connections looked at in a tenth of a second: each comes to its turn within one second."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """The limits of a process; tests set smaller ones.

    Attributes:
        head_s: Seconds for the headers.
        body_s: Seconds for the body.
        body_bytes_per_s: What must come in each of them for it to have as long again.
        body_most_s: Seconds for the body at most.
        stall_s: Seconds without taking anything of an answer.
        keep_alive_s: Seconds between two requests.
        total: Connections in all.
        per_address: Connections from one address.
        proxies: Addresses of proxies in front of us, to which the last does not apply.
    """

    head_s: float = HEAD_S
    body_s: float = BODY_S
    body_bytes_per_s: int = BODY_BYTES_PER_S
    body_most_s: float = BODY_MOST_S
    stall_s: float = STALL_S
    keep_alive_s: int = KEEP_ALIVE_S
    total: int = MAX_CONNECTIONS
    per_address: int = MAX_CONNECTIONS_PER_ADDRESS
    proxies: frozenset[str] = frozenset({"127.0.0.1", "::1"})
