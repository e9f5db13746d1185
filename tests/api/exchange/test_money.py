import pytest

from api.exchange.money import MoneyWords, budget_text


@pytest.fixture(scope="module")
def money() -> MoneyWords:
    return MoneyWords()


@pytest.mark.parametrize(
    ("cell", "kind", "low", "high"),
    [
        ("30-50万元", "range", 30_000_000, 50_000_000),
        ("30万", "fixed", 30_000_000, 30_000_000),
        ("不超过20万元", "ceiling", None, 20_000_000),
        ("300,000", "ceiling", None, 30_000_000),
        ("面议", "negotiable", None, None),
        ("免费", "free", None, None),
    ],
)
def test_budget_cell_reads_kind_and_ends(
    money: MoneyWords, cell: str, kind: str, low: int | None, high: int | None
) -> None:
    budget = money.budget(cell)
    assert budget is not None
    assert (budget["kind"], budget.get("min_fen"), budget.get("max_fen")) == (kind, low, high)


@pytest.mark.parametrize("cell", ["看情况", "", "x" * 300])
def test_budget_cell_without_amount_is_none(money: MoneyWords, cell: str) -> None:
    assert money.budget(cell) is None


@pytest.mark.parametrize(
    "budget",
    [
        {"kind": "fixed", "min_fen": 30_000_000, "max_fen": 30_000_000},
        {"kind": "range", "min_fen": 1, "max_fen": 10**14},
        {"kind": "ceiling", "min_fen": None, "max_fen": 123_456_789},
        {"kind": "negotiable", "min_fen": None, "max_fen": None},
        {"kind": "free", "min_fen": None, "max_fen": None},
    ],
    ids=lambda budget: str(budget["kind"]),
)
def test_budget_text_reads_back_exactly(money: MoneyWords, budget: dict[str, object]) -> None:
    again = money.budget(budget_text(budget))
    assert again is not None
    assert {name: again.get(name) for name in budget} == budget
