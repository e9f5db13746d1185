"""Clauses about money and time limits are set apart from what a text is about."""

import pytest

from indexer.annotate.commercial import blank_commercial, without_commercial

RISK = "对封装专利做侵权风险排查,给出规避设计建议"


@pytest.mark.parametrize(
    "clause",
    ["预算30-50万元", "三个月内完成", "经费不超过二十万元", "60天内交付报告", "费用面议"],
)
def test_clause_of_money_or_time_is_left_out(clause: str) -> None:
    assert without_commercial(f"{RISK}。{clause}。") == f"{RISK}。 。"


def test_text_without_such_clauses_stays() -> None:
    assert without_commercial(RISK) == blank_commercial(RISK) == RISK


def test_blanked_text_keeps_every_place() -> None:
    text = f"标题\n{RISK},预算30万元,提交报告。"
    blanked = blank_commercial(text)
    assert len(blanked) == len(text)
    assert blanked.index("提交报告") == text.index("提交报告")


def test_text_of_nothing_else_stays() -> None:
    assert blank_commercial("预算30万元。") == "预算30万元。"


def test_long_text_without_stops_is_read_in_linear_time() -> None:
    assert without_commercial("万" * 40_000) == "万" * 40_000
