"""Pieces of Markdown."""

import re
from collections.abc import Iterable, Sequence

_ESCAPED = re.compile(r"([|<>])")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; cells are Markdown of one line."""
    lines = [f"| {' | '.join(headings)} |", f"|{'---|' * len(headings)}"]
    lines += [f"| {' | '.join(cells)} |" for cells in rows]
    return "\n".join(lines)


def plain(text: str) -> str:
    """Return a text that means itself in a table cell."""
    return _ESCAPED.sub(r"\\\1", " ".join(text.split()))


def code(text: str) -> str:
    """Return a text in code style, safe in a table cell."""
    return f"`{text}`".replace("|", "\\|")
