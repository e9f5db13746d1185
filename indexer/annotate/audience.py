"""Who will decide with the result of a demand."""

import math
from collections import defaultdict
from typing import Final

from indexer.annotate.lexicon import Cue, Lexicon, load_table
from indexer.annotate.types import AudienceFinding, Evidence
from models.vocabulary.demand import Audience

WORDS_FILE: Final = "audiences.toml"
MAX_EVIDENCE: Final = 3

_LABEL_SEPARATOR: Final = ":"
_REPEAT: Final = 0.5
"""What a second mention of the same word adds, as a share of the first."""

_TITLE_GAIN: Final = 1.5
_PRIOR: Final = 1.0
"""Weight of the doubt: with little evidence, confidence stays low."""


class AudienceFinder:
    """Finds the decision maker by weighted words."""

    def __init__(self) -> None:
        """Load the words and their weights."""
        table = load_table(WORDS_FILE)
        words = {
            f"{audience}{_LABEL_SEPARATOR}{weight}": listed
            for audience, by_weight in table.items()
            for weight, listed in by_weight.items()
        }
        self._lexicon = Lexicon(words)

    def find_audience(self, text: str) -> AudienceFinding | None:
        """The kind of decision maker the words speak for most; None when none does.

        Args:
            text: Canonical text, title first.
        """
        title_end = text.find("\n")
        scores: defaultdict[Audience, float] = defaultdict(float)
        cues: defaultdict[Audience, dict[str, tuple[float, Cue]]] = defaultdict(dict)
        for cue in self._lexicon.find(text):
            name, _, weight_text = cue.label.partition(_LABEL_SEPARATOR)
            audience, word = Audience(name), text[cue.start : cue.end]
            weight = float(weight_text) * (_TITLE_GAIN if cue.end <= title_end else 1.0)
            if word in cues[audience]:
                scores[audience] += _REPEAT * weight / (1 + scores[audience])
                continue
            scores[audience] += weight
            cues[audience][word] = (weight, cue)
        if not scores:
            return None
        best = min(scores, key=lambda audience: (-scores[audience], list(Audience).index(audience)))
        strongest = sorted(cues[best].values(), key=lambda entry: (-entry[0], entry[1].start))
        evidence = tuple(
            Evidence(cue.start, cue.end, text[cue.start : cue.end])
            for _, cue in strongest[:MAX_EVIDENCE]
        )
        return AudienceFinding(best, round(_share(scores, best), 2), evidence)


def _share(scores: dict[Audience, float], best: Audience) -> float:
    """Share of the squared scores, so that a clear lead counts for more than its size."""
    total = math.fsum(score**2 for score in scores.values()) + _PRIOR
    return scores[best] ** 2 / total
