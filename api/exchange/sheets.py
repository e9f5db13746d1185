"""Records as rows of a sheet: one column a field, read-only columns last, texts made safe."""

import json
from collections.abc import Sequence
from typing import Any, Final

from api.exchange.cells import joined
from api.exchange.columns import (
    READ_ONLY_MARK,
    CellKind,
    Column,
    ImportKind,
    columns_of,
)
from api.exchange.formulas import make_plain
from api.exchange.money import budget_text
from api.exchange.records import Record
from api.intake.tagging import TAG_FIELDS
from models.labels import Labels

_SPLITTING: Final = frozenset(";；、,，|\n[")
_READ_ONLY_NAMES: Final = {
    "id": "编号",
    "demand_no": "业务编号",
    "state": "状态",
    "version": "版本",
    "created_at": "创建时间（UTC）",
    "updated_at": "修改时间（UTC）",
    "scenario_tags": "识别的应用场景",
    "industry_tags": "识别的产业",
    "class_tags": "识别的国民经济行业",
    "audience": "识别的决策使用者",
    "region_code": "识别的所在地",
    "deliverables": "识别的成果形式",
    "budget": "识别的预算",
    "period_days": "识别的完成期限（天）",
    "requirements": "识别的要求",
    "any_industry": "识别为不限行业",
}


class SheetMaker:
    """Makes the rows of one kind's sheet."""

    def __init__(self, kind: ImportKind, labels: Labels) -> None:
        self._kind = kind
        self._labels = labels
        self._table = columns_of(kind)
        self._columns = [c for c in self._table.columns if not c.import_only]

    def headings(self) -> list[str]:
        """Return the headings: fields first, then what imports pass over."""
        read = [READ_ONLY_MARK + name for name in self._read_only_names().values()]
        return [column.header for column in self._columns] + read

    def _read_only_names(self) -> dict[str, str]:
        """Return the headings of read-only columns by field, those of this kind."""
        table = {column.path for column in self._table.columns}
        always = {"id", "state", "version", "created_at", "updated_at"}
        if self._kind is ImportKind.CAPABILITIES:
            always -= {"state"}
        if self._kind is ImportKind.DEMANDS:
            always |= {"demand_no"}
        read = set() if self._kind in (ImportKind.PROVIDERS, ImportKind.CASES) else table
        tags = table & set(TAG_FIELDS)
        return {n: h for n, h in _READ_ONLY_NAMES.items() if n in always | read | tags}

    def cells(self, record: Record) -> list[str | int]:
        """Return the cells of a sheet row, texts made safe for spreadsheets."""
        given = [self.cell_of(record.values, column) for column in self._columns]
        by_path = self._table.by_path
        read = [
            self._read_cell(record.read_only.get(name), by_path.get(name))
            for name in self._read_only_names()
        ]
        return [make_plain(cell) if isinstance(cell, str) else cell for cell in (*given, *read)]

    def cell_of(self, values: dict[str, Any], column: Column) -> str | int:
        """Return what stands in a column for the values of a row, empty where there is none."""
        return self._cell(_at(values, column.path), column)

    def _read_cell(self, value: Any, column: Column | None) -> str | int:  # noqa: ANN401
        if isinstance(value, list) and value and isinstance(value[0], dict) and "code" in value[0]:
            return joined(f"{t['code']} {t['name']}（{t['confidence']:.2f}）" for t in value)
        if column is None:
            return value if isinstance(value, int) else str(value or "")
        return self._cell(value, column)

    def _cell(self, value: Any, column: Column) -> str | int:  # noqa: ANN401
        if value is None or value == []:
            return ""
        if isinstance(value, bool):
            return "是" if value else "否"
        if column.cell is CellKind.BUDGET:
            return budget_text(value)
        if column.cell is CellKind.FEN:
            return f"{value / 100:.2f}"
        if column.of and column.cell in (CellKind.CHOICE, CellKind.CHOICES):
            names = self._labels.tables[column.of]
            items = value if isinstance(value, list) else [value]
            return _list_cell([names[item] for item in items])
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return _list_cell(value)
        if isinstance(value, (dict, list)):
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return value if isinstance(value, int) else str(value)


def _at(values: dict[str, Any], path: str) -> Any:  # noqa: ANN401 - whatever stands there
    outer, _, inner = path.partition(".")
    value = values.get(outer)
    return (value or {}).get(inner) if inner else value


def _list_cell(items: Sequence[str]) -> str:
    """Return a list as one cell; as JSON where an item holds a mark that would split it."""
    if any(set(item) & _SPLITTING for item in items) and len(items) > 1:
        return json.dumps(list(items), ensure_ascii=False)
    return joined(items)
