"""Lengths of time as they stand in a text, whatever they are the length of."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from indexer.annotate.numeral import read_span

DAYS_PER_MONTH: Final = 30
DAYS_PER_YEAR: Final = 365
_WORKDAYS_PER_WEEK: Final = 5
_DAYS_PER_WEEK: Final = 7

_NUMBER: Final = r"(?:\d{1,4}(?:\.\d)?|\d ?\d|[一二两三四五六七八九十百]{1,5}|贰|叁|壹|半)"
_UNIT: Final = (
    r"(?:个? ?工作日|日历天|日历日|自然日|个?自然天|天|日(?=之?以?内)"
    r"|周(?!期|边|年|围|转|口|知|报|一|末)|个?星期|个?礼拜"
    r"|个? ?月|个季度|年(?!度|份|龄|级|费|报|会|检|审|月|\d|底|末|初|均|产|薪))"
)
_DURATION = re.compile(
    rf"(?<![\d.第上下])(?:(?P<low>{_NUMBER}) ?(?P<low_unit>{_UNIT})? ?(?:-|~|—|–|至|到){{1,2}} ?)?"
    rf"(?P<high>{_NUMBER}) ?(?P<half>个半 ?)?(?P<unit>{_UNIT})(?P<half_after>半)?"
)
_MAX_YEARS: Final = 10


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in a text.

    Attributes:
        start: Offset of its first character.
        end: Offset one past its last character.
        low_days: Shortest length in calendar days.
        high_days: Longest length in calendar days; equal to the shortest for one length.
    """

    start: int
    end: int
    low_days: int
    high_days: int


def read_durations(text: str) -> Iterator[Duration]:
    """Yield lengths of time in order; dates such as 3月 or 2026年 are left out.

    A month counts 30 days, a year 365, five working days a week.
    """
    for match in _DURATION.finditer(text):
        unit = match["unit"].replace(" ", "")
        if unit == "月" and not match["half"]:
            continue
        high = _days(match["high"], unit, bool(match["half"] or match["half_after"]))
        low_unit = (match["low_unit"] or unit).replace(" ", "")
        low = _days(match["low"], low_unit, with_half=False) if match["low"] else high
        if high is None or low is None or low[0] > high[1]:
            continue
        if unit == "年" and high[1] > _MAX_YEARS * DAYS_PER_YEAR:
            continue
        yield Duration(match.start(), match.end(), low[0], high[1])


def _days(number: str, unit: str, with_half: bool) -> tuple[int, int] | None:
    """Fewest and most calendar days of a number of units."""
    number = number.replace(" ", "").translate(str.maketrans("壹贰叁", "一二三"))
    span = (Decimal("0.5"), Decimal("0.5")) if number == "半" else read_span(number)
    if span is None:
        return None
    half = Decimal("0.5") if with_half else Decimal(0)
    length = _unit_days(unit)
    low, high = (math.floor((value + half) * length) for value in span)
    return (low, high) if low > 0 else None


def _unit_days(unit: str) -> Decimal:
    if unit.endswith("工作日"):
        return Decimal(_DAYS_PER_WEEK) / _WORKDAYS_PER_WEEK
    if unit.endswith("月"):
        return Decimal(DAYS_PER_MONTH)
    if unit.endswith("季度"):
        return Decimal(3 * DAYS_PER_MONTH)
    if unit.endswith("年"):
        return Decimal(DAYS_PER_YEAR)
    if unit.endswith(("周", "星期", "礼拜")):
        return Decimal(_DAYS_PER_WEEK)
    return Decimal(1)
