"""Capabilities whose text was written for the ranking rather than for readers.

What is found is told, not judged: such a capability is placed behind the others and shown with
the reason, and a capability the platform verified is never doubted. Figures for honest texts
and attacks are in docs/adr/0025.
"""

import re
from functools import lru_cache
from typing import Final

from indexer.types import Document
from matcher.types import Caution
from models.vocabulary.row import Entity

CAUTION_TEXTS: Final = {
    Caution.LISTS_TERMS: "这项能力的文字主要是罗列词语，没有说明服务内容，排名已靠后。",
    Caution.REPEATS_ITSELF: "这项能力的文字大段重复，排名已靠后。",
    Caution.ASKS: "这项能力的文字像是在提需求，而不是说明服务，排名已靠后。",
    Caution.REPEATS_OTHERS: "这项能力的文字大段与其他机构更早登记的相同，排名已靠后。",
    Caution.REPEATS_DEMAND: "这项能力的文字有大段与需求原文相同，不足以证明能做，排名已靠后。",
}

MIN_CHARS: Final = 60
"""Shorter texts say too little to be doubted."""

MOST_SEPARATORS: Final = 0.18
"""Share of separators from which a stretch of text is a list; honest texts reach 0.144."""

LISTED: Final = 25
"""Terms of a list nobody needs to describe one service."""

LONGEST_CLAUSE: Final = 80
"""Characters without any stop; longer ones are words strung together."""

MOST_REPEATED: Final = 0.5
"""Share of four-character stretches that stood before; honest capabilities reach 0.044, and 2 of
3,650 patent abstracts, which like to repeat their claims, more than this."""

ASKING_PHRASES: Final = 2
"""Different phrases of one who asks; honest texts have one at most."""

ECHO_CHARS: Final = 12
"""A stretch this long is not shared by chance."""

ECHO_SHARE: Final = 0.3
"""Share of a text in stretches of the demand from which it repeats it."""

COPY_SHARE: Final = 0.5
"""Share of a text in stretches of older demands and of others' older capabilities together from
which it is put together from them."""

_SEPARATOR = re.compile(r"[、,/ ;|·]")
_STOP = re.compile(r"[^\w.\-+%()]+")
_TERM_LINE = re.compile(r"\n(?=[^\n。!?;,]{1,8}(?:\n|$))")
_SENTENCE_END = re.compile(r"[。!?;\n]")
_ASKING = re.compile(
    r"(?P<money>(?:预算|经费|费用)[^。,]{0,6}\d|\d万元?(?:以内|左右|之内|封顶))"
    r"|(?P<want>想请|想找|求一|急需|希望)"
    r"|(?P<us>我司|我县|我市|我区|我校|我所|我院)"
    r"|(?P<please>拟请|请(?:推荐|帮|第三方|专业|给出|判断)|诚[邀征])"
    r"|(?P<decide>据此决定|董事会[::]|总经理[::]|要不要|是否)"
)


def cautions_of(document: Document, known: Caution | None = None) -> tuple[Caution, ...]:
    """Return why a capability's text is not taken at its word, in a fixed order.

    Args:
        document: What is offered; only capabilities are doubted, and none that is verified.
        known: What comparing it with all of the index has found (`matcher.echoes`).
    """
    if document.kind != Entity.CAPABILITY or document.verified or len(document.body) < MIN_CHARS:
        return ()
    found = _cautions(document.title, document.body)
    return found if known is None else (*found, known)


@lru_cache(maxsize=65_536)
def _cautions(title: str, body: str) -> tuple[Caution, ...]:
    text = f"{title}\n{body}"
    found = {
        Caution.LISTS_TERMS: _is_list(text),
        Caution.REPEATS_ITSELF: _repeated(text) >= MOST_REPEATED,
        Caution.ASKS: len({m.lastgroup for m in _ASKING.finditer(text)}) >= ASKING_PHRASES,
    }
    return tuple(caution for caution, holds in found.items() if holds)


def _is_list(text: str) -> bool:
    """Return whether a sentence of a text lists terms, with or without anything between them.

    A line that is a single term belongs to the list around it.
    """
    for sentence in _SENTENCE_END.split(_TERM_LINE.sub("、", text)):
        n_separators = len(_SEPARATOR.findall(sentence))
        if n_separators >= LISTED and n_separators >= MOST_SEPARATORS * len(sentence):
            return True
    return any(len(clause) > LONGEST_CLAUSE for clause in _STOP.split(text))


def _repeated(text: str) -> float:
    """Return the share of four-character stretches of a text that stood in it before."""
    n_stretches = len(text) - 3
    return 1 - len({text[n : n + 4] for n in range(n_stretches)}) / n_stretches
