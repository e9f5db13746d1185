"""Numbers written in Arabic or Chinese numerals, exact or as people round them."""

import re
from decimal import Decimal
from typing import Final

NUMERAL: Final = (
    r"(?:\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,6})?|\d{1,4}(?: \d{1,6}){1,4}(?: ?\.\d{1,6})?(?!\d)"
    r"|\d{1,15}(?:\.\d{1,6})?"
    r"|[零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]{1,12}(?:点[零〇一二三四五六七八九]{1,4})?)"
)
"""Pattern of one number, without the units 万 and 亿."""

_DIGITS: Final = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)),
    "〇": 0,
    "两": 2,
}
_PLACES: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TWO_DIGITS = re.compile(r"([一二两三四五六七八九])([一二三四五六七八九])([十百千]?)$")
_WIDEST_GUESS: Final = 2


def read_number(text: str) -> Decimal | None:
    """The value of a number; None when the characters do not form one."""
    span = read_span(text)
    return span[0] if span is not None and span[0] == span[1] else None


def read_span(text: str) -> tuple[Decimal, Decimal] | None:
    """Lowest and highest value of a number; they differ for guesses like 三五十 (30 to 50)."""
    text = text.replace(",", "").replace(" ", "")
    if text and text[0].isdigit() and text.isascii():
        value = Decimal(text)
        return value, value
    guess = _TWO_DIGITS.match(text)
    if guess:
        low, high = _DIGITS[guess[1]], _DIGITS[guess[2]]
        place = _PLACES.get(guess[3], 1)
        if 0 < high - low <= _WIDEST_GUESS:
            return Decimal(low * place), Decimal(high * place)
    whole, _, fraction = text.partition("点")
    value_or_none = _chinese_integer(whole)
    if value_or_none is None:
        return None
    value = Decimal(value_or_none)
    if fraction:
        value += Decimal("0." + "".join(str(_DIGITS[digit]) for digit in fraction))
    return value, value


def _chinese_integer(text: str) -> int | None:
    """The value of a numeral below ten thousand, or of digits read one by one (二〇二六)."""
    if not text:
        return None
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit, last_place = 0, None, 10_000
    for char in text:
        if char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
            continue
        place = _PLACES.get(char)
        if place is None or place >= last_place:
            return None
        total += (1 if digit is None else digit) * place
        digit, last_place = None, place
    return total + (digit or 0)
