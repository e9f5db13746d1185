"""The whole pipeline on one set, and what becomes of its ranking when something is changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from bench.quality.compare import FUNCTIONS
from bench.quality.variants.ground import Base, Ground, Outcome
from indexer.view import KindView
from matcher.asking import make_query
from matcher.evaluate import group_key
from matcher.features import FEATURES, Feature, Surroundings, weighted
from matcher.learning.examples import make_example
from matcher.pipeline import MatchRequest
from matcher.score import score, weighted_means
from matcher.types import Candidates, Filters, Query, Values
from matcher.usual import usual_cosines
from models.regions import RegionTable
from models.viewer import system
from models.vocabulary.matching import Direction

BY_NAME: Final = {feature.name: feature for feature in FEATURES}


@dataclass(frozen=True, eq=False)
class Asked:
    """One query with what the pipeline says of its candidates.

    Attributes:
        number: Of the query.
        query: What is asked.
        candidates: What is ranked.
        values: float32 (n_candidates, n_features), NaN for unknown.
        totals: float64 (n_candidates,): the score of each as shipped.
    """

    number: int
    query: Query
    candidates: Candidates
    values: Values
    totals: NDArray[np.float64]

    def best(self, n: int) -> NDArray[np.int64]:
        """Return the rows of the candidates with the highest score as shipped, best first."""
        order = np.lexsort((self.candidates.rows, -self.totals))[:n]
        return self.candidates.rows[order]


Column = Callable[[Asked], Values]
"""Gives one value a candidate, 0..1, NaN for unknown."""

Change = Callable[[Asked], tuple[Query, Candidates]]
"""Gives what is asked and compared instead."""


Way = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Gives another score of a query vector (dim,) with every row."""


class Pipeline:
    """The shipped pipeline with every query of a set examined once."""

    def __init__(self, ground: Ground) -> None:
        """Examine all queries that have a candidate."""
        self.ground = ground
        self.around = Surroundings(usual_cosines(ground.opened.embedder), RegionTable.load())
        found = (self._examined(number) for number in range(len(ground.queries)))
        self.asked = tuple(asked for asked in found if len(asked.candidates.rows))
        self.present = self._measured(self.ranked)

    def _examined(self, number: int) -> Asked:
        opened = self.ground.opened
        document, only = opened.collection.queries[number], opened.collection.candidates
        ids = None if only is None else only.get(document.id, frozenset())
        filters = Filters(only_ids=ids, viewer=system("variants"))
        request = MatchRequest(Direction.DEMAND_TO_PROVIDER, filters=filters)
        candidates, scores = opened.matcher.examine(document, opened.view, request)
        query = make_query(document, opened.embedder.embed_query(document), opened.segmenter)
        return Asked(number, query, candidates, scores.values, scores.totals)

    def ranked(self, asked: Asked, totals: NDArray[np.float64] | None = None) -> list[str]:
        """Return the keys of the groups best first, by the score of their documents."""
        scores = asked.totals if totals is None else totals
        keys = [group_key(document.group_id) for document in asked.candidates.documents]
        column = np.asarray(scores, np.float32)[:, None]
        return make_example("", column, keys, {}).ranked(_TOTAL)

    def through(self, ways: Mapping[str, Way]) -> Change:
        """Return the change to cosines that are computed in other ways, by part."""
        view = OtherCosines.of(self.ground.opened.kind, ways)
        return lambda asked: (asked.query, replace(asked.candidates, view=view))

    def first_places(self, asked: Asked, depth: int) -> list[int]:
        """Return the places of the candidates whose groups rank first as shipped."""
        first = set(self.ranked(asked)[:depth])
        documents = asked.candidates.documents
        return [n for n, d in enumerate(documents) if group_key(d.group_id) in first]

    def added(self, name: str, column: Column, weights: Sequence[float]) -> Iterator[Outcome]:
        """Yield a value more in the weighted mean, at several weights."""
        columns = [column(asked) for asked in self.asked]
        cost = self._cost(column, None)
        for weight in weights:
            features = (*_scaled(1 - weight), replace(FEATURES[0], name=name, weight=weight))

            def totals(
                asked: Asked, place: int, features: tuple[Feature, ...] = features
            ) -> Totals:
                values = np.column_stack([asked.values, columns[place]])
                return weighted_means(values, features)[0]

            yield self._outcome(f"{name}，权重 {weight:g}", totals, cost)

    def changed(
        self, name: str, change: Change, touched: Set[str], *, is_second_pass: bool = False
    ) -> Outcome:
        """Return what another question or another index gives, weights as shipped.

        Args:
            name: Of the variant.
            change: Gives the changed question.
            touched: Names of the features it changes.
            is_second_pass: Whether these features are first computed as shipped.
        """
        features = tuple(f for f in FEATURES if f.name in touched)
        places = [n for n, f in enumerate(FEATURES) if f.name in touched]

        def computed(asked: Asked) -> Values:
            return score(*change(asked), features, self.around).values

        def totals(asked: Asked, _: int) -> Totals:
            values = asked.values.copy()
            values[:, places] = computed(asked)
            return weighted_means(values, FEATURES)[0]

        def shipped(asked: Asked) -> Values:
            return score(asked.query, asked.candidates, features, self.around).values

        cost = self._cost(computed, None if is_second_pass else shipped)
        return self._outcome(name, totals, cost)

    def reweighted(self, name: str, weights: Mapping[str, float]) -> Outcome:
        """Return what other weights give; they cost nothing."""
        features = weighted(FEATURES, weights)
        return self._outcome(name, lambda a, _: weighted_means(a.values, features)[0], 0.0)

    def top_reranked(
        self, name: str, column: Column, depth: int, weights: Sequence[float]
    ) -> Iterator[Outcome]:
        """Yield the first groups in a new order by a value more; those behind them stay there.

        Args:
            name: Of the variant.
            column: The value; only that of the first is looked at.
            depth: How many groups are put in a new order.
            weights: Of the value beside all others.
        """
        columns = [column(asked) for asked in self.asked]
        cost = self._cost(column, None)
        for weight in weights:

            def ranking(asked: Asked, place: int, weight: float = weight) -> list[str]:
                before = self.ranked(asked)
                first = set(before[:depth])
                totals = (1 - weight) * asked.totals + weight * np.nan_to_num(columns[place])
                after = [key for key in self.ranked(asked, totals) if key in first]
                return [*after, *before[depth:]]

            values = self._measured_rankings([ranking(a, n) for n, a in enumerate(self.asked)])
            yield Outcome(f"{name}，权重 {weight:g}", Base.PIPELINE, values, self.present, cost)

    def _outcome(self, name: str, totals: Callable[[Asked, int], "Totals"], cost: float) -> Outcome:
        rankings = [self.ranked(asked, totals(asked, n)) for n, asked in enumerate(self.asked)]
        values = self._measured_rankings(rankings)
        return Outcome(name, Base.PIPELINE, values, self.present, cost)

    def _measured(self, ranked: Callable[[Asked], list[str]]) -> tuple[float, ...]:
        return self._measured_rankings([ranked(asked) for asked in self.asked])

    def _measured_rankings(self, rankings: Sequence[Sequence[str]]) -> tuple[float, ...]:
        grades = self.ground.opened.collection.grades
        return tuple(
            FUNCTIONS[self.ground.measure](ranking, grades.get(asked.query.document.id, {}))
            for asked, ranking in zip(self.asked, rankings, strict=True)
        )

    def _cost(
        self, new: Callable[[Asked], object], present: Callable[[Asked], object] | None
    ) -> float:
        asked = self.asked
        return self.ground.cost(
            lambda n: new(asked[n % len(asked)]),
            None if present is None else lambda n: present(asked[n % len(asked)]),
        )


Totals = NDArray[np.float64]
_TOTAL: Final = (replace(FEATURES[0], name="total", weight=1.0),)


def _scaled(share: float) -> tuple[Feature, ...]:
    return tuple(replace(feature, weight=share * feature.weight) for feature in FEATURES)


@dataclass(frozen=True, eq=False)
class OtherCosines(KindView):
    """Documents whose cosines are computed in another way.

    Attributes:
        ways: By part, the other score of a query with all rows.
    """

    ways: Mapping[str, Way] = field(default_factory=dict)

    @classmethod
    def of(cls, view: KindView, ways: Mapping[str, Way]) -> Self:
        """Return the documents of a view with other cosines."""
        return cls(view.segments, view.alive, ways)

    def cosines(
        self, part: str, query: NDArray[np.float32], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return the other scores of given rows, with mean and deviation of the cosines.

        What unrelated texts usually give is known of cosines only, and counts for some rows.
        """
        usual = super().cosines(part, query, rows)
        other = self.ways[part](query)[rows]
        stretched = (other - other.mean()) / max(float(other.std()), 1e-9)
        return np.asarray(usual.mean() + usual.std() * stretched, np.float32)
