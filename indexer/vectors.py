"""Exact nearest neighbours by inner product: the one gate to FAISS."""

from typing import Final, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexDamagedError

MAX_BYTES: Final = 4 * 1024**3
"""Largest array FAISS may allocate while reading an index file."""


class VectorIndex:
    """Unit vectors that can be searched and read back; immutable once built."""

    def __init__(self, index: faiss.IndexFlatIP) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> Self:
        """Return an index over the rows; float32 (n, dim), unit length."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    @classmethod
    def from_bytes(cls, content: NDArray[np.uint8], rows: int, dim: int) -> Self:
        """Return the index read from bytes whose hash was checked before.

        Raises:
            IndexDamagedError: size, dimension or values are not those of the manifest.
        """
        faiss.set_deserialization_vector_byte_limit(MAX_BYTES)
        try:
            index = faiss.deserialize_index(content)
        except RuntimeError as error:
            raise IndexDamagedError("索引文件无法读取，将由数据库重建。") from error
        if not isinstance(index, faiss.IndexFlatIP) or index.ntotal != rows or index.d != dim:
            raise IndexDamagedError("索引文件与清单不符，将由数据库重建。")
        found = cls(index)
        if not np.isfinite(found.vectors).all():
            raise IndexDamagedError("索引文件含有无效数值，将由数据库重建。")
        return found

    def to_bytes(self) -> bytes:
        """Return the index in FAISS's own file format."""
        return bytes(faiss.serialize_index(self._index).tobytes())

    @property
    def vectors(self) -> NDArray[np.float32]:
        """The rows; float32 (n, dim), unit length, a view that must not be written to."""
        n, dim = self._index.ntotal, self._index.d
        if n == 0:
            return np.zeros((0, dim), np.float32)
        view: NDArray[np.float32] = faiss.rev_swig_ptr(self._index.get_xb(), n * dim)
        return view.reshape(n, dim)

    def search(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows nearest to a query and their cosines, best first.

        Args:
            query: float32 (dim,), unit length.
            k: How many at most.
            allowed: Only these rows, int64, any order; all when None. The answer is exact
                either way.
        """
        available = self._index.ntotal if allowed is None else len(allowed)
        k = min(k, available)
        if k == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorArray(allowed)
            parameters = faiss.SearchParameters()
            parameters.sel = selector
        cosines, rows = self._index.search(query[None, :], k, params=parameters)
        return rows[0], cosines[0]
