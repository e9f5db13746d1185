"""The place of a process under a supervisor: it says that it lives, and does as it is told."""

import asyncio
import random
import socket
from contextlib import suppress
from typing import Final

from api.serving.channel import Word, Words, WorkerPlace, send
from api.serving.limits import DRAINING_S
from api.serving.server import DrainingServer

BEAT_S: Final = 1.0
"""Seconds between two signs of life."""

RECYCLE_JITTER: Final = 0.2
"""Share by which the requests after which a worker asks to be replaced differ."""


class Obedience:
    """Keeps a server in touch with its supervisor; without one it drains and ends."""

    def __init__(self, place: WorkerPlace, max_requests: int = 0) -> None:
        """Take the worker's end of the channel.

        Args:
            place: What the worker was told.
            max_requests: Requests after which it asks to be replaced, more or less; 0 for never.
        """
        self._channel = socket.socket(fileno=place.channel)
        self._words = Words()
        spread = random.uniform(1 - RECYCLE_JITTER, 1 + RECYCLE_JITTER)  # noqa: S311 - no secret
        self._max_requests = int(max_requests * spread)
        self._tasks: list[asyncio.Task[None]] = []

    def wait(self) -> bool:
        """Wait, with everything loaded, to be wanted; returns False where that will never be."""
        self._tell(Word.LOADED)
        with suppress(OSError, KeyboardInterrupt):
            while received := self._channel.recv(256):
                words = self._words.take(received)
                if Word.GO in words:
                    self._channel.setblocking(False)
                    return Word.DRAIN not in words
                if Word.DRAIN in words:
                    break
        return False

    async def begin(self, server: DrainingServer) -> None:
        """Say that the worker is ready, and keep in touch from now on."""
        self._tell(Word.READY)
        self._tasks = [
            asyncio.create_task(self._listen(server)),
            asyncio.create_task(self._beat(server)),
        ]

    def _tell(self, word: Word) -> None:
        send(self._channel, word)

    async def _listen(self, server: DrainingServer) -> None:
        loop = asyncio.get_running_loop()
        while received := await self._receive(loop):
            if Word.DRAIN in self._words.take(received):
                server.drain(DRAINING_S)
        server.drain(0)

    async def _receive(self, loop: asyncio.AbstractEventLoop) -> bytes:
        with suppress(OSError):
            return await loop.sock_recv(self._channel, 256)
        return b""

    async def _beat(self, server: DrainingServer) -> None:
        has_asked = False
        while True:
            await asyncio.sleep(BEAT_S)
            self._tell(Word.BEAT)
            if self._max_requests and not has_asked and server.n_requests >= self._max_requests:
                has_asked = True
                self._tell(Word.RECYCLE)
