"""One labelled set made ready, and how a variant is measured on it against the present way."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.quality.compare import FUNCTIONS, open_set
from bench.quality.sets import LabelledSet, prepare
from bench.quality.systems import Opened, best_rows, groups_of
from bench.quality.vectors import RememberingEncoder
from indexer.embed import full_text, title_text
from indexer.types import Document
from matcher.significance import Interval, bootstrap

TIMED: Final = 40
"""Requests whose cost is measured, of each set."""

TRAIN: Final = "-train"
SETS: Final = ("bdci2019-train", "bdci2019", "collection", "demo", "patents")


class Base(StrEnum):
    """What a variant is compared with."""

    COSINE = "cosine"
    """The cosine of one text a side, alone: the encoder as it is served."""

    PIPELINE = "pipeline"
    """The whole pipeline with the shipped weights."""


@dataclass(frozen=True)
class Outcome:
    """One variant on one set.

    Attributes:
        name: Of the variant.
        base: What it is compared with.
        values: The deciding measure by query.
        present: The same of the present way.
        added_ms: Processor time a request takes more than the present way, by measuring.
    """

    name: str
    base: Base
    values: tuple[float, ...]
    present: tuple[float, ...]
    added_ms: float

    @property
    def difference(self) -> Interval:
        """Variant less present way, paired by query."""
        return bootstrap(np.subtract(self.values, self.present).tolist())


ScoreAll = Callable[[int], NDArray[np.float32]]
"""Gives the score of every row for the query of a number."""


@dataclass(frozen=True)
class Ground:
    """A set with the texts that the cosine alone is measured on.

    Attributes:
        name: Of the set and its part.
        opened: The set.
        measure: Name of the deciding measure.
        is_title: Whether titles are compared alone, else whole texts: what is better there.
    """

    name: str
    opened: Opened
    measure: str
    is_title: bool

    @property
    def is_train(self) -> bool:
        """Whether it is the part of a set that may be learned from."""
        return self.name.endswith(TRAIN)

    @property
    def queries(self) -> Sequence[Document]:
        """What asks."""
        return self.opened.collection.queries

    @property
    def documents(self) -> Sequence[Document]:
        """What is searched, by row."""
        return self.opened.kind.documents

    def text_of(self, document: Document) -> str:
        """Return the text whose vector is compared."""
        return title_text(document) if self.is_title else full_text(document)

    @cached_property
    def asked_texts(self) -> list[str]:
        """The compared text of each query."""
        return [self.text_of(query) for query in self.queries]

    @cached_property
    def offered_texts(self) -> list[str]:
        """The compared text of each document, by row."""
        return [self.text_of(document) for document in self.documents]

    @property
    def asked(self) -> NDArray[np.float32]:
        """Vectors of the compared texts of the queries, (n_queries, dim)."""
        o = self.opened
        return o.query_title_vectors if self.is_title else o.query_vectors

    @property
    def offered(self) -> NDArray[np.float32]:
        """Vectors of the compared texts of the documents, (n_rows, dim)."""
        return self.vectors("titles" if self.is_title else "fulls")

    def vectors(self, part: str) -> NDArray[np.float32]:
        """Return the vectors of `titles` or `fulls` by row."""
        (segment,) = self.opened.kind.segments
        found: NDArray[np.float32] = getattr(segment, part).vectors
        return found

    def cosines(self, number: int) -> NDArray[np.float32]:
        """Return the present cosine of a query with every row."""
        return np.asarray(self.offered @ self.asked[number], np.float32)

    @cached_property
    def present(self) -> tuple[float, ...]:
        """What the present cosine gives, by query."""
        return self.measured(self.cosines)

    def measured(self, score: ScoreAll) -> tuple[float, ...]:
        """Return the deciding measure of each query when ranked by a score."""
        found = []
        for number, query in enumerate(self.queries):
            rows = best_rows(self.opened, number, score(number))
            grades = self.opened.collection.grades.get(query.id, {})
            found.append(FUNCTIONS[self.measure](groups_of(self.opened, rows), grades))
        return tuple(found)

    def alone(self, name: str, score: ScoreAll, added_ms: float | None = None) -> Outcome:
        """Return what a score does in the place of the present cosine."""
        cost = self.cost(score, self.cosines) if added_ms is None else added_ms
        return Outcome(name, Base.COSINE, self.measured(score), self.present, cost)

    def cost(
        self,
        new: Callable[[int], object],
        present: Callable[[int], object] | None,
        n_timed: int = TIMED,
    ) -> float:
        """Return the milliseconds of the processor that a query takes more in the new way.

        Both ways take turns, so that what else runs here disturbs both alike.
        """
        spent = 0.0
        n_timed = min(n_timed, len(self.queries))
        for number in range(n_timed):
            start = time.process_time()
            new(number)
            middle = time.process_time()
            if present is not None:
                present(number)
            spent += (middle - start) - (time.process_time() - middle) * (present is not None)
        return 1_000 * spent / n_timed


def open_ground(name: str, encoder: RememberingEncoder) -> Ground | None:
    """Return a set by name, with `-train` for its train part; None where its data is not there."""
    labelled = prepare(name.removesuffix(TRAIN))
    if labelled is None:
        return None
    part = replace(labelled, split="train") if name.endswith(TRAIN) else labelled
    return ground_of(part, name, encoder)


def ground_of(labelled: LabelledSet, name: str, encoder: RememberingEncoder) -> Ground:
    """Return a set made ready; titles are compared alone where whole texts do worse."""
    opened = open_set(labelled, labelled.split, encoder)
    return Ground(name, opened, labelled.measures[0], labelled.name in TITLES)


TITLES: Final = frozenset({"bdci2019", "patents"})
"""Sets whose titles alone do better than whole texts (ADR 0014)."""


def standing_of(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return scores in standard deviations above their mean."""
    return np.asarray((scores - scores.mean()) / max(float(scores.std()), 1e-6), np.float32)
