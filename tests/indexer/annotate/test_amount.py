"""Sums of money are read to the fen, in every way people write them."""

import pytest

from indexer.annotate.amount import read_amounts

WAN = 1_000_000


@pytest.mark.parametrize(
    ("text", "low_fen", "high_fen"),
    [
        ("3000元", 300_000, 300_000),
        ("3000.5元", 300_050, 300_050),
        ("18万", 18 * WAN, 18 * WAN),
        ("18 万元", 18 * WAN, 18 * WAN),
        ("25.5万元", 25_500_000, 25_500_000),
        ("1.2亿元", 12_000 * WAN, 12_000 * WAN),
        ("两个亿", 20_000 * WAN, 20_000 * WAN),
        ("1亿2000万元", 12_000 * WAN, 12_000 * WAN),
        ("30-50万元", 30 * WAN, 50 * WAN),
        ("30万-50万", 30 * WAN, 50 * WAN),
        ("30万元至50万元", 30 * WAN, 50 * WAN),
        ("30~50万", 30 * WAN, 50 * WAN),
        ("8000元至1万元", 800_000, 1 * WAN),
        ("五十万元", 50 * WAN, 50 * WAN),
        ("一百二十万", 120 * WAN, 120 * WAN),
        ("叁拾万圆整", 30 * WAN, 30 * WAN),
        ("肆仟伍佰元整", 450_000, 450_000),
        ("二十万八千元", 20_800_000, 20_800_000),
        ("12万5千元", 12_500_000, 12_500_000),
        ("一点五万元", 1_500_000, 1_500_000),
        ("60多万", 60 * WAN, 70 * WAN),
        ("60 多万", 60 * WAN, 70 * WAN),
        ("100余万元", 100 * WAN, 200 * WAN),
        ("十几万", 10 * WAN, 20 * WAN),
        ("两三万", 2 * WAN, 3 * WAN),
        ("三五十万元", 30 * WAN, 50 * WAN),
        ("¥250,000.00", 25 * WAN, 25 * WAN),
        ("人民币35 000元整", 3_500_000, 3_500_000),
        ("¥1,650,000", 165 * WAN, 165 * WAN),
        ("总计 5 0万元", 50 * WAN, 50 * WAN),
        ("770 000.00元", 77 * WAN, 77 * WAN),
        ("30w", 30 * WAN, 30 * WAN),
        ("2千元", 200_000, 200_000),
        ("五百块", 50_000, 50_000),
    ],
)
def test_sum_is_read_to_the_fen(text: str, low_fen: int, high_fen: int) -> None:
    (amount,) = read_amounts(text)
    assert (amount.low_fen, amount.high_fen) == (low_fen, high_fen)


@pytest.mark.parametrize(
    "text",
    [
        "500万件",
        "2000年",
        "3万字",
        "3000平方米",
        "2025-2026年",
        "几十万",
        "数百万",
        "0元",
        "1.5万小时",
        "50万吨",
        "20万公里",
        "300亿元",
        "第3条",
        "万元",
        "",
    ],
)
def test_number_of_other_things_is_no_sum(text: str) -> None:
    assert list(read_amounts(text)) == []


def test_range_and_currency_are_told() -> None:
    first, second = read_amounts("30-50万元,另有20万")
    assert (first.is_range, first.has_currency) == (True, True)
    assert (second.is_range, second.has_currency) == (False, False)


def test_offsets_point_at_the_sum() -> None:
    text = "大约18万元左右"
    (amount,) = read_amounts(text)
    assert text[amount.start : amount.end] == "18万元"
