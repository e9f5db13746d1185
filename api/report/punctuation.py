"""The punctuation marks of Chinese, given back to texts that lost them.

Texts that are searched were normalised (NFKC), which makes every full-width mark a narrow one.
"""

import re
from typing import Final

_WIDE: Final = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
_HAN: Final = "[\u3400-\u9fff“”《》（）、。，；：！？]"
_NARROW: Final = re.compile(f"(?<={_HAN})[,;:!?]|[,;:!?](?={_HAN})")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_CHINESE: Final = re.compile(_HAN)


def with_chinese_marks(text: str) -> str:
    """Return a text with wide marks where it is Chinese; every character keeps its place."""
    return _NARROW.sub(lambda found: _WIDE[found[0]], _BRACKETS.sub(_brackets, text))


def _brackets(found: re.Match[str]) -> str:
    """Widen both brackets of a pair when what stands in them or before them is Chinese."""
    before = found.string[max(found.start() - 1, 0) : found.start()]
    return f"（{found[1]}）" if _CHINESE.search(before + found[1]) else found[0]
