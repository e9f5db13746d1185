"""The one canonical form of a text: what is searched, compared and tagged.

`indexer/text.py` decides what is accepted; this gives what was accepted its form. It lies here,
because tables keep it beside the original (`models/searched.py`).
"""

import re
import unicodedata
from typing import Final

INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc"
    "\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
"""Characters that are dropped: they show nothing, steer how others are shown, or mean nothing
that two readers agree on (private use). A text of nothing else is an empty one."""

_LINE_BREAKS: Final = re.compile(r"[\r\n\x85\u2028\u2029]+")
_BLANKS: Final = re.compile(r"[^\S\n]+")
_BLANKS_AROUND_BREAK: Final = re.compile(r" ?\n[ \n]*")


def canonicalise(text: str) -> str:
    """Return the canonical form of a text already known to hold no refused character."""
    text = INVISIBLE.sub("", text)
    text = unicodedata.normalize("NFKC", text)
    text = INVISIBLE.sub("", text)
    text = _LINE_BREAKS.sub("\n", text)
    text = _BLANKS.sub(" ", text)
    return _BLANKS_AROUND_BREAK.sub("\n", text).strip()


def searchable(text: str) -> str:
    """Return the form in which a text is searched: canonical, in small letters."""
    return unicodedata.normalize("NFKC", canonicalise(text).casefold())
