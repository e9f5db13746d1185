"""What every encoder has in common: the interface, what it refuses, how texts are batched."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.errors import EncoderError
from models.errors import TextRejectedError

BATCH_TEXTS: Final = 32
BATCH_CHARS: Final = 512
"""Most characters in a batch, padding included. On a CPU more lose to padding what they gain:
texts of 95 characters go at 24 a second by fours and at 20 by thirty-twos."""

_REFUSED: Final = re.compile("[\0\ud800-\udfff]")

Tell = Callable[[int, int], None]
"""Told how many of how many texts are done."""


class Encoder(Protocol):
    """Turns texts into vectors.

    Attributes:
        fingerprint: The same for two encoders only where they give the same vectors.
        dim: Length of a vector.
    """

    fingerprint: str
    dim: int

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts that search; (n, dim) float32, unit length.

        Raises:
            TextRejectedError: a text did not go through the sanitiser.
        """

    def encode_documents(
        self, texts: Sequence[str], progress: Tell | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of texts to be found; (n, dim) float32, unit length.

        A row of zeros says that a text could not be encoded this time: its vector is not known.

        Args:
            texts: Canonical texts.
            progress: Told how many of how many texts are done.

        Raises:
            TextRejectedError: a text did not go through the sanitiser.
        """


class OwnProcess:
    """Remembers the process something was made in; in a copy of it native threads hang.

    A process copied by `fork` after the first encoding has the locks of OpenMP and of the
    runtime, but not the threads that would open them: it waited for ever, in 15 of 15 seconds
    (reliability measurements of this stack).
    """

    def __init__(self) -> None:
        self._pid = os.getpid()

    def check(self) -> None:
        """Refuse to work in a copy.

        Raises:
            EncoderError: this process was copied from the one the encoder was made in.
        """
        if os.getpid() != self._pid:
            raise EncoderError(
                "编码器不能在复制（fork）出来的进程里使用。请以 spawn 方式启动新进程，"
                "在新进程里打开编码器。"
            )


def encode_in_batches(
    texts: Sequence[str],
    dim: int,
    encode: Callable[[list[str]], NDArray[np.float32]],
    progress: Tell | None = None,
) -> NDArray[np.float32]:
    """Return the vectors of texts, encoded batch by batch; (n, dim) float32, in order.

    Raises:
        TextRejectedError: a text did not go through the sanitiser.
    """
    refuse_unclean(texts)
    vectors = np.zeros((len(texts), dim), dtype=np.float32)
    n_done = 0
    for batch in batches(texts):
        vectors[batch] = encode([texts[place] for place in batch])
        n_done += len(batch)
        if progress is not None:
            progress(n_done, len(texts))
    return vectors


def refuse_unclean(texts: Sequence[str]) -> None:
    """Check that no text holds what cuts or breaks it further down.

    Raises:
        TextRejectedError: a NUL or a lone surrogate.
    """
    for row, text in enumerate(texts):
        if found := _REFUSED.search(text):
            raise TextRejectedError(
                f"第 {row + 1} 段文本未经清洗：第 {found.start() + 1} 个字符无效"
                f"（U+{ord(found.group()):04X}）。",
                reason="control_character",
                text=row,
                position=found.start(),
            )


def batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield the places of texts that are encoded together: the longest first, alike in length."""
    batch: list[int] = []
    n_longest = 0
    for place in sorted(range(len(texts)), key=lambda i: (-len(texts[i]), i)):
        is_full = len(batch) == BATCH_TEXTS or (len(batch) + 1) * n_longest > BATCH_CHARS
        if batch and is_full:
            yield batch
            batch = []
        if not batch:
            n_longest = len(texts[place])
        batch.append(place)
    if batch:
        yield batch


def fingerprint_of(**parts: object) -> str:
    """Return 32 hexadecimal digits that stand for everything a vector depends on."""
    content = json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()[:32]
