"""What a demand offers to pay, told apart from every other sum it speaks of."""

import re
from collections.abc import Sequence
from typing import Final

from indexer.annotate.lexicon import load_table
from indexer.annotate.numeral import NUMERAL, read_number
from indexer.annotate.offer import WORDS_FILE, Offer, OfferReader
from indexer.annotate.types import Budget, Evidence
from models.vocabulary.demand import BudgetKind

_BOUND_REACH: Final = 6
_EVIDENCE_REACH: Final = 16
_FEN_PER_UNIT: Final = {"万元": 1_000_000, "元": 100}
_SAME_SUM: Final = 0.99
WHOLE_SCORE: Final = 4
"""Plainness from which a sum that is no lot stands for all lots together."""

_IN_UNIT = re.compile(
    r"(?:预算|限价|控制价|金额|估算价|总价)(?:金额|总额|合计)?"
    r"\((?:人民币|单位:)?(?P<unit>万元|元)\)[: ]{0,3}"
    rf"(?P<number>{NUMERAL})(?! ?[万千亿元%\d])"
)
_NEGOTIABLE = re.compile(
    r"(?:预算|费用|价格|经费|报酬|价钱|金额|报价|资金|酬金)[^。;!?\n\d]{0,8}?"
    r"(?:面议|面谈|协商|商议|商定|待定|另议|再议|可谈|详谈|好商量|未定|尚未确定|视情况|好说)"
    r"|面议"
)
_FREE = re.compile(
    r"(?:免费|无偿|公益性?地?)的?"
    r"(?:咨询|答疑|接诊|问诊|坐堂|把脉|诊断|指导|帮助?|服务|培训|辅导|讲座|开放)"
    r"|(?:不|无需|不向[^。;!?\n]{0,6})收取?(?:任何)?费"
    r"|(?:没有?|无)(?:专门)?的?(?:预算|经费)"
    r"|(?:请|掏|付|出)不起(?:机构|钱|分析费|费用|这笔钱)?|没钱请|公益项目|纯公益|零费用"
)


class BudgetFinder:
    """Finds the budget of a demand, in fen."""

    def __init__(self) -> None:
        """Load the words that tell budgets from other sums."""
        self._reader = OfferReader()
        bounds: dict[str, list[str]] = load_table(WORDS_FILE)["bounds"]
        self._before_ceiling = tuple(bounds["ceiling_before"])
        self._before_floor = tuple(bounds["floor_before"])
        self._after_ceiling = tuple(bounds["ceiling_after"])
        self._after_floor = tuple(bounds["floor_after"])

    def find_budget(self, text: str) -> Budget | None:
        """The budget a text names; the total where it names several sums.

        Deposits, turnovers, investments and prices of goods are not budgets. A text that
        leaves the price open or asks for free help gets that kind without a sum.

        Args:
            text: Canonical text, title first.
        """
        in_unit = _budget_in_unit(text)
        if in_unit is not None:
            return in_unit
        offers = self._reader.read_offers(text)
        if offers:
            return _sum_of_lots(offers, text) or self._best(offers, text)
        for pattern, kind in ((_NEGOTIABLE, BudgetKind.NEGOTIABLE), (_FREE, BudgetKind.FREE)):
            match = pattern.search(text)
            if match:
                return Budget(kind, None, None, Evidence(match.start(), match.end(), match.group()))
        return None

    def _best(self, offers: Sequence[Offer], text: str) -> Budget:
        best = max(offers, key=lambda offer: (offer.score, -offer.amount.start))
        kind, low, high = self._read_bounds(best, text)
        start, end = best.amount.start, best.amount.end
        for word in (*self._after_ceiling, *self._after_floor):
            if text.startswith(word, end):
                end += len(word)
                break
        if 0 <= start - best.cue.end <= _EVIDENCE_REACH:
            start = best.cue.start
        return Budget(kind, low, high, Evidence(start, end, text[start:end]))

    def _read_bounds(self, offer: Offer, text: str) -> tuple[BudgetKind, int | None, int | None]:
        """How the words around a sum limit it: kind, lower and upper end in fen."""
        amount = offer.amount
        lead = text[max(0, amount.start - _BOUND_REACH) : amount.start].rstrip(" :为在约人民币¥")
        tail = text[amount.end : amount.end + _BOUND_REACH].lstrip()
        if amount.is_range:
            return BudgetKind.RANGE, amount.low_fen, amount.high_fen
        if lead.endswith(self._before_floor) or tail.startswith(self._after_floor):
            return BudgetKind.RANGE, amount.low_fen, None
        is_limited = lead.endswith(self._before_ceiling) or tail.startswith(self._after_ceiling)
        if offer.is_ceiling or is_limited:
            return BudgetKind.CEILING, None, amount.high_fen
        if amount.low_fen < amount.high_fen:
            return BudgetKind.RANGE, amount.low_fen, amount.high_fen
        return BudgetKind.FIXED, amount.low_fen, amount.high_fen


def _sum_of_lots(offers: Sequence[Offer], text: str) -> Budget | None:
    """The sum over lots, when no single sum already covers them all."""
    lots = [offer for offer in offers if offer.is_lot and not offer.amount.is_range]
    if len(lots) < 2:
        return None
    total = sum(lot.amount.high_fen for lot in lots)
    largest = max(lot.amount.high_fen for lot in lots)
    for offer in offers:
        is_whole = not offer.is_lot and offer.score >= WHOLE_SCORE
        if offer.amount.high_fen >= (largest if is_whole else total * _SAME_SUM):
            return None
    is_ceiling = all(lot.is_ceiling for lot in lots)
    start, end = lots[0].amount.start, lots[-1].amount.end
    evidence = Evidence(start, end, text[start:end])
    kind = BudgetKind.CEILING if is_ceiling else BudgetKind.FIXED
    return Budget(kind, None if is_ceiling else total, total, evidence)


def _budget_in_unit(text: str) -> Budget | None:
    """The budget from a heading that bears the unit, as in "采购预算(万元):25.00"."""
    match = _IN_UNIT.search(text)
    value = read_number(match["number"]) if match else None
    if match is None or not value:
        return None
    amount_fen = int(value * _FEN_PER_UNIT[match["unit"]])
    evidence = Evidence(match.start(), match.end(), match.group())
    if "限价" in match.group() or "控制价" in match.group():
        return Budget(BudgetKind.CEILING, None, amount_fen, evidence)
    return Budget(BudgetKind.FIXED, amount_fen, amount_fen, evidence)
