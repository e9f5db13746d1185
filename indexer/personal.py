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


_SIGN: Final = "[-\u2010-\u2015\u2212. ]?"
"""What may part the groups of a number: hyphens and dashes of all kinds, a dot, a blank."""

_BEFORE: Final = r"(?<!\d)(?<!\d\.)"
"""Neither within a number nor behind its decimal point."""

_AREA: Final = r"(?:10|2\d|[3-9]\d\d)"
_LOCAL: Final = rf"[2-9]\d{{2,3}}{_SIGN}\d{{4}}(?!\d)"

# Longest first: an ID number holds digits that look like a mobile number. An amount of eleven
# digits that begins like one is covered too: what is said about people must not hang on what
# follows it.
_PATTERNS: Final = (
    (
        PersonalKind.ID_NUMBER,
        re.compile(
            rf"(?<!\d)[1-9]\d{{5}}{_SIGN}(?:19|20)\d{{2}}{_SIGN}(?:0[1-9]|1[0-2])"
            rf"(?:0[1-9]|[12]\d|3[01]){_SIGN}\d{{3}}[\dXx](?!\d)"
        ),
    ),
    (
        PersonalKind.MOBILE,
        re.compile(rf"(?:(?<!\d)\+?86{_SIGN}|{_BEFORE})1[3-9]\d{_SIGN}\d{{4}}{_SIGN}\d{{4}}(?!\d)"),
    ),
    (
        PersonalKind.LANDLINE,
        re.compile(
            rf"(?:{_BEFORE}0{_AREA}{_SIGN}|\(0{_AREA}\) ?|\+86{_SIGN}\(?0?{_AREA}\)?{_SIGN})"
            rf"{_LOCAL}"
        ),
    ),
    (
        PersonalKind.EMAIL,
        re.compile(
            r"(?:[A-Za-z0-9._%+-]{1,64}|[\u4e00-\u9fff]{1,4})@[A-Za-z0-9-]{1,63}"
            r"(?:[.。][A-Za-z0-9-]{1,63}){0,4}[.。](?:[A-Za-z]{2,24}|中国|公司|网络)"
        ),
    ),
)
"""No part repeats without a bound, so that the time grows with the length of a text only."""


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
