"""Characters no text may hold: controls, surrogates, non-characters, piled-up marks."""

from collections.abc import Mapping
from typing import Final

from tests.hostile.corpus.values import Hostile, Token, group_of

WORDS: Final = "芯片专利侵权风险排查"
_C0: Final = [*range(0x01, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F]
_C1: Final = [code for code in range(0x80, 0xA0) if code != 0x85]
_NONCHARACTERS: Final = [
    0xFDD0,
    0xFDDF,
    0xFDEF,
    *(plane * 0x10000 + low for plane in range(17) for low in (0xFFFE, 0xFFFF)),
]

NUL: Final = {
    "alone": "\0",
    "first": f"\0{WORDS}",
    "inside": f"芯片\0{WORDS}",
    "last": f"{WORDS}\0",
    "run": "\0" * 200,
    "then other text": f"{WORDS}\0另一段只有数据库看得见的文字",
    "after blanks": f"{WORDS}   \0",
    "as overlong bytes": Token(b'"\xc0\x80' + WORDS.encode() + b'"'),
    "between letters": "n\0a\0v\0m\0a\0t\0c\0h",
    "utf-16 text read as bytes": WORDS.encode("utf-16-le").decode("latin-1"),
}
CONTROLS: Final = {f"U+{code:04X}": f"{WORDS}{chr(code)}{WORDS}" for code in (*_C0, *_C1)}
TERMINAL: Final = {
    "colour": f"\x1b[31m{WORDS}\x1b[0m",
    "clears the screen": f"\x1b[2J\x1b[H{WORDS}",
    "sets the title": f"\x1b]0;{WORDS}\x07",
    "writes the clipboard": "\x1b]52;c;5LiT5Yip\x07" + WORDS,
    "hyperlink": "\x1b]8;;http://evil.example\x1b\\" + WORDS + "\x1b]8;;\x1b\\",
    "eight-bit introducer": f"\x9b31m{WORDS}",
    "bell": f"{WORDS}\x07",
    "backspaces over": f"{WORDS}\b\b\b\b\b\b合规",
    "scrolls": f"\x1b[9999S{WORDS}",
    "asks for an answer": f"\x1b[6n{WORDS}",
}
SURROGATES: Final = {
    "high alone": f"{WORDS}\ud800{WORDS}",
    "low alone": f"{WORDS}\udc00{WORDS}",
    "low then high": f"{WORDS}\udc00\ud800",
    "high last": f"{WORDS}\udbff",
    "low first": f"\udfff{WORDS}",
    "two high": f"\ud83d\ud83d{WORDS}",
    "run": "\udcff" * 300,
    "half an emoji": f"{WORDS}\ud83d",
    "inside a bracket": f"（\udead）{WORDS}",
    "as bytes": Token(b'"' + WORDS.encode() + b'\xed\xa0\x80"'),
    "pair as bytes": Token(b'"\xed\xa0\xbd\xed\xb8\x80' + WORDS.encode() + b'"'),
    "escaped in capitals": Token(b'"\\uDFFF\\uD800' + WORDS.encode() + b'"'),
}
NONCHARACTERS: Final = {f"U+{code:04X}": f"{WORDS}{chr(code)}{WORDS}" for code in _NONCHARACTERS}
PILES: Final = {
    "nine acutes": "e" + "\u0301" * 9 + WORDS,
    "five hundred acutes": WORDS + "\u0301" * 500,
    "enclosing circles": WORDS + "\u20dd" * 30,
    "voiced marks": "か" + "\u3099" * 20 + WORDS,
    "half-width voiced marks": "ｶ" + "\uff9e" * 20 + WORDS,
    "half-width semi-voiced": "ﾊ" + "\uff9f" * 64 + WORDS,
    "zalgo": "".join(c + "\u0300\u0315\u0340\u0489\u0326\u0334" * 3 for c in WORDS),
    "parted by zero width": "a" + "\u0301\u200b" * 20 + WORDS,
    "parted by joiners": "a" + "\u0301\u200d" * 20 + WORDS,
    "parted by bidi marks": "a" + "\u0323\u202c" * 20 + WORDS,
    "alternating classes": WORDS + "\u0301\u0323" * 2_000,
    "thai vowels": "ก" + "\u0e31" * 40 + WORDS,
    "hebrew points": "ש" + "\u05b0\u05b1\u05bc" * 10 + WORDS,
    "arabic marks": "ب" + "\u064b\u0651" * 30 + WORDS,
    "cyrillic millions": "А" + "\u0489" * 100 + WORDS,
    "tibetan": "\u0f40" + "\u0f71\u0f72" * 20 + WORDS,
    "musical": WORDS + "\U0001d165" * 20,
    "nothing below": "\u0301" * 200,
    "double-wide": WORDS + "\u035d\u035e" * 40,
    "devanagari signs": "क" + "\u0902\u0941" * 12 + WORDS,
}

_GROUPS: Final[dict[str, Mapping[str, object]]] = {
    "nul": NUL,
    "control": CONTROLS,
    "terminal": TERMINAL,
    "surrogate": SURROGATES,
    "noncharacter": NONCHARACTERS,
    "pile": PILES,
}
REFUSED: Final[tuple[Hostile, ...]] = tuple(
    entry for group, values in _GROUPS.items() for entry in group_of(group, values, is_refused=True)
)
