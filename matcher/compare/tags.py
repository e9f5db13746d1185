"""Agreement of tags: the purpose of the work and the field it is about.

Like cosines and term scores, agreement counts by how far it stands above the pool: when
every candidate works in the same industry, being in it says nothing; when few serve the asked
purpose, doing so says much.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.compare.standing import Usual, standing
from matcher.types import Candidates, Query, Values

NEIGHBOUR_SHARE: Final = 0.3
"""What two scenarios of the same level-1 class, or two industries of one field, count."""

SAME_GROUP: Final = 0.7
SAME_DIVISION: Final = 0.4
"""What two GB/T 4754 classes of one group, or of one division, count."""

OPEN_FIELD: Final = 0.5
"""What a candidate open to any industry counts as agreement of the field."""

MOSTLY: Final = 0.5
"""Share of documents without a purpose from which purposes tell nothing about an index."""

FIELD_ALONE: Final = 0.25
"""Share of the joint agreement that the field earns without the purpose."""

USUAL_AGREEMENT: Final = Usual(mean=0.05, deviation=0.2)
"""Of unrelated pairs in the demonstration data; weighs in where the pool is small."""


def same_scenario(query: Query, candidates: Candidates) -> Values:
    """Return how far both sides serve the same decision; NaN where a side has no tag."""
    return _standing(_scenario_agreement(query, candidates), candidates)


def same_industry(query: Query, candidates: Candidates) -> Values:
    """Return how far both sides speak of the same industry; NaN where a side has no tag."""
    return _standing(_industry_agreement(query, candidates), candidates)


def same_class(query: Query, candidates: Candidates) -> Values:
    """Return how far both sides name the same class of GB/T 4754; NaN where a side has none."""
    return _standing(_class_agreement(query, candidates), candidates)


def same_purpose_in_field(query: Query, candidates: Candidates, meaning: Values) -> Values:
    """Return how far a candidate serves the asked purpose in the asked field, both at once.

    The right purpose in a wrong field is of no use, the right field for another purpose of
    little: so the two are multiplied. NaN for a query without a purpose, and for all where
    most of the pool has none: there the field alone would be counted, and heavily.

    Args:
        query: Who asks.
        candidates: The rows compared.
        meaning: Standing of the whole texts for every row of the pool, 0..1; stands in for
            the field where nobody named one.
    """
    purpose = _scenario_agreement(query, candidates)
    if np.isnan(purpose[candidates.usual]).mean() > MOSTLY:
        return np.full(len(candidates.rows), np.nan, np.float32)
    tagged = np.fmax(_industry_agreement(query, candidates), _class_agreement(query, candidates))
    field = np.where(candidates.view.any_industry, np.fmax(tagged, np.float32(OPEN_FIELD)), tagged)
    by_meaning = np.full(len(field), np.nan, np.float32)
    by_meaning[candidates.pool] = meaning
    field = np.where(np.isnan(field), by_meaning, field)
    joint = (FIELD_ALONE + (1 - FIELD_ALONE) * np.nan_to_num(purpose)) * field
    return _standing(joint, candidates)


def _scenario_agreement(query: Query, candidates: Candidates) -> NDArray[np.float32]:
    asked = dict(query.document.scenarios)
    return candidates.view.agreement("scenarios", asked, _nearness)


def _industry_agreement(query: Query, candidates: Candidates) -> NDArray[np.float32]:
    asked = dict(query.document.industries)
    return candidates.view.agreement("industries", asked, _nearness)


def _class_agreement(query: Query, candidates: Candidates) -> NDArray[np.float32]:
    asked: Mapping[str, float] = dict(query.document.classes)
    return candidates.view.agreement("classes", asked, _class_nearness)


def _nearness(asked: str, offered: str) -> float:
    """Return how much a dotted code counts for another: itself 1, the same field three tenths."""
    if asked == offered:
        return 1.0
    return NEIGHBOUR_SHARE if asked.split(".")[0] == offered.split(".")[0] else 0.0


def _class_nearness(asked: str, offered: str) -> float:
    """Return the same for GB/T 4754: section letter, division (2 digits), group, class."""
    for length, nearness in ((5, 1.0), (4, SAME_GROUP), (3, SAME_DIVISION)):
        if asked[:length] == offered[:length]:
            return nearness
    return 0.0


def _standing(agreement: NDArray[np.float32], candidates: Candidates) -> Values:
    """Return the standing of the candidates among the rows of the pool that are tagged."""
    pool = agreement[candidates.usual]
    known = pool[~np.isnan(pool)]
    if not len(known):
        return np.full(len(candidates.rows), np.nan, np.float32)
    return standing(agreement[candidates.rows], known, USUAL_AGREEMENT)
