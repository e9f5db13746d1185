"""What the encoder learns from: texts that ask, with texts that fit them and texts that do not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.embed import full_text, title_text
from indexer.types import Document


@dataclass(frozen=True, slots=True)
class Readings:
    """The ways in which the vectors of a text are made.

    Attributes:
        title: Its title.
        full: Title and body.
    """

    title: str
    full: str

    @classmethod
    def of(cls, document: Document) -> "Readings":
        """Return those of a document."""
        return cls(title_text(document), full_text(document))


@dataclass(frozen=True, eq=False, slots=True)
class Lesson:
    """A text that asks, and what was found for it.

    Attributes:
        asking: What asks.
        found: What was found; the nearest first among those that do not fit.
        gains: float64 (len(found),), >= 0: what finding each is worth; 0 for what does not fit.
    """

    asking: Readings
    found: tuple[Readings, ...]
    gains: NDArray[np.float64]


def draw(
    lesson: Lesson, size: int, rng: np.random.Generator
) -> tuple[list[Readings], NDArray[np.float64]]:
    """Return some of what was found, with its gains: fitting for a half at most.

    What does not fit comes from near the top more often than from further down, so that most of
    it is hard to tell from what fits.
    """
    fitting, other = np.flatnonzero(lesson.gains > 0), np.flatnonzero(lesson.gains == 0)
    n_fitting = min(len(fitting), max(size // 2, size - len(other)))
    n_other = min(len(other), size - n_fitting)
    nearness = 1.0 / (1.0 + np.arange(len(other)) / size)
    chosen = rng.choice(fitting, n_fitting, replace=False).tolist()
    if n_other:
        shares = nearness / nearness.sum()
        chosen += rng.choice(other, n_other, replace=False, p=shares).tolist()
    return [lesson.found[place] for place in chosen], lesson.gains[chosen]
