"""Bytes on a socket that are no sound request: `python -m tests.hostile.sockets`.

What a client library would never send, sent to the real server process: each must be answered
with a refusal or a closed connection, and the process must live.
"""

import argparse
import select
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.faults.server import Server
from tests.hostile.target import database, leave_nothing_when_told_to_end
from tests.hostile.verdict import CANARY, MAX_ERROR_BYTES

WAIT_S: Final = 20.0
"""Longer than the server waits for a request to go on."""

PATIENCE_S: Final = 1.0
"""After so much silence the server is told that no more will come."""

_MARK: Final = CANARY.encode()
_HEAD: Final = b"POST /v1/tags HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
_BODY: Final = b'{"text": "' + _MARK + b'"}'


def _post(headers: bytes, body: bytes = b"") -> bytes:
    return _HEAD + headers + b"Connection: close\r\n\r\n" + body


def _get(target: bytes, headers: bytes = b"") -> bytes:
    return (
        b"GET "
        + target
        + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        + headers
        + (b"Connection: close\r\n\r\n")
    )


WRONG: Final[Mapping[str, bytes]] = {
    "nothing but noise": bytes(range(256)) * 4,
    "zeros": bytes(2_000),
    "tls hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    "http/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "http/0.9": b"GET /healthz\r\n",
    "http/9.9": b"GET /healthz HTTP/9.9\r\n\r\n",
    "no host": b"GET /v1/demands HTTP/1.1\r\n\r\n",
    "two hosts": _get(b"/v1/demands", b"Host: evil.example\r\n"),
    "foreign host": b"GET /v1/demands HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "host with bytes": b"GET /v1/demands HTTP/1.1\r\nHost: \xff\xfe\r\nConnection: close\r\n\r\n",
    "absolute target": _get(b"http://evil.example/v1/demands"),
    "authority target": b"CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example:80\r\n\r\n",
    "asterisk": b"OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
    "method of bytes": b"\xff\xfe / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "method of a thousand letters": b"A" * 1_000 + b" / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "space in target": _get(b"/v1/demands /x"),
    "bytes in target": _get(b"/v1/demands/" + _MARK),
    "invalid utf-8 in target": _get(b"/v1/demands/%ff%fe%ED%A0%80"),
    "nul in target": _get(b"/v1/demands/%00"),
    "raw nul in target": _get(b"/v1/demands/\0"),
    "line end in target": _get(b"/v1/demands/%0d%0aX-Injected:%201"),
    "raw line end in target": b"GET /v1/demands/\rX: 1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "target of 20,000 bytes": _get(b"/v1/demands?text=" + b"x" * 20_000),
    "target of a million bytes": b"GET /" + b"x" * 1_000_000,
    "broken escapes": _get(b"/v1/cases?text=%&region=%zz&limit=%u4e13"),
    "five thousand parameters": _get(b"/v1/cases?" + b"a=b&" * 4_000),
    "header without colon": _get(b"/v1/demands", b"nonsense\r\n"),
    "header name with space": _get(b"/v1/demands", b"X Y: 1\r\n"),
    "space before colon": _get(b"/v1/demands", b"X-Y : 1\r\n"),
    "folded header": _get(b"/v1/demands", b"X-Y: 1\r\n 2\r\n"),
    "bare line feed": b"GET /v1/demands HTTP/1.1\nHost: 127.0.0.1\n\n",
    "nul in header": _get(b"/v1/demands", b"X-Y: a\0b\r\n"),
    "carriage return in header": _get(b"/v1/demands", b"X-Y: a\rb\r\n"),
    "bytes in request id": _get(b"/v1/nowhere", b"X-Request-ID: " + _MARK + b"\xff\r\n"),
    "bytes in authorisation": _get(b"/v1/people", b"Authorization: Bearer \xff" + _MARK + b"\r\n"),
    "basic authorisation": _get(b"/v1/people", b"Authorization: Basic " + _MARK + b"\r\n"),
    "cookie of bytes": _get(b"/v1/people", b"Cookie: __Host-navmatch=\xff; ;;=;" + _MARK + b"\r\n"),
    "ten thousand headers": _get(b"/v1/demands", b"X: 1\r\n" * 10_000),
    "header of 20,000 bytes": _get(b"/v1/demands", b"X: " + b"y" * 20_000 + b"\r\n"),
    "headers without end": b"GET / HTTP/1.1\r\n" + b"X: 1\r\n" * 100_000,
    "two lengths": _post(b"Content-Length: 5\r\nContent-Length: 6\r\n", b"12345"),
    "length and chunks": _post(
        b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\nGET /x"
    ),
    "negative length": _post(b"Content-Length: -1\r\n", b"{}"),
    "length with sign": _post(b"Content-Length: +2\r\n", b"{}"),
    "length of words": _post(b"Content-Length: two\r\n", b"{}"),
    "length in hexadecimal": _post(b"Content-Length: 0x2\r\n", b"{}"),
    "length of thirty digits": _post(b"Content-Length: " + b"9" * 30 + b"\r\n", b"{}"),
    "length too large": _post(b"Content-Length: 2000000\r\n", b"{}"),
    "body shorter than said": _post(b"Content-Length: 500\r\n", _BODY),
    "body longer than said": _post(b"Content-Length: 2\r\n", _BODY),
    "chunk of words": _post(b"Transfer-Encoding: chunked\r\n", b"zz\r\n" + _BODY),
    "negative chunk": _post(b"Transfer-Encoding: chunked\r\n", b"-1\r\n\r\n"),
    "endless chunk": _post(b"Transfer-Encoding: chunked\r\n", b"F" * 40 + b"\r\n"),
    "chunk extension": _post(b"Transfer-Encoding: chunked\r\n", b"2;" + b"x" * 30_000 + b"\r\n{}"),
    "chunks beyond the limit": _post(
        b"Transfer-Encoding: chunked\r\n", (b"10000\r\n" + b" " * 65_536 + b"\r\n") * 20
    ),
    "unknown transfer": _post(b"Transfer-Encoding: gzip\r\n", b"{}"),
    "transfer twice": _post(
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", b"0\r\n\r\n"
    ),
    "trailers": _post(b"Transfer-Encoding: chunked\r\n", b"0\r\nX: " + _MARK + b"\r\n\r\n"),
    "utf-16 body": _post(
        b"Content-Length: 40\r\n", '{"text": "专利导航"}'.encode("utf-16").ljust(40)[:40]
    ),
    "gb18030 body": _post(
        b"Content-Length: 20\r\n", '{"text": "专利导航"}'.encode("gb18030").ljust(20)[:20]
    ),
    "surrogate bytes": _post(b"Content-Length: 15\r\n", b'{"text": "\xed\xa0\x80"}'.ljust(15)),
    "upgrade to websocket": _get(
        b"/v1/demands",
        b"Upgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n",
    ),
    "upgrade to http/2": _get(b"/v1/demands", b"Upgrade: h2c\r\nHTTP2-Settings: AAA\r\n"),
    "continue without body": _post(b"Content-Length: 2\r\nExpect: 100-continue\r\n", b"{}"),
    "unknown expectation": _post(b"Content-Length: 2\r\nExpect: 42\r\n", b"{}"),
    "multipart without boundary": (
        b"POST /v1/tags HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data\r\n"
        b"Content-Length: 12\r\nConnection: close\r\n\r\n--x\r\n" + b"y" * 7
    ),
    "multipart never closed": (
        b"POST /v1/tags HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\n"
        b"Content-Length: 70\r\nConnection: close\r\n\r\n"
        + b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'.ljust(70, b"z")
    ),
    "two requests, the second hidden": _post(b"Content-Length: 0\r\n")
    + _get(b"/v1/demands/" + b"%00"),
}


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of some bytes.

    Attributes:
        name: Which ones.
        status: Status of the first answer, 0 for none.
        problem: What is wrong with that; empty when nothing is.
        seconds: How long it took until the connection was closed.
    """

    name: str
    status: int
    problem: str
    seconds: float


def throw(port: int, name: str, content: bytes) -> Fate:
    """Send bytes, listen until the server closes, and judge."""
    start_s = time.monotonic()
    received, problem = b"", ""
    with socket.create_connection(("127.0.0.1", port), WAIT_S) as connection:
        try:
            connection.sendall(content)
            received = _hear(connection)
        except TimeoutError:
            problem = "the connection was not closed"
        except OSError:
            pass  # closed while we were sending, which is an answer
    status = _status(received)
    problem = problem or _fault(status, received)
    return Fate(name, status, problem, time.monotonic() - start_s)


def _hear(connection: socket.socket) -> bytes:
    """Return all the server says; one that waits for more is told that nothing will come."""
    received = b""
    is_silent = not select.select([connection], [], [], PATIENCE_S)[0]
    if is_silent:
        connection.shutdown(socket.SHUT_WR)
    while piece := connection.recv(65_536):
        received += piece
        if not is_silent and not select.select([connection], [], [], PATIENCE_S)[0]:
            is_silent = True
            connection.shutdown(socket.SHUT_WR)
    return received


def _status(received: bytes) -> int:
    words = received[:40].split(b" ")
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0


def _fault(status: int, received: bytes) -> str:
    if status >= 500:
        return f"answered {status}"
    if status >= 400 and len(received.partition(b"\r\n\r\n")[2]) > MAX_ERROR_BYTES:
        return f"an error of {len(received)} bytes"
    if status >= 400 and _MARK in received:
        return "what was sent comes back"
    if b"X-Injected" in received.partition(b"\r\n\r\n")[0]:
        return "a header was injected"
    return ""


@contextmanager
def server(kind: str) -> Iterator[Server]:
    """Give a running server on an empty database."""
    with tempfile.TemporaryDirectory() as folder, database(kind) as new_url:
        url = new_url()
        made = Server(Path(folder) / "data", {"NAVMATCH_DATABASE_URL": url} if url else {})
        made.start()
        try:
            made.wait_ready()
            yield made
        finally:
            made.kill()


def attack(target: Server) -> list[Fate]:
    """Throw everything at a server and return what became of it."""
    fates = []
    for name, content in WRONG.items():
        fates.append(throw(target.port, name, content))
        if not target.is_running:
            return [*fates, Fate(name, 0, "the process died", 0.0)]
    return fates


def main(arguments: Sequence[str] | None = None) -> int:
    """Throw everything, print what became of it and return 0 when nothing was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.sockets", description=__doc__)
    parser.add_argument("--db", choices=("sqlite", "postgresql"), default="sqlite")
    with server(parser.parse_args(arguments).db) as target:
        fates = attack(target)
    for fate in fates:
        print(f"{fate.status or '---'}  {fate.seconds:5.2f} s  {fate.name}  {fate.problem}")
    return 1 if any(fate.problem for fate in fates) else 0


if __name__ == "__main__":
    leave_nothing_when_told_to_end()
    sys.exit(main())
