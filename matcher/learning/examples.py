"""What the features say of the candidates of labelled queries: all that learning looks at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.embed import Progress
from indexer.view import IndexView
from matcher.evaluate import Collection, group_key
from matcher.features import Feature
from matcher.measures import ndcg
from matcher.pipeline import Matcher, MatchRequest
from matcher.rank import SCORE_DIGITS, group_scores
from matcher.score import weighted_means
from matcher.types import Filters
from models.viewer import system
from models.vocabulary.matching import Direction

Measure = Callable[[Sequence[str], Mapping[str, int]], float]


@dataclass(frozen=True, eq=False)
class Example:
    """One labelled query.

    Attributes:
        id: Key of the query.
        values: float32 (n_documents, n_features), 0..1, NaN for unknown; rows of one group
            stand together.
        groups: int64 (n_documents,), ascending numbers from 0.
        keys: Key of each group, in the order of their numbers; ascending.
        gains: float64 (n_groups,), >= 0: what putting the group first is worth.
        grades: Grade of every judged key, also of those that are no candidates.
    """

    id: str
    values: NDArray[np.float32]
    groups: NDArray[np.int64]
    keys: tuple[str, ...]
    gains: NDArray[np.float64]
    grades: Mapping[str, int]

    def of_shown(self, gains: Mapping[str, float], grades: Mapping[str, int]) -> Self:
        """Return the example of the groups in `gains` alone: nobody chose among the others."""
        kept = [number for number, key in enumerate(self.keys) if key in gains]
        rows = np.isin(self.groups, kept)
        return replace(
            self,
            values=self.values[rows],
            groups=np.searchsorted(kept, self.groups[rows]).astype(np.int64),
            keys=tuple(self.keys[number] for number in kept),
            gains=np.array([gains[self.keys[number]] for number in kept], np.float64),
            grades=grades,
        )

    def scores(self, features: tuple[Feature, ...]) -> NDArray[np.float64]:
        """Return the score of each group under the weights of features; float64 (n_groups,)."""
        totals, _ = weighted_means(self.values, features)
        return group_scores(totals, self.groups)

    def reach(self, grade: int) -> NDArray[np.bool_]:
        """Return whether each group has at least a grade; bool (n_groups,)."""
        return np.array([self.grades.get(key, 0) >= grade for key in self.keys], np.bool_)

    def ranked(self, features: tuple[Feature, ...]) -> list[str]:
        """Return the keys best first, ties by key."""
        scores = np.round(self.scores(features), SCORE_DIGITS)
        return [self.keys[n] for n in np.lexsort((np.arange(len(scores)), -scores))]

    def measured(self, features: tuple[Feature, ...], measure: Measure = ndcg) -> float:
        """Return a measure of its ranking under the weights of features."""
        return measure(self.ranked(features), self.grades)


def examples_of(
    collection: Collection, matcher: Matcher, view: IndexView, progress: Progress
) -> list[Example]:
    """Return one example for each query that has a candidate, in the order of queries."""
    found: list[Example] = []
    for done, query in enumerate(collection.queries, start=1):
        only = collection.candidates
        filters = Filters(
            only_ids=None if only is None else only.get(query.id, frozenset()),
            viewer=system("learning"),
        )
        request = MatchRequest(Direction.DEMAND_TO_PROVIDER, filters=filters)
        candidates, scores = matcher.examine(query, view, request)
        keys = [group_key(d.group_id) for d in candidates.documents]
        if keys:
            grades = collection.grades.get(query.id, {})
            found.append(make_example(query.id, scores.values, keys, grades))
        progress(done, len(collection.queries))
    return found


def make_example(
    query_id: str,
    values: NDArray[np.float32],
    keys: Sequence[str],
    grades: Mapping[str, int],
) -> Example:
    """Return an example from one row a document.

    Args:
        query_id: Key of the query.
        values: (n_documents, n_features).
        keys: Key of each document's group.
        grades: Grade by key of group; gains are 2^grade - 1 (Burges 2005).
    """
    order = np.array(sorted(range(len(keys)), key=lambda row: keys[row]), np.int64)
    names, numbers = np.unique(np.array(keys)[order], return_inverse=True)
    ordered = tuple(str(name) for name in names)
    return Example(
        id=query_id,
        values=values[order],
        groups=numbers.astype(np.int64),
        keys=ordered,
        gains=np.array([2.0 ** max(grades.get(key, 0), 0) - 1 for key in ordered]),
        grades=grades,
    )
