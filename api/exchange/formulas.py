"""Cells that a spreadsheet would run as a formula, made plain text and back.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, also after
blanks, and some also the full-width forms (OWASP, CSV injection). A leading apostrophe makes
it text; reading takes exactly that apostrophe away again.
"""

import re
from typing import Final

_STARTER: Final = r"[\s\ufeff\u200b]*[=+\-@\t\r\n＝＋－＠]"
_DANGEROUS: Final = re.compile(f"'*{_STARTER}")
_MADE_PLAIN: Final = re.compile(f"''*{_STARTER}")


def make_plain(text: str) -> str:
    """Return the text so that no spreadsheet runs it."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def restore(text: str) -> str:
    """Return the text that `make_plain` was given."""
    return text[1:] if _MADE_PLAIN.match(text) else text
