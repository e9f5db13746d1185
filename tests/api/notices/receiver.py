"""A receiver of webhooks, and a mail server, on this machine: real sockets, no other host."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CERTIFICATE = Path(__file__).with_name("receiver.pem")
"""A self-made certificate for 127.0.0.1, with its key."""

DRIP_S = 0.05

Answer = tuple[int, dict[str, str]]


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A running server.

    Attributes:
        port: Where it listens on 127.0.0.1.
        answers: Status and headers of the answers to come; the last one stays.
        requests: What came.
    """

    port: int
    answers: list[Answer] = field(default_factory=lambda: [(204, {})])
    requests: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/hook"


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that runs until the end of the block."""
    receiver = Receiver(0)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.requests.append(Received(self.path, dict(self.headers.items()), body))
            answers = receiver.answers
            status, headers = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def dripping(n_drips: int, *, is_tls: bool) -> Iterator[str]:
    """A receiver that takes everything, and makes its answer longer by a byte at a time."""
    is_over = threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def setup(self) -> None:
            if is_tls:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(CERTIFICATE)
                self.request = context.wrap_socket(self.request, server_side=True)
            super().setup()

        def handle(self) -> None:
            try:
                while self.rfile.readline().strip():
                    pass
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
                for _ in range(n_drips):
                    if is_over.wait(DRIP_S):
                        return
                    self.wfile.write(b"a")
                self.wfile.write(b"\r\n\r\n")
            except OSError:  # the sender has had enough
                return

        def finish(self) -> None:
            super().finish()
            socket_of: socket.socket = self.request
            socket_of.close()

    class Server(socketserver.ThreadingTCPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing of senders that do not believe the certificate."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http{'s' if is_tls else ''}://127.0.0.1:{server.server_address[1]}/hook"
        finally:
            is_over.set()
            server.shutdown()
            thread.join()


@dataclass
class Post:
    """A running mail server.

    Attributes:
        port: Where it listens on 127.0.0.1.
        refused: Recipients it refuses.
        letters: Sender, recipient and content of what it took.
    """

    port: int
    refused: set[str] = field(default_factory=set)
    letters: list[tuple[str, str, bytes]] = field(default_factory=list)


@contextmanager
def post_office() -> Iterator[Post]:
    """A mail server (RFC 5321, the part a client needs) that runs until the end of the block."""
    post = Post(0)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            sender = recipient = ""
            self._say(b"220 ready")
            for line in self.rfile:
                word = line.strip().upper()
                if word.startswith(b"MAIL FROM:"):
                    sender = _address(line)
                elif word.startswith(b"RCPT TO:"):
                    recipient = _address(line)
                    if recipient in post.refused:
                        self._say(b"550 no such mailbox")
                        continue
                elif word == b"DATA":
                    self._say(b"354 go on")
                    post.letters.append((sender, recipient, self._letter()))
                elif word == b"QUIT":
                    self._say(b"221 bye")
                    return
                self._say(b"250 ok")

        def _letter(self) -> bytes:
            lines = iter(self.rfile.readline, b".\r\n")
            return b"".join(
                line.removeprefix(b".") if line[:2] == b".." else line for line in lines
            )

        def _say(self, line: bytes) -> None:
            self.wfile.write(line + b"\r\n")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
            thread.join()


def _address(line: bytes) -> str:
    return line.partition(b"<")[2].partition(b">")[0].decode()
