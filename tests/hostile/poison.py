"""Encoders for tests of the encoder's process: some texts kill it, some take their time."""

import ctypes
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.encoder import HashEncoder

FACTORY = "tests.hostile.poison:make"
KILLING = "投毒"
"""A text with this word is ended by SIGKILL, as by a process short of memory."""

FALLING = "越界"
"""A text with this word reads address 0: a real SIGSEGV."""

ABORTING = "中止"
"""A text with this word ends in abort(), as a damaged heap does."""

HANGING = "转圈"
"""A text with this word never ends."""

SLOW = "缓慢"
"""A text with this word takes `SLOW_S`."""

SLOW_S = 0.3
FAILING = "失败"
"""A text with this word makes the encoder raise an error of its own."""

FAILING_ONCE = "一时不成"
"""A text with this word does so the first time only, as while memory is short."""


class PoisonEncoder(HashEncoder):
    """A `HashEncoder` that can be killed by a text."""

    def __init__(self) -> None:
        super().__init__()
        self._n_short = 0

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors, unless a text kills first."""
        for text in texts:
            if KILLING in text:
                os.kill(os.getpid(), signal.SIGKILL)
            if FALLING in text:
                ctypes.string_at(0)
            if ABORTING in text:
                ctypes.CDLL(None).abort()
            if FAILING_ONCE in text and not self._n_short:
                self._n_short += 1
                raise MemoryError
            if FAILING in text:
                raise ArithmeticError(text)
            while HANGING in text:
                time.sleep(SLOW_S)
            if SLOW in text:
                time.sleep(SLOW_S)
        return super().encode_documents(texts, progress)


def make(setting: str | None, data_dir: Path, threads: int) -> PoisonEncoder:
    """Open it, as `indexer.encoder.open_encoder` opens a real one."""
    return PoisonEncoder()
