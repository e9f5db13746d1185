"""Scenarios an installation added to the taxonomy: found without training.

The trained head knows the shipped codes only. A code added at run time is found by its words
and by whether its definition and examples are nearer to the text than those of any other code.
The weights are chosen by hand and not yet measured (docs/adr/0024), so the confidence is a
cautious guess, never more than 0.9.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.annotate.types import Evidence
from indexer.embed import Embedder
from indexer.text import canonicalise
from models.taxonomy import Scenario, ScenarioTaxonomy

MAX_WORDS: Final = 3
"""Words of a code that count: more of them say no more."""

BIAS: Final = -2.0
PER_WORD: Final = 0.9
PER_NEARNESS: Final = 0.5
"""Log-odds that a code applies: with no word of it and as near as the next code, gained per
word of it, and per hundredth of cosine it is nearer than every other code."""

MAX_AHEAD: Final = 5.0
"""Hundredths of cosine that count at most, either way."""

AT_MOST: Final = 0.9
"""Confidence no code reaches that was never trained."""

AT_LEAST: Final = 0.4
"""Probability below which an added code is not given."""


@dataclass(frozen=True, slots=True)
class AddedCode:
    """An added scenario a text seems to ask for.

    Attributes:
        code: The scenario.
        confidence: Probability that it applies, 0..1.
        evidence: Its words in the text, the first ones first.
    """

    code: str
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class _Prototypes:
    """Definitions and examples of all codes offered, as vectors.

    Attributes:
        version: Taxonomy they were made of.
        codes: Code of each row.
        vectors: float32 (n, dim), unit length.
    """

    version: str
    codes: NDArray[np.str_]
    vectors: NDArray[np.float32]


class AddedScenarios:
    """Finds the codes a head was not trained with; asks the encoder only when there are any."""

    def __init__(
        self, taxonomy: ScenarioTaxonomy, embedder: Embedder, trained: Sequence[str]
    ) -> None:
        """Make it.

        Args:
            taxonomy: All codes; it may change at any time.
            embedder: Vectors of texts.
            trained: Codes the head knows.
        """
        self._taxonomy = taxonomy
        self._embedder = embedder
        self._trained = frozenset(trained)
        self._prototypes: _Prototypes | None = None

    def scenarios(self) -> tuple[Scenario, ...]:
        """Return the added codes that are offered now."""
        return tuple(s for s in self._taxonomy.offered if s.code not in self._trained)

    def find(self, texts: Sequence[str], shown: Sequence[str]) -> list[tuple[AddedCode, ...]]:
        """Return the added codes of texts, the surest first.

        Args:
            texts: Canonical texts as they are compared.
            shown: The same ones as evidence counts in them, where words are looked for.
        """
        added = self.scenarios()
        if not added or not texts:
            return [()] * len(texts)
        prototypes = self._current()
        nearness = self._embedder.query_vectors(texts) @ prototypes.vectors.T
        return [
            _found(text, added, row, prototypes.codes)
            for text, row in zip(shown, nearness, strict=True)
        ]

    def _current(self) -> _Prototypes:
        """Return the prototypes of the taxonomy in force, made once a version."""
        known, version = self._prototypes, self._taxonomy.version
        if known is None or known.version != version:
            rows = [
                (scenario.code, canonicalise(text))
                for scenario in (*self._taxonomy.offered, self._taxonomy.reject)
                for text in (f"{scenario.zh}\n{scenario.definition}", *scenario.examples)
            ]
            vectors = self._embedder.query_vectors([text for _, text in rows])
            known = _Prototypes(version, np.array([code for code, _ in rows]), vectors)
            self._prototypes = known
        return known


def _found(
    text: str, added: Sequence[Scenario], nearness: NDArray[np.float32], codes: NDArray[np.str_]
) -> tuple[AddedCode, ...]:
    found = []
    for scenario in added:
        own = codes == scenario.code
        ahead = 100 * float(nearness[own].max() - nearness[~own].max())
        words = _words(text, scenario.triggers)
        log_odds = (
            BIAS + PER_WORD * len(words) + PER_NEARNESS * min(max(ahead, -MAX_AHEAD), MAX_AHEAD)
        )
        confidence = min(1 / (1 + exp(-log_odds)), AT_MOST)
        if confidence >= AT_LEAST:
            found.append(AddedCode(scenario.code, confidence, words))
    return tuple(sorted(found, key=lambda f: (-f.confidence, f.code)))


def _words(text: str, triggers: Sequence[str]) -> tuple[Evidence, ...]:
    """Return the first places of the words of a code in a text, at most three."""
    places = [(text.find(word), word) for word in triggers]
    met = sorted((start, word) for start, word in places if start >= 0)
    return tuple(Evidence(start, start + len(word), word) for start, word in met[:MAX_WORDS])
