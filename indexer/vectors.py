"""Exact nearest neighbours by inner product: the one gate to FAISS."""

from typing import Any, Final, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexDamagedError

MAX_BYTES: Final = 4 * 1024**3
"""Largest array FAISS may allocate while reading an index file."""


class VectorIndex:
    """Unit vectors that can be searched and read back; immutable once built.

    Attributes:
        vectors: The rows; float32 (n, dim), unit length, read-only. The array keeps the index
            it looks into alive.
    """

    def __init__(self, index: faiss.IndexFlatIP) -> None:
        self._index = index
        self.vectors: NDArray[np.float32] = np.asarray(_Rows(index))

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

    def search(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows nearest to a query and their cosines, best first, ties by row.

        Args:
            query: float32 (dim,), unit length.
            k: How many at most.
            allowed: Only these rows, int64, any order; all when None. The answer is exact
                either way.
        """
        n_allowed = self._index.ntotal if allowed is None else len(allowed)
        k = min(k, n_allowed)
        if k <= 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        n_wanted = min(k + 1, n_allowed)
        rows, cosines = self._search(query, n_wanted, allowed)
        while n_wanted < n_allowed and cosines[-1] == cosines[k - 1]:
            # FAISS leaves open which of several equals it returns: look on till the last of them.
            n_wanted = min(2 * n_wanted, n_allowed)
            rows, cosines = self._search(query, n_wanted, allowed)
        best = np.lexsort((rows, -cosines))[:k]
        return rows[best], cosines[best]

    def cosines(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosine of a query with each given row; float32 (len(rows),), -1..1.

        The very values `search` gives, whichever other rows are asked for.
        """
        values = np.zeros(len(rows), np.float32)
        if len(rows):
            asked = np.ascontiguousarray(query, np.float32), np.ascontiguousarray(rows, np.int64)
            at_query, at_rows = (faiss.swig_ptr(array) for array in asked)
            at_values = faiss.swig_ptr(values)
            self._index.compute_distance_subset(  # type: ignore[attr-defined]  # not in its stubs
                1, at_query, len(rows), at_values, at_rows
            )
        return values

    def _search(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorArray(allowed)  # a name of its own: `sel` holds no reference
            parameters = faiss.SearchParameters()
            parameters.sel = selector
        cosines, rows = self._index.search(query[None, :], k, params=parameters)
        return rows[0], cosines[0]


class _Rows:
    """The memory of an index, for NumPy: an array made from it holds on to the index."""

    def __init__(self, index: faiss.IndexFlatIP) -> None:
        self._index = index
        n, dim = index.ntotal, index.d
        self.__array_interface__: dict[str, Any] = {
            "version": 3,
            "typestr": "<f4",
            "shape": (n, dim),
            "data": (int(index.get_xb()) if n else 1, True),  # True: read-only
        }
