"""The score is the weight of what is there; the rest is asked for."""

import pytest

from indexer.annotate.completeness import CompletenessJudge
from indexer.annotate.facts import FactName
from indexer.annotate.types import Evidence

ALL = frozenset(FactName)


@pytest.fixture(scope="module")
def judge() -> CompletenessJudge:
    return CompletenessJudge()


SCENARIOS = [
    None, "OTH", "REG.QUAL", "REG.LAYOUT", "REG.RES", "GOV.POLICY", "GOV.PROJECT",
    "GOV.SECURITY", "GOV.ATTRACT", "IND.DIRECT", "IND.POSITION", "IND.PATH", "IND.CHAIN",
    "IND.BASE", "ENT.MASEL", "ENT.MAEVAL", "ENT.IPO", "ENT.COOP", "ENT.INTRO", "ENT.PRODUCT",
    "ENT.RISK", "ENT.PORT", "ENT.COMP", "RND.INIT", "RND.PROCESS", "RND.OPPORT", "RND.OUTPUT",
    "TAL.SELECT", "TAL.EVAL", "TAL.RISK", "APP.LAND", "APP.TRACK", "APP.EVAL", "APP.CASE",
    "PUB.TRAIN", "PUB.CONSULT", "PUB.TOOL",
]  # fmt: skip


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_weights_add_up_to_a_hundred(judge: CompletenessJudge, scenario: str | None) -> None:
    empty = judge.judge("", frozenset(), scenario)
    assert empty.score == 0
    assert sum(fact.weight for fact in empty.missing) == 100
    assert all(fact.weight > 0 for fact in empty.missing)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_questions_are_polite_and_end(judge: CompletenessJudge, scenario: str | None) -> None:
    for fact in judge.judge("", frozenset(), scenario).missing:
        assert fact.question.startswith("请问")
        assert fact.question.endswith(("。", "？"))


def test_all_general_facts_give_full_score_without_scenario(judge: CompletenessJudge) -> None:
    full = judge.judge("", ALL, None)
    assert (full.score, full.grade, full.missing) == (100, "A", ())


@pytest.mark.parametrize(
    ("scenario", "name", "text"),
    [
        ("ENT.RISK", "target_countries", "拟出口美国"),
        ("ENT.RISK", "product_stage", "样机已定型"),
        ("ENT.MAEVAL", "target_company", "已选定并购标的"),
        ("ENT.MAEVAL", "deal_date", "下月签约"),
        ("ENT.IPO", "listing_board", "申报科创板"),
        ("ENT.INTRO", "acquisition_mode", "独占许可"),
        ("ENT.COMP", "update_frequency", "每月一期"),
        ("ENT.PORT", "portfolio_size", "手上两百多件"),
        ("IND.DIRECT", "industry_scope", "含上中下游各环节"),
        ("IND.BASE", "database_use", "部署在内网"),
        ("GOV.PROJECT", "project_amount", "财政出3000万元"),
        ("GOV.ATTRACT", "number_of_candidates", "筛50家"),
        ("TAL.SELECT", "number_of_candidates", "推荐20名"),
        ("TAL.EVAL", "number_of_candidates", "对28位专家"),
        ("REG.QUAL", "compared_regions", "与省内三家横向比较"),
        ("RND.PROCESS", "working_mode", "每两周碰一次头"),
        ("PUB.TRAIN", "attendance", "每期60人"),
        ("PUB.CONSULT", "service_volume", "全年100次"),
        ("APP.EVAL", "number_of_projects", "对18个项目"),
    ],
)
def test_scenario_asks_for_its_own_facts(
    judge: CompletenessJudge, scenario: str, name: str, text: str
) -> None:
    without = {fact.name for fact in judge.judge("", ALL, scenario).missing}
    with_text = {fact.name for fact in judge.judge(text, ALL, scenario).missing}
    assert name in without
    assert name not in with_text


def test_other_scenario_is_not_asked(judge: CompletenessJudge) -> None:
    names = {fact.name for fact in judge.judge("", frozenset(), "IND.DIRECT").missing}
    assert "target_countries" not in names


def test_public_service_needs_no_industry(judge: CompletenessJudge) -> None:
    names = {fact.name for fact in judge.judge("", frozenset(), "PUB.CONSULT").missing}
    assert names.isdisjoint({"industry", "decision_question"})


def test_missing_facts_come_heaviest_first(judge: CompletenessJudge) -> None:
    weights = [fact.weight for fact in judge.judge("", frozenset(), "ENT.RISK").missing]
    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize(
    ("absent", "score", "grade"),
    [
        (set(), 100, "A"),
        ({FactName.REGION}, 92, "A"),
        ({FactName.BUDGET, FactName.REGION}, 80, "B"),
        ({FactName.BUDGET, FactName.REGION, FactName.DELIVERABLES}, 64, "C"),
        ({FactName.INDUSTRY, FactName.DECISION_QUESTION, FactName.DELIVERABLES}, 48, "D"),
    ],
)
def test_grade_follows_the_score(
    judge: CompletenessJudge, absent: set[FactName], score: int, grade: str
) -> None:
    found = judge.judge("", ALL - absent, None)
    assert (found.score, found.grade) == (score, grade)
    assert {fact.name for fact in found.missing} == {name.value for name in absent}


def test_adding_a_fact_never_lowers_the_score(judge: CompletenessJudge) -> None:
    present: frozenset[FactName] = frozenset()
    last = 0
    for name in FactName:
        present |= {name}
        score = judge.judge("", present, "ENT.RISK").score
        assert score > last
        last = score


def test_vague_terms_are_handed_through(judge: CompletenessJudge) -> None:
    terms = (Evidence(0, 2, "尽快"),)
    assert judge.judge("尽快", ALL, None, terms).vague_terms == terms
