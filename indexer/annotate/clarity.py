"""How clear a demand is, from what it names and what it leaves open."""

import re
from collections.abc import Set as AbstractSet
from typing import Final

from indexer.annotate.facts import FactName
from models.vocabulary.demand import Clarity

CLEAR_SPECIFICS: Final = 3
"""Different figures and technical names from which a demand counts as specific."""

_SPECIFIC = re.compile(
    r"(?<!\d)\d{1,9}(?:\.\d{1,6})?[一-鿿A-Za-z%℃]{1,2}|(?<![A-Za-z])[A-Za-z]{2,20}[A-Za-z0-9-]{0,20}|《[^》\n]{2,30}》"
    r"|[一二两三四五六七八九十]{1,3}(?:件|家|名|位|项|份|个|条|款|段|国|档|期|块)"
)
_AIMS: Final = frozenset(
    {FactName.DECISION_QUESTION, FactName.DELIVERABLES, FactName.APPLICATION_FORM}
)
_LIMITS: Final = frozenset({FactName.BUDGET, FactName.PERIOD, FactName.REQUIREMENTS})


def judge_clarity(text: str, present: AbstractSet[FactName]) -> Clarity:
    """The class of a demand in the scale clear, fuzzy, conceptual, directionless.

    Directionless names neither object nor aim; conceptual names one of them without any
    figure or limit; clear names the object, a decision or result, and enough that is
    specific; everything between is fuzzy.

    Args:
        text: Canonical text, title first.
        present: Facts the demand gives.
    """
    has_object = FactName.INDUSTRY in present
    aims, limits = len(present & _AIMS), len(present & _LIMITS)
    specifics = len({match.group() for match in _SPECIFIC.finditer(text)})
    if not has_object and aims == 0:
        return Clarity.DIRECTIONLESS
    if not has_object and aims == 1 and not limits and specifics == 0:
        return Clarity.DIRECTIONLESS
    if has_object and aims >= 2 and specifics + limits >= CLEAR_SPECIFICS:
        return Clarity.CLEAR
    if has_object + aims <= 1 and limits == 0 and specifics <= 1:
        return Clarity.CONCEPTUAL
    return Clarity.FUZZY
