"""Bodies that come in pieces, halfway or not at all."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from api.bodies import MAX_ARRIVING_BYTES, Arrivals, given, read_body
from api.errors import BusyError

LEFT = {"type": "http.disconnect"}


class Caller:
    """Sends some messages, and then nothing until it leaves."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self._messages = list(messages)
        self.has_left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if not self._messages:
            await self.has_left.wait()
            return LEFT
        return self._messages.pop(0)


def _half(*pieces: bytes) -> list[dict[str, Any]]:
    return [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]


def _whole(*pieces: bytes) -> list[dict[str, Any]]:
    *others, last = _half(*pieces)
    return [*others, {**last, "more_body": False}]


async def _wait(arrivals: Arrivals, callers: Iterable[Caller]) -> list[asyncio.Task[Any]]:
    tasks = [asyncio.create_task(arrivals.whole(c.receive)) for c in callers]
    for _ in range(8):
        await asyncio.sleep(0)
    return tasks


def test_body_is_given_whole_and_then_what_comes_after_it() -> None:
    async def ask() -> list[Any]:
        caller = Caller(*_whole(b"ab", b"", b"c"))
        receive = await Arrivals().whole(caller.receive)
        caller.has_left.set()
        return [await receive(), await receive()]

    body, after = asyncio.run(ask())

    assert body == {"type": "http.request", "body": b"abc", "more_body": False}
    assert after == LEFT


def test_caller_that_leaves_halfway_is_noticed() -> None:
    async def ask() -> None:
        await read_body(Caller(*_half(b"ab"), LEFT).receive)

    with pytest.raises(HTTPException) as caught:
        asyncio.run(ask())

    assert caught.value.status_code == 400


@pytest.mark.parametrize(("n_more", "is_held"), [(0, True), (1, False)])
def test_only_so_much_is_held_of_bodies_that_are_not_all_there(n_more: int, is_held: bool) -> None:
    piece = b"x" * (1 << 20)
    n_pieces = MAX_ARRIVING_BYTES // len(piece)

    async def ask() -> bool:
        callers = [Caller(*_half(piece)) for _ in range(n_pieces)]
        callers.append(Caller(*_half(b"x" * n_more)))
        *others, last = await _wait(Arrivals(), callers)
        assert not any(task.done() for task in others)
        waits = not last.done()
        if not waits:
            assert isinstance(last.exception(), BusyError)
        for task in (*others, last):
            task.cancel()
        await asyncio.gather(*others, last, return_exceptions=True)
        return waits

    assert asyncio.run(ask()) is is_held


def test_body_that_came_at_once_is_taken_however_much_is_held_of_others() -> None:
    async def ask() -> BaseException | None:
        arrivals = Arrivals(max_bytes=10)
        (half,) = await _wait(arrivals, [Caller(*_half(b"1234567890"))])
        (whole,) = await _wait(arrivals, [Caller(*_whole(b"123"))])
        assert not half.done()
        half.cancel()
        await asyncio.gather(half, return_exceptions=True)
        return whole.exception()

    assert asyncio.run(ask()) is None


def test_body_that_came_or_was_given_up_is_no_longer_counted() -> None:
    async def ask() -> list[BaseException | None]:
        arrivals = Arrivals(max_bytes=10)
        (left,) = await _wait(arrivals, [Caller(*_half(b"1234567890"), LEFT)])
        (refused,) = await _wait(arrivals, [Caller(*_half(b"12345678901"))])
        (came,) = await _wait(arrivals, [Caller(*_whole(b"1234567890", b"1"))])
        (last,) = await _wait(arrivals, [Caller(*_whole(b"1234567890", b"1"))])
        return [task.exception() for task in (left, refused, came, last)]

    left, refused, came, last = asyncio.run(ask())

    assert isinstance(left, HTTPException)
    assert isinstance(refused, BusyError)
    assert came is last is None


def test_body_is_given_once() -> None:
    async def ask() -> list[Any]:
        receive = given(b"x", after=Caller(LEFT).receive)
        return [await receive(), await receive()]

    assert [m["type"] for m in asyncio.run(ask())] == ["http.request", "http.disconnect"]
