"""Days and stretches of days as they stand in a text, whatever happens on them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from indexer.annotate.lexicon import load_table
from indexer.annotate.numeral import read_number

HOLIDAYS_FILE: Final = "holidays.toml"

_MONTHS: Final = 12
_CENTURY: Final = 100
_SMALL: Final = r"(?:\d ?\d|\d|[一二三四五六七八九十]{1,3})"
_YEAR: Final = r"(?:(?P<year>20\d{2}) ?年|(?P<rel>[今本当明后])年(?:的)?)"
_PART: Final = r"(?P<part>底|末|初|中旬|上旬|下旬|中(?=[前,。交]))"
_MONTH_DAY = re.compile(
    rf"(?<![\d.])(?:{_YEAR} ?)?(?P<month>{_SMALL}|下个?|本|当) ?月(?!度|刊|报|龄|薪|租|均)份?"
    rf"(?: ?(?:(?P<day>{_SMALL}) ?[日号]|{_PART}))?"
)
_ISO = re.compile(r"(?<!\d)(20\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_QUARTER = re.compile(rf"(?:{_YEAR})?第?(?P<quarter>[一二三四])季度(?P<part>底|末)?")
_QUARTER_LETTER = re.compile(rf"(?:{_YEAR})?Q(?P<quarter>[1-4])(?P<part>底|末)?")
_HALF = re.compile(rf"(?:{_YEAR})?(?P<half>[上下])半年(?P<part>底|末)?")
_YEAR_END = re.compile(
    rf"(?:{_YEAR}年?|(?<![\d一二三四五六七八九十百两半几多数每整全去上前])年)(?P<part>底|末|内|终)(?!考核)"
)
_WEEK = re.compile(r"(?P<which>下|本|这)个?周(?P<day>[一二三四五六日天])?")
_MONTH_END = re.compile(r"(?<![\d一二三四五六七八九十])月(?:底|末)")
_WEEKDAYS: Final = "一二三四五六日"
_TENTH: Final = {"初": 10, "上旬": 10, "中旬": 20, "中": 20}


class DateKind(StrEnum):
    """How much of the calendar a date names, which decides what 前 after it means."""

    DAY = "day"
    PART = "part"
    WHOLE = "whole"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A day or stretch of days named in a text.

    Attributes:
        start: Offset of its first character.
        end: Offset one past its last character.
        first: First day meant.
        last: Last day meant.
        kind: Whether it is one day, part of a month or year, a whole month or quarter,
            or a holiday.
        is_dated: Whether the year is written out; otherwise the next one to come was taken.
    """

    start: int
    end: int
    first: date
    last: date
    kind: DateKind
    is_dated: bool


class DateReader:
    """Reads dates relative to a given day."""

    def __init__(self) -> None:
        """Load the days of the holidays."""
        table = load_table(HOLIDAYS_FILE)
        self._fixed: Mapping[str, str] = table["fixed"]
        self._lunar = {
            name: [date.fromisoformat(day) for day in days] for name, days in table["lunar"].items()
        }
        self._other_names: Mapping[str, str] = table["other_names"]
        names = [*self._fixed, *self._lunar, *self._other_names]
        self._holiday = re.compile(rf"({'|'.join(sorted(names, key=len, reverse=True))})节?")

    def read_dates(self, text: str, today: date) -> Iterator[NamedDate]:
        """Yield the dates of a text, kind by kind, each kind in order.

        Args:
            text: Canonical text.
            today: Day from which 明年, 下月 and dates without a year are counted.
        """
        for pattern, mark, read in (
            (_ISO, "20", _iso),
            (_MONTH_DAY, "月", _month_day),
            (_QUARTER, "季度", _quarter),
            (_QUARTER_LETTER, "Q", _quarter),
            (_HALF, "半年", _half),
            (_YEAR_END, "年", _year_end),
            (_WEEK, "周", _week),
            (_MONTH_END, "月", _month_end),
            (self._holiday, "", self._holiday_day),
        ):
            for match in pattern.finditer(text) if mark in text else ():
                named = read(match, today)
                if named is not None:
                    yield named

    def _holiday_day(self, match: re.Match[str], today: date) -> NamedDate | None:
        name = self._other_names.get(match[1], match[1])
        if name in self._fixed:
            month, day = (int(part) for part in self._fixed[name].split("-"))
            days = [date(today.year + later, month, day) for later in (0, 1)]
        else:
            days = self._lunar[name]
        coming = next((day for day in days if day > today), None)
        if coming is None:
            return None
        return NamedDate(match.start(), match.end(), coming, coming, DateKind.HOLIDAY, True)


def _iso(match: re.Match[str], today: date) -> NamedDate | None:
    year, month, day = (int(group) for group in match.groups())
    return _one_day(match, year, month, day, is_dated=True)


def _month_day(match: re.Match[str], today: date) -> NamedDate | None:
    year, is_dated = _year(match, today)
    month = _month(match["month"], today)
    if month is None:
        return None
    if match["month"][0] in "下本当" and not is_dated:
        year, is_dated = (year + 1 if month > _MONTHS else year), True
        month = (month - 1) % _MONTHS + 1
    day = read_number(match["day"]) if match["day"] else None
    if day is not None:
        named = _one_day(match, year, month, int(day), is_dated)
    elif 1 <= month <= _MONTHS:
        named = _month_part(match, year, month, is_dated)
    else:
        named = None
    return named if named is None or is_dated else next_occurrence(named, today)


def _month(text: str, today: date) -> int | None:
    """Number of a month; next month may be 13."""
    if text[0] in "下本当":
        return today.month + (text[0] == "下")
    number = read_number(text)
    return None if number is None or not 1 <= number <= _MONTHS else int(number)


def _month_part(match: re.Match[str], year: int, month: int, is_dated: bool) -> NamedDate:
    part = match["part"]
    first, last = date(year, month, 1), _last_day(year, month)
    if part in _TENTH:
        last = date(year, month, _TENTH[part])
    kind = DateKind.PART if part else DateKind.WHOLE
    return NamedDate(match.start(), match.end(), first, last, kind, is_dated)


def _quarter(match: re.Match[str], today: date) -> NamedDate:
    year, is_dated = _year(match, today)
    number = int(read_number(match["quarter"]) or 1)
    first, last = date(year, 3 * number - 2, 1), _last_day(year, 3 * number)
    return _stretch(match, first, last, is_dated, today)


def _half(match: re.Match[str], today: date) -> NamedDate:
    year, is_dated = _year(match, today)
    first, last = (
        (date(year, 1, 1), date(year, 6, 30))
        if match["half"] == "上"
        else (date(year, 7, 1), date(year, 12, 31))
    )
    return _stretch(match, first, last, is_dated, today)


def _stretch(
    match: re.Match[str], first: date, last: date, is_dated: bool, today: date
) -> NamedDate:
    kind = DateKind.PART if match["part"] else DateKind.WHOLE
    named = NamedDate(match.start(), match.end(), first, last, kind, is_dated)
    return named if is_dated else next_occurrence(named, today)


def _year_end(match: re.Match[str], today: date) -> NamedDate:
    year, _ = _year(match, today)
    last = date(year, 12, 31)
    return NamedDate(match.start(), match.end(), last, last, DateKind.PART, True)


def _week(match: re.Match[str], today: date) -> NamedDate:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=match["which"] == "下")
    if match["day"]:
        weekday = _WEEKDAYS.index(match["day"].replace("天", "日"))
        first = last = monday + timedelta(days=weekday)
    else:
        first, last = monday, monday + timedelta(days=6)
    kind = DateKind.DAY if match["day"] else DateKind.PART
    return NamedDate(match.start(), match.end(), first, last, kind, True)


def _month_end(match: re.Match[str], today: date) -> NamedDate:
    last = _last_day(today.year, today.month)
    return NamedDate(match.start(), match.end(), last, last, DateKind.PART, True)


def _year(match: re.Match[str], today: date) -> tuple[int, bool]:
    """Year meant, and whether the text says it."""
    if match["year"]:
        return int(match["year"]), True
    later = {"明": 1, "后": 2}.get(match["rel"] or "", 0)
    return today.year + later, bool(match["rel"])


def _one_day(
    match: re.Match[str], year: int, month: int, day: int, is_dated: bool
) -> NamedDate | None:
    try:
        only = date(year, month, day)
    except ValueError:
        return None
    return NamedDate(match.start(), match.end(), only, only, DateKind.DAY, is_dated)


def _last_day(year: int, month: int) -> date:
    following = date(year + month // _MONTHS, month % _MONTHS + 1, 1)
    return following - timedelta(days=1)


def next_occurrence(named: NamedDate, today: date) -> NamedDate:
    """The date itself, or the same one a year on when it has passed."""
    if named.last >= today:
        return named
    return NamedDate(
        named.start,
        named.end,
        _a_year_on(named.first),
        _a_year_on(named.last),
        named.kind,
        named.is_dated,
    )


def _a_year_on(day: date) -> date:
    """The same day next year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
