"""Where in the sender's own sheet a problem stands: the column as they named it."""

from collections.abc import Sequence
from typing import Any, Final

from api.exchange.naming import field_title
from api.exchange.places_in_sheet import column_letters
from api.exchange.rows import RowReader
from api.intake.problems import FieldProblem

_BUDGET_FIRST: Final = ("budget", "budget.wan", "budget.yuan", "budget.max_wan", "budget.min_wan")
"""Columns a budget that does not hold together is shown at, the likeliest first."""


class ColumnPlaces:
    """The columns of one sheet by the field they mean."""

    def __init__(self, reader: RowReader, headings: Sequence[str]) -> None:
        self._kind = reader.kind
        self._headings = headings
        ranked: dict[str, tuple[int, int]] = {}
        for place, heading in enumerate(headings):
            column = reader.column_of(heading) if heading else None
            if column is not None:
                known = ranked.setdefault(column.path, (column.rank(heading), place))
                ranked[column.path] = min(known, (column.rank(heading), place))
        self._places = {path: place for path, (_, place) in ranked.items()}

    def meanings(self) -> list[dict[str, str]]:
        """Return what each heading was taken for; empty where it means nothing."""
        fields = {place: path for path, place in self._places.items()}
        return [
            {
                "heading": heading,
                "column": column_letters(place + 1),
                "meaning": field_title(self._kind, fields[place]) if place in fields else "",
            }
            for place, heading in enumerate(self._headings)
            if heading
        ]

    def told(self, row: int, problem: FieldProblem) -> dict[str, Any]:
        """Return a problem with its place, as it is kept and shown."""
        place = self._place(problem.field)
        return {
            "cell": None if place is None else f"{column_letters(place + 1)}{row}",
            "heading": None if place is None else self._headings[place],
            "title": field_title(self._kind, problem.field),
            "field": problem.field,
            "code": problem.code,
            "message": problem.message,
        }

    def _place(self, field: str) -> int | None:
        steps = [step for step in field.split(".") if not step.isdecimal()]
        paths = [".".join(steps[:n]) for n in range(len(steps), 0, -1)]
        if paths and paths[-1] == _BUDGET_FIRST[0]:
            paths += _BUDGET_FIRST
        inside = (path for path in self._places if path.startswith(f"{steps[0]}."))
        return next((self._places[p] for p in (*paths, *inside) if p in self._places), None)
