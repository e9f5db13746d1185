"""Erasing for good: rows, vectors, index, caches, and what they left in the files."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from indexer.documents import DatabaseDocuments
from indexer.embed import texts_of
from models.acting import viewer_of
from models.audit_check import CLOCK_MARGIN
from models.base import new_id, now_utc
from models.database import Database, Session
from models.erasure import Erasable, Erased, erase, erase_deleted
from models.errors import UnavailableError
from models.viewer import acting_as, system

MARK_FILE: Final = "ERASING"
"""What the files begin with that stand, one an erasure, from before it to its very end."""

_log = logging.getLogger("navmatch.erasure")


class Eraser:
    """Erases, and cleans up behind: at once where it can, else at the next start or day."""

    def __init__(self, database: Database, source: DatabaseDocuments, data_dir: Path) -> None:
        self._database = database
        self._source = source
        self._data_dir = data_dir
        self._lock = threading.Lock()

    def erase(self, kind: Erasable, key: str) -> Erased:
        """Erase something; `finish` then removes what it left.

        Raises:
            NotFoundError: there is nothing with this key.
        """
        with self._everything() as session:
            erased = erase(session, kind, key)
            self.mark()
        _log.warning("erased", extra={"kind": kind.value, "id": key, "counts": erased.counts})
        return erased

    def erase_deleted(self, keep_days: int) -> Erased:
        """Erase what was deleted longer ago than it is kept."""
        before = now_utc() - timedelta(days=keep_days) - CLOCK_MARGIN
        with self._everything() as session:
            erased = erase_deleted(session, before)
            if erased.ids:
                self.mark()
        if erased.ids:
            _log.info("deleted rows erased", extra={"counts": erased.counts})
        return erased

    @contextmanager
    def _everything(self) -> Iterator[Session]:
        """Give a session that reaches all tables; the chain says who it works for."""
        with self._database.write() as session:
            with acting_as(system("erasure")):
                viewer_of(session)
                session.connection()
            yield session

    def mark(self) -> None:
        """Note an erasure, in the transaction that erases; `finish` then removes what it left."""
        (self._data_dir / new_id(MARK_FILE)).touch()

    @property
    def is_unfinished(self) -> bool:
        """Whether something erased may still be found in the files."""
        return bool(self._marks())

    def finish(self) -> bool:
        """Remove vectors nobody needs and what is left in the files; return whether all went.

        The index follows the change log by itself. What is erased meanwhile, by whichever
        worker, keeps its own mark and is finished after this.

        Raises:
            UnavailableError: the database does not answer, is locked or full.
        """
        with self._lock:
            marks = self._marks()
            if not marks:
                return True
            self._wait_for_writers()
            _, documents = self._source.everything()
            used = texts_of(d for found in documents.values() for d in found)
            n_vectors = self._source.keep_vectors_of(used)
            is_done = self._database.compact()
            if is_done:
                for mark in marks:
                    mark.unlink(missing_ok=True)
            _log.info("erasure finished", extra={"n_vectors": n_vectors, "is_done": is_done})
            return is_done

    def _marks(self) -> list[Path]:
        return list(self._data_dir.glob(f"{MARK_FILE}*"))

    def _wait_for_writers(self) -> None:
        """Return once every erasure marked so far is committed, or was given up.

        They mark themselves while they hold the lock of whoever writes: it is had here after them.
        """
        with self._everything() as session:
            session.connection()

    def finish_or_log(self) -> None:
        """Finish, and leave it to the next day when that does not go now."""
        try:
            self.finish()
        except UnavailableError:
            _log.exception("an erasure could not be finished; it is tried again")

    def finish_aside(self) -> None:
        """Finish in a thread of its own after the commit, so that nobody waits for it."""
        thread = threading.Thread(target=self.finish_or_log, name="erasure")
        self._database.when_committed(thread.start)
