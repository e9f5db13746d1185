"""Clauses about money and time limits: every kind of text has them, no scenario is told by them."""

import re
from typing import Final

_CLAUSE: Final = re.compile(r"[^,。;:、\n]+")
_COMMERCIAL: Final = re.compile(
    r"\d\s?万?元|[零一二三四五六七八九十百千]万元|预算|限价|最高价|经费|面议"
    r"|\d\s?个?(?:月|日历天|工作日|天)|[一二两三四五六七八九十]个半?月"
)
_BLANKS: Final = re.compile(r" {2,}")


def blank_commercial(text: str) -> str:
    """Return a canonical text of the same length with such clauses turned to blanks.

    A text that would have nothing left stays as it is.
    """
    blanked = _CLAUSE.sub(lambda clause: _blanked(clause.group()), text)
    return blanked if re.search(r"\w", blanked) else text


def without_commercial(text: str) -> str:
    """Return a canonical text with such clauses left out."""
    return _BLANKS.sub(" ", blank_commercial(text)).strip()


def _blanked(clause: str) -> str:
    return " " * len(clause) if _COMMERCIAL.search(clause) else clause
