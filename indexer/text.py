"""The one sanitiser: every text from outside goes through `clean` before anything else.

The order matters (measured on CPython 3.11): `unicodedata.normalize` is quadratic on
alternating combining marks, so length and combining runs are capped before it; NFKC can
grow a text eighteenfold, so the length is capped again after it.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from models.canonical import INVISIBLE, canonicalise
from models.errors import TextRejectedError

__all__ = [
    "MAX_COMBINING_RUN",
    "MAX_RAW_CHARS",
    "MIN_VISIBLE_CHARS",
    "SANITISER_VERSION",
    "CleanText",
    "canonicalise",
    "clean",
    "drop_refused",
]

SANITISER_VERSION: Final = "2"
"""Part of every encoder fingerprint: other rules give other vectors.

Raised too when `indexer/personal.py` covers more: an index made before is made anew.
"""

MAX_RAW_CHARS: Final = 40_000
MAX_COMBINING_RUN: Final = 8
MIN_VISIBLE_CHARS: Final = 2

_REFUSED = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_NONCHARACTERS = re.compile(
    "[" + "".join(chr(p * 0x10000 + 0xFFFE) + chr(p * 0x10000 + 0xFFFF) for p in range(1, 17)) + "]"
)
_LINE_BREAKS_KEEP = re.compile(r"\r\n?|\x85|\u2028|\u2029")
_MARK_CATEGORIES = frozenset({"Mn", "Me"})
_BECOME_MARKS = "\uff9e\uff9f"
"""The only characters that are no marks themselves but begin with one after NFKC."""


@dataclass(frozen=True, slots=True)
class CleanText:
    r"""A text that passed the sanitiser.

    Attributes:
        original: What the author wrote, for display; line ends are `\n`.
        canonical: NFKC form without invisible characters, blanks collapsed, line breaks
            kept as single `\n`; for search, tagging and comparison.
    """

    original: str
    canonical: str


def clean(
    raw: str, *, max_chars: int = MAX_RAW_CHARS, min_chars: int = MIN_VISIBLE_CHARS
) -> CleanText:
    """Return the text in display and canonical form, or say why it is refused.

    Args:
        raw: The text as it came in.
        max_chars: Longest length accepted, before and after NFKC.
        min_chars: Fewest visible characters accepted, 0 to allow an empty text.

    Raises:
        TextRejectedError: control characters, surrogates, piled-up combining marks, or a
            length outside the limits; the reason is in `fields["reason"]`.
    """
    if len(raw) > max_chars:
        raise TextRejectedError(
            f"文本过长：{len(raw)} 个字符，上限为 {max_chars}。请删减后再提交。",
            reason="too_long",
            limit=max_chars,
        )
    refused = _REFUSED.search(raw) or _NONCHARACTERS.search(raw)
    if refused:
        raise TextRejectedError(
            f"第 {refused.start() + 1} 个字符是不可见的控制字符或无效字符"
            f"（U+{ord(refused.group()):04X}），请删除后再提交。",
            reason="control_character",
            position=refused.start(),
        )
    _refuse_combining_pile(raw)
    canonical = canonicalise(raw)
    if len(canonical) > max_chars:
        raise TextRejectedError(
            f"文本规范化后过长：{len(canonical)} 个字符，上限为 {max_chars}。请删减后再提交。",
            reason="too_long",
            limit=max_chars,
        )
    if sum(not c.isspace() for c in canonical) < min_chars:
        raise TextRejectedError(
            f"文本内容太少，至少需要 {min_chars} 个可见字符。",
            reason="too_short",
            limit=min_chars,
        )
    return CleanText(original=_LINE_BREAKS_KEEP.sub("\n", raw).strip(), canonical=canonical)


def drop_refused(text: str) -> str:
    """Return a text without the characters `clean` refuses, for texts that passed it by."""
    return _NONCHARACTERS.sub("", _REFUSED.sub("", text))


def _refuse_combining_pile(text: str) -> None:
    """Raise when more combining marks follow one another than any script needs.

    Characters that will be dropped do not end a pile: marks they part today stand together
    once they are gone.
    """
    marks = {char for char in set(text) if char > "\u02ff" and _is_combining(char)}
    if not marks:
        return
    run = 0
    for position, char in enumerate(text):
        if char in marks:
            run += 1
        elif run and not INVISIBLE.match(char):
            run = 0
        if run > MAX_COMBINING_RUN:
            raise TextRejectedError(
                f"第 {position + 1} 个字符处堆叠了超过 {MAX_COMBINING_RUN} 个组合符号，"
                "请删除后再提交。",
                reason="combining_run",
                position=position,
            )


def _is_combining(char: str) -> bool:
    """Return whether a character sits on the one before it, now or after NFKC."""
    return (
        unicodedata.category(char) in _MARK_CATEGORIES
        or unicodedata.combining(char) > 0
        or char in _BECOME_MARKS
    )
