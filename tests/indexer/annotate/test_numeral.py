"""Numerals are read as people write them."""

from decimal import Decimal

import pytest

from indexer.annotate.numeral import read_number, read_span


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", "3"),
        ("3.50", "3.5"),
        ("1,234,567", "1234567"),
        ("35 000", "35000"),
        ("十", "10"),
        ("十二", "12"),
        ("二十", "20"),
        ("一百零五", "105"),
        ("两千三百", "2300"),
        ("三十六", "36"),
        ("叁佰", "300"),
        ("二〇二六", "2026"),
        ("一点五", "1.5"),
        ("零", "0"),
    ],
)
def test_number_has_its_value(text: str, value: str) -> None:
    assert read_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "十百千", "三万", "abc"])
def test_other_characters_are_no_number(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("三五", 3, 5), ("两三", 2, 3), ("二三十", 20, 30), ("四五百", 400, 500)],
)
def test_guess_gives_both_ends(text: str, low: int, high: int) -> None:
    assert read_span(text) == (Decimal(low), Decimal(high))
    assert read_number(text) is None


@pytest.mark.parametrize("text", ["三九", "五三"])
def test_digits_that_are_no_guess_are_read_one_by_one(text: str) -> None:
    span = read_span(text)
    assert span is not None
    assert span[0] == span[1] > 9
