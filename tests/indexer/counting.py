"""An encoder that notes what it encoded."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.encoder import HashEncoder


class CountingEncoder(HashEncoder):
    """Encodes like `HashEncoder`.

    Attributes:
        texts: Every text encoded, in order.
    """

    def __init__(self, dim: int = 64) -> None:
        super().__init__(dim)
        self.texts: list[str] = []

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors and note the texts."""
        self.texts.extend(texts)
        return super().encode_documents(texts, progress)
