"""Which sums of a text somebody offers to pay for the work."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.annotate.amount import Amount, read_amounts
from indexer.annotate.clauses import Clauses
from indexer.annotate.lexicon import Cue, Lexicon

WORDS_FILE: Final = "budget.toml"

HEADING_REACH: Final = 90
"""Characters a table heading may stand before its sum."""

_SENTENCE_REACH: Final = 20
_BARE_REACH: Final = 8
_AFTER_REACH: Final = 4
_LEAD: Final = 50

_HEADINGS: Final = frozenset({"heading", "ceiling_heading"})
_TOTALS: Final = frozenset({"total", "whole_price"})
_OFFERS: Final = _HEADINGS | {"offer", "whole_price"}

_EACH = re.compile(
    r"(?:每[个人件期份次家套项本篇]?|单价)[^。;!?\n,\d]{0,4}$|(?:单[个项份次]|租金)[^。;!?\n,\d]{0,12}$"
)
_PER = re.compile(r" ?/(?! ?[一二两三四五\d]{0,2} ?年)|(?:每|一)[个人件期份次家套项本]|(?:的)?单价")
_ROW = re.compile(
    r"\n(?:[一二三四五六七八九十]{1,3}|\d{1,2}|(?:标段|标项|子包) ?[一二三四五六七八九十\d]{1,2})\n"
    r"(?:[^\n]{1,80}\n){1,4}(?:约|人民币)? ?$"
)
_CELL_END = re.compile(r" ?(?:\n|$)")
_TOTAL = re.compile(r"[合总共]计|总[额价]|总金额|一共|总共")
_LOT_NUMBER: Final = r"(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[IVX]{1,4})"
_LOT = re.compile(
    rf"(?:(?:标段|标项|子包|分包|包件|采购包|包)\s?{_LOT_NUMBER}|第\s?{_LOT_NUMBER}\s?[包标])[^。\n\d]{{0,40}}$"
    rf"|{_LOT_NUMBER} ?(?:标段|标项|包)[^。\n\d]{{0,40}}$"
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A sum taken for payment of the work.

    Attributes:
        amount: The sum.
        cue: The words that make it an offer.
        score: How plainly they do, higher is plainer.
        is_lot: Whether it pays one lot of several.
    """

    amount: Amount
    cue: Cue
    score: int
    is_lot: bool

    @property
    def is_ceiling(self) -> bool:
        """Whether the heading itself names the sum as the highest accepted."""
        return self.cue.label == "ceiling_heading"


class OfferReader:
    """Reads the offers of a text by the nearest listed word around each sum."""

    def __init__(self) -> None:
        """Load the words that tell offers from other sums."""
        self._lexicon = Lexicon.load(WORDS_FILE)

    def read_offers(self, text: str) -> list[Offer]:
        """Every offer in order; later sums under one heading count less.

        Args:
            text: Canonical text.
        """
        cues = list(self._lexicon.find(text))
        if not any(cue.label in _OFFERS for cue in cues):
            return []
        offers: list[Offer] = []
        used: set[int] = set()
        last_end = 0
        for amount, cue, score in _decided(read_amounts(text), cues, Clauses(text)):
            lead = text[max(0, amount.start - _LEAD) : amount.start]
            if _PER.match(text, amount.end) or _EACH.search(lead):
                continue
            is_later = cue.start in used
            used.add(cue.start)
            before_cue = text[max(0, cue.start - _LEAD) : cue.start]
            own_lead = text[max(last_end, amount.start - HEADING_REACH) : amount.start]
            is_row = _CELL_END.match(text, amount.end) and _ROW.search(own_lead)
            is_named = _LOT.search(own_lead[-_LEAD:]) or _LOT.search(before_cue)
            is_lot = bool(is_row or is_named)
            last_end = amount.end
            offers.append(Offer(amount, cue, score - is_later, is_lot))
        return offers


def _decided(
    amounts: Iterator[Amount], cues: Sequence[Cue], clauses: Clauses
) -> Iterator[tuple[Amount, Cue, int]]:
    """Sums with the word that makes them an offer and its strength."""
    ends = [cue.end for cue in cues]
    row: tuple[Amount, Cue] | None = None
    for amount in amounts:
        index = bisect_right(ends, amount.start)
        after = cues[index] if index < len(cues) else None
        if after is not None and not _joins(amount, after, clauses):
            after = None
        if after is not None and after.label == "other":
            continue
        before = _before(amount, cues[max(0, index - 4) : index], clauses)
        if before is not None and before.label == "other":
            continue
        if before is None and row is not None and amount.start - row[0].end <= HEADING_REACH:
            before = row[1] if _fills_row(amount, clauses.text) else None
        is_row = before is not None and _fills_row(amount, clauses.text)
        row = (amount, before) if before is not None and is_row else row
        if before is not None:
            yield amount, before, _strength(amount, before, clauses)
        elif after is not None and after.label in _OFFERS:
            yield amount, after, 2


def _fills_row(amount: Amount, text: str) -> bool:
    """Whether a sum is a cell of its own in a table row that begins with a number."""
    lead = text[max(0, amount.start - HEADING_REACH) : amount.start]
    return bool(_CELL_END.match(text, amount.end) and _ROW.search(lead))


def _joins(amount: Amount, after: Cue, clauses: Clauses) -> bool:
    """Whether a word stands right after a sum, in its clause."""
    distance = after.start - amount.end
    same_clause = clauses.same_clause(amount.start, after.start)
    is_aside = clauses.text[amount.end : amount.end + 1] == "("
    return 0 <= distance <= _AFTER_REACH and same_clause and not is_aside


def _before(amount: Amount, cues: Sequence[Cue], clauses: Clauses) -> Cue | None:
    """The word before a sum that says what it is for; None when none is near enough."""
    if not cues:
        return None
    nearest = cues[-1]
    if nearest.label in _TOTALS:
        if amount.start - nearest.end > _SENTENCE_REACH:
            return None
        return _behind_total(nearest, cues[:-1], clauses)
    gap = clauses.text[nearest.end : amount.start]
    if not clauses.same_sentence(nearest.start, amount.start):
        is_heading = nearest.label in _HEADINGS and len(gap) <= HEADING_REACH
        return nearest if is_heading and (amount.has_currency or "\n" in gap) else None
    if amount.has_currency and nearest.label in _HEADINGS:
        return nearest
    reach = _SENTENCE_REACH if amount.has_currency or nearest.label == "other" else _BARE_REACH
    return nearest if len(gap) <= reach else None


def _behind_total(total: Cue, cues: Sequence[Cue], clauses: Clauses) -> Cue | None:
    """The word that says what a total is the total of."""
    for cue in reversed(cues):
        distance = total.start - cue.end
        if cue.label in _TOTALS:
            continue
        if cue.label == "other":
            is_near = clauses.same_sentence(cue.start, total.start)
            if is_near and distance <= _SENTENCE_REACH:
                return cue
            break
        if distance <= HEADING_REACH:
            return cue
        break
    return total if total.label == "whole_price" else None


def _strength(amount: Amount, cue: Cue, clauses: Clauses) -> int:
    """6 for a total, 4 for a heading at hand, 3 for one in a table, 2 for a plain word."""
    between = clauses.text[cue.end : amount.start]
    if _TOTAL.search(between):
        return 6
    if cue.label not in _HEADINGS:
        return 2
    is_at_hand = len(between) <= _SENTENCE_REACH and "\n" not in between
    return 4 if is_at_hand else 3
