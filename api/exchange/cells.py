"""Cells of a file to values of the input schemas; tolerant of how people fill tables.

A value that is understood comes out in the schema's form; one that is not raises `CellError`.
Values that have the right form already, as in JSONL, pass unchanged: the schema checks them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from api.exchange.choices import ChoiceWords
from api.exchange.columns import CellKind, Column
from api.exchange.jsonl import parse_json
from api.exchange.money import MoneyWords, fen_of
from api.exchange.places import PlaceNames
from api.vocabularies import Vocabularies
from indexer.annotate.duration import read_durations
from models.errors import NavmatchError
from models.vocabulary.taxonomy import Scheme

_LIST_MARKS: Final = re.compile(r"[;；、,，|\n]+")
_LINE_MARKS: Final = re.compile(r"[;；\n]+")
_UNIT_AFTER_NUMBER: Final = re.compile(r"(?:人|名|天|日|个|件|页|家|年|项|份)$")
_DAY: Final = re.compile(r"(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?(?:[T ].*)?$")
_COMPACT_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_FEN_PER_UNIT: Final = {"万元": 1_000_000, "元": 100}
WHOLE_BUDGETS: Final = {
    "budget.wan": "“30”“30-50”“30-50万元”",
    "budget.yuan": "“300000”“30-50万元”",
}
"""Paths of columns whose number is the whole budget, so that a range may stand there too: how."""

_NUMBERS: Final = {
    CellKind.DAYS: "“90”“90天”“三个月”",
    CellKind.WAN: "“30”",
    CellKind.YUAN: "“300000”",
    CellKind.FEN: "“300000”",
}
"""How a number may be written in the other columns; every one of them is read."""

_LEAST_YUAN: Final = 1_000
"""A budget below that was meant in another unit: written bare, it is asked back."""

_EXCEL_EPOCH: Final = date(1899, 12, 30)
_EXCEL_DAY: Final = re.compile(r"\d{5}$")
"""A day whose cell lost its format, as it comes in a CSV file."""

_EXCEL_DAYS: Final = range(20_000, 80_000)
_YES: Final = frozenset({"是", "有", "能", "可", "可以", "真", "对", "√", "y", "yes", "true", "1"})
_NO: Final = frozenset({"否", "无", "不能", "不可", "不", "假", "×", "n", "no", "false", "0"})


class CellError(NavmatchError):
    """A cell that cannot be read as what its column holds."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.problem_code = code


class CellReader:
    """Reads cells; one for a whole file."""

    def __init__(self, vocabularies: Vocabularies) -> None:
        self._vocabularies = vocabularies
        self._choices = ChoiceWords(vocabularies.labels)
        self._places = PlaceNames(vocabularies)
        self._money = MoneyWords()
        self._code_names = _code_names(vocabularies)
        self._readers: Mapping[CellKind, Callable[[Any, Column], Any]] = {
            CellKind.TEXT: _text,
            CellKind.KEY: _text,
            CellKind.WHOLE: _whole,
            CellKind.DAYS: _days,
            CellKind.FLAG: _flag,
            CellKind.DAY: _day,
            CellKind.CHOICE: self._choice,
            CellKind.CHOICES: self._choice_list,
            CellKind.CODES: self._code_list,
            CellKind.WORDS: lambda cell, column: _items(cell, _LIST_MARKS),
            CellKind.LINES: lambda cell, column: _items(cell, _LINE_MARKS),
            CellKind.REGION: self._region,
            CellKind.REGIONS: self._region_list,
            CellKind.BUDGET: self._budget,
            CellKind.WAN: lambda cell, column: self._amount(cell, column, "万元"),
            CellKind.YUAN: lambda cell, column: self._amount(cell, column, "元"),
            CellKind.FEN: _fen_from_yuan,
            CellKind.REFERENCE: _text,
            CellKind.REFERENCES: lambda cell, column: _items(cell, _LIST_MARKS),
            CellKind.JSON: _json,
            CellKind.JSON_OR_LINES: _json_or_lines,
        }

    def read(self, cell: Any, column: Column) -> Any:  # noqa: ANN401 - whatever a cell holds
        """Return the value of a cell that is not blank.

        Raises:
            CellError: it cannot be read; the message says what to write instead.
        """
        return self._readers[column.cell](cell, column)

    def _choice(self, cell: Any, column: Column) -> Any:  # noqa: ANN401
        word = _text(cell, column)
        value = self._choices.value(column.of, word)
        if value is None:
            raise CellError(
                "unknown_choice", f"不认识这个选项。可填：{self._choices.names(column.of)}。"
            )
        return value

    def _choice_list(self, cell: Any, column: Column) -> list[Any]:  # noqa: ANN401
        """Names of choices hold commas themselves, so a piece that is one is not split further."""
        found: list[Any] = []
        for piece in _items(cell, _LINE_MARKS):
            whole = self._choices.value(column.of, piece) if isinstance(piece, str) else None
            items = [piece] if whole is not None else _items(piece, _LIST_MARKS)
            found += [self._choice(item, column) for item in items]
        return found

    def _code_list(self, cell: Any, column: Column) -> list[str]:  # noqa: ANN401
        items = [_text(item, column) for item in _items(cell, _LIST_MARKS)]
        return [self._code(item, column.of) for item in items]

    def _code(self, item: str, scheme: str) -> str:
        """Return a code as it is, or the code of a Chinese name; the schema checks the rest."""
        return self._code_names.get((scheme, item), item.upper())

    def _region(self, cell: Any, column: Column) -> str:  # noqa: ANN401
        code = self._places.code(_text(cell, column))
        if code is None:
            raise CellError(
                "unknown_region", "不认识这个地区。请填行政区划代码，或如“江苏省苏州市”的完整名称。"
            )
        return code

    def _region_list(self, cell: Any, column: Column) -> list[str]:  # noqa: ANN401
        return [self._region(item, column) for item in _items(cell, _LIST_MARKS)]

    def _amount(self, cell: Any, column: Column, unit: str) -> Any:  # noqa: ANN401
        """Return an amount in fen; the whole budget where a cell that names one says more."""
        try:
            return fen_of(_number(cell, column, unit), _FEN_PER_UNIT[unit])
        except CellError:
            text = unicodedata.normalize("NFKC", _text(cell, column)).strip()
            has_unit = text.endswith(("元", "万"))
            budget = self._money.budget(text if has_unit else f"{text}{unit}")
            if column.path not in WHOLE_BUDGETS or budget is None:
                raise
            return _closed(budget)

    def _budget(self, cell: Any, column: Column) -> Any:  # noqa: ANN401
        if isinstance(cell, dict):
            return cell
        text = _text(cell, column)
        if (number := _bare_number(text)) is not None and number < _LEAST_YUAN:
            raise CellError(
                "budget_without_unit",
                "只有数字，看不出是元还是万元。请写明单位，例如“30万元”。",
            )
        budget = self._money.budget(text)
        if budget is None:
            raise CellError(
                "budget_unreadable",
                "看不懂这个预算写法。请写成如“30-50万元”“不超过20万元”“面议”的样子。",
            )
        return _closed(budget)


def _closed(budget: dict[str, Any]) -> dict[str, Any]:
    """Return a budget that has an upper end."""
    if budget.get("min_fen") is not None and budget.get("max_fen") is None:
        raise CellError("budget_open", "预算只写了下限，请补上上限，例如“30-50万元”。")
    return budget


def _bare_number(text: str) -> Decimal | None:
    """Return the number a text is, nothing else beside it."""
    try:
        return Decimal(unicodedata.normalize("NFKC", text).strip().replace(",", ""))
    except InvalidOperation:
        return None


def _code_names(vocabularies: Vocabularies) -> dict[tuple[str, str], str]:
    """Return the codes of the vocabularies people name in cells, by scheme and Chinese name."""
    scenarios = vocabularies.scenarios
    fields = (i for n in (1, 2) for i in vocabularies.industries.at_level(Scheme.SEI, n))
    return {
        **{(str(Scheme.SCENARIO), s.zh): s.code for s in scenarios.level1},
        **{(str(Scheme.SCENARIO), s.zh): s.code for s in (*scenarios.level2, scenarios.reject)},
        **{(str(Scheme.SEI), industry.name): industry.code for industry in fields},
    }


def _text(cell: Any, column: Column) -> str:  # noqa: ANN401
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        return cell.date().isoformat()
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    if isinstance(cell, (dict, list)):
        raise CellError("not_text", "这里应是文字。")
    return str(cell)


def _whole(cell: Any, column: Column) -> int:  # noqa: ANN401
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    number = _number(cell, column, "")
    if number != number.to_integral_value():
        raise CellError("not_whole", "这里应是整数。")
    return int(number)


def _days(cell: Any, column: Column) -> int:  # noqa: ANN401
    if isinstance(cell, str):
        found = [d for d in read_durations(unicodedata.normalize("NFKC", cell)) if d.high_days >= 1]
        if found:
            return found[0].high_days
    return _whole(cell, column)


def _flag(cell: Any, column: Column) -> bool:  # noqa: ANN401
    if isinstance(cell, bool):
        return cell
    word = _text(cell, column).strip().casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise CellError("not_a_flag", "这里应填“是”或“否”。")


def _day(cell: Any, column: Column) -> str:  # noqa: ANN401
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = unicodedata.normalize("NFKC", _text(cell, column)).strip()
    number = int(text) if _EXCEL_DAY.match(text) else cell
    if isinstance(number, (int, float)) and _EXCEL_DAYS.start <= number < _EXCEL_DAYS.stop:
        return (_EXCEL_EPOCH + timedelta(days=int(number))).isoformat()
    match = _DAY.match(text) or _COMPACT_DAY.match(text)
    try:
        return date(*(int(part) for part in match.groups())).isoformat() if match else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> str:
    raise CellError("not_a_day", "这里应是日期，例如 2025-03-31。")


def _number(cell: Any, column: Column, unit: str) -> Decimal:  # noqa: ANN401
    text = unicodedata.normalize("NFKC", str(cell)).strip().replace(",", "")
    text = _UNIT_AFTER_NUMBER.sub("", text.removesuffix(unit).strip())
    try:
        number = Decimal(text)
    except InvalidOperation:
        like = WHOLE_BUDGETS.get(column.path) or _NUMBERS.get(column.cell, "“5”")
        raise CellError("not_a_number", f"这里应是数字，例如{like}。") from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise CellError("not_a_number", "这里应是数字，且不能过大。")
    return number


def _fen_from_yuan(cell: Any, column: Column) -> int:  # noqa: ANN401
    return fen_of(_number(cell, column, "元"), 100)


def _items(cell: Any, marks: re.Pattern[str]) -> list[Any]:  # noqa: ANN401
    if isinstance(cell, list):
        return cell
    if not isinstance(cell, str):
        return [cell]
    if cell.lstrip().startswith("["):
        listed = _parsed(cell)
        if isinstance(listed, list):
            return listed
    return [item.strip() for item in marks.split(cell) if item.strip()]


def _json(cell: Any, column: Column) -> Any:  # noqa: ANN401
    if not isinstance(cell, str):
        return cell
    value = _parsed(cell)
    if value is None:
        raise CellError("not_json", "这里应是 JSON 写法的列表，可先导出一份看样子。")
    return value


def _parsed(cell: str) -> Any:  # noqa: ANN401 - JSON can be anything
    """Return what a cell means as JSON; None when it is none."""
    try:
        return parse_json(cell)
    except (ValueError, RecursionError):
        return None


def _json_or_lines(cell: Any, column: Column) -> Any:  # noqa: ANN401
    if isinstance(cell, str) and not cell.lstrip().startswith("["):
        return _items(cell, _LIST_MARKS)
    return _json(cell, column)


def joined(items: Iterable[str]) -> str:
    """Return a list as the text of one cell, which reading takes apart again."""
    return "；".join(items)
