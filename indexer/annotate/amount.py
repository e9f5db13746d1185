"""Sums of money as they stand in a text, whatever they are for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from indexer.annotate.numeral import NUMERAL, read_span

FEN_PER_YUAN: Final = 100
MAX_YUAN: Final = Decimal(10) ** 10
"""Larger sums are no price of a service."""

_SCALE: Final = r"(?:个?亿|千万|百万|万|千|[wW](?![A-Za-z]))"
_UNIT: Final = r"(?:元|圆|块钱|块(?!地|板|链|状)|人民币)"
_TO: Final = r"(?:-|~|—|–|至|到){1,2}"
_AMOUNT = re.compile(
    rf"(?<![几数\d.])(?P<sign>¥|RMB ?|人民币:? ?)?"
    rf"(?:(?P<low>{NUMERAL}) ?(?P<low_scale>{_SCALE})? ?(?P<low_unit>{_UNIT})? ?{_TO} ?(?:¥ ?)?)?"
    rf"(?P<high>{NUMERAL}) ?(?P<few>[多余几来])? ?"
    rf"(?:(?P<scale>{_SCALE})(?:(?P<rest>{NUMERAL})(?P<rest_scale>千|万|百万|千万))?)?"
    rf"(?P<few_after>[多余])? ?(?P<unit>{_UNIT})?(?:整|正)?"
)
_SCALES: Final = {
    "千": Decimal(1000),
    "万": Decimal(10_000),
    "w": Decimal(10_000),
    "W": Decimal(10_000),
    "百万": Decimal(10**6),
    "千万": Decimal(10**7),
    "亿": Decimal(10**8),
    "个亿": Decimal(10**8),
}
_COUNTED = re.compile(
    r" ?(?:[件项个人家字小次吨台套平户辆册亩公里瓦篇条份名只片支株头粒颗桶箱倍步级像股枚张座栋"
    r"mkKMGtTVWvΩ%‰度]|亿|级|多?(?:件|人|家|字))"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money in a text.

    Attributes:
        start: Offset of its first character.
        end: Offset one past its last character.
        low_fen: Lowest value in fen.
        high_fen: Highest value in fen; equal to the lowest for one exact sum.
        is_range: Whether two ends are written out ("30-50万元").
        has_currency: Whether 元, ¥ or the like is written; without it a bare "30万" may
            count something else.
    """

    start: int
    end: int
    low_fen: int
    high_fen: int
    is_range: bool
    has_currency: bool


def read_amounts(text: str) -> Iterator[Amount]:
    """Yield every sum of money in order; bare numbers without 元, 万 or 亿 are left out."""
    for match in _AMOUNT.finditer(text):
        has_currency = bool(match["sign"] or match["unit"] or match["low_unit"])
        has_currency = has_currency or match["scale"] == "个亿"
        if not has_currency and not match["scale"]:
            continue
        if not match["unit"] and _COUNTED.match(text, match.end()):
            continue
        values = _values(match)
        if values is None or not 0 < values[1] <= MAX_YUAN:
            continue
        low, high = (int(value * FEN_PER_YUAN) for value in values)
        yield Amount(
            start=match.start(),
            end=match.end(),
            low_fen=low,
            high_fen=high,
            is_range=match["low"] is not None,
            has_currency=has_currency,
        )


def _values(match: re.Match[str]) -> tuple[Decimal, Decimal] | None:
    """Lowest and highest value in yuan; None when the numerals make no sense."""
    span = read_span(match["high"])
    if span is None:
        return None
    scale = _SCALES[match["scale"]] if match["scale"] else Decimal(1)
    low, high = span[0] * scale, span[1] * scale
    if match["rest"]:
        rest = read_span(match["rest"])
        extra = rest[0] * _SCALES[match["rest_scale"]] if rest else Decimal(0)
        low, high = low + extra, high + extra
    if match["few"] or match["few_after"]:
        high += _order(span[0]) * scale
    if match["low"]:
        first = read_span(match["low"])
        if first is None:
            return None
        low = first[0] * _low_scale(match, scale)
        if low > high:
            return None
    return low, high


def _low_scale(match: re.Match[str], scale: Decimal) -> Decimal:
    """Scale of the lower end: its own, or that of the upper end when it bears none."""
    if match["low_scale"]:
        return _SCALES[match["low_scale"]]
    return Decimal(1) if match["low_unit"] else scale


def _order(value: Decimal) -> Decimal:
    """What 多 adds at most: 60多 is below 70, 100多 below 200."""
    order = Decimal(1)
    while value % (order * 10) == 0 and order * 10 <= value:
        order *= 10
    return order
