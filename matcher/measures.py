"""Measures of a ranking against graded judgements."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

FITS: Final = 2
"""Grade from which a result fits what was asked."""


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Return nDCG at k, 0..1, gain 2^grade - 1 (Järvelin & Kekäläinen 2002; Burges 2005).

    Ids without a judgement count as grade 0. A query without any positive grade gives 0.
    """
    gains = [2.0 ** grades.get(key, 0) - 1 for key in ranked[:k]]
    ideal = sorted((2.0**grade - 1 for grade in grades.values()), reverse=True)[:k]
    best = _discounted(ideal)
    return _discounted(gains) / best if best > 0 else 0.0


def recall(
    ranked: Sequence[str], grades: Mapping[str, int], k: int = 10, least: int = FITS
) -> float:
    """Return the share of the ids of at least a grade found in the first k, 0..1."""
    wanted = {key for key, grade in grades.items() if grade >= least}
    return len(wanted & set(ranked[:k])) / len(wanted) if wanted else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return 1 / rank of the first id with a positive grade, 0 when there is none."""
    for rank, key in enumerate(ranked, start=1):
        if grades.get(key, 0) > 0:
            return 1.0 / rank
    return 0.0


def hit(ranked: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Return 1 when an id with a positive grade stands in the first k, else 0."""
    return float(any(grades.get(key, 0) > 0 for key in ranked[:k]))


def _discounted(gains: Sequence[float]) -> float:
    return float(sum(g / np.log2(rank + 1) for rank, g in enumerate(gains, start=1)))
