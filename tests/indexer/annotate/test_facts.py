"""Facts are present when the text or the fields give them."""

import pytest

from indexer.annotate.facts import FactName, Findings, KnownFacts, names_object, present_facts
from models.vocabulary.demand import ApplicationForm, Audience, Deliverable

NOTHING = Findings((), (), None, None, None, (), (), None, (), any_industry=False)


@pytest.mark.parametrize(
    "text",
    [
        "供区政府常务会讨论",
        "作为政策制定依据",
        "投决会:先跟哪几家谈",
        "董事会要定买不买",
        "课题该不该开",
        "评审组定批不批",
        "按原样发货还是改了再发,请判断",
        "支撑攻关榜单编制",
    ],
)
def test_decision_is_seen_in_the_text(text: str) -> None:
    assert FactName.DECISION_QUESTION in present_facts(text, NOTHING, KnownFacts())


@pytest.mark.parametrize("text", ["看看固态电池", "做个分析", ""])
def test_text_without_decision_has_none(text: str) -> None:
    assert FactName.DECISION_QUESTION not in present_facts(text, NOTHING, KnownFacts())


@pytest.mark.parametrize("text", ["合成生物产业", "气凝胶干燥技术", "固态电池", "手术机器人"])
def test_object_is_seen_without_an_industry_tag(text: str) -> None:
    assert names_object(text, NOTHING)


@pytest.mark.parametrize(
    "text", ["重点产业", "我市主导产业", "相关技术", "做个产业分析", "专利导航"]
)
def test_generic_words_are_no_object(text: str) -> None:
    assert not names_object(text, NOTHING)


def test_any_industry_counts_as_object() -> None:
    open_industry = Findings((), (), None, None, None, (), (), None, (), any_industry=True)
    assert names_object("办一期培训", open_industry)


@pytest.mark.parametrize(
    ("known", "fact"),
    [
        (KnownFacts(region_code="320500"), FactName.REGION),
        (KnownFacts(decision_question="投不投"), FactName.DECISION_QUESTION),
        (KnownFacts(audience=Audience.GOV), FactName.APPLICATION_FORM),
        (
            KnownFacts(application_forms=(ApplicationForm.PLAN_TEXT,)),
            FactName.APPLICATION_FORM,
        ),
        (KnownFacts(has_budget=True), FactName.BUDGET),
        (KnownFacts(has_period=True), FactName.PERIOD),
        (KnownFacts(has_industry=True), FactName.INDUSTRY),
        (KnownFacts(has_requirements=True), FactName.REQUIREMENTS),
        (KnownFacts(deliverables=(Deliverable.REPORT,)), FactName.DELIVERABLES),
    ],
)
def test_field_given_counts_like_text(known: KnownFacts, fact: FactName) -> None:
    assert present_facts("", NOTHING, known) == {fact}


def test_empty_demand_has_no_facts() -> None:
    assert present_facts("", NOTHING, KnownFacts()) == frozenset()
