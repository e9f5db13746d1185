"""Lists of words with a label each, found in one pass over a text."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Self

import ahocorasick_rs


@dataclass(frozen=True, slots=True)
class Cue:
    """A listed word met in a text.

    Attributes:
        start: Offset of its first character.
        end: Offset one past its last character.
        label: Label of the list the word stands in.
    """

    start: int
    end: int
    label: str


class Lexicon:
    """Words by label; where two overlap, the one that starts first and is longest counts."""

    def __init__(self, words: Mapping[str, list[str]]) -> None:
        """Build the automaton.

        Args:
            words: Words by label; a word stands in one list only.

        Raises:
            ValueError: A word stands in two lists.
        """
        self._labels: list[str] = []
        spellings: list[str] = []
        for label, listed in words.items():
            spellings.extend(listed)
            self._labels.extend([label] * len(listed))
        twice = {word for word in spellings if spellings.count(word) > 1}
        if twice:
            raise ValueError(f"词表中有重复的词：{'、'.join(sorted(twice))}")
        self._automaton = ahocorasick_rs.AhoCorasick(
            spellings, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
        )

    @classmethod
    def load(cls, file_name: str, table: str = "words") -> Self:
        """The lexicon in one table of a data file of this package."""
        return cls(load_table(file_name)[table])

    def find(self, text: str) -> Iterator[Cue]:
        """Yield the listed words in order, without overlap."""
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            yield Cue(start, end, self._labels[index])


def load_table(file_name: str) -> dict[str, Any]:
    """The content of one TOML data file of this package."""
    path = files("indexer.annotate") / "data" / file_name
    return tomllib.loads(path.read_text("utf-8"))
