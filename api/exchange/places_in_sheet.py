"""Places in a sheet as people and files name them: `C5` is the third column of the fifth row."""

import re
from typing import Final

CELL_PLACE: Final = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")
"""The place of a cell among its attributes."""


def column_number(letters: bytes) -> int:
    """Return the number of a column, the first being 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column, the first being 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
