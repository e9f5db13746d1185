"""How well the characters of a phrase agree with the words known of each industry class."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.annotate.industry_terms import IndustryTerm, lower

SATURATION: Final = 1.2
LENGTH_PENALTY: Final = 0.1
"""BM25's k1 and b (Robertson and Walker, 1994). Chosen on lexicon terms held out one in
five: top-1 0.53, top-5 0.77 among 1,382 classes; b = 0.75 costs seven points."""

UNKNOWN_IDF: Final = 7.0
"""Weight of characters no class knows: a phrase mostly unknown agrees with nothing."""

NAME_COUNT: Final = 2.0
SHARES: Final = (1.0, 0.6, 0.4, 0.3)
"""What a term gives to its first, second, third and later codes."""


class ClassWords:
    """BM25 over single characters and pairs of the class names and their lexicon terms."""

    def __init__(
        self, names: Sequence[str], members: Sequence[Sequence[tuple[str, float]]]
    ) -> None:
        """Count the characters and pairs of each class.

        Args:
            names: Official class names.
            members: For each class, the terms that speak for it and how much each counts.
        """
        self._n = len(names)
        grams_of = cache(_grams_once)  # a term speaks for several classes
        counts = [
            _counts([(name, NAME_COUNT), *terms], grams_of)
            for name, terms in zip(names, members, strict=True)
        ]
        lengths = np.array([sum(found.values()) for found in counts])
        norms = SATURATION * (1 - LENGTH_PENALTY + LENGTH_PENALTY * lengths / lengths.mean())
        rows: dict[str, int] = {}
        row_of = np.fromiter(
            (rows.setdefault(gram, len(rows)) for found in counts for gram in found), np.intp
        )
        n_classes = np.bincount(row_of)
        self._idf = [log(1 + (self._n - n + 0.5) / (n + 0.5)) for n in n_classes.tolist()]
        self._bounds = [0, *np.cumsum(n_classes).tolist()]
        classes = np.repeat(np.arange(self._n), [len(found) for found in counts])
        count = np.fromiter((n for found in counts for n in found.values()), np.float64)
        weights = (count * (SATURATION + 1) / (count + norms[classes])).astype(np.float32)
        weights *= np.array(self._idf, dtype=np.float32)[row_of]
        by_row = np.argsort(row_of, kind="stable")  # one array of each: thousands take longer
        self._rows, self._classes, self._weights = rows, classes[by_row], weights[by_row]

    def agreement(self, phrase: str) -> NDArray[np.float32]:
        """Agreement of a short phrase with every class.

        Returns:
            Shape (n classes,), float32, 0 where nothing is shared, about 1 where a class
            knows every character and pair of the phrase.
        """
        scores = np.zeros(self._n, dtype=np.float32)
        grams = _grams(lower(phrase))
        ceiling = 0.0
        for gram in grams:
            row = self._rows.get(gram)
            if row is None:
                ceiling += UNKNOWN_IDF
                continue
            there = slice(self._bounds[row], self._bounds[row + 1])
            scores[self._classes[there]] += self._weights[there]
            ceiling += self._idf[row]
        return scores / np.float32(ceiling) if grams else scores


def members_of(
    codes: Sequence[str], terms: Iterable[IndustryTerm]
) -> tuple[tuple[tuple[str, float], ...], ...]:
    """For each GB/T 4754 class, the terms that speak for it and how much each counts."""
    members: dict[str, list[tuple[str, float]]] = {code: [] for code in codes}
    for term in terms:
        for rank, code in enumerate(term.gb4754):
            members[code].append((term.text, term.weight * share(rank)))
    return tuple(tuple(members[code]) for code in codes)


def share(rank: int) -> float:
    """What a term gives to its code of a rank, counted from 0; 0..1."""
    return SHARES[min(rank, len(SHARES) - 1)]


def _counts(
    texts: Iterable[tuple[str, float]], grams_of: Callable[[str], frozenset[str]]
) -> dict[str, float]:
    counts: defaultdict[str, float] = defaultdict(float)
    for text, weight in texts:
        for gram in grams_of(text):
            counts[gram] += weight
    return counts


def _grams_once(text: str) -> frozenset[str]:
    return frozenset(_grams(lower(text)))


def _grams(text: str) -> list[str]:
    letters = [char for char in text if char.isalnum()]
    return letters + [first + second for first, second in pairwise(letters)]
