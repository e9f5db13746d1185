"""Named dates are placed in the calendar."""

from datetime import date

import pytest

from indexer.annotate.dates import DateKind, DateReader

TODAY = date(2026, 4, 10)


@pytest.fixture(scope="module")
def reader() -> DateReader:
    return DateReader()


@pytest.mark.parametrize(
    ("text", "first", "last", "kind"),
    [
        ("2026年9月", date(2026, 9, 1), date(2026, 9, 30), DateKind.WHOLE),
        ("2026年9月底", date(2026, 9, 1), date(2026, 9, 30), DateKind.PART),
        ("9月上旬", date(2026, 9, 1), date(2026, 9, 10), DateKind.PART),
        ("9月5日", date(2026, 9, 5), date(2026, 9, 5), DateKind.DAY),
        ("九月十五号", date(2026, 9, 15), date(2026, 9, 15), DateKind.DAY),
        ("2026/9/5", date(2026, 9, 5), date(2026, 9, 5), DateKind.DAY),
        ("第三季度", date(2026, 7, 1), date(2026, 9, 30), DateKind.WHOLE),
        ("Q3", date(2026, 7, 1), date(2026, 9, 30), DateKind.WHOLE),
        ("下半年", date(2026, 7, 1), date(2026, 12, 31), DateKind.WHOLE),
        ("下周", date(2026, 4, 13), date(2026, 4, 19), DateKind.PART),
        ("国庆", date(2026, 10, 1), date(2026, 10, 1), DateKind.HOLIDAY),
        ("春节", date(2027, 2, 17 - 11), date(2027, 2, 6), DateKind.HOLIDAY),
    ],
)
def test_date_has_its_first_and_last_day(
    reader: DateReader, text: str, first: date, last: date, kind: DateKind
) -> None:
    (named,) = reader.read_dates(text, TODAY)
    assert (named.first, named.last, named.kind) == (first, last, kind)


@pytest.mark.parametrize("text", ["2026年2月30日", "2026-13-01", "13月", "0月", "月报", "一年度"])
def test_impossible_date_is_left_out(reader: DateReader, text: str) -> None:
    assert list(reader.read_dates(text, TODAY)) == []
