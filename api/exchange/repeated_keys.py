"""Keys that stand twice in one file for what are two things: the later would replace the earlier.

The same key with the same title is the same row once more, perhaps completed.
"""

from dataclasses import replace
from typing import Final

from api.exchange.rows import InputRow
from api.intake.problems import FieldProblem

_TITLES: Final = ("title", "name")


class RepeatedKeys:
    """Notices them as the rows of a file come."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[int, str]] = {}

    def noticed(self, row: InputRow) -> InputRow:
        """Return a row as it came, or with what is wrong with its key."""
        key = row.values.get("source_ref")
        titles = [row.values.get(name) for name in _TITLES]
        title = next((title for title in titles if isinstance(title, str)), None)
        if not isinstance(key, str) or not key or title is None:
            return row
        number, known = self._first.setdefault(key, (row.number, title))
        if known == title:
            return row
        message = f"来源编号与第 {number} 行相同，标题不同。是两条的，请改编号；是一条的，请合并。"
        return replace(
            row, problems=(*row.problems, FieldProblem("source_ref", "repeated_key", message))
        )
