"""A client that shows everything: one connection, no retries, no pool, no redirects."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

MAX_HEAD_BYTES: Final = 64 * 1024


class LostError(Exception):
    """The connection ended before an answer was there.

    Attributes:
        had_begun: Whether part of the answer had come.
        was_reused: Whether the connection had carried an answer before.
    """

    def __init__(self, *, had_begun: bool, was_reused: bool) -> None:
        super().__init__("the connection was lost")
        self.had_begun = had_begun
        self.was_reused = was_reused


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    Attributes:
        status: HTTP status.
        headers: Headers by name in lower case.
        body: The body.
        seconds: From sending to the last byte.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    seconds: float

    def json(self) -> Any:  # noqa: ANN401 - JSON can be anything
        """Return the body as JSON."""
        return json.loads(self.body)

    @property
    def is_last(self) -> bool:
        """Whether the server said that the connection ends with it."""
        return self.headers.get("connection", "").lower() == "close"


class Line:
    """A connection that is kept until the server ends it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._n_answers = 0

    @classmethod
    async def open(cls, host: str, port: int, source: str | None = None) -> Self:
        """Return a new connection.

        Args:
            host: Where to.
            port: Its port.
            source: Address to come from; any when None.
        """
        local = (source, 0) if source else None
        return cls(
            *await asyncio.open_connection(host, port, local_addr=local, limit=MAX_HEAD_BYTES)
        )

    async def ask(
        self,
        method: str,
        path: str,
        body: object | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Return the answer to a request.

        Raises:
            LostError: the connection ended first.
        """
        content = b"" if body is None else json.dumps(body).encode()
        sent = {"Host": "127.0.0.1", **(headers or {})}
        if body is not None:
            sent |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
        head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        began = time.perf_counter()
        has_begun = False
        try:
            self._writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content)
            await self._writer.drain()
            status, found = _parsed(await self._reader.readuntil(b"\r\n\r\n"))
            has_begun = True
            received = await self._body(status, found)
        except (OSError, asyncio.IncompleteReadError) as error:
            raise LostError(had_begun=has_begun, was_reused=self._n_answers > 0) from error
        self._n_answers += 1
        return Reply(status, found, received, time.perf_counter() - began)

    @property
    def port(self) -> int:
        """Port it comes from."""
        return int(self._writer.get_extra_info("sockname")[1])

    @property
    def is_closed(self) -> bool:
        """Whether the server has closed it, as far as is known here."""
        return self._reader.at_eof()

    async def close(self) -> None:
        """Close it."""
        self._writer.close()
        try:
            await self._writer.wait_closed()
        except OSError:
            return

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _body(self, status: int, headers: Mapping[str, str]) -> bytes:
        if headers.get("transfer-encoding") == "chunked":
            return await self._chunks()
        if status in (204, 304):
            return b""
        return await self._reader.readexactly(int(headers.get("content-length", "0")))

    async def _chunks(self) -> bytes:
        parts = []
        while n_bytes := int((await self._reader.readuntil(b"\r\n")).split(b";")[0], 16):
            parts.append(await self._reader.readexactly(n_bytes))
            await self._reader.readexactly(2)
        await self._reader.readuntil(b"\r\n")
        return b"".join(parts)


async def ask_once(
    host: str,
    port: int,
    method: str,
    path: str,
    body: object | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Return the answer to a request over a connection of its own.

    Raises:
        LostError: the connection ended first, or could not be made.
    """
    try:
        line = await Line.open(host, port)
    except OSError as error:
        raise LostError(had_begun=False, was_reused=False) from error
    async with line:
        return await line.ask(method, path, body, {"Connection": "close", **(headers or {})})


def _parsed(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return int(first.split(" ", 2)[1]), {n.strip().lower(): v.strip() for n, _, v in pairs}
