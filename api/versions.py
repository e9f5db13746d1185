"""Reading what was written: versions in replies, and waiting for the index to be as new.

Every reply to a write names the place of the change log it reached. Whoever sends that place, or
the `version` of an earlier answer, as `min_version` is answered by a worker that is as far, or
not at all: so nobody misses what they wrote, and answers never go back from worker to worker.
"""

import time
from typing import ClassVar, Final

from anyio import sleep, to_thread
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from indexer.building import DocumentSource
from indexer.follow import Follower
from indexer.sync import Synchroniser
from models.errors import InvalidInputError, UnavailableError
from models.position import Position
from models.written import noting

VERSION_HEADER: Final = "X-Navmatch-Version"
MIN_VERSION_HEADER: Final = "X-Navmatch-Min-Version"

WAIT_S: Final = 2.0
"""How long a question waits for the index to be as new as it asks."""

LOOK_S: Final = 0.02
KNOWN_PLACES: Final = 1_024
"""Places remembered as being in this log, so that a session asks the database once."""


class VersionNotYetError(UnavailableError):
    """The index is not yet as new as the question asks."""

    code: ClassVar[str] = "version_not_yet"


class VersionUnknownError(InvalidInputError):
    """The version is none of this database."""

    code: ClassVar[str] = "version_unknown"


class Freshness:
    """Lets questions wait until the index holds what they ask for."""

    def __init__(
        self, synchroniser: Synchroniser, source: DocumentSource, follower: Follower
    ) -> None:
        self._synchroniser = synchroniser
        self._source = source
        self._follower = follower
        self._known: dict[Position, None] = {}

    async def wait_for(self, version: str, wait_s: float = WAIT_S) -> None:
        """Return when the index is at least as new as a version.

        Raises:
            InvalidInputError: it is no version.
            VersionUnknownError: it is none of this database.
            VersionNotYetError: it takes longer than `wait_s` seconds.
        """
        wanted = Position.parse(version)
        await self._check(wanted)
        until_s = time.monotonic() + wait_s
        while self._synchroniser.view.seq < wanted.seq:
            if time.monotonic() >= until_s:
                raise VersionNotYetError("索引还没有更新到所要的版本，请稍后重试。")
            self._follower.wake()
            await sleep(LOOK_S)

    async def _check(self, wanted: Position) -> None:
        """Refuse a place that is not in this log."""
        if wanted.seq == 0 or wanted in self._known:
            return
        try:
            mark = await to_thread.run_sync(self._source.mark, wanted.seq)
        except UnavailableError:
            if self._synchroniser.view.seq < wanted.seq:
                raise
            return  # the database is away, and what the index holds is new enough
        if not mark or not wanted.is_same_log(mark):
            raise VersionUnknownError(
                "这个版本不属于当前的数据库（数据库可能恢复过备份）。请不带 min_version 重新查询。",
                field="min_version",
            )
        self._known = {wanted: None, **dict(list(self._known.items())[: KNOWN_PLACES - 1])}


class Versions:
    """ASGI middleware that names in every reply the last change the request committed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with noting() as written:

            async def send_marked(message: Message) -> None:
                if message["type"] == "http.response.start" and written.position is not None:
                    MutableHeaders(scope=message)[VERSION_HEADER] = str(written.position)
                await send(message)

            await self._app(scope, receive, send_marked)
