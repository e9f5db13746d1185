"""Clarity follows from object, aims, limits and specifics."""

import pytest

from indexer.annotate.clarity import judge_clarity
from indexer.annotate.facts import FactName as Fact
from models.vocabulary.demand import Clarity


@pytest.mark.parametrize(
    ("text", "present", "clarity"),
    [
        ("随便看看", set(), Clarity.DIRECTIONLESS),
        ("想做专利导航", {Fact.APPLICATION_FORM}, Clarity.DIRECTIONLESS),
        ("想了解固态电池", {Fact.INDUSTRY}, Clarity.CONCEPTUAL),
        ("固态电池供决策参考", {Fact.INDUSTRY, Fact.DECISION_QUESTION}, Clarity.FUZZY),
        (
            "固态电池,预算20万元,三个月",
            {Fact.INDUSTRY, Fact.BUDGET, Fact.PERIOD},
            Clarity.FUZZY,
        ),
        ("交一份报告", {Fact.DELIVERABLES, Fact.DECISION_QUESTION}, Clarity.FUZZY),
        (
            "IV型瓶70MPa出口5个国家,给清单",
            {Fact.INDUSTRY, Fact.DELIVERABLES, Fact.DECISION_QUESTION},
            Clarity.CLEAR,
        ),
        (
            "氢瓶出口给清单",
            {
                Fact.INDUSTRY,
                Fact.DELIVERABLES,
                Fact.DECISION_QUESTION,
                Fact.BUDGET,
                Fact.PERIOD,
                Fact.REQUIREMENTS,
            },
            Clarity.CLEAR,
        ),
    ],
)
def test_clarity_class(text: str, present: set[Fact], clarity: Clarity) -> None:
    assert judge_clarity(text, present) is clarity


def test_more_facts_never_make_it_less_clear() -> None:
    order = list(Clarity)
    present: set[Fact] = set()
    last = len(order)
    for fact in (Fact.INDUSTRY, Fact.DECISION_QUESTION, Fact.DELIVERABLES, Fact.BUDGET):
        present.add(fact)
        rank = order.index(judge_clarity("3家A股公司MCU芯片", present))
        assert rank <= last
        last = rank
