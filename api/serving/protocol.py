"""One connection of HTTP/1.1: uvicorn's, with deadlines and our own words for what is wrong."""

import asyncio
import fcntl
import json
import sys
import termios
from http import HTTPStatus
from typing import Any, ClassVar, Final

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from api.serving.connections import ConnectionKeeper, Phase

_SENTENCES: Final = {
    400: ("bad_request", "请求无法读取", "请求不符合 HTTP/1.1 的格式。"),
    408: ("request_timeout", "请求没有按时传完", "请求没有在时限内传完，连接已关闭。请重试。"),
    431: ("headers_too_large", "请求头过大", "请求行和请求头合计超过 16 KiB。"),
    503: ("too_many_connections", "连接过多", "同一地址的连接已达上限，请稍后重试。"),
}


def _answer(status: int) -> bytes:
    """Return a whole answer that says what is wrong."""
    code, title, detail = _SENTENCES[status]
    problem = {
        "type": f"urn:navmatch:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
    }
    body = json.dumps(problem, ensure_ascii=False).encode()
    head = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        "content-type: application/problem+json",
        f"content-length: {len(body)}",
        "connection: close",
        *(["retry-after: 1"] if status == HTTPStatus.SERVICE_UNAVAILABLE else []),
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


_ANSWERS: Final = {status: _answer(status) for status in _SENTENCES}
"""Written once: hundreds may be sent in the same moment."""

_WAITING_BYTES: Final = getattr(termios, "TIOCOUTQ", None) if sys.platform == "linux" else None
"""Asks the system what of a socket was not acknowledged yet; two megabytes may be."""


class GuardedProtocol(H11Protocol):
    """A connection that is closed when it takes too long, and refused when there are too many.

    Attributes:
        keeper: Keeps all connections of the process; set by `guarded`.
    """

    keeper: ClassVar[ConnectionKeeper]

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.address = ""
        self.phase = Phase.HEAD
        self.since = self.loop.time()
        self.n_received = 0
        self.steady_at = self.since
        self.n_waiting = 0
        self.waiting_since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take up a connection, if there is room."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        if not self.keeper.let_in(self):
            self._say(503)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self.keeper.forget(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, and see what the connection is at now."""
        if self.transport.is_closing():
            return
        self.n_received += len(data)
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """See what the connection is at once an answer is sent."""
        super().on_response_complete()
        self._look()

    def n_unsent(self) -> int:
        """Return how many bytes of answers wait to be taken, here or in the system."""
        if self.cycle is None:  # nothing was answered yet, and the system need not be asked
            return 0
        return self.transport.get_write_buffer_size() + self._n_in_system()

    def give_up(self) -> None:
        """Say that the request took too long, if that can still be said, and close."""
        self._say(408)

    def cut(self) -> None:
        """Close at once."""
        self._let_go()
        self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong with a request that cannot be read."""
        error = sys.exc_info()[1]
        is_large = isinstance(error, h11.RemoteProtocolError) and error.error_status_hint == 431
        self._say(431 if is_large else 400)

    def _n_in_system(self) -> int:
        """Return how many bytes the system holds of which the other side has taken no note."""
        line = self.transport.get_extra_info("socket")
        if line is None or _WAITING_BYTES is None or self.transport.is_closing():
            return 0
        try:
            held = fcntl.ioctl(line.fileno(), _WAITING_BYTES, bytes(4))
        except OSError:
            return 0
        return int.from_bytes(held, sys.byteorder)

    def _look(self) -> None:
        """Note the moment the connection came to something else."""
        phase = self._phase()
        if phase is not self.phase:
            self.phase, self.since, self.n_received = phase, self.loop.time(), 0
            self.steady_at = self.since

    def _phase(self) -> Phase:
        theirs = self.conn.their_state
        is_answered = self.cycle is not None and self.cycle.response_complete
        if theirs is h11.SEND_BODY:
            return Phase.REST if is_answered else Phase.BODY
        if theirs is h11.IDLE:
            return Phase.HEAD if self.cycle is None or self.conn.trailing_data[0] else Phase.IDLE
        return Phase.IDLE if is_answered else Phase.ANSWER

    def _say(self, status: int) -> None:
        """Send a problem, unless an answer has begun, and close."""
        has_begun = self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE)
        if not has_begun and not self.transport.is_closing():
            self.transport.write(_ANSWERS[status])
        self._let_go()
        self.transport.close()

    def _let_go(self) -> None:
        """Tell the application, should it still wait for a body, that none will come."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()


def guarded(keeper: ConnectionKeeper) -> type[GuardedProtocol]:
    """Return the protocol for connections kept by this keeper."""
    return type("KeptProtocol", (GuardedProtocol,), {"keeper": keeper})
