"""A place in the change log: how far somebody has read, and in the log of which database."""

import re
from dataclasses import dataclass
from typing import Final, Self

from models.errors import InvalidInputError

MARK_CHARS: Final = 8
"""Digits of a mark that are shown: another log has the same at a place once in four billion."""

MAX_CHARS: Final = 64
"""Longest text that may stand for a place."""

_WRITTEN: Final = re.compile(
    rf"(?:(?:gen|memory)-\d{{1,19}}\.)?(\d{{1,18}})(?:-([0-9a-f]{{{MARK_CHARS}}}))?(?:\+\d{{1,9}})?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Position:
    """A change of the change log, and what the log says there.

    Attributes:
        seq: Number of the change; 0 before the first.
        mark: Digest (hex) of the change; empty before the first.
    """

    seq: int
    mark: str

    def __str__(self) -> str:
        """Return the form that is sent: `412-9f3a1c2b`, or `0`."""
        return f"{self.seq}-{self.mark[:MARK_CHARS]}" if self.mark else str(self.seq)

    def is_same_log(self, mark: str) -> bool:
        """Return whether a log that says `mark` at `seq` is the one this place is in."""
        return not self.mark or mark.startswith(self.mark)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the place a text stands for, also one with a generation before it.

        Raises:
            InvalidInputError: it is no such text.
        """
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise InvalidInputError(
                "版本的写法不对：请原样填写之前答复中的 version。", field="min_version"
            )
        return cls(int(found[1]), found[2] or "")
