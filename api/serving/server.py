"""Accepts connections until told to stop, then lets what is under way come to its end."""

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import Final

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.serving.connections import ConnectionKeeper
from api.serving.limits import BACKLOG, MAX_HEAD_BYTES, STOPPING_S, ConnectionLimits
from api.serving.protocol import guarded

SWITCH_S: Final = 0.001
"""How long a thread that computes keeps others from running; Python's own figure is 5 ms. What
refuses a request hops between event loop and threads several times, each hop waiting so long."""

HURRIED_S: Final = 1.0
"""How long requests whose callers were sent away may take when the service is told twice."""


class ClosingApp:
    """ASGI wrapper that announces the end of connections while the process drains.

    Attributes:
        is_draining: Whether each answer is the last of its connection.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.is_draining = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start" and self.is_draining:
                message["headers"] = [*message.get("headers", []), (b"connection", b"close")]
            await send(message)

        await self._app(scope, receive, send_marked)


class DrainingServer(uvicorn.Server):
    """uvicorn's server, whose connections are kept in limits and drained at the end.

    A connection that is idle when the process is replaced stays until its next request, which
    is answered with `Connection: close`: a client that never retries loses nothing. uvicorn
    closes idle connections without a word, which cost 12 clients 33 to 43 requests in three
    restarts (reliability measurements of this stack).

    Attributes:
        keeper: The connections.
        drain_s: Seconds idle connections are kept once it is told to stop.
    """

    def __init__(
        self,
        app: ASGIApp,
        limits: ConnectionLimits,
        started: Callable[["DrainingServer"], Awaitable[None]] | None = None,
    ) -> None:
        """Prepare to serve.

        Args:
            app: The application.
            limits: What its connections may take.
            started: Awaited once requests are answered.
        """
        self.keeper = ConnectionKeeper(limits)
        self.drain_s = 0.0
        self._closing = ClosingApp(app)
        self._started = started
        self._sweeping = True
        config = uvicorn.Config(
            self._closing,
            http=guarded(self.keeper),
            ws="none",
            log_level="warning",
            lifespan="on",
            server_header=False,
            backlog=BACKLOG,
            h11_max_incomplete_event_size=MAX_HEAD_BYTES,
            timeout_keep_alive=limits.keep_alive_s,
            timeout_graceful_shutdown=STOPPING_S,
            forwarded_allow_ips=sorted(limits.proxies),
            reset_contextvars=True,
        )
        super().__init__(config)

    @property
    def n_requests(self) -> int:
        """How many requests were answered."""
        return self.server_state.total_requests

    def drain(self, seconds: float) -> None:
        """Stop accepting; keep idle connections for a while, then end."""
        self.drain_s = seconds
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept."""
        sys.setswitchinterval(SWITCH_S)
        await super().startup(sockets)
        if self.started and self._started is not None:
            await self._started(self)

    async def on_tick(self, counter: int) -> bool:
        """Look at some of the connections ten times a second."""
        self.keeper.sweep(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain, then close."""
        for server in self.servers:
            server.close()
        for listening in sockets or []:
            listening.close()
        self._closing.is_draining = True
        loop = asyncio.get_running_loop()
        until = loop.time() + self.drain_s
        while self.server_state.connections and loop.time() < until and not self.force_exit:
            await asyncio.sleep(0.05)
            self.keeper.sweep(loop.time())
        await super().shutdown([])
        if self.force_exit:  # told twice: uvicorn leaves everything where it is
            for connection in self.keeper:
                connection.cut()
            if tasks := self.server_state.tasks:
                await asyncio.wait(tasks, timeout=HURRIED_S)
            closing = asyncio.create_task(self.lifespan.shutdown())
            await asyncio.wait({closing}, timeout=STOPPING_S)
