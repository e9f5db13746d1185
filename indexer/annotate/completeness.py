"""How much of what a provider needs to know is there, and what to ask back."""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from indexer.annotate.facts import FactName
from indexer.annotate.lexicon import load_table
from indexer.annotate.types import Completeness, Evidence, MissingFact

TABLE_FILE: Final = "completeness.toml"
FULL_SCORE: Final = 100

GRADES: Final = (("A", 85), ("B", 70), ("C", 50), ("D", 0))
"""Lowest score of each grade, best first."""


@dataclass(frozen=True, slots=True)
class WantedFact:
    """A fact a provider needs.

    Attributes:
        name: Name of the fact.
        weight: Its weight before scaling.
        question: How to ask for it.
        scenarios: Codes, or first parts of codes, of the scenarios that need it; empty
            when all do.
        not_for: Codes, or first parts of codes, of scenarios that do not need it.
        cue: Pattern that shows the text says it; None for facts the annotators find.
    """

    name: str
    weight: int
    question: str
    scenarios: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()
    cue: re.Pattern[str] | None = None

    def is_wanted_by(self, scenario: str | None) -> bool:
        """Whether a demand of this scenario needs the fact."""
        code = scenario or ""
        if code.startswith(self.not_for):
            return False
        return not self.scenarios or code.startswith(self.scenarios)


class CompletenessJudge:
    """Scores a demand by the facts it gives and asks for the others."""

    def __init__(self) -> None:
        """Load weights and questions."""
        table = load_table(TABLE_FILE)
        general = [
            WantedFact(
                FactName(name).value,
                fact["weight"],
                fact["question"],
                not_for=tuple(fact.get("not_for", ())),
            )
            for name, fact in table["facts"].items()
        ]
        special = [
            WantedFact(
                fact["name"],
                fact["weight"],
                fact["question"],
                scenarios=tuple(fact["scenarios"]),
                cue=re.compile(fact["cue"]),
            )
            for fact in table["special"]
        ]
        self._facts = (*general, *special)

    def judge(
        self,
        text: str,
        present: AbstractSet[FactName],
        scenario: str | None,
        vague_terms: Sequence[Evidence] = (),
    ) -> Completeness:
        """Score, grade and questions of a demand.

        Args:
            text: Canonical text, title first.
            present: General facts the demand gives.
            scenario: Code of its main scenario; None leaves out special questions.
            vague_terms: Vague words found in the text, handed through.
        """
        wanted = [fact for fact in self._facts if fact.is_wanted_by(scenario)]
        weights = _scaled([fact.weight for fact in wanted])
        missing = [
            MissingFact(fact.name, fact.question, weight)
            for fact, weight in zip(wanted, weights, strict=True)
            if not _is_given(fact, text, present)
        ]
        score = FULL_SCORE - sum(fact.weight for fact in missing)
        return Completeness(
            score=score,
            grade=_grade(score),
            missing=tuple(sorted(missing, key=lambda fact: -fact.weight)),
            vague_terms=tuple(vague_terms),
        )


def _is_given(fact: WantedFact, text: str, present: AbstractSet[FactName]) -> bool:
    if fact.cue is not None:
        return fact.cue.search(text) is not None
    return fact.name in present


def _grade(score: int) -> str:
    return next(grade for grade, lowest in GRADES if score >= lowest)


def _scaled(weights: Iterable[int]) -> list[int]:
    """Whole weights in the same proportions that add up to 100 (largest remainders)."""
    wanted = list(weights)
    shares = [FULL_SCORE * weight / sum(wanted) for weight in wanted]
    scaled = [int(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (scaled[i] - shares[i], i))
    for index in by_remainder[: FULL_SCORE - sum(scaled)]:
        scaled[index] += 1
    return scaled
