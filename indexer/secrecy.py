"""Marks of state secrets: texts that bear one do not belong into this service at all."""

import re
from typing import Final

_LEVEL: Final = "(?:绝密|机密|秘密)"
_MARKS: Final = re.compile(
    rf"{_LEVEL} ?[★☆]|[★☆] ?{_LEVEL}|密级 ?(?:[:为是]|定为) ?{_LEVEL}"
    rf"|{_LEVEL}级(?:国家秘密|文件|事项)"
    r"|(?<![不未])(?:属于?|涉及|含有?)[^。；\n不未]{0,6}国家秘密"
)


def has_secrecy_mark(canonical: str) -> bool:
    """Return whether a canonical text bears a mark of classification, or says it is a secret."""
    return _MARKS.search(canonical) is not None
