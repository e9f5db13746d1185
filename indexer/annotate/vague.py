"""Words of a demand that sound like a fact and are none."""

from typing import Final

from indexer.annotate.lexicon import Lexicon
from indexer.annotate.types import Evidence

WORDS_FILE: Final = "vague.toml"
MAX_TERMS: Final = 12


class VagueTermFinder:
    """Finds vague words."""

    def __init__(self) -> None:
        """Load the words."""
        self._lexicon = Lexicon.load(WORDS_FILE)

    def find_vague_terms(self, text: str) -> tuple[Evidence, ...]:
        """The first place of each vague word, in order, at most twelve.

        Args:
            text: Canonical text, title first.
        """
        first: dict[str, Evidence] = {}
        for cue in self._lexicon.find(text):
            word = text[cue.start : cue.end]
            first.setdefault(word, Evidence(cue.start, cue.end, word))
        return tuple(first.values())[:MAX_TERMS]
