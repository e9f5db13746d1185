"""A TCP proxy in front of a server of the tests: it can refuse, break or swallow everything."""

import selectors
import socket
import threading
from enum import StrEnum
from types import TracebackType
from typing import Final, Self

CHUNK: Final = 65_536


class Weather(StrEnum):
    """What happens to what is sent."""

    CLEAR = "clear"
    """Everything is passed on."""
    SILENT = "silent"
    """Connections are taken, but nothing is passed on, in either direction: a black hole."""
    BROKEN = "broken"
    """Connections are closed at once, those there are and new ones."""


class Proxy:
    """Passes bytes between clients and one server, in a thread of its own.

    Attributes:
        port: Where clients connect, on 127.0.0.1.
        n_taken: Connections taken so far.
    """

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.n_taken = 0
        self._weather = Weather.CLEAR
        self._other: dict[socket.socket, socket.socket] = {}
        self._heard: set[socket.socket] = set()
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()
        self._done = threading.Event()
        self._is_running = True
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)

    def __enter__(self) -> Self:
        for watched in (self._listener, self._woken):
            watched.setblocking(False)
            self._selector.register(watched, selectors.EVENT_READ)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_running = False
        self.become(self._weather)
        self._thread.join()
        for open_socket in (self._listener, self._wake, self._woken):
            open_socket.close()
        self._selector.close()

    def become(self, weather: Weather) -> None:
        """Change what happens from now on; returns when it does."""
        self._done.clear()
        self._weather = weather
        self._wake.send(b"!")
        self._done.wait()

    def _run(self) -> None:
        while self._is_running:
            for key, _ in self._selector.select():
                if key.fileobj is self._woken:
                    self._woken.recv(CHUNK)
                    self._change()
                elif key.fileobj is self._listener:
                    self._accept()
                elif isinstance(key.fileobj, socket.socket):
                    self._pass_on(key.fileobj)
        for client in list(self._other):
            self._close(client)
        self._done.set()

    def _change(self) -> None:
        """What came through a silence is lost for good, so connections do not outlive one."""
        for side in list(self._other):
            if side not in self._other:
                continue  # closed with its other side
            if self._weather is Weather.SILENT:
                self._ignore(side)
            elif self._weather is Weather.BROKEN or side not in self._heard:
                self._close(side)
        self._done.set()

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        self.n_taken += 1
        if self._weather is Weather.BROKEN:
            client.close()
            return
        try:
            server = socket.create_connection(("127.0.0.1", self._server_port), timeout=5)
        except OSError:
            client.close()
            return
        self._other[client], self._other[server] = server, client
        if self._weather is Weather.CLEAR:
            for watched in (client, server):
                self._selector.register(watched, selectors.EVENT_READ)
                self._heard.add(watched)

    def _ignore(self, side: socket.socket) -> None:
        if side in self._heard:
            self._heard.remove(side)
            self._selector.unregister(side)

    def _pass_on(self, source: socket.socket) -> None:
        if source not in self._other:
            return
        try:
            received = source.recv(CHUNK)
            if received:
                self._other[source].sendall(received)
        except OSError:
            received = b""
        if not received:
            self._close(source)

    def _close(self, side: socket.socket) -> None:
        other = self._other.pop(side, None)
        for ending in (side, other):
            if ending is not None:
                self._other.pop(ending, None)
                self._ignore(ending)
                ending.close()
