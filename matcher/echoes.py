"""Capabilities that repeat demands or others' capabilities, found once for all of an index.

Only what is older than the capability counts: else whoever publishes a demand in somebody's
words could bring them into doubt. Segments never change, so what two of them share is worked out
once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from indexer.segment import Segment
from indexer.types import Document
from indexer.view import IndexView
from matcher.integrity import COPY_SHARE, ECHO_CHARS, ECHO_SHARE, MIN_CHARS
from matcher.types import Caution
from models.vocabulary.row import Entity

TEXTS_AT_ONCE: Final = 512
"""Texts whose stretches are hashed together: a megabyte or two at a time, of long texts ten."""

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

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

    def among(self, hashes: Hashes) -> Self:
        """Return those that are among some hashes, which ascend, in the same order."""
        once = hashes[np.diff(hashes, prepend=~hashes[:1]) != 0]
        first = np.searchsorted(self.hashes, once, side="left")
        sizes = np.searchsorted(self.hashes, once, side="right") - first
        places = np.arange(sizes.sum()) + np.repeat(first - np.cumsum(sizes) + sizes, sizes)
        return type(self)(self.hashes[places], self.owners[places])


@dataclass(frozen=True)
class _Oldest:
    """Where each stretch was first.

    Attributes:
        hashes: uint64, ascending, each once.
        owners: Row of the oldest document each stands in; int64.
    """

    hashes: Hashes
    owners: NDArray[np.int64]

    @classmethod
    def of(cls, hashes: Hashes, owners: NDArray[np.int64]) -> Self:
        """Return it for ascending hashes, whose owners are numbered by age."""
        first = np.flatnonzero(np.diff(hashes, prepend=~hashes[:1]))
        return cls(hashes[first], np.minimum.reduceat(owners, first) if len(first) else owners)

    def places(self, hashes: Hashes) -> Places:
        """Return where hashes stand, all of which do."""
        return np.searchsorted(self.hashes, hashes)

    def find(self, hashes: Hashes) -> tuple[NDArray[np.bool_], Places]:
        """Return whether each hash is there, and who had it; any row for those that are not."""
        if not len(self.hashes):
            return np.zeros(len(hashes), np.bool_), np.zeros(len(hashes), np.int64)
        places = np.minimum(self.places(hashes), len(self.hashes) - 1)
        return self.hashes[places] == hashes, self.owners[places]


class Echoes:
    """Finds the capabilities of an index that repeat what was there before them."""

    def __init__(self) -> None:
        self._stretches: WeakKeyDictionary[Segment, _Stretches] = WeakKeyDictionary()
        self._older: WeakKeyDictionary[Segment, WeakKeyDictionary[Segment, Places]] = (
            WeakKeyDictionary()
        )

    def found(self, view: IndexView) -> Mapping[str, Caution]:
        """Return the capabilities of which a large part is older, by key, with the reason.

        What was deleted since was there before all the same; only what is found must be alive.
        """
        demands, offers = view.of(Entity.DEMAND), view.of(Entity.CAPABILITY)
        found: dict[str, Caution] = {}
        for segment, alive in zip(offers.segments, offers.alive, strict=True):
            asked = self._older_places(segment, demands.segments)
            n_asked = self._n_by_row(segment, asked)
            older = np.union1d(asked, self._older_places(segment, offers.segments))
            n_older = self._n_by_row(segment, older)
            for row in np.flatnonzero(alive & (n_older > 0)):
                document = segment.documents[row]
                n_stretches = len(document.body) - ECHO_CHARS + 1
                if not _counts(document):
                    continue
                if n_asked[row] >= ECHO_SHARE * n_stretches:
                    found[document.id] = Caution.REPEATS_DEMAND
                elif n_older[row] >= COPY_SHARE * n_stretches:
                    found[document.id] = Caution.REPEATS_OTHERS
        return found

    def _n_by_row(self, segment: Segment, places: Places) -> Places:
        return np.bincount(self._of(segment).owners[places], minlength=segment.n_rows)

    def _older_places(self, segment: Segment, others: Iterable[Segment]) -> Places:
        """Return the stretches of a segment's capabilities that stand in older texts, once each."""
        known = self._older.setdefault(segment, WeakKeyDictionary())
        places = [np.zeros(0, np.int64)]
        for other in others:
            if other not in known:
                known[other] = self._compare(segment, other)
            places.append(known[other])
        return np.unique(np.concatenate(places))

    def _compare(self, capabilities: Segment, others: Segment) -> Places:
        """Return the stretches of capabilities that another group had before.

        Of each stretch the oldest text decides, or the oldest of a second group where that is
        one's own: so what thousands share costs no more than what two do.
        """
        offered = self._of(capabilities)
        if not len(offered.hashes):
            return np.zeros(0, np.int64)
        theirs = self._of(others).among(offered.hashes)
        if not len(theirs.hashes):
            return np.zeros(0, np.int64)
        is_theirs = np.zeros(others.n_rows, np.bool_)
        is_theirs[theirs.owners] = True
        rows = np.flatnonzero(is_theirs).tolist()
        by_age = sorted(rows, key=lambda row: _moment(others.documents[row].id))
        numbers = np.zeros(others.n_rows, np.int64)
        numbers[by_age] = np.arange(len(by_age))
        documents = [others.documents[row] for row in by_age]
        moments, groups = _numbered([*documents, *capabilities.documents])
        own = offered.owners + len(documents)
        hashes, owners = theirs.hashes, numbers[theirs.owners]
        oldest = _Oldest.of(hashes, owners)
        is_other = groups[owners] != groups[oldest.owners[oldest.places(hashes)]]
        second = _Oldest.of(hashes[is_other], owners[is_other])
        is_older = np.zeros(len(own), np.bool_)
        for candidate in (oldest, second):
            is_there, there = candidate.find(offered.hashes)
            is_another = groups[there] != groups[own]
            is_older |= is_there & is_another & (moments[there] < moments[own])
        return np.flatnonzero(is_older)

    def _of(self, segment: Segment) -> _Stretches:
        found = self._stretches.get(segment)
        if found is None:
            found = self._stretches[segment] = _stretches_of(segment)
        return found


def _stretches_of(segment: Segment) -> _Stretches:
    hashes: list[Hashes] = [np.zeros(0, np.uint64)]
    owners = [np.zeros(0, np.int64)]
    texts = list(_texts(segment.documents))
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        some = texts[start : start + TEXTS_AT_ONCE]
        found, whose = _hashes([text for _, text in some])
        hashes.append(found)
        owners.append(np.array([row for row, _ in some], np.int64)[whose])
    together = np.concatenate(hashes)
    order = np.argsort(together)
    return _Stretches(together[order], np.concatenate(owners)[order])


def _texts(documents: Sequence[Document]) -> Iterator[tuple[int, str]]:
    """Yield the texts of documents with the row; a demand's title is asked with as well."""
    for row, document in enumerate(documents):
        yield row, document.body
        if document.kind == Entity.DEMAND:
            yield row, document.title


def _hashes(texts: Sequence[str]) -> tuple[Hashes, Places]:
    """Return the hash of every stretch of some texts, and the number of its text."""
    joined = "".join(texts).encode("utf-32-le", "replace")
    points = np.frombuffer(joined, np.uint32).astype(np.uint64)
    n_hashes = max(len(points) - ECHO_CHARS + 1, 0)
    hashes = np.zeros(n_hashes, np.uint64)
    for shift, factor in enumerate(_FACTORS):
        hashes += points[shift : shift + n_hashes] * factor
    sizes = np.array([len(text) for text in texts], np.int64)
    whose = np.repeat(np.arange(len(texts)), sizes)[:n_hashes]
    is_within = np.arange(n_hashes) + ECHO_CHARS <= np.cumsum(sizes)[whose]
    return hashes[is_within], whose[is_within]


def _counts(document: Document) -> bool:
    return not document.verified and len(document.body) >= MIN_CHARS


def _numbered(documents: Sequence[Document]) -> tuple[Places, Places]:
    """Return for each document the rank of the moment in its key, and a number of its group."""
    _, moments = np.unique([_moment(d.id) for d in documents], return_inverse=True)
    _, groups = np.unique([d.group_id for d in documents], return_inverse=True)
    return moments, groups


def _moment(key: str) -> str:
    return key.partition("_")[2] or key
