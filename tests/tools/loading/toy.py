"""A service in a few lines that answers what loads ask, with one flaw at a time."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Final

import psutil

from tools.loading.installation import CALLERS, Installation

WORK_S: Final = 0.02
"""How long an answer takes, so that a load is of some tens of requests."""

EVERY: Final = 3
"""Of so many requests one meets the flaw."""

_GOOD: Final = {
    "GET": (200, {"status": "ok"}),
    "POST": (201, {"id": "dm_1", "responses": {"q": {"status": 200}}}),
    "DELETE": (204, None),
}


class ToyFlaw(StrEnum):
    """What is wrong with the toy."""

    SILENT_REFUSAL = "refuses without saying when to come again"
    WORDLESS_REFUSAL = "refuses without a code"
    FAILURE = "answers 500"
    LOSS = "hangs up"
    NOTHING = "serves nobody"
    GENERATIONS = "leaves generations"


class Toy:
    """Answers requests over connections that are kept."""

    def __init__(self, folder: Path, flaw: ToyFlaw | None) -> None:
        self.folder = folder
        self._flaw = flaw
        self._serving = set[asyncio.Task[None]]()
        self._numbers = count(1)

    def begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Begin to answer a connection."""
        self._serving.add(asyncio.create_task(self._serve(reader, writer)))

    async def wait_ended(self) -> None:
        """Wait until all connections have ended, as they do once the callers are gone."""
        await asyncio.gather(*self._serving)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until either side ends it."""
        try:
            while method := await _method_of(reader):
                await asyncio.sleep(WORK_S)
                answer = self._answer(method)
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    def _answer(self, method: str) -> bytes | None:
        """Return an answer; None to hang up."""
        is_flawed = method != "GET" and next(self._numbers) % EVERY == 0
        if self._flaw is ToyFlaw.NOTHING:
            return _written(503, {"code": "busy"}, b"Retry-After: 1\r\n")
        if is_flawed and self._flaw is ToyFlaw.LOSS:
            return None
        if is_flawed and self._flaw is ToyFlaw.SILENT_REFUSAL:
            return _written(503, {"code": "busy"})
        if is_flawed and self._flaw is ToyFlaw.WORDLESS_REFUSAL:
            return _written(503, {}, b"Retry-After: 1\r\n")
        if is_flawed and self._flaw is ToyFlaw.FAILURE:
            return _written(500, {"code": "internal"})
        if is_flawed and self._flaw is ToyFlaw.GENERATIONS:
            (self.folder / "index" / f"gen-{next(self._numbers)}").mkdir(parents=True)
        status, body = _GOOD[method]
        return _written(status, body)


@asynccontextmanager
async def toying(folder: Path, flaw: ToyFlaw | None) -> AsyncIterator[Installation]:
    """Give a running toy."""
    toy = Toy(folder, flaw)
    server = await asyncio.start_server(toy.begin, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    keys = dict.fromkeys(CALLERS, "none")
    try:
        yield Installation("127.0.0.1", port, folder, keys, psutil.Process())
    finally:
        server.close()
        await toy.wait_ended()


async def _method_of(reader: asyncio.StreamReader) -> str:
    """Return the method of the next request, read whole; empty when there is none."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return ""
    lengths = [line for line in head.split("\r\n") if line.lower().startswith("content-length:")]
    if lengths:
        await reader.readexactly(int(lengths[0].partition(":")[2]))
    return head.partition(" ")[0]


def _written(status: int, body: object, headers: bytes = b"") -> bytes:
    content = b"" if body is None else json.dumps(body).encode()
    return b"HTTP/1.1 %d .\r\n%sContent-Length: %d\r\n\r\n%s" % (
        status,
        headers,
        len(content),
        content,
    )
