"""Bodies of requests: waited for, read whole, and given on."""

import asyncio
from collections.abc import Callable
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from api.errors import BusyError

MAX_ARRIVING_BYTES: Final = 32 * 1024 * 1024
"""What a process holds of bodies that are not all there yet, of strangers and of those it knows
each: 32 of the longest."""


class Arrivals:
    """Bodies on their way in; used from the event loop only, so it needs no lock.

    Who sends half a body and then nothing must not hold one of the places for work under way: a
    thousand connections would hold them all for as long as they are waited for. What they sent
    takes memory, so there is an end to that.
    """

    def __init__(self, max_bytes: int = MAX_ARRIVING_BYTES) -> None:
        """Set how many bytes may be held of all of them together."""
        self._max_bytes = max_bytes
        self._n_held = 0

    async def whole(self, receive: Receive) -> Receive:
        """Return what gives a body that is there as a whole, and then whatever comes.

        Raises:
            BusyError: too much is held of bodies that are not all there.
            HTTPException: the caller went away.
        """
        n_own = 0

        def hold(n_bytes: int) -> None:
            nonlocal n_own
            n_own += n_bytes
            self._n_held += n_bytes
            if self._n_held > self._max_bytes:
                raise BusyError("同时发来的正文太多，请稍后重试。")

        try:
            return given(await read_body(receive, more_awaited=hold), receive)
        finally:
            self._n_held -= n_own


async def read_body(
    receive: Receive, more_awaited: Callable[[int], None] = lambda n_bytes: None
) -> bytes:
    """Return a body, all of it.

    Args:
        receive: Gives it piece by piece.
        more_awaited: Told how long each piece is that was not the last.

    Raises:
        HTTPException: the caller went away.
    """
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise HTTPException(400)
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
        more_awaited(len(parts[-1]))


def given(body: bytes, after: Receive) -> Receive:
    """Return what gives a body that was read, once, and then what comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else await after()

    return receive


async def nothing() -> Message:
    """Wait for ever: what is under way is never told that its caller left."""
    await asyncio.Event().wait()
    raise AssertionError
