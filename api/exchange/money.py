"""Budgets as people write them into one cell, and back."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from indexer.annotate.money import BudgetFinder
from models.vocabulary.demand import BudgetKind

_BARE: Final = re.compile(r"\d+(?:\.\d+)?$")
_WRITTEN: Final = re.compile(
    r"(?P<most>不超过)?(?P<low>\d+(?:\.\d+)?)(?:-(?P<high>\d+(?:\.\d+)?))?万元$"
)
_FREE: Final = frozenset({"免费", "公益", "公益免费", "公益服务", "无偿"})
_MAX_CELL_CHARS: Final = 200
_FEN_PER_WAN: Final = 1_000_000


class MoneyWords:
    """Reads a budget cell with the finder that reads whole texts."""

    def __init__(self) -> None:
        self._finder = BudgetFinder()

    def budget(self, cell: str) -> dict[str, Any] | None:
        """Return the budget of a cell in the schema's form; None when it names none.

        A number without a unit is taken for yuan.
        """
        text = unicodedata.normalize("NFKC", cell).strip().replace(",", "")
        if not text or len(text) > _MAX_CELL_CHARS:
            return None
        if _BARE.match(text):
            return ceiling(fen_of(Decimal(text), 100), cell)
        if written := _WRITTEN.match(text):
            return _plain_budget(written, cell)
        if text in _FREE:
            return {"kind": BudgetKind.FREE.value, "raw": cell.strip()}
        found = self._finder.find_budget(text if "预算" in text else f"预算{text}")
        if found is None:
            return None
        return {
            "kind": found.kind.value,
            "min_fen": found.min_fen,
            "max_fen": found.max_fen,
            "raw": cell.strip(),
        }


def _plain_budget(written: re.Match[str], cell: str) -> dict[str, Any]:
    """Return the budget of a cell in the form `budget_text` writes, exact to the fen."""
    low = fen_of(Decimal(written["low"]), _FEN_PER_WAN)
    high = fen_of(Decimal(written["high"]), _FEN_PER_WAN) if written["high"] else low
    if written["most"]:
        return ceiling(high, cell)
    kind = BudgetKind.RANGE if written["high"] else BudgetKind.FIXED
    return {"kind": kind.value, "min_fen": low, "max_fen": high, "raw": cell.strip()}


def fen_of(number: Decimal, fen_per_unit: int) -> int:
    """Return an amount in fen, rounded to the fen."""
    return int((number * fen_per_unit).to_integral_value())


def ceiling(max_fen: int, raw: str) -> dict[str, Any]:
    """Return a budget of which only the upper end is known: a budget is what may be spent."""
    return {"kind": BudgetKind.CEILING.value, "max_fen": max_fen, "raw": raw.strip()}


def budget_of_ends(min_fen: int | None, max_fen: int | None) -> dict[str, Any]:
    """Return the budget two cells name, the lower and the upper end."""
    if min_fen is None or max_fen is None:
        one = max_fen if max_fen is not None else min_fen or 0
        return ceiling(one, f"{wan_text(one)}万元")
    kind = BudgetKind.FIXED if min_fen == max_fen else BudgetKind.RANGE
    raw = f"{wan_text(min_fen)}-{wan_text(max_fen)}万元"
    return {"kind": kind.value, "min_fen": min_fen, "max_fen": max_fen, "raw": raw}


def budget_text(budget: Mapping[str, Any]) -> str:
    """Return a budget as the text of one cell, which reading turns into the same budget."""
    kind, low, high = budget["kind"], budget.get("min_fen"), budget.get("max_fen")
    if kind == BudgetKind.NEGOTIABLE:
        return "面议"
    if kind == BudgetKind.FREE:
        return "公益服务"
    if kind == BudgetKind.CEILING:
        return f"不超过{wan_text(high or 0)}万元"
    if kind == BudgetKind.FIXED or low is None or low == high:
        return f"{wan_text(high or low or 0)}万元"
    return f"{wan_text(low)}-{wan_text(high or low)}万元"


def wan_text(fen: int) -> str:
    """Return an amount of fen in units of ten thousand yuan, exactly."""
    text = f"{Decimal(fen) / _FEN_PER_WAN:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
