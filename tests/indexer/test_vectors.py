import gc
from collections.abc import Callable
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.errors import IndexDamagedError
from indexer.vectors import VectorIndex

DIM = 24


def unit_vectors(n: int, seed: int = 0, dim: int = DIM) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).standard_normal((n, dim)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def from_bytes(content: bytes, rows: int, dim: int = DIM) -> VectorIndex:
    return VectorIndex.from_bytes(np.frombuffer(content, np.uint8), rows, dim)


@given(st.integers(0, 60), st.integers(0, 70), st.integers(0, 2**32 - 1))
def test_search_gives_the_rows_and_cosines_of_numpy(n: int, k: int, seed: int) -> None:
    vectors, query = unit_vectors(n, seed), unit_vectors(1, seed + 1)[0]
    rows, cosines = VectorIndex.build(vectors).search(query, k)
    expected = vectors @ query
    assert rows.tolist() == np.argsort(-expected, kind="stable")[:k].tolist()
    assert cosines == pytest.approx(expected[rows], abs=1e-6)


@given(st.sets(st.integers(0, 39)), st.integers(1, 50), st.randoms(use_true_random=False))
def test_search_among_allowed_rows_is_exact(allowed: set[int], k: int, random: Random) -> None:
    vectors, query = unit_vectors(40), unit_vectors(1, 1)[0]
    given_order = list(allowed)
    random.shuffle(given_order)
    rows, _ = VectorIndex.build(vectors).search(query, k, np.array(given_order, np.int64))
    best = sorted(allowed, key=lambda row: -float(vectors[row] @ query))[:k]
    assert rows.tolist() == best


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40), st.integers(1, 10))
def test_search_puts_equal_rows_in_order_of_rows(copies: list[int], k: int) -> None:
    kinds = unit_vectors(4)
    index, query = VectorIndex.build(kinds[copies]), unit_vectors(1, 1)[0]
    order = sorted(range(len(copies)), key=lambda row: (-float(kinds[copies[row]] @ query), row))
    assert index.search(query, k)[0].tolist() == order[:k]
    assert index.search(query, k, np.arange(len(copies))[::-1].copy())[0].tolist() == order[:k]


@pytest.mark.parametrize("k", [0, -1])
def test_search_for_nothing_finds_nothing(k: int) -> None:
    rows, cosines = VectorIndex.build(unit_vectors(3)).search(unit_vectors(1)[0], k)
    assert rows.tolist() == cosines.tolist() == []


@given(st.lists(st.integers(0, 39), max_size=60), st.integers(0, 100))
def test_cosines_are_those_of_search_to_the_bit(rows: list[int], seed: int) -> None:
    index, query = VectorIndex.build(unit_vectors(40)), unit_vectors(1, seed)[0]
    found, cosines = index.search(query, 40)
    by_row = dict(zip(found.tolist(), cosines.tolist(), strict=True))
    values = index.cosines(query, np.array(rows, np.int64))
    assert values.tolist() == [by_row[row] for row in rows]


def test_cosines_take_vectors_with_gaps_in_memory() -> None:
    index, query = VectorIndex.build(unit_vectors(5)), unit_vectors(1, 7)[0]
    gappy = np.repeat(query, 2)[::2]
    rows = np.arange(10)[::2] // 2
    assert index.cosines(gappy, rows) == pytest.approx(unit_vectors(5) @ query, abs=1e-6)


@pytest.mark.parametrize("n", [0, 1, 7])
def test_bytes_read_back_give_the_same_index(n: int) -> None:
    index = VectorIndex.build(unit_vectors(n))
    read = from_bytes(index.to_bytes(), n)
    assert read.vectors.tolist() == index.vectors.tolist() == unit_vectors(n).tolist()
    assert read.to_bytes() == index.to_bytes()


def test_vectors_outlive_their_index() -> None:
    view = VectorIndex.build(unit_vectors(2_000)).vectors
    row = VectorIndex.build(unit_vectors(2_000)).vectors[7]
    gc.collect()
    others = [VectorIndex.build(np.zeros((2_000, DIM), np.float32)) for _ in range(20)]
    assert len(others) == 20
    assert view.tolist() == unit_vectors(2_000).tolist()
    assert row.tolist() == unit_vectors(2_000)[7].tolist()


def test_vectors_cannot_be_written_to() -> None:
    index = VectorIndex.build(unit_vectors(2))
    with pytest.raises(ValueError, match="read-only"):
        index.vectors[0, 0] = 1


def _nan(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    vectors[1, 3] = np.nan
    return vectors


def _infinite(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    vectors[1, 3] = np.inf
    return vectors


@pytest.mark.parametrize("spoil", [_nan, _infinite])
def test_bytes_with_impossible_values_are_refused(
    spoil: Callable[[NDArray[np.float32]], NDArray[np.float32]],
) -> None:
    content = VectorIndex.build(spoil(unit_vectors(3))).to_bytes()
    with pytest.raises(IndexDamagedError):
        from_bytes(content, 3)


@pytest.mark.parametrize(("rows", "dim"), [(2, DIM), (4, DIM), (3, DIM + 1)])
def test_bytes_of_another_shape_are_refused(rows: int, dim: int) -> None:
    content = VectorIndex.build(unit_vectors(3)).to_bytes()
    with pytest.raises(IndexDamagedError):
        from_bytes(content, rows, dim)


def test_bytes_cut_anywhere_are_refused() -> None:
    content = VectorIndex.build(unit_vectors(3)).to_bytes()
    for length in range(len(content)):
        with pytest.raises(IndexDamagedError):
            from_bytes(content[:length], 3)


def test_bytes_of_another_kind_of_index_are_refused() -> None:
    import faiss

    other = faiss.IndexHNSWFlat(DIM, 4, faiss.METRIC_INNER_PRODUCT)
    other.add(unit_vectors(3))
    with pytest.raises(IndexDamagedError):
        from_bytes(faiss.serialize_index(other).tobytes(), 3)
