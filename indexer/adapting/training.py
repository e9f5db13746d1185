"""The training of an adapter: what fits is drawn near what asks, what does not is pushed away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path
from typing import Final, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from indexer.adapting.lessons import Lesson, Readings, draw
from indexer.adapting.tower import Tower
from indexer.e5_folder import PROMPTS
from indexer.encoding import Tell

_WARM_UP: Final = 0.1
"""Share of the steps in which the rate rises."""

_LONGEST_STEP: Final = 1.0
"""Length to which gradients are cut."""

_WHOLE_RATE: Final = 5e-5
"""Rate where every parameter is trained: each of them moves by itself, so far less than a factor
of low rank, which moves a whole weight."""


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
        further: How often lessons of a further source come, for each time one of a judgement does.
        title_share: Share of lessons that compare titles alone; of the others half compare a
            title with a full text and half two full texts.
        dropout: Share of each block's output left out by lot.
        n_adapted: Layers from the top that take additions.
        rank: Of the additions; None for whole ones.
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
    further: float = 0.25
    title_share: float = 0.6
    dropout: float = 0.1
    n_adapted: int = 4
    rank: int | None = 8
    max_tokens: int = 128
    share: float = 0.5
    seed: int = 1

    def of_whole_layers(self) -> Self:
        """Return the regime in which every parameter of the adapted layers is trained."""
        return replace(self, rank=None, rate=_WHOLE_RATE)


def train(
    folder: Path,
    lessons: Sequence[Lesson],
    regime: Regime,
    progress: Tell | None = None,
    further: Sequence[Sequence[Lesson]] = (),
) -> Tower:
    """Return the encoder of a folder, adapted to lessons and to those of further sources.

    For each lesson the softmax over what was found for it is held to the shares in its gains
    (the listwise form of InfoNCE; Cao et al. 2007 and van den Oord et al. 2018), and, with a
    smaller weight, the softmax over what was found for all lessons of the step, without what is
    known to fit it as well.
    """
    torch.manual_seed(regime.seed)
    tower = Tower(
        folder,
        n_adapted=regime.n_adapted,
        rank=regime.rank,
        max_tokens=regime.max_tokens,
        seed=regime.seed,
    )
    steps = list(_steps([_useful(source) for source in (lessons, *further)], regime))
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
    """A lesson of a step: one text that asks, and some of what was found for it.

    Attributes:
        asking: What asks, with its prompt.
        texts: What was found, with its prompt.
        gains: float64 (len(texts),).
        found: The same, in all its readings.
        fitting: All that is known to fit, drawn or not, and what asks itself.
    """

    asking: str
    texts: list[str]
    gains: NDArray[np.float64]
    found: list[Readings]
    fitting: frozenset[Readings]


def _useful(lessons: Sequence[Lesson]) -> list[Lesson]:
    return [lesson for lesson in lessons if lesson.gains.any()]


def _steps(sources: Sequence[Sequence[Lesson]], regime: Regime) -> Iterator[list[_Drawn]]:
    """Yield the lessons of each step, longer ones more often; the first source sets the pace."""
    rng = np.random.default_rng(regime.seed)
    lessons = [lesson for source in sources for lesson in source]
    sizes = [_sizes(source, regime) for source in sources]
    shares = [1.0] + [regime.further if source else 0.0 for source in sources[1:]]
    odds = np.concatenate(
        [s * part / max(s.sum(), 1) for s, part in zip(sizes, shares, strict=True)]
    )
    n_drawn = regime.n_lessons * regime.n_found
    n_steps = max(round(regime.epochs * sum(shares) * sizes[0].sum() / n_drawn), 1)
    n_together = min(regime.n_lessons, len(lessons))
    for _ in range(n_steps):
        chosen = rng.choice(len(lessons), n_together, replace=False, p=odds / odds.sum())
        yield [_drawn(lessons[place], regime, rng) for place in chosen]


def _sizes(lessons: Sequence[Lesson], regime: Regime) -> NDArray[np.float64]:
    return np.array([min(len(x.found), 8 * regime.n_found) for x in lessons], np.float64)


def _drawn(lesson: Lesson, regime: Regime, rng: np.random.Generator) -> _Drawn:
    found, gains = draw(lesson, regime.n_found, rng)
    lot = rng.random()
    is_asking_title = lot < (1 + regime.title_share) / 2
    is_found_title = lot < regime.title_share
    return _Drawn(
        PROMPTS["query"] + _reading(lesson.asking, is_asking_title),
        [PROMPTS["document"] + _reading(text, is_found_title) for text in found],
        gains,
        found,
        frozenset({lesson.asking, *compress(lesson.found, lesson.gains > 0)}),
    )


def _reading(text: Readings, is_title: bool) -> str:
    return text.title if is_title else text.full


def _pace(step: int, n_steps: int) -> float:
    """Return the share of the rate: rising at first, then falling to nothing."""
    return min(1.0, step / (_WARM_UP * n_steps + 1)) * (1 - (step - 1) / n_steps)


def _loss(tower: Tower, step: Sequence[_Drawn], regime: Regime) -> Tensor:
    asking = tower.vectors([lesson.asking for lesson in step], regime.dropout)
    found = tower.vectors([text for lesson in step for text in lesson.texts], regime.dropout)
    nearness = asking @ found.T / regime.temperature
    own = torch.zeros_like(nearness, dtype=torch.bool)
    targets = torch.zeros_like(nearness)
    start = 0
    for row, lesson in enumerate(step):
        end = start + len(lesson.texts)
        own[row, start:end] = True
        targets[row, start:end] = torch.from_numpy(lesson.gains / lesson.gains.sum())
        start = end
    among_own = torch.log_softmax(nearness.masked_fill(~own, -torch.inf), 1)
    near = -(targets * among_own.masked_fill(~own, 0.0)).sum(1).mean()
    among_all = torch.log_softmax(nearness.masked_fill(_fits_too(step, own), -torch.inf), 1)
    return near - regime.others * (targets * among_all.masked_fill(~own, 0.0)).sum(1).mean()


def _fits_too(step: Sequence[_Drawn], own: Tensor) -> Tensor:
    """Return what was found for another lesson and fits this one as well; bool, like `own`."""
    fits = [[text in x.fitting for other in step for text in other.found] for x in step]
    return torch.tensor(fits, device=own.device) & ~own
