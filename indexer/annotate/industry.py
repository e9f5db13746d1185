"""Which industries a text speaks of, and the words that say so."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from indexer.annotate.industry_reading import weigh_hits
from indexer.annotate.industry_terms import TermFinder, lexicon_terms, merged, name_terms
from indexer.annotate.industry_words import ClassWords, members_of, share
from indexer.annotate.types import Evidence, Tag
from models.industries import Industry, IndustryTable
from models.vocabulary.taxonomy import Scheme

if TYPE_CHECKING:
    from indexer.encoder import Encoder

MAX_TAGS: Final = 3
MAX_EVIDENCE: Final = 5
ENCODED_CHARS: Final = 200
"""Characters of title and body the encoder sees: what comes later dilutes the subject."""

WORDS_WEIGHT: Final = 0.6
PHRASE_WORDS_WEIGHT: Final = 6.0
"""What full agreement of characters adds: little in a title full of other words, much in
a bare product name (held-out terms: top-1 0.51 at 0.6, 0.54 at 6)."""

NEARNESS_WEIGHT: Final = 0.2
"""What one standard deviation of encoder similarity adds."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic map from evidence to the probability that a code is right.

    Attributes:
        bias: Log-odds at mass 1 and share 0.
        mass: Log-odds gained per factor e of evidence mass.
        share: Log-odds gained from no to all of the text's evidence.
        at_least: Probability below which no tag is given.
    """

    bias: float
    mass: float
    share: float
    at_least: float

    def confidence(self, mass: float, share: float) -> float:
        """Probability that a code is right, 0..1, from its mass (> 0) and share (0..1)."""
        return 1 / (1 + exp(-(self.bias + self.mass * log(mass) + self.share * share)))


CALIBRATIONS: Final = {
    Scheme.SEI: Calibration(bias=0.66, mass=1.82, share=0.30, at_least=0.4),
    Scheme.GB4754: Calibration(bias=0.15, mass=1.35, share=1.52, at_least=0.4),
}
"""Fitted on 203 and 425 candidate codes of 280 texts, judged before the lexicon had been
tried on them (Brier score 0.18 and 0.20)."""


@dataclass(frozen=True, slots=True)
class ScoredIndustry:
    """An industry and how much of a text speaks for it.

    Attributes:
        industry: The entry of the vocabulary.
        mass: Evidence for it; the sum over the terms met, not limited to 1.
        share: Its part of all evidence of the scheme, 0..1.
        evidence: The words, most telling first.
    """

    industry: Industry
    mass: float
    share: float
    evidence: tuple[Evidence, ...]


class IndustryTagger:
    """Tags texts with strategic emerging industries and GB/T 4754 classes.

    Terms of a lexicon and of the class names are the evidence; agreement of characters
    and, where an encoder is given, nearness of meaning help choose among what has evidence.
    """

    def __init__(
        self,
        table: IndustryTable,
        encoder: "Encoder | None" = None,
        name_vectors: NDArray[np.float32] | None = None,
    ) -> None:
        """Load the lexicon and build the automaton.

        Args:
            table: Both vocabularies.
            encoder: Adds nearness of meaning to the ranking; None leaves it out.
            name_vectors: Document vectors of `class_names(table)`, shape (n classes, dim),
                float32, unit length; encoded here when an encoder comes without them.
        """
        self._table = table
        self._classes = table.at_level(Scheme.GB4754, 4)
        terms = merged(lexicon_terms(), name_terms(table))
        self._finder = TermFinder(terms)
        codes = [industry.code for industry in self._classes]
        self._words = ClassWords(class_names(table), members_of(codes, terms))
        self._encoder = encoder
        self._name_vectors = name_vectors
        if encoder is not None and name_vectors is None:
            self._name_vectors = encoder.encode_documents(class_names(table))

    def tag_industries(self, title: str, body: str) -> tuple[Tag, ...]:
        r"""Industries of a demand, a capability or any other text.

        Args:
            title: Canonical title; may be empty.
            body: Canonical body; may be empty.

        Returns:
            Up to three second-level strategic industries and up to three GB/T 4754
            classes, surest first within each scheme; empty when no word speaks for any.
            Evidence offsets count in `title + "\n" + body`.
        """
        return tuple(
            tag
            for scheme in (Scheme.SEI, Scheme.GB4754)
            for tag in self._tags(scheme, self.evidence(scheme, title, body))
        )

    def evidence(self, scheme: Scheme, title: str, body: str) -> tuple[ScoredIndustry, ...]:
        """Industries with at least one word for them, most evidence first, ties by code."""
        text = f"{title}\n{body}"
        mass: defaultdict[str, float] = defaultdict(float)
        sources: defaultdict[str, list[tuple[float, Evidence]]] = defaultdict(list)
        for hit, weight in weigh_hits(scheme, text, len(title), self._finder.find(text)):
            words = Evidence(hit.start, hit.end, text[hit.start : hit.end])
            for rank, code in enumerate(hit.term.codes(scheme)):
                mass[code] += weight * share(rank)
                sources[code].append((weight * share(rank), words))
        total = sum(mass.values())
        scored = [
            ScoredIndustry(
                industry=industry,
                mass=mass[code],
                share=mass[code] / total,
                evidence=_most_telling(sources[code]),
            )
            for code in mass
            if (industry := self._table.get(scheme, code)) is not None
        ]
        boosts = self._boosts(WORDS_WEIGHT, title, body) if scheme is Scheme.GB4754 else {}
        scored.sort(key=lambda s: (-s.mass - boosts.get(s.industry.code, 0.0), s.industry.code))
        return tuple(scored)

    def rank_classes(self, title: str, body: str = "") -> tuple[tuple[str, float], ...]:
        """Every GB/T 4754 class with any agreement at all, best first, ties by code.

        For suggestion lists and measuring: unlike tags, this guesses.
        """
        scores = self._boosts(PHRASE_WORDS_WEIGHT, title, body)
        for found in self.evidence(Scheme.GB4754, title, body):
            scores[found.industry.code] = scores.get(found.industry.code, 0.0) + found.mass
        return tuple(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))

    def _tags(self, scheme: Scheme, scored: Sequence[ScoredIndustry]) -> tuple[Tag, ...]:
        calibration = CALIBRATIONS[scheme]
        tags = [
            Tag(
                scheme=scheme,
                version=found.industry.version,
                code=found.industry.code,
                name=found.industry.name,
                confidence=round(calibration.confidence(found.mass, found.share), 4),
                evidence=found.evidence,
            )
            for found in scored[:MAX_TAGS]
        ]
        sure = [tag for tag in tags if tag.confidence >= calibration.at_least]
        return tuple(sorted(sure, key=lambda tag: -tag.confidence))

    def _boosts(self, words_weight: float, title: str, body: str) -> dict[str, float]:
        """What agreement of characters and nearness of meaning add to each class."""
        boosts = words_weight * self._words.agreement(title)
        if self._encoder is not None and self._name_vectors is not None:
            query = f"{title}\n{body}"[:ENCODED_CHARS].strip()
            similarity = self._name_vectors @ self._encoder.encode_queries([query])[0]
            deviation = (similarity - similarity.mean()) / max(float(similarity.std()), 1e-6)
            boosts = boosts + NEARNESS_WEIGHT * np.maximum(deviation, 0.0)
        return {
            industry.code: float(boost)
            for industry, boost in zip(self._classes, boosts, strict=True)
            if boost > 0
        }


def class_names(table: IndustryTable) -> list[str]:
    """Names of all GB/T 4754 classes in the standard's order: what name vectors stand for."""
    return [industry.name for industry in table.at_level(Scheme.GB4754, 4)]


def _most_telling(sources: list[tuple[float, Evidence]]) -> tuple[Evidence, ...]:
    ordered = sorted(sources, key=lambda source: (-source[0], source[1].start))
    return tuple(evidence for _, evidence in ordered[:MAX_EVIDENCE])
