"""Personal data inside texts: found, and covered before anything is read, indexed or logged."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

COVER: Final = "*"


class PersonalKind(StrEnum):
    """What a stretch of personal data is."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    ID_NUMBER = "id_number"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One stretch of a text.

    Attributes:
        kind: What it is.
        start: Its first character.
        end: The one behind its last.
    """

    kind: PersonalKind
    start: int
    end: int


# Longest first: an ID number holds digits that look like a mobile number.
# What is followed by a unit of money is an amount.
_PATTERNS: Final = (
    (
        PersonalKind.ID_NUMBER,
        re.compile(
            r"(?<!\d)[1-9]\d{5} ?(?:19|20)\d{2} ?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]) ?"
            r"\d{3}[\dXx](?!\d)"
        ),
    ),
    (
        PersonalKind.MOBILE,
        re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:\d{8}|[- ]\d{4}[- ]\d{4})(?!\d|[万亿]?元)"),
    ),
    (
        PersonalKind.LANDLINE,
        re.compile(r"(?<!\d)(?:0\d{2,3}[- ]|\(0\d{2,3}\) ?)\d{7,8}(?!\d)"),
    ),
    (
        PersonalKind.EMAIL,
        re.compile(
            r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})"
            r"{0,4}\.[A-Za-z]{2,24}"
        ),
    ),
)


def find_personal(text: str) -> Iterator[PersonalData]:
    """Yield the personal data in a text, kind by kind; stretches of two kinds may overlap.

    Args:
        text: Canonical text; in others, digits and signs of other scripts are overlooked.
    """
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield PersonalData(kind, match.start(), match.end())


def cover_personal(text: str) -> str:
    """Return a text of the same length with its personal data covered."""
    for _, pattern in _PATTERNS:
        text = pattern.sub(lambda found: COVER * (found.end() - found.start()), text)
    return text
