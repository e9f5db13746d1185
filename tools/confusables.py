"""Makes `models/data/confusables.tsv`: `python -m tools.confusables CONFUSABLES.JSON`.

The file given is that of the package `confusable-homoglyphs` (MIT), which holds the confusables
of Unicode Technical Standard 39. What remains after NFKC and case folding is kept, each
character with the one that stands for all that look like it.
"""

import json
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[1] / "models" / "data" / "confusables.tsv"
DIRECTION = "\u200e"
"""Mark the file puts around characters written from right to left."""

HEADING = (
    "# Characters that look alike (Unicode Technical Standard 39, Unicode License v3), after NFKC"
    " and case folding: each with the one that stands for all. Made by tools/confusables.py."
)


def main(arguments: Sequence[str]) -> int:
    """Write the table."""
    (source,) = arguments
    table = representatives(pairs(json.loads(Path(source).read_text("utf-8"))))
    lines = [f"{char}\t{table[char]}" for char in sorted(table) if char != table[char]]
    TARGET.write_text("\n".join([HEADING, *lines, ""]), "utf-8")
    return 0


def pairs(groups: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[tuple[str, str]]:
    """Yield pairs of single characters that look alike."""
    for char, others in groups.items():
        for other in others:
            first, second = char.replace(DIRECTION, ""), other["c"].replace(DIRECTION, "")
            if len(first) == len(second) == 1:
                yield first, second


def is_stable(char: str) -> bool:
    """Return whether a canonical text in small letters can hold a character."""
    return unicodedata.normalize("NFKC", char).casefold() == char


def representatives(found: Iterator[tuple[str, str]]) -> dict[str, str]:
    """Return for each character the first of all that look like it: ASCII before others.

    Groups are made before capitals go: else a small letter would look like all its capital does.
    """
    parent: dict[str, str] = {}

    def root(char: str) -> str:
        while parent.setdefault(char, char) != char:
            char = parent[char]
        return char

    for first, second in found:
        one, other = sorted((root(first), root(second)))
        parent[other] = one
    groups: dict[str, list[str]] = {}
    for char in filter(is_stable, sorted(parent)):
        groups.setdefault(root(char), []).append(char)
    return {char: members[0] for members in groups.values() for char in members}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
