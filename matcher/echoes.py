"""Capabilities that repeat the demands of others word for word, found once for all of an index.

Only demands older than the capability count: else whoever publishes a demand in somebody's words
could bring them into doubt. Segments never change, so what two of them share is worked out once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from indexer.segment import Segment
from indexer.types import Document
from indexer.view import IndexView
from matcher.integrity import ECHO_CHARS, ECHO_SHARE, MIN_CHARS
from models.vocabulary import Entity

Hashes = NDArray[np.uint64]

_FACTORS: Final[Hashes] = np.power(
    np.uint64(1_000_003), np.arange(ECHO_CHARS, dtype=np.uint64), dtype=np.uint64
)


@dataclass(frozen=True)
class _Stretches:
    """The stretches of all texts of a segment, by hash.

    Attributes:
        hashes: uint64, ascending.
        owners: Row of the document each stands in; int64.
    """

    hashes: Hashes
    owners: NDArray[np.int64]


class Echoes:
    """Finds the capabilities of an index that repeat its demands."""

    def __init__(self) -> None:
        self._stretches: WeakKeyDictionary[Segment, _Stretches] = WeakKeyDictionary()
        self._shared: WeakKeyDictionary[Segment, WeakKeyDictionary[Segment, NDArray[np.int64]]] = (
            WeakKeyDictionary()
        )

    def ids(self, view: IndexView) -> frozenset[str]:
        """Return the keys of the capabilities of which a large part stands in older demands."""
        demands = view.of(Entity.DEMAND).segments
        found: set[str] = set()
        for segment in view.of(Entity.CAPABILITY).segments:
            n_shared = np.zeros(segment.n_rows, np.int64)
            for other in demands:
                n_shared += self._n_shared(segment, other)
            for row in np.flatnonzero(n_shared):
                document = segment.documents[row]
                n_stretches = len(document.body) - ECHO_CHARS + 1
                if _counts(document) and n_shared[row] >= ECHO_SHARE * n_stretches:
                    found.add(document.id)
        return frozenset(found)

    def _n_shared(self, capabilities: Segment, demands: Segment) -> NDArray[np.int64]:
        """Return how many stretches of each capability stand in older demands; int64."""
        known = self._shared.setdefault(capabilities, WeakKeyDictionary())
        found = known.get(demands)
        if found is None:
            found = known[demands] = self._compare(capabilities, demands)
        return found

    def _compare(self, capabilities: Segment, demands: Segment) -> NDArray[np.int64]:
        offered, asked = self._of(capabilities), self._of(demands)
        starts = np.searchsorted(offered.hashes, asked.hashes, "left")
        ends = np.searchsorted(offered.hashes, asked.hashes, "right")
        places: set[int] = set()
        for n in np.flatnonzero(ends > starts):
            demand = demands.documents[asked.owners[n]]
            for place in range(starts[n], ends[n]):
                if _is_older(demand, capabilities.documents[offered.owners[place]]):
                    places.add(place)
        owners = offered.owners[sorted(places)]
        return np.bincount(owners, minlength=capabilities.n_rows)

    def _of(self, segment: Segment) -> _Stretches:
        found = self._stretches.get(segment)
        if found is None:
            found = self._stretches[segment] = _stretches_of(segment)
        return found


def _stretches_of(segment: Segment) -> _Stretches:
    hashes: list[Hashes] = [np.zeros(0, np.uint64)]
    owners = [np.zeros(0, np.int64)]
    for row, document in enumerate(segment.documents):
        for found in _hashes(document):
            hashes.append(found)
            owners.append(np.full(len(found), row, np.int64))
    together = np.concatenate(hashes)
    order = np.argsort(together, kind="stable")
    return _Stretches(together[order], np.concatenate(owners)[order])


def _hashes(document: Document) -> Iterator[Hashes]:
    """Yield the hash of every stretch of a text; a demand's title is asked with as well."""
    texts = [document.body]
    if document.kind == Entity.DEMAND:
        texts.append(document.title)
    for text in texts:
        points = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
        if len(points) >= ECHO_CHARS:
            yield np.lib.stride_tricks.sliding_window_view(points, ECHO_CHARS) @ _FACTORS


def _counts(document: Document) -> bool:
    return not document.verified and len(document.body) >= MIN_CHARS


def _is_older(demand: Document, capability: Document) -> bool:
    """Return whether a demand was there first, by the moment in its key."""
    return _moment(demand.id) < _moment(capability.id)


def _moment(key: str) -> str:
    return key.partition("_")[2] or key
