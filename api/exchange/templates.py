"""Empty sheets people fill in: which columns, what goes into them, and an example."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final

from api.exchange.columns import CellKind, Column, ImportKind, columns_of
from api.exchange.rows import SCHEMAS
from api.vocabularies import Vocabularies
from models.regions import RegionLevel
from models.vocabulary.taxonomy import Scheme

KIND_NAMES: Final[Mapping[ImportKind, str]] = {
    ImportKind.DEMANDS: "需求",
    ImportKind.PROVIDERS: "服务机构",
    ImportKind.CAPABILITIES: "服务能力",
    ImportKind.CASES: "案例",
}

_SEVERAL: Final = frozenset({CellKind.CHOICES, CellKind.CODES, CellKind.REGIONS})
"""Cells that may hold several of the choices, so that others than those offered are let in."""

_HOW: Final[Mapping[CellKind, str]] = {
    CellKind.TEXT: "文字",
    CellKind.KEY: "文字",
    CellKind.WHOLE: "整数",
    CellKind.DAYS: "天数，或“三个月”这样的写法",
    CellKind.FLAG: "填“是”或“否”",
    CellKind.DAY: "日期，如 2026-12-31 或 2026年12月31日",
    CellKind.CHOICE: "从下拉列表中选一项",
    CellKind.CHOICES: "可填多项，用分号隔开；下拉列表中是可填的项",
    CellKind.CODES: "可填多项，用分号隔开；填名称或代码",
    CellKind.WORDS: "可填多项，用分号或顿号隔开",
    CellKind.LINES: "可填多项，用分号隔开",
    CellKind.REGION: "行政区划名称或代码，可写到市、县，如“江苏省苏州市”",
    CellKind.REGIONS: "可填多个地区，用分号隔开",
    CellKind.BUDGET: (
        "如“30-50万元”“不超过20万元”“30万”“面议”；只写数字时单位为元，不足 1000 的要写单位"
    ),
    CellKind.FEN: "金额",
    CellKind.REFERENCE: "",
    CellKind.JSON_OR_LINES: "可填多项，用分号或顿号隔开",
}
_UNITS: Final[Mapping[CellKind, str]] = {CellKind.DAYS: "天", CellKind.FEN: "元"}


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column of a template.

    Attributes:
        header: Its heading.
        is_required: Whether every row must fill it.
        how: What to fill in, in Chinese.
        unit: Unit of its numbers; empty when they have none or it is written with them.
        example: Cell of the example row; empty when the example leaves it out.
        choices: What its drop-down offers; empty when it has none.
        is_open: Whether other values than the choices may stand in it.
    """

    header: str
    is_required: bool
    how: str
    unit: str
    example: str | int
    choices: tuple[str, ...] = ()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """An empty sheet of one kind.

    Attributes:
        title: Chinese name of what its rows are.
        columns: Its columns, in order.
    """

    title: str
    columns: tuple[TemplateColumn, ...]


def template_of(kind: ImportKind, vocabularies: Vocabularies, today: date) -> Template:
    """Return the template of a kind; days in the example lie after `today`."""
    hints = _hints()[kind]
    listed = [c for c in columns_of(kind).columns if c.path in hints]
    made = (_column(kind, column, hints[column.path], vocabularies, today) for column in listed)
    return Template(KIND_NAMES[kind], tuple(made))


def is_required(kind: ImportKind, path: str) -> bool:
    """Return whether every row of a kind must fill a field."""
    if (kind, path) == (ImportKind.CAPABILITIES, "provider_id"):
        return True
    field = SCHEMAS[kind].model_fields.get(path)
    return field is not None and field.is_required()


@cache
def _hints() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    text = (files("api.exchange") / "data" / "template.toml").read_text("utf-8")
    return tomllib.loads(text)


def _column(
    kind: ImportKind,
    column: Column,
    hint: Mapping[str, Any],
    vocabularies: Vocabularies,
    today: date,
) -> TemplateColumn:
    example: str | int = hint.get("example", "")
    if "days_ahead" in hint:
        example = (today + timedelta(days=hint["days_ahead"])).isoformat()
    note = hint.get("note", "")
    return TemplateColumn(
        header=column.header,
        is_required=is_required(kind, column.path),
        how="。".join(filter(None, (_HOW[column.cell], note))) + "。",
        unit=hint.get("unit", _UNITS.get(column.cell, "")),
        example=example,
        choices=_choices(column, vocabularies),
        is_open=column.cell in _SEVERAL or column.cell is CellKind.REGION,
    )


def _choices(column: Column, vocabularies: Vocabularies) -> tuple[str, ...]:
    if column.cell is CellKind.FLAG:
        return ("是", "否")
    if column.cell in (CellKind.CHOICE, CellKind.CHOICES):
        return tuple(vocabularies.labels.tables[column.of].values())
    if column.cell in (CellKind.REGION, CellKind.REGIONS):
        provinces = tuple(r.name for r in vocabularies.regions.at_level(RegionLevel.PROVINCE))
        return provinces if column.cell is CellKind.REGION else ("全国", *provinces)
    if column.of == Scheme.SCENARIO:
        return tuple(scenario.zh for scenario in vocabularies.scenarios.offered)
    if column.of == Scheme.SEI:
        return tuple(
            i.name for n in (1, 2) for i in vocabularies.industries.at_level(Scheme.SEI, n)
        )
    return ()
