"""Names that look like others: the skeleton of a name (Unicode Technical Standard 39)."""

from functools import cache
from importlib.resources import files
from typing import Final

from models.canonical import searchable

CONFUSABLES_FILE: Final = "confusables.tsv"


def skeleton(name: str) -> str:
    """Return what two names share that look alike: letters of other scripts, widths, blanks."""
    return "".join(searchable(name).translate(_confusables()).split())


def names_same(first: str, second: str) -> bool:
    """Return whether two names differ in nothing but width, case and blanks."""
    return searchable(first).split() == searchable(second).split()


@cache
def _confusables() -> dict[int, str]:
    text = (files("models") / "data" / CONFUSABLES_FILE).read_text("utf-8")
    pairs = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {ord(char): shown for char, shown in pairs}
