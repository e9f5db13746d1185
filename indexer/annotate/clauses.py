"""Where the sentences and clauses of a text begin and end."""

import re
from bisect import bisect_right
from collections.abc import Iterator

_SENTENCE_ENDS = re.compile(r"[。;；!?\n]")
_CLAUSE_ENDS = re.compile(r"[。;；!?\n,，]")


class Clauses:
    """Sentence and clause boundaries of one text, found once and asked often."""

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

    def sentence_text(self, position: int) -> str:
        """The sentence a position lies in."""
        start, end = self.sentence(position)
        return self.text[start:end]

    def each_clause(self) -> Iterator[tuple[int, int]]:
        """Start and end of every clause that is not empty, in order."""
        for start, following in zip(
            self._clauses, [*self._clauses[1:], len(self.text) + 1], strict=True
        ):
            if start < following - 1:
                yield start, following - 1


def _starts(ends: re.Pattern[str], text: str) -> list[int]:
    return [0, *(mark.end() for mark in ends.finditer(text))]


def _span(starts: list[int], position: int, length: int) -> tuple[int, int]:
    index = bisect_right(starts, position) - 1
    end = starts[index + 1] - 1 if index + 1 < len(starts) else length
    return starts[index], end
