"""Reading the bands of an index: what random pairs of its documents score."""

from collections.abc import Iterator
from threading import Lock
from typing import Final

import numpy as np

from indexer.view import IndexView, KindView
from indexer.words import Segmenter
from matcher.bands import SHIPPED, BandThresholds, thresholds_from
from matcher.features import Feature, Surroundings
from matcher.rank import group_rows, group_score
from matcher.score import score
from matcher.types import RANKED_KIND, Candidates, Query, make_query
from models.vocabulary import Direction, Entity

BAND_QUERIES: Final = 40
"""Documents of the index that play the query when the bands are read."""

BAND_GROUPS: Final = 250
"""Groups each of them is scored against at most: 10,000 pairs, 50 of them above `strong`."""


class Calibrator:
    """Knows where the bands lie; reads them once for each generation and direction.

    They are read from the generation alone, without what changed since: every worker gets the
    same ones, and a band does not move because somebody posted a demand.
    """

    def __init__(
        self, features: tuple[Feature, ...], around: Surroundings, segmenter: Segmenter
    ) -> None:
        self._features = features
        self._around = around
        self._segmenter = segmenter
        self._known: dict[tuple[str, Direction], BandThresholds] = {}
        self._lock = Lock()

    def thresholds(self, view: IndexView, direction: Direction) -> BandThresholds:
        """Return where the bands lie in this index for one direction."""
        key = (view.generation, direction)
        if key in self._known:
            return self._known[key]
        with self._lock:
            if key not in self._known:
                self._known[key] = thresholds_from(
                    list(self._scores(view, direction)), SHIPPED[direction]
                )
            return self._known[key]

    def _scores(self, view: IndexView, direction: Direction) -> Iterator[float]:
        """Score documents of the index, evenly spread, against groups, evenly spread."""
        ranked = _generation_of(view.of(RANKED_KIND[direction]))
        asking = _generation_of(view.of(_asking_kind(direction)))
        if asking.n_alive < BAND_QUERIES:
            asking = ranked
        groups = list(ranked.rows_by_group.values())
        sample = sorted(row for n in _spread(len(groups), BAND_GROUPS) for row in groups[n])
        for row in _spread(asking.n_alive, BAND_QUERIES):
            document = asking.documents[row]
            query = make_query(document, asking.embedding(row), self._segmenter)
            own = ranked.rows_by_group.get(document.group_id, [])
            rows = np.setdiff1d(np.array(sample, np.int64), own)
            if len(rows):
                pool = np.setdiff1d(ranked.alive_rows, own)
                yield from self._group_scores(query, Candidates(ranked, rows, pool))

    def _group_scores(self, query: Query, candidates: Candidates) -> Iterator[float]:
        totals = score(query, candidates, self._features, self._around).totals.tolist()
        for members in group_rows(candidates.documents, totals).values():
            yield group_score(totals, members)


def _asking_kind(direction: Direction) -> Entity:
    by_provider = (Direction.PROVIDER_TO_DEMAND, Direction.PROVIDER_TO_CASE)
    return Entity.CAPABILITY if direction in by_provider else Entity.DEMAND


def _generation_of(view: KindView) -> KindView:
    """Return the view as it was when its generation was written."""
    if not view.segments:
        return view
    main = view.segments[0]
    return KindView((main,), (np.ones(main.n_rows, np.bool_),))


def _spread(n: int, wanted: int) -> list[int]:
    """Return at most so many of the numbers below n, evenly spread."""
    return sorted({int(number) for number in np.linspace(0, n - 1, min(n, wanted))})
