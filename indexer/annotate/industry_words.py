"""How well the characters of a phrase agree with the words known of each industry class."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
        counts = [
            _counts([(name, NAME_COUNT), *terms])
            for name, terms in zip(names, members, strict=True)
        ]
        lengths = np.array([sum(found.values()) for found in counts])
        norms = SATURATION * (1 - LENGTH_PENALTY + LENGTH_PENALTY * lengths / lengths.mean())
        postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for position, found in enumerate(counts):
            for gram, count in found.items():
                weight = count * (SATURATION + 1) / (count + norms[position])
                postings[gram].append((position, weight))
        self._idf = {
            gram: log(1 + (self._n - len(rows) + 0.5) / (len(rows) + 0.5))
            for gram, rows in postings.items()
        }
        self._postings = {
            gram: (
                np.array([position for position, _ in rows], dtype=np.intp),
                np.array([weight for _, weight in rows], dtype=np.float32) * self._idf[gram],
            )
            for gram, rows in postings.items()
        }

    def agreement(self, phrase: str) -> NDArray[np.float32]:
        """Agreement of a short phrase with every class.

        Returns:
            Shape (n classes,), float32, 0 where nothing is shared, about 1 where a class
            knows every character and pair of the phrase.
        """
        scores = np.zeros(self._n, dtype=np.float32)
        grams = _grams(lower(phrase))
        for gram in grams:
            if gram in self._postings:
                positions, weights = self._postings[gram]
                scores[positions] += weights
        ceiling = sum(self._idf.get(gram, UNKNOWN_IDF) for gram in grams)
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


def _counts(texts: Iterable[tuple[str, float]]) -> dict[str, float]:
    counts: defaultdict[str, float] = defaultdict(float)
    for text, weight in texts:
        for gram in set(_grams(lower(text))):
            counts[gram] += weight
    return counts


def _grams(text: str) -> list[str]:
    letters = [char for char in text if char.isalnum()]
    return letters + [first + second for first, second in pairwise(letters)]
