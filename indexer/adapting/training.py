"""The training of an adapter: what fits is drawn near what asks, what does not is pushed away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor

from indexer.adapting.lessons import Lesson, Readings, draw
from indexer.adapting.tower import Tower
from indexer.e5_folder import PROMPTS
from indexer.encoding import Tell

_WARM_UP: Final = 0.1
"""Share of the steps in which the rate rises."""

_LONGEST_STEP: Final = 1.0
"""Length to which gradients are cut."""


@dataclass(frozen=True, slots=True)
class Regime:
    """How an adapter is trained.

    Attributes:
        epochs: How often each judgement is looked at, on average.
        rate: Learning rate at its highest.
        temperature: Divides cosines before the softmax.
        n_lessons: Lessons in a step.
        n_found: What was found for each of them, looked at in a step.
        others: Weight of the loss in which what was found for the other lessons does not fit.
        title_share: Share of lessons that compare titles alone; of the others half compare a
            title with a full text and half two full texts.
        dropout: Share of each block's output left out by lot.
        n_adapted: Layers from the top that take additions.
        rank: Of the additions.
        max_tokens: Tokens of a text that are read while training.
        share: Of what was learned, how much is kept: halfway between the two an encoder is
            better on texts it has not seen than at either end (Wortsman et al. 2022).
        seed: Of everything drawn by lot.
    """

    epochs: float = 1.0
    rate: float = 1e-3
    temperature: float = 0.05
    n_lessons: int = 4
    n_found: int = 10
    others: float = 0.3
    title_share: float = 0.6
    dropout: float = 0.1
    n_adapted: int = 4
    rank: int = 8
    max_tokens: int = 128
    share: float = 0.5
    seed: int = 1


def train(
    folder: Path, lessons: Sequence[Lesson], regime: Regime, progress: Tell | None = None
) -> Tower:
    """Return the encoder of a folder, adapted to lessons.

    For each lesson the softmax over what was found for it is held to the shares in its gains
    (the listwise form of InfoNCE; Cao et al. 2007 and van den Oord et al. 2018), and, with a
    smaller weight, the softmax over what was found for all lessons of the step.
    """
    torch.manual_seed(regime.seed)
    tower = Tower(
        folder,
        n_adapted=regime.n_adapted,
        rank=regime.rank,
        max_tokens=regime.max_tokens,
        seed=regime.seed,
    )
    steps = list(_steps([x for x in lessons if x.gains.any()], regime))
    optimiser = torch.optim.AdamW(tower.parameters(), lr=regime.rate, weight_decay=0.01)
    for done, step in enumerate(steps, start=1):
        for group in optimiser.param_groups:
            group["lr"] = regime.rate * _pace(done, len(steps))
        optimiser.zero_grad()
        _loss(tower, step, regime).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(tower.parameters(), _LONGEST_STEP)
        optimiser.step()
        if progress is not None:
            progress(done, len(steps))
    tower.keep_share(regime.share)
    tower.forget()
    return tower


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A lesson of a step: one text that asks, and some of what was found for it."""

    asking: str
    found: list[str]
    gains: np.ndarray[tuple[int], np.dtype[np.float64]]


def _steps(lessons: Sequence[Lesson], regime: Regime) -> Iterator[list[_Drawn]]:
    """Yield the lessons of each step; longer ones come more often."""
    rng = np.random.default_rng(regime.seed)
    sizes = np.array([min(len(x.found), 8 * regime.n_found) for x in lessons], np.float64)
    n_drawn = regime.n_lessons * regime.n_found
    n_steps = max(round(regime.epochs * sizes.sum() / n_drawn), 1)
    n_together = min(regime.n_lessons, len(lessons))
    for _ in range(n_steps):
        chosen = rng.choice(len(lessons), n_together, replace=False, p=sizes / sizes.sum())
        yield [_drawn(lessons[place], regime, rng) for place in chosen]


def _drawn(lesson: Lesson, regime: Regime, rng: np.random.Generator) -> _Drawn:
    found, gains = draw(lesson, regime.n_found, rng)
    lot = rng.random()
    is_asking_title = lot < (1 + regime.title_share) / 2
    is_found_title = lot < regime.title_share
    return _Drawn(
        PROMPTS["query"] + _reading(lesson.asking, is_asking_title),
        [PROMPTS["document"] + _reading(text, is_found_title) for text in found],
        gains,
    )


def _reading(text: Readings, is_title: bool) -> str:
    return text.title if is_title else text.full


def _pace(step: int, n_steps: int) -> float:
    """Return the share of the rate: rising at first, then falling to nothing."""
    return min(1.0, step / (_WARM_UP * n_steps + 1)) * (1 - (step - 1) / n_steps)


def _loss(tower: Tower, step: Sequence[_Drawn], regime: Regime) -> Tensor:
    asking = tower.vectors([lesson.asking for lesson in step], regime.dropout)
    found = tower.vectors([text for lesson in step for text in lesson.found], regime.dropout)
    nearness = asking @ found.T / regime.temperature
    own = torch.zeros_like(nearness, dtype=torch.bool)
    targets = torch.zeros_like(nearness)
    start = 0
    for row, lesson in enumerate(step):
        end = start + len(lesson.found)
        own[row, start:end] = True
        targets[row, start:end] = torch.from_numpy(lesson.gains / lesson.gains.sum())
        start = end
    among_own = torch.log_softmax(nearness.masked_fill(~own, -torch.inf), 1)
    near = -(targets * among_own.masked_fill(~own, 0.0)).sum(1).mean()
    return near - regime.others * (targets * torch.log_softmax(nearness, 1)).sum(1).mean()
