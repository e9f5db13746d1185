from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.quality.vectors import RememberingEncoder
from indexer.encoder import HashEncoder


class _Counting(HashEncoder):
    """Counts the texts it encodes."""

    n_encoded = 0

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.n_encoded += len(texts)
        return super().encode_queries(texts)


def test_second_run_encodes_nothing(tmp_path: Path) -> None:
    texts = ["碳化硅", "固态电池", "碳化硅"]
    counting = _Counting()
    first = RememberingEncoder(counting, tmp_path)
    vectors = first.encode_queries(texts)
    first.close()
    assert counting.n_encoded == 2
    again = RememberingEncoder(counting, tmp_path)
    assert np.array_equal(again.encode_queries(texts), vectors)
    assert np.array_equal(vectors, HashEncoder().encode_queries(texts))
    again.close()
    assert counting.n_encoded == 2


def test_roles_are_kept_apart(tmp_path: Path) -> None:
    encoder = RememberingEncoder(HashEncoder(), tmp_path)
    asked, offered = encoder.encode_queries(["风电"]), encoder.encode_documents(["风电"])
    assert np.array_equal(asked, HashEncoder().encode_queries(["风电"]))
    assert np.array_equal(offered, HashEncoder().encode_documents(["风电"]))
    assert encoder.encode_queries([]).shape == (0, encoder.dim)
    encoder.close()
