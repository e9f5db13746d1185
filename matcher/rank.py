"""From scored documents to ranked groups: one result a provider, ties broken by id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.types import Document
from indexer.view import KindView
from matcher.bands import BandThresholds
from matcher.types import Part, RuleResult
from models.vocabulary import Band, RuleOutcome

SECOND_BONUS: Final = 0.05
"""How much of the way to 1 a perfect second document of the same group would lift a score."""

NEAR_DUPLICATE_COSINE: Final = 0.985
"""Full texts nearer than this count as copies of one another."""

SCORE_DIGITS: Final = 6
"""Decimals that decide an order: the same text in another row may differ in the seventh."""

_BAND_ORDER: Final = {Band.STRONG: 0, Band.GOOD: 1, Band.FAIR: 2, Band.WEAK: 3}
_OUTCOME_ORDER: Final = {RuleOutcome.MET: 0, RuleOutcome.UNKNOWN: 1, RuleOutcome.UNMET: 2}


@dataclass(frozen=True, slots=True)
class Entry:
    """A group on its way into the ranking.

    Attributes:
        row: Row of its best document.
        document: That document.
        score: 0..1: that of the best document, lifted by the second if there is one.
        coverage: 0..1.
        others: Keys of the group's further documents, best first.
        rules: Outcomes of the rules that apply.
        outcome: The worst outcome among the rules that must hold.
        band: Where the score stands.
        near_duplicates: Keys of documents folded into this one.
    """

    row: int
    document: Document
    score: float
    coverage: float
    others: tuple[str, ...] = ()
    rules: tuple[RuleResult, ...] = ()
    outcome: RuleOutcome = RuleOutcome.MET
    band: Band = Band.WEAK
    near_duplicates: tuple[str, ...] = ()


def group_score(totals: Sequence[float], members: Sequence[int]) -> float:
    """Return the score of a group, 0..1: its best document's, lifted by the second."""
    return totals[members[0]] + second_part(totals, members).contribution


def group_scores(totals: NDArray[np.float64], groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the score of every group at once, in the order of their numbers; float64, 0..1.

    Args:
        totals: Score of each candidate, 0..1.
        groups: Number of each candidate's group.
    """
    order = np.lexsort((-totals, groups))
    ranked = totals[order]
    _, starts, sizes = np.unique(groups[order], return_index=True, return_counts=True)
    best = ranked[starts]
    second = np.where(sizes > 1, ranked[starts + (sizes > 1)], 0.0)
    return np.asarray(best + SECOND_BONUS * (1 - best) * second)


def second_part(totals: Sequence[float], members: Sequence[int]) -> Part:
    """Return the contribution of a group's second best document.

    It moves the score a little towards 1, so a broad profile gains and never loses, and a
    long one cannot win by bulk.

    Args:
        totals: Score of each candidate, 0..1.
        members: The group's candidates, best first.
    """
    if len(members) < 2:
        return Part("second_capability", None, 0.0, 0.0)
    weight = SECOND_BONUS * (1 - totals[members[0]])
    second = totals[members[1]]
    return Part("second_capability", second, weight, weight * second)


def put_in_order(entries: Sequence[Entry], thresholds: BandThresholds) -> list[Entry]:
    """Return the groups best first.

    Within a band, those whose rules are all met stand before those where one is unknown:
    a missing fact costs places among equals, but does not lift a poor match over a good one.
    Then the score decides, then the key.
    """
    banded = [replace(e, band=thresholds.band_of(e.score)) for e in entries]
    return sorted(
        banded,
        key=lambda e: (
            _BAND_ORDER[e.band],
            _OUTCOME_ORDER[e.outcome],
            -_comparable(e.score),
            e.document.group_id,
        ),
    )


def fold_duplicates(entries: Sequence[Entry], view: KindView, depth: int) -> list[Entry]:
    """Return the ranking with near copies folded into the first of them.

    Args:
        entries: Best first.
        view: Where the vectors are.
        depth: How many results are wanted; what comes later is not looked at.
    """
    kept: list[Entry] = []
    vectors: list[NDArray[np.float32]] = []
    for entry in entries:
        if len(kept) >= depth:
            break
        vector = view.embedding(entry.row).full
        copies = [i for i, v in enumerate(vectors) if float(v @ vector) >= NEAR_DUPLICATE_COSINE]
        if copies:
            first = kept[copies[0]]
            folded = (*first.near_duplicates, entry.document.id)
            kept[copies[0]] = replace(first, near_duplicates=folded)
            continue
        kept.append(entry)
        vectors.append(vector)
    return kept


def group_rows(documents: Sequence[Document], totals: Sequence[float]) -> Mapping[str, list[int]]:
    """Return the candidates of each group, best first, ties by key of the document."""
    groups: dict[str, list[int]] = {}
    for candidate, document in enumerate(documents):
        groups.setdefault(document.group_id, []).append(candidate)
    for members in groups.values():
        members.sort(key=lambda c: (-_comparable(totals[c]), documents[c].id))
    return groups


def _comparable(score: float) -> float:
    """Return a score without the digits that depend on where a row lies in the index."""
    return round(score, SCORE_DIGITS)
