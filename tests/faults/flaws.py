"""Flaws a server can be started with, so that a harness shows it sees them."""

import sqlite3
import threading
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

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


FLAWS: Final[dict[str, Callable[[], None]]] = {
    "write_behind": _write_behind,
    "forgetful_feed": _forgetful_feed,
}
