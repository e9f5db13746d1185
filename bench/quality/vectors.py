"""An encoder that remembers on disk what it encoded, so that a second run is cheap."""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.encoder import Encoder

BATCH: Final = 256


class RememberingEncoder:
    """An encoder in front of a file of vectors, one file an encoder (by its fingerprint)."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder = encoder
        self.fingerprint = encoder.fingerprint
        self.dim = encoder.dim
        folder.mkdir(parents=True, exist_ok=True)
        self._store = sqlite3.connect(folder / f"{encoder.fingerprint}.db")
        self._store.execute("CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, value BLOB)")

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts that ask; float32 (n, dim), unit length."""
        return self._encoded("query", texts, self._encoder.encode_queries)

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of texts that are searched; float32 (n, dim), unit length."""
        return self._encoded("document", texts, self._encoder.encode_documents)

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def _encoded(
        self,
        role: str,
        texts: Sequence[str],
        encode: Callable[[Sequence[str]], NDArray[np.float32]],
    ) -> NDArray[np.float32]:
        known: dict[str, NDArray[np.float32]] = {}
        for text in dict.fromkeys(texts):
            row = self._store.execute(
                "SELECT value FROM vector WHERE key = ?", (_key(role, text),)
            ).fetchone()
            if row is not None:
                known[text] = np.frombuffer(row[0], np.float32)
        missing = sorted((t for t in dict.fromkeys(texts) if t not in known), key=len)
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            fresh = dict(zip(batch, encode(batch), strict=True))
            rows = [(_key(role, text), vector.tobytes()) for text, vector in fresh.items()]
            with self._store:
                self._store.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", rows)
            known.update(fresh)
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        return np.stack([known[text] for text in texts])


def _key(role: str, text: str) -> bytes:
    return hashlib.sha256(f"{role}\n{text}".encode()).digest()[:16]
