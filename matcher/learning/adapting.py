"""Whether an encoder adapted to judgements is better on queries it has not seen.

The gate is that of the ranker (`matcher.learning.trial`): every query is held back once and
ranked, by the whole pipeline, with an encoder adapted to the others.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.adapter import Adapter
from indexer.adapting.lessons import Lesson, Readings
from indexer.adapting.training import Regime, train
from indexer.embed import Progress
from indexer.encoding import Encoder
from indexer.view import IndexView
from matcher.evaluate import Collection, group_key, matches_of
from matcher.learning.supervision import OTHERS, Supply
from matcher.learning.trial import MIN_QUERIES, is_worth_it, parts
from matcher.pipeline import Matcher
from matcher.significance import Interval, bootstrap

PARTS: Final = 3
"""Parts of the queries held back in turn: each costs a training and an encoding."""


class Measured(Protocol):
    """Ranks some of the queries and says how well."""

    def __call__(self, ids: Sequence[str], encoder: Encoder | None) -> NDArray[np.float64]:
        """Return nDCG@10 of queries, in order, under an encoder; the present one when None."""


@dataclass(frozen=True, eq=False)
class AdapterTrial:
    """What adapting to some lessons is good for.

    Attributes:
        adapter: Learned from all lessons.
        before: nDCG@10 of the present encoder by query.
        held_back: The same for encoders that have not seen the query.
        difference: Of the two, resampled over queries.
    """

    adapter: Adapter
    before: NDArray[np.float64]
    held_back: NDArray[np.float64]
    difference: Interval

    @property
    def is_better(self) -> bool:
        """Whether the adapted encoder may take the place of the present one."""
        return is_worth_it(self.difference)


def lessons_of(
    collection: Collection, matcher: Matcher, view: IndexView, progress: Progress
) -> dict[str, Lesson]:
    """Return what each query with a fitting result teaches, by query.

    Of a group the document that ranks best stands for it; what does not fit is what the present
    ranking puts highest.
    """
    lessons: dict[str, Lesson] = {}
    for done, query in enumerate(collection.queries, start=1):
        grades = collection.grades.get(query.id, {})
        fitting: list[tuple[Readings, float]] = []
        other: list[tuple[Readings, float]] = []
        for match in matches_of(query, collection, matcher, view):
            gain = 2.0 ** max(grades.get(group_key(match.document.group_id), 0), 0) - 1
            (fitting if gain > 0 else other).append((Readings.of(match.document), gain))
        found = fitting + other[:OTHERS]
        if fitting:
            gains = np.array([gain for _, gain in found])
            lessons[query.id] = Lesson(Readings.of(query), tuple(r for r, _ in found), gains)
        progress(done, len(collection.queries))
    return lessons


def try_adapting(
    folder: Path,
    lessons: Mapping[str, Lesson],
    regime: Regime,
    measured: Measured,
    told: Callable[[str], AbstractContextManager[Progress]],
    further: Sequence[Supply] = (),
) -> AdapterTrial:
    """Return additions trained on all lessons, and how the same training does on unseen queries.

    Args:
        folder: Of the encoder as it ships.
        lessons: By query.
        regime: How to train.
        measured: Ranks queries with an encoder.
        told: Gives what hears of the progress of one training, by its name.
        further: What is learned from besides.

    Raises:
        ValueError: there are fewer than `MIN_QUERIES` lessons.
    """
    ids = sorted(lessons)
    if len(ids) < MIN_QUERIES:
        msg = f"{len(ids)} queries have a fitting candidate, {MIN_QUERIES} are needed"
        raise ValueError(msg)
    before, held_back = np.zeros(len(ids)), np.zeros(len(ids))
    for number, part in enumerate(parts(len(ids), PARTS), start=1):
        rest = [lessons[ids[n]] for n in np.setdiff1d(np.arange(len(ids)), part)]
        unseen = [ids[n] for n in part]
        besides = [supply.lessons(frozenset(unseen)) for supply in further]
        with told(f"{number}/{PARTS}") as tell:
            tower = train(folder, rest, regime, tell, besides)
        before[part] = measured(unseen, None)
        held_back[part] = measured(unseen, tower)
    with told("全部") as tell:
        besides = [supply.lessons() for supply in further]
        final = train(folder, [lessons[key] for key in ids], regime, tell, besides)
    difference = bootstrap((held_back - before).tolist())
    return AdapterTrial(final.adapter(), before, held_back, difference)
