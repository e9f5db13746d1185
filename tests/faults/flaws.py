"""Flaws a server can be started with, so that a harness shows it sees them."""

import sqlite3
import threading
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from socket import socket
from typing import Final

from starlette.types import Receive, Scope, Send
from uvicorn import Server

from api.idempotency import Idempotency
from api.serving.connections import ConnectionKeeper
from api.serving.server import DrainingServer
from api.settings import Settings
from indexer.documents import DatabaseDocuments
from indexer.types import Changes

VARIABLE: Final = "NAVMATCH_TEST_FLAW"
WRITE_BEHIND_S: Final = 0.7


def build_in(name: str) -> None:
    """Make this process behave as badly as the name says; nothing for no name."""
    if name:
        FLAWS[name]()


def _write_behind() -> None:
    """Let the service work on a copy of its database and bring changes home only now and then.

    That is what a commit that does not reach the file amounts to: acknowledged, then gone.
    """
    settings = Settings()
    home = settings.data_dir / "navmatch.db"
    work = settings.data_dir / "work.db"
    work.unlink(missing_ok=True)
    for left in ("work.db-wal", "work.db-shm"):
        (settings.data_dir / left).unlink(missing_ok=True)
    if home.exists():
        _copy(home, work)
    Settings.resolved_database_url = property(  # type: ignore[assignment]
        lambda _: f"sqlite:///{work}"
    )

    def bring_home() -> None:
        while not threading.Event().wait(WRITE_BEHIND_S):
            if work.exists():
                _copy(work, home)

    threading.Thread(target=bring_home, daemon=True).start()


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as write:
        read.backup(write)


def _forgetful_feed() -> None:
    """Let the index miss some of the changes it should follow."""
    whole: Callable[[DatabaseDocuments, int, int], Changes] = DatabaseDocuments.changes

    def partial(self: DatabaseDocuments, after: int, limit: int) -> Changes:
        found = whole(self, after, limit)
        for documents in found.documents.values():
            documents[:] = [d for d in documents if zlib.crc32(d.id.encode()) % 3]
        return found

    DatabaseDocuments.changes = partial  # type: ignore[method-assign]


def _wordless_close() -> None:
    """Let a worker that is replaced close idle connections at once, as uvicorn does."""

    async def shutdown(self: DrainingServer, sockets: list[socket] | None = None) -> None:
        await Server.shutdown(self, sockets)

    DrainingServer.shutdown = shutdown  # type: ignore[method-assign]


def _forgetful_replies() -> None:
    """Let the service keep no reply."""

    async def once(self: Idempotency, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    Idempotency.__call__ = once  # type: ignore[method-assign]


def _endless_patience() -> None:
    """Let the service wait for slow clients as long as they like."""
    ConnectionKeeper.sweep = lambda self, now: None  # type: ignore[method-assign]


FLAWS: Final[dict[str, Callable[[], None]]] = {
    "write_behind": _write_behind,
    "forgetful_feed": _forgetful_feed,
    "wordless_close": _wordless_close,
    "forgetful_replies": _forgetful_replies,
    "endless_patience": _endless_patience,
}
