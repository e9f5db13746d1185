"""Reading the bands of an index: what random pairs of its documents score."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.segment import Segment
from indexer.view import IndexView, KindView
from indexer.words import Segmenter
from matcher.asking import make_query
from matcher.bands import SHIPPED, BandThresholds, thresholds_from
from matcher.features import Feature, Surroundings
from matcher.kept_bands import KeptBands
from matcher.rank import group_scores
from matcher.ranker import Certainty, Scoring
from matcher.score import score, weighted_means
from matcher.types import RANKED_KIND, Candidates
from models.deadline import due_at
from models.vocabulary.matching import Direction
from models.vocabulary.row import Entity

BAND_QUERIES: Final = 40
"""Documents of the index that play the query when the bands are read."""

BAND_GROUPS: Final = 250
"""Groups each of them is scored against at most: 10,000 pairs, 50 of them above `strong`."""

BAND_ROWS: Final = 1_200
"""About how many documents of the ranked kind tell what is usual. Which pairs are drawn moves
the bands more (docs/adr/0006); to go through all of a large index forty times takes minutes,
and a service that starts is not ready before."""

STRONG_FITS: Final = 0.5
GOOD_FITS: Final = 0.15
FAIR_FITS: Final = 0.05
"""Least probability of fitting for each band, whatever random pairs score: in an index where
hardly anything fits anybody, the best of 200 pairs need not be good."""

KEPT_GENERATIONS: Final = 2
"""Generations of which samples are kept, for each direction."""

REMEMBERED: Final = 100
"""Generations remembered as being taken care of; one lasts for seconds at least."""

_log = logging.getLogger("navmatch.matcher")


@dataclass(frozen=True, slots=True)
class PairSample:
    """What the features say of random pairs, so that any weights can be tried on them.

    Attributes:
        values: float32 (n, n_features), 0..1, NaN for unknown; one row a document.
        groups: int64 (n,), equal for the documents of one group under one query.
    """

    values: NDArray[np.float32]
    groups: NDArray[np.int64]

    def scores(self, features: tuple[Feature, ...]) -> NDArray[np.float64]:
        """Return the scores of all pairs of query and group under the weights of features."""
        totals, _ = weighted_means(self.values, features)
        return group_scores(totals, self.groups)


Bands = tuple[PairSample, BandThresholds]
"""A sample, and where the bands lie under the usual weights."""


class Beside:
    """A thread that reads the bands of generations while the ones before are in use.

    It reads one generation after the other, always the newest, and leaves off at one as soon as
    there is a newer.
    """

    def __init__(
        self,
        read: Callable[[IndexView, Direction], object],
        when_read: Callable[[IndexView], None],
    ) -> None:
        """Make it.

        Args:
            read: Reads the bands of a generation for one direction.
            when_read: Called when those of all directions are read.
        """
        self._read = read
        self._when_read = when_read
        self._lock = Lock()
        self._wanted: IndexView | None = None
        self._thread: Thread | None = None
        self._known: dict[str, None] = {}

    def read(self, view: IndexView) -> None:
        """Read the bands of a generation, in place of any other."""
        with self._lock:
            known = list(self._known)[1 - REMEMBERED :]
            self._known = {**dict.fromkeys(known), view.generation: None}
            self._wanted = view
            if self._thread is None:
                self._thread = Thread(target=self._run, name="bands", daemon=True)
                try:
                    self._thread.start()
                except RuntimeError:  # there are too many threads: questions read them
                    _log.exception("the bands of a new generation are not read beside")
                    self._leave(view)

    def takes_care_of(self, generation: str) -> bool:
        """Return whether the bands of a generation are read here, or a newer one's are."""
        return generation in self._known

    def wait(self) -> None:
        """Wait until nothing is left to be read."""
        if (thread := self._thread) is not None:
            thread.join()

    def _run(self) -> None:
        while self._read_newest():
            pass

    def _read_newest(self) -> bool:
        """Read the bands of the newest generation; return whether a newer one came meanwhile."""
        if (view := self._wanted) is None:
            return False
        try:
            for direction in Direction:
                if self._wanted is view:
                    self._read(view, direction)
            if self._wanted is view:
                self._when_read(view)
            is_read = True
        except Exception:  # the next question reads them, and fails if that fails
            _log.exception("the bands of a new generation could not be read")
            is_read = False
        with self._lock:
            if self._wanted is not view:
                return True
            self._leave(view, is_read=is_read)
            return False

    def _leave(self, view: IndexView, *, is_read: bool = False) -> None:
        """Have nothing to do any more; called with the lock held."""
        self._wanted = self._thread = None
        if not is_read:
            self._known = {name: None for name in self._known if name != view.generation}


class Calibrator:
    """Knows where the bands lie; takes one sample for each generation and direction.

    They are read from the generation alone, without what changed since: every worker reads the
    same ones, and a band does not move because somebody posted a demand.
    """

    def __init__(
        self,
        scoring: Scoring,
        around: Surroundings,
        segmenter: Segmenter,
        on_disk: KeptBands | None = None,
    ) -> None:
        """Make it.

        Args:
            scoring: The features with their usual weights, and what such scores are worth;
                where nobody measured that, random pairs decide alone.
            around: What the features need.
            segmenter: Makes queries of documents.
            on_disk: Where the bands are kept beyond this process, if anywhere.
        """
        self._features = scoring.features
        self._floors = None if scoring.certainty is None else floors_of(scoring.certainty)
        self._around = around
        self._segmenter = segmenter
        self._kept: dict[Direction, dict[str, Bands]] = {direction: {} for direction in Direction}
        self._on_disk = on_disk
        self._before: Mapping[Direction, BandThresholds] = {}
        self._reading = Lock()  # held while a sample is taken
        self._beside = Beside(self._read, self._keep_on_disk)

    def thresholds(
        self,
        view: IndexView,
        direction: Direction,
        features: tuple[Feature, ...] | None = None,
    ) -> BandThresholds:
        """Return where the bands lie in this index for one direction.

        Args:
            view: The index.
            direction: What is ranked.
            features: The features with the weights in use; the usual ones when None.
        """
        is_usual = features is None or features == self._features
        kept = self._kept[direction]
        found = kept.get(view.generation)
        if found is None and self._beside.takes_care_of(view.generation):
            if kept:
                found = next(reversed(kept.values()))
            elif is_usual and direction in self._before:
                return self._before[direction]
        sample, shipped = found or self._read(view, direction)
        if features is None or is_usual:
            return shipped
        return thresholds_from(sample.scores(features), SHIPPED[direction])

    def prepare(self, view: IndexView) -> None:
        """Have the bands of a first generation: those kept on disk hold until its own are read.

        Where none are kept they are read now.
        """
        if self._are_read(view.generation) or self._beside.takes_care_of(view.generation):
            return
        self._before = self._on_disk.read(view.generation) if self._on_disk else {}
        if self._before:
            self.read_beside(view)
            return
        for direction in Direction:
            self.thresholds(view, direction)
        self._keep_on_disk(view)

    def read_beside(self, view: IndexView) -> None:
        """Read the bands of a new generation in a thread of their own.

        Until they are read those of the generation before hold, where there was one: a new
        generation holds hardly anything else, and whoever waits for what they have just written
        to be found need not wait for bands. Of several that wait only the newest is read.
        """
        self._beside.read(view)

    def wait_read(self) -> None:
        """Wait until nothing is read beside."""
        self._beside.wait()

    def _read(self, view: IndexView, direction: Direction) -> Bands:
        with self._reading, due_at(None):  # all share it: it is finished, whoever began it
            kept = self._kept[direction]
            return kept.get(view.generation) or self._keep(view, direction)

    def _keep(self, view: IndexView, direction: Direction) -> Bands:
        sample = self._sample(view, direction)
        read = thresholds_from(sample.scores(self._features), SHIPPED[direction])
        if self._floors is not None and direction == Direction.DEMAND_TO_PROVIDER:
            read = read.at_least(self._floors)
        newest = list(self._kept[direction].items())[1 - KEPT_GENERATIONS :]
        self._kept[direction] = {**dict(newest), view.generation: (sample, read)}
        return sample, read

    def _are_read(self, generation: str) -> bool:
        return all(generation in kept for kept in self._kept.values())

    def _keep_on_disk(self, view: IndexView) -> None:
        """Keep the bands of a generation for the next start, if all of them are read."""
        name = view.generation
        if self._on_disk is not None and self._are_read(name):
            self._on_disk.write(name, {d: kept[name][1] for d, kept in self._kept.items()})

    def _sample(self, view: IndexView, direction: Direction) -> PairSample:
        """Compare documents of the index, evenly spread, with groups, evenly spread."""
        ranked = _thinned(_generation_of(view.of(RANKED_KIND[direction])))
        asking = _generation_of(view.of(_asking_kind(direction)))
        if asking.n_alive < BAND_QUERIES:
            asking = ranked
        members = list(ranked.rows_by_group.values())
        sample = sorted(row for n in _spread(len(members), BAND_GROUPS) for row in members[n])
        values = [np.zeros((0, len(self._features)), np.float32)]
        groups = [np.zeros(0, np.int64)]
        for number, row in enumerate(_spread(asking.n_alive, BAND_QUERIES)):
            document = asking.documents[row]
            query = make_query(document, asking.embedding(row), self._segmenter)
            own = ranked.rows_by_group.get(document.group_id, [])
            rows = np.setdiff1d(np.array(sample, np.int64), own)
            pool = np.setdiff1d(ranked.alive_rows, own)
            candidates = Candidates(ranked, rows, pool, pool)
            values.append(score(query, candidates, self._features, self._around).values)
            groups.append(ranked.group_numbers[rows] + number * len(members))
        return PairSample(np.concatenate(values), np.concatenate(groups))


def floors_of(certainty: Certainty) -> BandThresholds:
    """Return the scores below which too few results fit for a band to mean what it says."""
    return BandThresholds(
        strong=certainty.score_at(STRONG_FITS),
        good=certainty.score_at(GOOD_FITS),
        fair=certainty.score_at(FAIR_FITS),
    )


def _asking_kind(direction: Direction) -> Entity:
    by_provider = (Direction.PROVIDER_TO_DEMAND, Direction.PROVIDER_TO_CASE)
    return Entity.CAPABILITY if direction in by_provider else Entity.DEMAND


def _generation_of(view: KindView) -> KindView:
    """Return the view as it was when its generation was written."""
    if not view.segments:
        return view
    return _view_of(view.segments[0])


def _thinned(view: KindView) -> KindView:
    """Return the view of whole groups, evenly spread, that have about `BAND_ROWS` documents."""
    if view.n_alive <= BAND_ROWS:
        return view
    members = list(view.rows_by_group.values())
    n_groups = max(BAND_GROUPS, len(members) * BAND_ROWS // view.n_alive)
    rows = sorted(row for n in _spread(len(members), n_groups) for row in members[n])
    return _view_of(Segment.merge(view.segments, np.array(rows, np.int64)))


def _view_of(segment: Segment) -> KindView:
    return KindView((segment,), (np.ones(segment.n_rows, np.bool_),))


def _spread(n: int, wanted: int) -> list[int]:
    """Return at most so many of the numbers below n, evenly spread."""
    return sorted({int(number) for number in np.linspace(0, n - 1, min(n, wanted))})
