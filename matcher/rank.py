"""From scored documents to ranked groups: one result a provider, ties broken by id."""

import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.types import Document
from indexer.view import KindView
from matcher.bands import BandThresholds
from matcher.duplicates import is_copy
from matcher.types import Caution, Part, RuleResult
from models.vocabulary.matching import Band, RuleOutcome

SECOND_BONUS: Final = 0.05
"""How much of the way to 1 a perfect second document of the same group would lift a score."""

SECOND_PART: Final = "second_capability"
"""Name of what it adds, among the parts of a score."""

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
        copies: Documents folded into this one, the first of them first.
        cautions: Why its text is not taken at its word.
        is_newcomer: Whether it was given its place as one who joined lately.
    """

    row: int
    document: Document
    score: float
    coverage: float
    others: tuple[str, ...] = ()
    rules: tuple[RuleResult, ...] = ()
    outcome: RuleOutcome = RuleOutcome.MET
    band: Band = Band.WEAK
    copies: tuple[Document, ...] = ()
    cautions: tuple[Caution, ...] = ()
    is_newcomer: bool = False

    @property
    def near_duplicates(self) -> tuple[str, ...]:
        """Keys of the documents folded into this one."""
        return tuple(copy.id for copy in self.copies)

    @property
    def also_offered_by(self) -> tuple[str, ...]:
        """Names of the other organisations whose documents were folded into this one."""
        others = [c.profile for c in self.copies if c.group_id != self.document.group_id]
        return tuple(dict.fromkeys(profile.name for profile in others if profile is not None))


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
        return Part(SECOND_PART, None, 0.0, 0.0)
    weight = SECOND_BONUS * (1 - totals[members[0]])
    second = totals[members[1]]
    return Part(SECOND_PART, second, weight, weight * second)


def put_in_order(
    entries: Sequence[Entry], thresholds: BandThresholds, seed: int | None = None
) -> list[Entry]:
    """Return the groups best first.

    Within a band, those whose rules are all met stand before those where one is unknown:
    a missing fact costs places among equals, but does not lift a poor match over a good one.
    Then the score decides, then the lot drawn with the seed, then the key. A text that is not
    taken at its word is fair at best, and stands behind what else is fair.
    """
    banded = [
        replace(e, band=band_under(thresholds, e.score, is_doubted=bool(e.cautions)))
        for e in entries
    ]
    return sorted(
        banded,
        key=lambda e: order_key(
            e.band,
            e.outcome,
            e.score,
            e.document.group_id,
            seed=seed,
            is_doubted=bool(e.cautions),
        ),
    )


def order_key(
    band: Band,
    outcome: RuleOutcome,
    score: float,
    group_id: str,
    *,
    seed: int | None,
    is_doubted: bool,
) -> tuple[int, bool, int, float, int, str]:
    """Return what results are sorted by, smallest first.

    Equal scores are drawn by lot with a seed, so that no key is always first; without a seed
    the key decides.
    """
    lot = 0 if seed is None else draw(seed, group_id)
    order = _BAND_ORDER[band], is_doubted, _OUTCOME_ORDER[outcome]
    return (*order, -_comparable(score), lot, group_id)


def draw(seed: int, key: str) -> int:
    """Return the lot a key draws; another seed gives another order of the same keys."""
    return int.from_bytes(hashlib.blake2b(f"{seed}:{key}".encode(), digest_size=8).digest())


def band_under(thresholds: BandThresholds, score: float, *, is_doubted: bool) -> Band:
    """Return the band of a score; a text that is not taken at its word is fair at best."""
    band = thresholds.band_of(score)
    return max(band, Band.FAIR, key=_BAND_ORDER.__getitem__) if is_doubted else band


def fold_duplicates(entries: Sequence[Entry], view: KindView, depth: int) -> list[Entry]:
    """Return the ranking with near copies folded into the one that was there first.

    That is one the platform verified, else the one with the older key: whoever copies another's
    text later does not take its place, wherever the copy ranks.

    Args:
        entries: Best first.
        view: Where the vectors are.
        depth: How many results are wanted; what comes later is not looked at.
    """
    kept: list[Entry] = []
    fulls: dict[int, NDArray[np.float32]] = {}
    for entry in entries:
        fulls[entry.row] = view.embedding(entry.row).full
        first = next((k for k in kept if _are_copies(entry, k, fulls)), None)
        if first is None and len(kept) >= depth:
            break
        if first is None:
            kept.append(entry)
        elif _came_first(first) <= _came_first(entry):
            kept[kept.index(first)] = _with_copy(first, entry)
        else:
            kept.remove(first)
            kept.append(_with_copy(entry, first))
    return kept


def _are_copies(entry: Entry, other: Entry, fulls: Mapping[int, NDArray[np.float32]]) -> bool:
    cosine = float(fulls[entry.row] @ fulls[other.row])
    return is_copy(entry.document, other.document, cosine)


def _came_first(entry: Entry) -> tuple[bool, str]:
    return not entry.document.verified, entry.document.id


def _with_copy(entry: Entry, copy: Entry) -> Entry:
    return replace(entry, copies=(*entry.copies, copy.document, *copy.copies))


def group_rows(
    documents: Sequence[Document], totals: Sequence[float], doubted: Set[int] = frozenset()
) -> Mapping[str, list[int]]:
    """Return the candidates of each group, best first, ties by key of the document.

    Those doubted come last, so a provider stands by what it wrote for readers where it did.
    """
    groups: dict[str, list[int]] = {}
    for candidate, document in enumerate(documents):
        groups.setdefault(document.group_id, []).append(candidate)
    for members in groups.values():
        members.sort(key=lambda c: (c in doubted, -_comparable(totals[c]), documents[c].id))
    return groups


def _comparable(score: float) -> float:
    """Return a score without the digits that depend on where a row lies in the index."""
    return round(score, SCORE_DIGITS)
