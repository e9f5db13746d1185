"""Where the sentences and clauses of a text begin and end."""

import re
from bisect import bisect_right
from typing import Final

_SENTENCE_ENDS = re.compile(r"[。;；!?\n]")
_CLAUSE_ENDS = re.compile(r"[。;；!?\n,，]")


REACH: Final = 100
"""Characters to each side of a position that are looked at, so that a text without any
punctuation costs no more than one with it."""


class Clauses:
    """Sentence and clause boundaries of one text, found once and asked often.

    Both are cut off 100 characters to each side of the position asked for.
    """

    def __init__(self, text: str) -> None:
        """Find the boundaries.

        Args:
            text: Canonical text.
        """
        self.text = text
        self._sentences = _starts(_SENTENCE_ENDS, text)
        self._clauses = _starts(_CLAUSE_ENDS, text)

    def sentence(self, position: int) -> tuple[int, int]:
        """Start and end of the sentence a position lies in, without its end mark."""
        return _span(self._sentences, position, len(self.text))

    def clause(self, position: int) -> tuple[int, int]:
        """Start and end of the clause a position lies in, without its end mark."""
        return _span(self._clauses, position, len(self.text))

    def same_sentence(self, first: int, second: int) -> bool:
        """Whether two positions lie in one sentence."""
        return bisect_right(self._sentences, first) == bisect_right(self._sentences, second)

    def same_clause(self, first: int, second: int) -> bool:
        """Whether two positions lie in one clause."""
        return bisect_right(self._clauses, first) == bisect_right(self._clauses, second)

    def sentence_text(self, position: int) -> str:
        """The sentence a position lies in."""
        start, end = self.sentence(position)
        return self.text[start:end]


def _starts(ends: re.Pattern[str], text: str) -> list[int]:
    return [0, *(mark.end() for mark in ends.finditer(text))]


def _span(starts: list[int], position: int, length: int) -> tuple[int, int]:
    index = bisect_right(starts, position) - 1
    end = starts[index + 1] - 1 if index + 1 < len(starts) else length
    return max(starts[index], position - REACH), min(end, position + REACH)
