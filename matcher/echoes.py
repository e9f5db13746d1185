"""Capabilities that repeat demands or others' capabilities, found once for all of an index.

Only what is older than the capability counts: else whoever publishes a demand in somebody's
words could bring them into doubt. Segments never change, so what two of them share is worked out
once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from indexer.segment import Segment
from indexer.types import Document
from indexer.view import IndexView
from matcher.integrity import COPY_SHARE, ECHO_CHARS, ECHO_SHARE, MIN_CHARS
from matcher.types import Caution
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
    """Finds the capabilities of an index that repeat what was there before them."""

    def __init__(self) -> None:
        self._stretches: WeakKeyDictionary[Segment, _Stretches] = WeakKeyDictionary()
        self._shared: WeakKeyDictionary[Segment, WeakKeyDictionary[Segment, NDArray[np.int64]]] = (
            WeakKeyDictionary()
        )

    def found(self, view: IndexView) -> Mapping[str, Caution]:
        """Return the capabilities of which a large part is older, by key, with the reason."""
        demands, offers = (view.of(k).segments for k in (Entity.DEMAND, Entity.CAPABILITY))
        found: dict[str, Caution] = {}
        for segment in offers:
            asked = self._n_shared_with(segment, demands)
            repeated = asked + self._n_shared_with(segment, offers)
            for row in np.flatnonzero(repeated):
                document = segment.documents[row]
                n_stretches = len(document.body) - ECHO_CHARS + 1
                if not _counts(document):
                    continue
                if asked[row] >= ECHO_SHARE * n_stretches:
                    found[document.id] = Caution.REPEATS_DEMAND
                elif repeated[row] >= COPY_SHARE * n_stretches:
                    found[document.id] = Caution.REPEATS_OTHERS
        return found

    def _n_shared_with(self, segment: Segment, others: Iterable[Segment]) -> NDArray[np.int64]:
        """Return how many stretches of each capability stand in what is older; int64."""
        total = np.zeros(segment.n_rows, np.int64)
        for other in others:
            known = self._shared.setdefault(segment, WeakKeyDictionary())
            shared = known.get(other)
            if shared is None:
                shared = known[other] = self._compare(segment, other)
            total += shared
        return total

    def _compare(self, capabilities: Segment, others: Segment) -> NDArray[np.int64]:
        offered, theirs = self._of(capabilities), self._of(others)
        starts = np.searchsorted(offered.hashes, theirs.hashes, "left")
        ends = np.searchsorted(offered.hashes, theirs.hashes, "right")
        n_own = int(capabilities is others)  # each finds itself
        places: set[int] = set()
        for n in np.flatnonzero(ends - starts > n_own):
            other = others.documents[theirs.owners[n]]
            for place in range(starts[n], ends[n]):
                if _was_first(other, capabilities.documents[offered.owners[place]]):
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


def _was_first(other: Document, capability: Document) -> bool:
    """Return whether another's text was there before, by the moment in its key."""
    is_another = other.group_id != capability.group_id
    return is_another and _moment(other.id) < _moment(capability.id)


def _moment(key: str) -> str:
    return key.partition("_")[2] or key
