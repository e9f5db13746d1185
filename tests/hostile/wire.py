"""Requests and replies as bytes, put straight into the application's ASGI interface.

No client stands between: one would refuse to send most of the corpus.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Scope

HOST: Final = "testserver"
_PIECE: Final = 65_536
"""Bytes handed over at a time, as servers do."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request.

    Attributes:
        method: Its method.
        target: Percent-encoded path.
        query: Percent-encoded query, without the question mark.
        headers: Names in lower case, and values.
        body: Its body; None for none.
    """

    method: str
    target: str
    query: str = ""
    headers: tuple[tuple[str, bytes], ...] = ()
    body: bytes | None = None

    def scope(self) -> Scope:
        """Return the request as a server would announce it."""
        headers = {"host": HOST.encode(), **dict(self.headers)}
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "https",
            "path": unquote(self.target),
            "raw_path": self.target.encode("ascii"),
            "query_string": self.query.encode("ascii"),
            "root_path": "",
            "headers": [(name.lower().encode(), value) for name, value in headers.items()],
            "client": ("127.0.0.1", 50_000),
            "server": (HOST, 443),
            "state": {},
        }


@dataclass
class Got:
    """A reply.

    Attributes:
        status: Its status, 0 when none came.
        headers: By lower-case name.
        body: Its body.
        seconds: How long it took.
        fault: What the application raised instead of answering; empty when it did not.
    """

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    fault: str = ""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the body as strict JSON; None when it is none."""
        try:
            return json.loads(self.body.decode("utf-8"), parse_constant=_refuse)
        except (ValueError, RecursionError):
            return None


def _refuse(name: str) -> object:
    raise ValueError(name)


async def exchange(app: ASGIApp, sent: Sent) -> Got:
    """Send one request and return the reply, whatever happens."""
    got = Got()
    content = sent.body or b""
    pieces = [content[at : at + _PIECE] for at in range(0, len(content), _PIECE)] or [b""]
    waiting = iter(
        {"type": "http.request", "body": piece, "more_body": n < len(pieces)}
        for n, piece in enumerate(pieces, start=1)
    )

    async def receive() -> Message:
        return next(waiting, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            got.status = message["status"]
            got.headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in message["headers"]}
        elif message["type"] == "http.response.body":
            got.body += message.get("body", b"")

    start_s = time.perf_counter()
    try:
        await app(sent.scope(), receive, send)
    except Exception as error:
        got.fault = type(error).__name__
    got.seconds = time.perf_counter() - start_s
    return got


def json_headers(more: Mapping[str, bytes] | None = None) -> tuple[tuple[str, bytes], ...]:
    """Return the headers of a JSON body and further ones, which win."""
    return tuple({"content-type": b"application/json", **(more or {})}.items())
