"""A cross-encoder: both titles read as one text, trained on the judgements of a set.

Each query is scored by the one of three that has not seen it. It starts from the encoder in
use; its upper layers and a line from the vector to the score are trained.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from bench.quality.variants.encoding import Encoders
from bench.quality.variants.ground import Ground, Outcome, standing_of
from bench.quality.variants.pipeline import Asked, Pipeline
from indexer.adapting.lessons import Lesson, Readings, draw
from indexer.adapting.tower import Tower
from matcher.compare.standing import standing
from matcher.evaluate import group_key
from matcher.learning.trial import MIN_QUERIES, parts
from matcher.types import Values

FOLDS: Final = 3
WEIGHTS: Final = (0.05, 0.2)
RERANKED: Final = 30
TIMED: Final = 3
"""Queries whose cost is measured: each takes seconds."""

BETWEEN: Final = "</s></s>"
"""What XLM-R puts between two texts of one."""

_BATCH: Final = 64
_FAR: Final = np.float32(100.0)
"""Puts what is not re-ranked behind what is."""


@dataclass(frozen=True, slots=True)
class Regime:
    """How a cross-encoder is trained.

    Attributes:
        n_trained: Layers from the top that are trained, every parameter of them.
        max_tokens: Tokens of both titles together.
        epochs: How often each query is looked at.
        n_found: Documents of a query in one look.
        rate: Learning rate of the layers at its highest.
        line_rate: Of the line from the vector to the score.
        scale: Multiplies the vector of unit length before the line.
        dropout: Share of each block's output left out by lot.
        seed: Of everything drawn by lot.
    """

    n_trained: int = 4
    max_tokens: int = 40
    epochs: int = 2
    n_found: int = 12
    rate: float = 5e-5
    line_rate: float = 5e-3
    scale: float = 20.0
    dropout: float = 0.1
    seed: int = 1


class CrossEncoder:
    """Scores pairs of titles; trained again it forgets what it had learned.

    What the layers below make of a pair is kept, since training leaves them as they are.
    """

    def __init__(self, folder: Path, regime: Regime) -> None:
        """Read the encoder it starts from."""
        self._regime = regime
        self._tower = Tower(
            folder,
            n_adapted=regime.n_trained,
            rank=None,
            max_tokens=regime.max_tokens,
            seed=regime.seed,
        )
        self._line = torch.zeros(self._tower.dim, requires_grad=True)

    def train(self, lessons: Sequence[Lesson]) -> None:
        """Learn to rank what was found for each lesson by its gains (listwise softmax)."""
        regime, rng = self._regime, np.random.default_rng(self._regime.seed)
        torch.manual_seed(regime.seed)
        self._tower.keep_share(0.0)
        self._line = torch.zeros(self._tower.dim, requires_grad=True)
        layers = {"params": self._tower.parameters(), "lr": regime.rate}
        line = {"params": [self._line], "lr": regime.line_rate}
        optimiser = torch.optim.AdamW([layers, line], weight_decay=0.01)
        n_steps = regime.epochs * len(lessons)
        pace = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, [regime.rate, regime.line_rate], total_steps=n_steps, pct_start=0.1
        )
        for step in range(n_steps):
            if step % len(lessons) == 0:
                order = rng.permutation(len(lessons))
            lesson = lessons[order[step % len(lessons)]]
            found, gains = draw(lesson, regime.n_found, rng)
            scores = self._scores(lesson.asking.title, [f.title for f in found], regime.dropout)
            wanted = torch.tensor(gains / gains.sum(), dtype=torch.float32)
            loss = -(wanted * functional.log_softmax(scores, dim=0)).sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([*self._tower.parameters(), self._line], 1.0)
            optimiser.step()
            pace.step()

    def scores(self, asking: str, offered: Sequence[str]) -> NDArray[np.float32]:
        """Return the score of each offered title for an asking one, unbounded."""
        with torch.no_grad():
            parts_of = [
                self._scores(asking, offered[start : start + _BATCH], 0.0)
                for start in range(0, len(offered), _BATCH)
            ]
        return np.asarray(torch.cat(parts_of).numpy(), np.float32)

    def forget(self) -> None:
        """Keep nothing of the pairs met so far."""
        self._tower.forget()

    def _scores(self, asking: str, offered: Sequence[str], dropout: float) -> torch.Tensor:
        texts = [f"{asking}{BETWEEN}{title}" for title in offered]
        vectors = self._tower.vectors(texts, dropout)
        return self._regime.scale * vectors @ self._line


def first_rows(ground: Ground, number: int) -> NDArray[np.int64]:
    """Return the rows of a query that are re-ranked: the nearest by the present cosine."""
    rows = ground.opened.allowed(ground.queries[number])
    order = np.argsort(-ground.cosines(number)[rows], kind="stable")
    return rows[order[:RERANKED]]


def lessons_of(ground: Ground) -> dict[int, Lesson]:
    """Return what each query with a fitting document among the first teaches, by its number."""
    found = {}
    for number, query in enumerate(ground.queries):
        grades = ground.opened.collection.grades.get(query.id, {})
        texts = [ground.documents[row] for row in first_rows(ground, number)]
        gains = np.array([2.0 ** max(grades.get(group_key(d.group_id), 0), 0) - 1 for d in texts])
        if gains.any():
            found[number] = Lesson(Readings.of(query), tuple(map(Readings.of, texts)), gains)
    return found


def cross_encoder(pipeline: Pipeline, encoders: Encoders) -> Iterator[Outcome]:
    """Yield a cross-encoder in the place of the cosine, beside it, and inside the pipeline."""
    ground = pipeline.ground
    lessons = lessons_of(ground)
    if encoders.folder is None or not ground.is_train or len(lessons) < MIN_QUERIES:
        return
    held_back, cost = scores_held_back(ground, encoders.folder, lessons, Regime())

    def reranked(number: int, share_of_cosine: float) -> NDArray[np.float32]:
        cosines = ground.cosines(number)
        if number not in held_back:
            return cosines
        rows = first_rows(ground, number)
        mixed = standing_of(held_back[number]) + share_of_cosine * standing_of(cosines[rows])
        scores = cosines - _FAR
        scores[rows] = mixed
        return scores

    yield ground.alone("交叉编码器，代替余弦", lambda number: reranked(number, 0.0), cost)
    yield ground.alone("交叉编码器，与余弦相加", lambda number: reranked(number, 1.0), cost)

    def column(asked: Asked) -> Values:
        values = np.full(len(ground.documents), np.nan, np.float32)
        if asked.number in held_back:
            found = held_back[asked.number]
            values[first_rows(ground, asked.number)] = standing(found, found)
        return values[asked.candidates.rows]

    for outcome in pipeline.added("交叉编码器", column, WEIGHTS):
        yield replace(outcome, added_ms=cost)


def scores_held_back(
    ground: Ground, folder: Path, lessons: dict[int, Lesson], regime: Regime
) -> tuple[dict[int, NDArray[np.float32]], float]:
    """Return scores of the first rows by query, of one that has not seen it, and the cost.

    A query without a lesson has none: nothing that fits it is among the first, so no order of
    them is better. The cost is that of re-ranking a query, in milliseconds of the processor.
    """
    numbers, scores = np.array(sorted(lessons)), {}
    model = CrossEncoder(folder, regime)
    for part in parts(len(numbers), FOLDS):
        unseen = set(numbers[part].tolist())
        model.train([lesson for number, lesson in lessons.items() if number not in unseen])
        for number in sorted(unseen):
            lesson = lessons[number]
            scores[number] = model.scores(lesson.asking.title, [f.title for f in lesson.found])

    def fresh(number: int) -> object:
        model.forget()
        lesson = lessons[int(numbers[number])]
        return model.scores(lesson.asking.title, [f.title for f in lesson.found])

    return scores, ground.cost(fresh, None, TIMED)
