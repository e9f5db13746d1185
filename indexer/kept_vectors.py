"""Vectors kept in the database, so that an index is rebuilt without encoding."""

import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models import feed, repository
from models.database import Database, Session
from models.viewer import acting_as, system

INDEX: Final = system("index")
"""The index holds everything; who may see which document is decided when somebody asks."""

_log = logging.getLogger("navmatch.indexer")


class KeptVectors:
    """Reads and writes the table of vectors under one encoder."""

    def __init__(self, database: Database, fingerprint: str) -> None:
        self._database = database
        self._fingerprint = fingerprint
        self._read = threading.local()

    def keep_vectors_of(self, texts: Iterable[str]) -> int:
        """Remove the vectors of all other texts; return how many."""
        with acting_as(INDEX), self._database.write() as session:
            return feed.drop_vectors_but(session, texts)

    def get(self, texts: Sequence[str]) -> Mapping[str, NDArray[np.float32]]:
        """Return the vectors there are, by text."""
        with acting_as(INDEX), self._database.read() as session:
            return feed.cached_vectors(session, self._fingerprint, texts)

    def put(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep vectors, unless something was erased since this thread read the texts.

        One of the texts may be what was erased; the others are encoded again when needed.
        """
        with acting_as(INDEX), self._database.write() as session:
            since: int | None = getattr(self._read, "seq", None)
            if since is not None and feed.has_erased_since(session, since):
                _log.info("vectors not kept: something was erased while they were made")
                return
            feed.keep_vectors(session, self._fingerprint, dict(vectors))

    def _note_read(self, session: Session) -> None:
        """Note up to which change this thread has read; called before it reads texts."""
        self._read.seq = repository.last_seq(session)
