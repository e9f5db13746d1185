"""Demands that fit no code, gathered by the words they share: what a new code might be for."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from math import log
from typing import Final

MIN_GROUP: Final = 2
"""Demands a group has at least; what stands alone is listed as such."""

MAX_GROUPS: Final = 20
MAX_WORDS: Final = 5
MIN_CHARS: Final = 2
_AMOUNT: Final = re.compile(
    r"[\d.]+\D?|[一二两三四五六七八九十百千万亿]+[年月天日周件项个家份万元]?"
)
COMMON: Final = 0.5
"""Share of a group a word must stand in to be one of its words."""


@dataclass(frozen=True, slots=True)
class UnfitText:
    """A demand that fits no code.

    Attributes:
        id: Its key.
        title: Its title.
        words: The words of its text.
        code: The scenario it has all the same, or the reject class; None when it has none.
        confidence: How sure that is, 0..1; 0 when it has none.
    """

    id: str
    title: str
    words: Set[str]
    code: str | None = None
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class UnfitGroup:
    """Demands that share words other demands do not have.

    Attributes:
        words: Their common words, the most telling first.
        members: The demands, in the order given.
    """

    words: tuple[str, ...]
    members: tuple[UnfitText, ...]


def group(
    unfit: Sequence[UnfitText], among: Mapping[str, int], n_all: int
) -> tuple[list[UnfitGroup], list[UnfitText]]:
    """Return the groups, the largest and most telling first, and what stands alone.

    Args:
        unfit: The demands that fit no code.
        among: In how many of all demands each word stands.
        n_all: How many demands there are.
    """
    counts = Counter(word for text in unfit for word in text.words if _tells(word))
    lift = {w: _lift(n, len(unfit), among.get(w, n), n_all) for w, n in counts.items()}
    left, groups = list(unfit), list[UnfitGroup]()
    while len(groups) < MAX_GROUPS:
        here = Counter(word for text in left for word in text.words if lift.get(word, 0) > 0)
        best = max(here, key=lambda w: (here[w] * lift[w], w), default=None)
        if best is None or here[best] < MIN_GROUP:
            break
        members = [text for text in left if best in text.words]
        groups.append(UnfitGroup(_common(members, lift), tuple(members)))
        left = [text for text in left if best not in text.words]
    return groups, left


def _tells(word: str) -> bool:
    """Whether a word can say what a text is about: amounts and time limits do not."""
    return len(word) >= MIN_CHARS and not _AMOUNT.fullmatch(word)


def _lift(n: int, n_unfit: int, n_among: int, n_all: int) -> float:
    """Return how much more often a word stands in unfit demands than in the others, as a log."""
    share = (n + 0.5) / (n_unfit + 1)
    elsewhere = (n_among - n + 0.5) / (n_all - n_unfit + 1)
    return log(share / elsewhere)


def _common(members: Sequence[UnfitText], lift: Mapping[str, float]) -> tuple[str, ...]:
    counts = Counter(word for text in members for word in text.words)
    common = [w for w, n in counts.items() if n >= COMMON * len(members) and lift.get(w, 0) > 0]
    return tuple(sorted(common, key=lambda w: (-counts[w] * lift[w], w))[:MAX_WORDS])
