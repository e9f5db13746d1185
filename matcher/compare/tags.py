"""Agreement of tags: the purpose of the work and the field it is about."""

from collections.abc import Callable, Mapping

import numpy as np

from indexer.types import Document
from matcher.types import Candidates, Query, Values

NEIGHBOUR_SHARE = 0.3
"""What two scenarios of the same level-1 class, or two industries of one field, count."""

SAME_GROUP = 0.7
SAME_DIVISION = 0.4
"""What two classes of one group, or of one division, count."""


def same_scenario(query: Query, candidates: Candidates) -> Values:
    """Return how far both sides serve the same decision; NaN where a side has no tag."""
    asked = dict(query.document.scenarios)
    return _each(candidates, lambda d: _agreement(asked, dict(d.scenarios)))


def same_industry(query: Query, candidates: Candidates) -> Values:
    """Return how far both sides speak of the same industry; NaN where a side has no tag.

    A candidate open to any industry is not closer to one industry than to another, so it
    counts half rather than fully.
    """
    asked = dict(query.document.industries)
    return _each(candidates, lambda d: _industry_agreement(asked, d))


def same_class(query: Query, candidates: Candidates) -> Values:
    """Return how far both sides name the same class of GB/T 4754; NaN where a side has none.

    The same group counts seven tenths, the same division four.
    """
    asked = dict(query.document.classes)
    return _each(candidates, lambda d: _class_agreement(asked, dict(d.classes)))


def _class_agreement(asked: Mapping[str, float], offered: Mapping[str, float]) -> float:
    if not asked or not offered:
        return float("nan")
    met = sum(
        weight * max(_class_nearness(code, other) * sure for other, sure in offered.items())
        for code, weight in asked.items()
    )
    return met / sum(asked.values())


def _class_nearness(a: str, b: str) -> float:
    """Return how near two classes lie: the code is section, division (2), group, class."""
    for length, nearness in ((5, 1.0), (4, SAME_GROUP), (3, SAME_DIVISION)):
        if a[:length] == b[:length]:
            return nearness
    return 0.0


def _industry_agreement(asked: Mapping[str, float], document: Document) -> float:
    found = _agreement(asked, dict(document.industries))
    if document.any_industry:
        return 0.5 if np.isnan(found) else max(found, 0.5)
    return found


def _agreement(asked: Mapping[str, float], offered: Mapping[str, float]) -> float:
    """Return the best share of what is asked that is offered, 0..1; NaN when a side is empty."""
    if not asked or not offered:
        return float("nan")
    total = sum(asked.values())
    met = sum(weight * _best_offer(code, offered) for code, weight in asked.items())
    return met / total


def _best_offer(code: str, offered: Mapping[str, float]) -> float:
    exact = offered.get(code, 0.0)
    field = code.split(".")[0]
    near = max((w for c, w in offered.items() if c.split(".")[0] == field), default=0.0)
    return max(exact, NEIGHBOUR_SHARE * near)


def _each(candidates: Candidates, compare: Callable[[Document], float]) -> Values:
    return np.array([compare(d) for d in candidates.documents], np.float32)
