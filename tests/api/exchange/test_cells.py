import re
from datetime import date, datetime
from typing import Any

import pytest

from api.exchange.cells import CellError, CellReader
from api.exchange.columns import CellKind, Column
from api.vocabularies import Vocabularies


@pytest.fixture(scope="module")
def reader() -> CellReader:
    return CellReader(Vocabularies.load())


def column(cell: str, of: str = "") -> Column:
    return Column("field", "列", CellKind(cell), of)


@pytest.mark.parametrize(
    ("cell", "kind", "of", "value"),
    [
        (320500.0, "key", "", "320500"),
        ("12,000 件", "whole", "", 12_000),
        (5.0, "whole", "", 5),
        ("三个月", "days", "", 90),
        ("60天", "days", "", 60),
        (45, "days", "", 45),
        ("是", "flag", "", True),
        ("无", "flag", "", False),
        (1.0, "flag", "", True),
        (datetime(2026, 3, 31), "day", "", "2026-03-31"),  # noqa: DTZ001 - as sheets give it
        (date(2026, 3, 31), "day", "", "2026-03-31"),
        ("2026年3月31日", "day", "", "2026-03-31"),
        ("2026/3/31", "day", "", "2026-03-31"),
        ("20260331", "day", "", "2026-03-31"),
        (46_112, "day", "", "2026-03-31"),
        ("46112", "day", "", "2026-03-31"),
        ("政府部门", "choice", "OrganisationType", "gov_authority"),
        ("研究院", "choice", "OrganisationType", "institute"),
        ("park", "choice", "OrganisationType", "park"),
        ("报告、名单", "choices", "Deliverable", ["report", "list"]),
        ("名单（招商、人才、标的）", "choices", "Deliverable", ["list"]),
        ("报告；名单（招商、人才、标的）", "choices", "Deliverable", ["report", "list"]),
        ("ent.risk；专利导航培训", "codes", "scenario", ["ENT.RISK", "专利导航培训"]),
        ("碳化硅，氮化镓", "words", "", ["碳化硅", "氮化镓"]),
        ('["a,b", "c"]', "words", "", ["a,b", "c"]),
        (320500, "region", "", "320500"),
        ("江苏省苏州市", "region", "", "320500"),
        ("全国", "regions", "", ["nation"]),
        ("江苏、上海", "regions", "", ["320000", "310000"]),
        ("25.000000", "wan", "", 25_000_000),
        ("80000", "fen", "", 8_000_000),
        ('[{"name":"库"}]', "json", "", [{"name": "库"}]),
        ("库一；库二", "json_or_lines", "", ["库一", "库二"]),
    ],
)
def test_read_tolerates_how_people_write(
    reader: CellReader, cell: Any, kind: str, of: str, value: Any
) -> None:
    assert reader.read(cell, column(kind, of)) == value


@pytest.mark.parametrize(
    ("cell", "kind", "of", "code"),
    [
        ("五个半", "whole", "", "not_a_number"),
        ("1.5", "whole", "", "not_whole"),
        ("NaN", "whole", "", "not_a_number"),
        ("1e99", "wan", "", "not_a_number"),
        ("也许", "flag", "", "not_a_flag"),
        ("下周", "day", "", "not_a_day"),
        (float("inf"), "day", "", "not_a_day"),
        (float("nan"), "day", "", "not_a_day"),
        (10**400, "day", "", "not_a_day"),
        ('[{"a": 1e999}]', "json", "", "not_json"),
        ("2026-02-30", "day", "", "not_a_day"),
        ("30", "budget", "", "budget_without_unit"),
        (0, "budget", "", "budget_without_unit"),
        ("30-50", "wan", "", "not_a_number"),
        ("外星", "choice", "OrganisationType", "unknown_choice"),
        ("火星", "region", "", "unknown_region"),
        ("999999", "region", "", "unknown_region"),
        ("看情况", "budget", "", "budget_unreadable"),
        ("30万元以上", "budget", "", "budget_open"),
        ("{", "json", "", "not_json"),
        ({"a": 1}, "text", "", "not_text"),
    ],
)
def test_read_refuses_what_it_cannot_understand(
    reader: CellReader, cell: Any, kind: str, of: str, code: str
) -> None:
    with pytest.raises(CellError) as caught:
        reader.read(cell, column(kind, of))
    assert caught.value.problem_code == code


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("days", "period_days"),
        ("wan", "budget.wan"),
        ("yuan", "budget.yuan"),
        ("wan", "min_price.wan"),
        ("fen", "min_price"),
        ("whole", "staff"),
    ],
)
def test_refusal_of_a_number_shows_what_is_taken(reader: CellReader, kind: str, path: str) -> None:
    asked = Column(path, "列", CellKind(kind))
    with pytest.raises(CellError) as caught:
        reader.read("尽快", asked)
    examples = re.findall("“(.+?)”", caught.value.message)
    assert examples
    assert all(reader.read(example, asked) for example in examples)


@pytest.mark.parametrize(
    ("path", "cell", "low", "high"),
    [
        ("budget.wan", "30万", 30_000_000, 30_000_000),
        ("budget.wan", "３０—５０", 30_000_000, 50_000_000),
        ("budget.wan", "30-50万元", 30_000_000, 50_000_000),
        ("budget.yuan", "30万元", 30_000_000, 30_000_000),
    ],
)
def test_column_of_a_whole_budget_takes_what_names_one(
    reader: CellReader, path: str, cell: str, low: int, high: int
) -> None:
    kind = CellKind.WAN if path.endswith("wan") else CellKind.YUAN
    budget = reader.read(cell, Column(path, "预算", kind))
    assert (budget["min_fen"], budget["max_fen"]) == (low, high)
