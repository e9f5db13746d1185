"""Raw rows to the input of the schemas: columns named, cells read, problems kept by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from api.exchange.cells import WHOLE_BUDGETS, CellError, CellReader
from api.exchange.columns import (
    Column,
    ColumnTable,
    ImportKind,
    columns_of,
    is_read_only,
    normal_heading,
)
from api.exchange.jsonl import WHOLE_ROW
from api.exchange.mapping import IGNORE, ColumnMapping
from api.exchange.money import budget_of_ends, ceiling, wan_text
from api.exchange.types import RawRow
from api.field_problems import field_problems
from api.intake.problems import FieldProblem
from api.schemas.base import Schema
from api.schemas.capability import CapabilityCreate
from api.schemas.case import CaseCreate
from api.schemas.demand import DemandCreate
from api.schemas.provider import ProviderCreate

SCHEMAS: Final[Mapping[ImportKind, type[Schema]]] = {
    ImportKind.DEMANDS: DemandCreate,
    ImportKind.PROVIDERS: ProviderCreate,
    ImportKind.CAPABILITIES: CapabilityCreate,
    ImportKind.CASES: CaseCreate,
}

_PARTS: Final = frozenset({*WHOLE_BUDGETS, "budget.min_wan", "budget.max_wan"})
"""Cells that together make the budget."""


@dataclass(frozen=True, slots=True)
class InputRow:
    """A row in the form of the input schema, not yet checked against it.

    Attributes:
        number: Its number in the file.
        values: Values by field.
        problems: What could not be read, by field.
    """

    number: int
    values: dict[str, Any]
    problems: tuple[FieldProblem, ...] = ()


@dataclass
class RowReader:
    """Reads the rows of one file.

    Attributes:
        kind: What the rows are.
        cells: Reads cells.
        mapping: What a person said about the columns.
        unknown: Headings met that mean no field, in the order they were met.
    """

    kind: ImportKind
    cells: CellReader
    mapping: ColumnMapping = field(default_factory=ColumnMapping)
    unknown: dict[str, None] = field(default_factory=dict)

    def read(self, raw: RawRow) -> InputRow:
        """Return a row in the form of the input schema."""
        if raw.problem is not None:
            return InputRow(raw.number, {}, (raw.problem,))
        by_path, whole = self._sort_cells(raw.cells)
        problems: list[FieldProblem] = []
        read: dict[str, Any] = {}
        for path, value in self.mapping.defaults.items():
            by_path.setdefault(path, value)
        for path, cell in by_path.items():
            try:
                read[path] = self.cells.read(cell, self._table.by_path[path])
            except CellError as error:
                problems.append(FieldProblem(path, error.problem_code, error.message))
        values = {**whole, **_nested(_with_budget(read))}
        if "capabilities" in values:
            problems += self._read_capabilities(values)
        return InputRow(raw.number, values, tuple(problems))

    @property
    def _table(self) -> ColumnTable:
        return columns_of(self.kind)

    def _sort_cells(self, cells: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return cells by path, and values of whole fields that have no column.

        Where two headings mean the same field, the one nearer to its own name counts.
        """
        chosen: dict[str, tuple[int, Any]] = {}
        whole: dict[str, Any] = {}
        for heading, cell in cells.items():
            column = self.column_of(heading)
            if column is not None:
                rank = column.rank(heading)
                if column.path not in chosen or rank < chosen[column.path][0]:
                    chosen[column.path] = rank, cell
            elif heading in SCHEMAS[self.kind].model_fields:
                whole[heading] = cell
            elif not self._is_passed_over(heading):
                self.unknown.setdefault(heading)
        return {path: cell for path, (_, cell) in chosen.items()}, whole

    def column_of(self, heading: str) -> Column | None:
        """Return the column a heading of the file means; None when it means none."""
        path = self.mapping.columns.get(normal_heading(heading))
        if path is None:
            return self._table.find(heading)
        return self._table.by_path.get(path)

    def _is_passed_over(self, heading: str) -> bool:
        mapped = self.mapping.columns.get(normal_heading(heading))
        return mapped == IGNORE or is_read_only(heading)

    def _read_capabilities(self, values: dict[str, Any]) -> Iterable[FieldProblem]:
        """Read the capabilities inside a provider with the columns capabilities have."""
        listed = values["capabilities"]
        if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
            return
        inner = RowReader(ImportKind.CAPABILITIES, self.cells, unknown=self.unknown)
        rows = [inner.read(RawRow(n, _without_empty(item))) for n, item in enumerate(listed)]
        values["capabilities"] = [row.values for row in rows]
        for row in rows:
            for problem in row.problems:
                path = f"capabilities.{row.number}.{problem.field}"
                yield FieldProblem(path, problem.code, problem.message)


def check_values(kind: ImportKind, values: Mapping[str, Any]) -> Schema | tuple[FieldProblem, ...]:
    """Return the checked input, or what is wrong with it by field."""
    try:
        return SCHEMAS[kind].model_validate(values)
    except ValidationError as error:
        found = field_problems(error.errors(include_input=False, include_url=False))
        return tuple(FieldProblem(p.field or WHOLE_ROW, p.code, p.message) for p in found)


def _nested(by_path: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by dotted path as objects within objects."""
    values: dict[str, Any] = {}
    for path, value in by_path.items():
        outer, _, inner = path.partition(".")
        if inner:
            values.setdefault(outer, {})[inner] = value
        else:
            values[outer] = value
    return values


def _with_budget(read: dict[str, Any]) -> dict[str, Any]:
    """Return the values with the parts of a budget put together."""
    parts = {path: read[path] for path in _PARTS & set(read)}
    others = {path: value for path, value in read.items() if path not in _PARTS}
    if not parts or "budget" in others:
        return others
    for path in sorted(WHOLE_BUDGETS.keys() & set(parts)):
        amount = parts[path]
        whole = amount if isinstance(amount, dict) else ceiling(amount, f"{wan_text(amount)}万元")
        return {**others, "budget": whole}
    ends = budget_of_ends(parts.get("budget.min_wan"), parts.get("budget.max_wan"))
    return {**others, "budget": ends}


def _without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
