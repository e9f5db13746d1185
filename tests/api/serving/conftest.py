"""A server around a small application, in a thread of the test."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from api.serving.limits import ConnectionLimits
from api.serving.server import DrainingServer

SIZES = {"/large": 4 << 20, "/medium": 64 << 10}


@dataclass
class Running:
    """A server that runs.

    Attributes:
        server: The server.
        port: Where it listens on 127.0.0.1.
        thread: Where it runs.
        gate: What `/slow` waits for.
    """

    server: DrainingServer
    port: int
    thread: threading.Thread
    gate: threading.Event

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        """A raw connection."""
        return socket.create_connection(("127.0.0.1", self.port), 30, (source, 0))


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    """Starts a server with limits of the test's choice."""
    started: list[Running] = []

    def run(**limits: object) -> Running:
        listening = socket.create_server(("127.0.0.1", 0))
        gate = threading.Event()
        is_up = threading.Event()

        async def told(server: DrainingServer) -> None:
            is_up.set()

        server = DrainingServer(_app(gate), ConnectionLimits(**limits), told)  # type: ignore[arg-type]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        assert is_up.wait(30)
        port = listening.getsockname()[1]
        started.append(Running(server, port, thread, gate))
        return started[-1]

    yield run
    for running in started:
        running.gate.set()
        running.server.drain(0)
        running.thread.join(30)
        assert not running.thread.is_alive()


def _app(gate: threading.Event) -> Callable[[Scope, Receive, Send], object]:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["path"] == "/early":
            await PlainTextResponse("no", 413)(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response: Response = PlainTextResponse(str(len(await request.body())))
        except ClientDisconnect:
            return
        if scope["path"] == "/slow":
            await asyncio.to_thread(gate.wait)
        if scope["path"] in SIZES:
            response = PlainTextResponse("x" * SIZES[scope["path"]])
        await response(scope, receive, send)

    return app


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
