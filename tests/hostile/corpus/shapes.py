"""Values of the wrong kind, and sizes at and past what a body may hold."""

import json
from typing import Any, Final

from tests.hostile.corpus.values import Hostile, Token, group_of

WORDS: Final = "芯片专利侵权风险排查"


def nested(depth: int, *, as_lists: bool = True) -> Any:
    """Return lists in lists, or objects in objects."""
    value: Any = "底"
    for _ in range(depth):
        value = [value] if as_lists else {"a": value}
    return value


KINDS: Final[dict[str, object]] = {
    "null": None,
    "true": True,
    "false": False,
    "empty text": "",
    "empty list": [],
    "empty object": {},
    "list in list": [[WORDS]],
    "list of nulls": [None, None],
    "list of kinds": [1, "1", True, None, 1.5, [], {}],
    "object": {"a": WORDS},
    "object of nothing": {"": ""},
    "object of prototype": {"__proto__": {"is_admin": True}, "constructor": {}},
    "object of operators": {"$gt": "", "$where": "1"},
    "object of reference": {"$ref": "#"},
    "object of python": {"__class__": "x", "model_config": {}},
    "hostile key": {"\u202e\u200b专利": 1},
    "key of a thousand characters": {"键" * 1_000: 1},
    "boolean text": "false",
    "same thing twice": [WORDS, WORDS],
    "one long list": [WORDS] * 60,
    "list of objects": [{"name": WORDS}, {"name": WORDS}],
}
SIZES: Final[dict[str, object]] = {
    "one character": "专",
    "forty-one characters": "专利" * 20 + "导",
    "eighty-one characters": "专利" * 40 + "导",
    "a hundred and one characters": "专利" * 50 + "导",
    "two hundred and one characters": "专利" * 100 + "导",
    "three hundred and one characters": "专利" * 150 + "导",
    "five hundred and one characters": "专利" * 250 + "导",
    "two thousand and one characters": "专利" * 1_000 + "导",
    "three thousand and one characters": "专利" * 1_500 + "导",
    "five thousand and one characters": "专利" * 2_500 + "导",
    "nested 10": nested(10),
    "nested 12 objects": nested(12, as_lists=False),
    "a thousand items": [1] * 1_000,
    "sixty-four keys": {f"k{n}": n for n in range(64)},
}
OVERSIZED: Final[dict[str, object]] = {
    "forty thousand and one characters": "专" * 40_001,
    "a hundred thousand letters": "a" * 100_000,
    "a megabyte": "a" * 1_000_000,
    "two megabytes": "专" * 700_000,
    "nested 17": nested(17),
    "nested 100": nested(100),
    "nested 900 objects": Token(b'{"a":' * 900 + b"1" + b"}" * 900),
    "nested 100,000": Token(b"[" * 100_000 + b"]" * 100_000),
    "never closed": Token(b"[" * 100_000),
    "a thousand and one items": [1] * 1_001,
    "a hundred thousand items": Token(b"[" + b"1," * 100_000 + b"1]"),
    "sixty-five keys": {f"k{n}": n for n in range(65)},
    "ten thousand keys": Token(json.dumps({f"k{n}": n for n in range(10_000)}).encode()),
    "twice the same key": Token(b'{"a": 1, "a": 2}'),
    "same key by escape": Token(b'{"a": 1, "\\u0061": 2}'),
    "same key within": Token(b'[{"text": {"a": 1, "a": [2]}}]'),
    "a megabyte of escapes": Token(b'"' + b"\\u4e13" * 180_000 + b'"'),
    "a megabyte of blanks": Token(b" " * 1_100_000 + b"1"),
}

SHAPES: Final[tuple[Hostile, ...]] = (
    *group_of("kind", KINDS),
    *group_of("size", SIZES),
    *group_of("oversized", OVERSIZED, is_refused=True),
)
