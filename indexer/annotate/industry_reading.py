"""How much a term counts where it stands: in the title, before another thing, for a use."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import zip_longest
from math import log
from typing import Final

from indexer.annotate.industry_terms import TermHit
from models.vocabulary.taxonomy import Scheme

TITLE_WEIGHT: Final = 2.0
REPEAT_WEIGHT: Final = 0.25
MAX_REPEATS: Final = 10
"""What each factor e of a term's count adds to its weight, and the count that adds most."""

MODIFIER_GAP: Final = 3
"""Characters between two terms up to which the first is read as describing the second."""

MODIFIER_FACTORS: Final = {Scheme.SEI: 0.8, Scheme.GB4754: 0.5}
USE_FACTORS: Final = {Scheme.SEI: 0.7, Scheme.GB4754: 0.4}
EXCLUDED_FACTOR: Final = 0.2
"""Chinese names the thing last: in "航空器用钢化玻璃" the glass is made, the aircraft only
served. A class of GB/T 4754 is what is made; a strategic industry may be what is served."""

_JOINS = re.compile(r"[\s,，。;；:：、!?！？()（）\"“”《》]|和|与|及|或|并|到|的是")
_FOR_USE = re.compile(r"用(?![于户来])")
_SENTENCE = re.compile(r"[^。;；!?！？\n]+")
_EXCLUDES_WHAT_FOLLOWS = re.compile(r"不涉及|不包括|不包含")
_EXCLUDES_WHAT_PRECEDES = re.compile(r"除外|不在本次|不在此次")


def weigh_hits(
    scheme: Scheme, text: str, title_end: int, found: Iterable[TermHit]
) -> Iterable[tuple[TermHit, float]]:
    """Each distinct term once, at the place where it counts most, with its weight there.

    Args:
        scheme: Vocabulary to weigh for.
        text: Title, line break and body.
        title_end: Length of the title.
        found: All hits in order; mute ones are left out of the answer.
    """
    hits = [hit for hit in found if hit.term.weight > 0]
    counts = Counter(hit.term.text for hit in hits)
    excluded = _excluded(text)
    best: dict[str, tuple[TermHit, float]] = {}
    for hit, following in zip_longest(hits, hits[1:]):
        count = min(counts[hit.term.text], MAX_REPEATS)
        weight = hit.term.weight * (1 + REPEAT_WEIGHT * log(count))
        weight *= TITLE_WEIGHT if hit.start < title_end else 1.0
        weight *= EXCLUDED_FACTOR if excluded[hit.start] else 1.0
        weight *= _as_read(scheme, text, hit, following)
        if hit.term.text not in best or weight > best[hit.term.text][1]:
            best[hit.term.text] = (hit, weight)
    return best.values()


def _as_read(scheme: Scheme, text: str, hit: TermHit, following: TermHit | None) -> float:
    """How much of a term counts by what follows it."""
    if _FOR_USE.match(text, hit.end):
        return USE_FACTORS[scheme]
    if following is not None and following.start - hit.end <= MODIFIER_GAP:
        between = text[hit.end : following.start]
        if not _JOINS.search(between):
            return MODIFIER_FACTORS[scheme]
    return 1.0


def _excluded(text: str) -> bytearray:
    """One flag a character: whether the text says it does not speak of what stands there."""
    flags = bytearray(len(text))
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.span()
        if after := _EXCLUDES_WHAT_FOLLOWS.search(text, start, end):
            flags[after.end() : end] = b"\x01" * (end - after.end())
        if before := _EXCLUDES_WHAT_PRECEDES.search(text, start, end):
            flags[start : before.start()] = b"\x01" * (before.start() - start)
    return flags
