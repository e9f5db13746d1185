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
from indexer.e5_folder import PROMPTS
from matcher.compare.standing import standing
from matcher.evaluate import group_key
from matcher.learning.trial import MIN_QUERIES, parts
from matcher.types import Values

FOLDS: Final = 3
WEIGHTS: Final = (0.05, 0.2)
RERANKED: Final = 50
TIMED: Final = 3
"""Queries whose cost is measured: each takes seconds."""

BETWEEN: Final = "</s></s>"
"""What XLM-R puts between two texts of one."""

_BATCH: Final = 64


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

    n_trained: int = 6
    max_tokens: int = 40
    epochs: int = 3
    n_found: int = 24
    rate: float = 5e-5
    line_rate: float = 5e-3
    scale: float = 20.0
    dropout: float = 0.1
    seed: int = 1


class CrossEncoder:
    """Scores pairs of titles."""

    def __init__(self, folder: Path, regime: Regime) -> None:
        """Read the encoder it starts from."""
        torch.manual_seed(regime.seed)
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
        self._tower.forget()
        return np.asarray(torch.cat(parts_of).numpy(), np.float32)

    def _scores(self, asking: str, offered: Sequence[str], dropout: float) -> torch.Tensor:
        texts = [f"{PROMPTS['query']}{asking}{BETWEEN}{PROMPTS['document']}{o}" for o in offered]
        vectors = self._tower.vectors(texts, dropout)
        return self._regime.scale * vectors @ self._line


def lessons_of(ground: Ground) -> dict[int, Lesson]:
    """Return what each query with a fitting document teaches, by its number.

    What does not fit comes in the order of the present cosine, the nearest first.
    """
    found = {}
    for number, query in enumerate(ground.queries):
        grades = ground.opened.collection.grades.get(query.id, {})
        rows = ground.opened.allowed(query)
        rows = rows[np.argsort(-ground.cosines(number)[rows], kind="stable")]
        texts = [ground.documents[row] for row in rows]
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
    scores, cost = held_back(ground, encoders.folder, lessons, Regime())

    def beside(number: int) -> NDArray[np.float32]:
        return standing_of(ground.cosines(number)) + standing_of(scores[number])

    yield ground.alone("交叉编码器，代替余弦", lambda number: scores[number], cost)
    yield ground.alone("交叉编码器，与余弦相加", beside, cost)

    def column(asked: Asked) -> Values:
        of_all, rows = scores[asked.number], asked.candidates.rows
        return standing(of_all[rows], of_all[rows])

    for outcome in pipeline.added("交叉编码器", column, WEIGHTS):
        yield replace(outcome, added_ms=cost)


def held_back(
    ground: Ground, folder: Path, lessons: dict[int, Lesson], regime: Regime
) -> tuple[dict[int, NDArray[np.float32]], float]:
    """Return scores of every row by query, of one that has not seen it, and the cost of a query.

    Rows that a query may not rank have the lowest score; a query that nothing fits keeps its
    cosines, since no order of its rows is better. The cost is that of re-ranking the first
    documents, in milliseconds of the processor.
    """
    numbers, costs = np.array(sorted(lessons)), []
    scores = {number: ground.cosines(number) for number in range(len(ground.queries))}
    for part in parts(len(numbers), FOLDS):
        unseen = set(numbers[part].tolist())
        model = CrossEncoder(folder, regime)
        model.train([lesson for number, lesson in lessons.items() if number not in unseen])
        for number in sorted(unseen):
            rows = ground.opened.allowed(ground.queries[number])
            titles = [ground.documents[row].title for row in rows]
            found = model.scores(ground.queries[number].title, titles)
            scores[number] = np.full(len(ground.documents), found.min(), np.float32)
            scores[number][rows] = found
        costs.append(_cost(model, ground))
    return scores, float(np.mean(costs))


def _cost(model: CrossEncoder, ground: Ground) -> float:
    titles = [document.title for document in ground.documents[:RERANKED]]
    return ground.cost(lambda n: model.scores(ground.queries[n].title, titles), None, TIMED)
