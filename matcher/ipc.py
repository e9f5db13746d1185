"""The IPC subclass suggested for a text, by the titles of a table the installation brought along.

The titles of the classification belong to others and do not ship. A subclass is as near as the
nearest of its titles, its own or one of its main groups, by meaning and by pairs of characters.
Nothing is suggested where the nearest title is farther away than titles that belong together
are, where title and text of a demand point to different subclasses, or where the first lies too
little ahead of the others: most texts in everyday words get none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.keywords import build_postings, score_tokens
from indexer.words import bigrams
from matcher.compare.standing import deviations
from matcher.ranker import Certainty

SUBCLASS_CHARS: Final = 4
TERMS_WEIGHT: Final = 0.2
"""What a standard deviation of shared characters adds to one of meaning."""

MOST_TERMS: Final = 6.0
"""Deviations of shared characters from which more add nothing: one rare pair of characters put
"car dictation engine" under toy engines."""

AT_LEAST: Final = 0.5
"""Probability below which nothing is suggested."""

MAX_EVIDENCE: Final = 3
_EVIDENCE_SHARE: Final = 0.5
"""Wordings half as rare as the rarest are told too; "method" beside "lithium battery" is not."""

_MIN_STRETCH: Final = 2


@dataclass(frozen=True, slots=True)
class IpcEntry:
    """A row of the table.

    Attributes:
        code: A subclass such as `H01M`, or a main group such as `H01M10/00`.
        title: Its title, canonical.
    """

    code: str
    title: str

    @property
    def subclass(self) -> str:
        """Code of the subclass it is or belongs to."""
        return self.code[:SUBCLASS_CHARS]


@dataclass(frozen=True, slots=True)
class Asked:
    """One text to find a subclass for, with its vector under the query role."""

    text: str
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Leader:
    """The subclass nearest to a text.

    Attributes:
        entry: The row of the table that speaks for it.
        lead: How far it lies ahead of the next subclass.
        cosine: Of the nearest of its titles, -1..1.
        agreed: Whether each text asked has it first.
        order: All subclasses, the nearest first.
    """

    entry: IpcEntry
    lead: float
    cosine: float
    agreed: bool
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IpcJudge:
    """When a leader is believed; learned from the table itself.

    Attributes:
        certainty: What a lead is worth.
        least_cosine: Below this nothing is near enough.
    """

    certainty: Certainty
    least_cosine: float

    def confidence(self, leader: Leader) -> float:
        """Return the probability that a leader is right, 0 where it is not to be believed."""
        if not leader.agreed or leader.cosine < self.least_cosine:
            return 0.0
        return self.certainty.of(leader.lead)


@dataclass(frozen=True, slots=True)
class IpcSuggestion:
    """A subclass that is likely right.

    Attributes:
        code: The subclass.
        title: Its own title; None where the table only has those of its main groups.
        confidence: How likely it is right, as calibrated on titles of the table, 0.5..1.
        nearest: The row of the table that speaks for it.
    """

    code: str
    title: str | None
    confidence: float
    nearest: IpcEntry


class IpcTable:
    """The titles of an installation, ready to be compared."""

    def __init__(self, entries: Sequence[IpcEntry], vectors: NDArray[np.float32]) -> None:
        """Make it.

        Args:
            entries: The rows, of two subclasses at least.
            vectors: Vector of each title under the document role, float32 (n, dim), unit length.
        """
        order = sorted(range(len(entries)), key=lambda row: entries[row].code)
        self.entries = tuple(entries[row] for row in order)
        self._vectors = vectors[order]
        names, starts = np.unique([e.subclass for e in self.entries], return_index=True)
        self._names = tuple(str(name) for name in names)
        self._starts = starts
        self._postings = build_postings([bigrams(e.title) for e in self.entries])
        self._alive = [np.ones(len(entries), np.bool_)]
        self._titles = {e.code: e.title for e in entries if e.code == e.subclass}

    def leader(self, asked: Sequence[Asked], without: str | None = None) -> Leader:
        """Return the subclass nearest to what is asked, by the mean over it.

        Args:
            asked: Title and text of one demand, or one of them.
            without: A title whose rows are left out; for measuring.
        """
        left_out = np.array([e.title == without for e in self.entries])
        cosines = [np.where(left_out, -1.0, self._vectors @ one.vector) for one in asked]
        values = [
            np.where(left_out, -np.inf, self._values(one, near))
            for one, near in zip(asked, cosines, strict=True)
        ]
        mean = np.mean(values, axis=0)
        scores = self._by_subclass(mean)
        order = np.lexsort((np.arange(len(scores)), -scores))
        first = int(order[0])
        rows = slice(self._starts[first], [*self._starts[1:], len(mean)][first])
        return Leader(
            entry=self.entries[rows.start + int(np.argmax(mean[rows]))],
            lead=float(scores[first] - scores[order[1]]),
            cosine=float(max(near[rows].max() for near in cosines)),
            agreed=all(int(np.argmax(self._by_subclass(v))) == first for v in values),
            order=tuple(self._names[number] for number in order),
        )

    def suggest(self, asked: Sequence[Asked], judge: IpcJudge) -> IpcSuggestion | None:
        """Return the subclass of a text, None where none is likely enough."""
        leader = self.leader(asked)
        confidence = judge.confidence(leader)
        if confidence < AT_LEAST:
            return None
        code = leader.entry.subclass
        return IpcSuggestion(code, self._titles.get(code), round(confidence, 4), leader.entry)

    def shared(self, text: str, entry: IpcEntry) -> list[tuple[int, int]]:
        """Return where a text has words of a title, the rarest in the table first.

        Each wording is told once, three at most. Empty where the two are near by meaning alone.
        """
        told = {text[start:end]: (start, end) for start, end in _stretches(text, entry.title)[::-1]}
        rarity = {wording: self._rarity(wording) for wording in told}
        least = _EVIDENCE_SHARE * max(rarity.values(), default=0.0)
        ranked = sorted(told, key=lambda wording: (-rarity[wording], told[wording]))
        return [told[wording] for wording in ranked if rarity[wording] >= least][:MAX_EVIDENCE]

    def _rarity(self, wording: str) -> float:
        """Return how much a wording tells a title from others: the sum over its pairs."""
        pairs = bigrams(wording)
        return sum(log(len(self.entries) / (1 + len(self._postings.of(p)[0]))) for p in pairs)

    def _values(self, asked: Asked, cosines: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far each row stands above the others for one text; float64 (n,)."""
        meaning = cosines.astype(np.float32)
        shared = score_tokens([self._postings], self._alive, bigrams(asked.text))
        terms = np.minimum(deviations(shared, shared), MOST_TERMS)
        return (deviations(meaning, meaning) + TERMS_WEIGHT * terms).astype(np.float64)

    def _by_subclass(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.maximum.reduceat(values, self._starts))


def _stretches(text: str, title: str) -> list[tuple[int, int]]:
    """Return the longest runs of letters a text has in common with a title, in order."""
    seen, told = text.lower(), title.lower()
    if len(seen) != len(text):
        return []
    found, start = [], 0
    while start < len(seen):
        end = start
        while end < len(seen) and seen[end].isalnum() and seen[start : end + 1] in told:
            end += 1
        if end - start >= _MIN_STRETCH:
            found.append((start, end))
        start = max(end, start + 1)
    return found
