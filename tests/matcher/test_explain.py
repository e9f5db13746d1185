"""Explanations say what the facts say, in the words of the direction asked in."""

import re
from dataclasses import replace
from typing import Any

import pytest

from indexer.types import Document, Profile, Sentence
from matcher.explain import Explainer
from matcher.types import (
    Explanation,
    Match,
    Part,
    Query,
    RuleResult,
    SentencePair,
    SharedTerm,
    Span,
    Statement,
)
from models.vocabulary.demand import BudgetKind, RequirementStrength
from models.vocabulary.matching import Band, RuleOutcome
from models.vocabulary.row import Entity
from tests.factories import NAMES, ask, make_capability, make_demand, make_document, make_embedder

EMBEDDER = make_embedder()
EXPLAINER = Explainer(NAMES)
MEANING = ("text_meaning", "title_meaning", "sentence_meaning", "title_in_text")
PAIR = SentencePair(Sentence(0, 4, "查侵权。"), Sentence(2, 7, "排查风险。"))
TERM = SharedTerm("碳化硅", 2.0, (Span(0, 3),), (Span(5, 8),))


def _parts(meaning: float = 0.5, words: float = 0.5) -> tuple[Part, ...]:
    values = {**dict.fromkeys(MEANING, meaning), "shared_words": words, "shared_phrases": words}
    return tuple(Part(name, value, 0.1, value * 0.1) for name, value in values.items())


def _rule(
    outcome: RuleOutcome, strength: RequirementStrength = RequirementStrength.MUST
) -> RuleResult:
    return RuleResult(
        "demand.staff_count", "团队不少于5人；", strength, outcome, "机构填报团队人数 5 人", "出处"
    )


def _explain(
    asking: Document,
    offered: Document,
    *,
    pair: SentencePair | None = PAIR,
    terms: tuple[SharedTerm, ...] = (TERM,),
    **match: Any,
) -> Explanation:
    values: dict[str, Any] = {
        "rank": 1,
        "score": 0.4321,
        "band": Band.GOOD,
        "coverage": 0.9,
        "document": offered,
        "profile": offered.profile,
        "parts": _parts(),
        "rules": (),
        **match,
    }
    query: Query = ask(asking, EMBEDDER)
    return EXPLAINER.explain(query, Match(**values), pair, terms)


def _texts(statements: tuple[Statement, ...]) -> str:
    return "\n".join(statement.text for statement in statements)


def _capability(**facts: Any) -> Document:
    return make_capability("cp-1", "pv-1", "排查碳化硅器件的侵权风险。", **facts)


def test_same_scenario_and_industry_speak_for_it() -> None:
    tags: dict[str, Any] = {"scenarios": (("ENT.RISK", 0.9),), "industries": (("1.2", 0.8),)}
    found = _explain(make_demand(**tags), _capability(**tags))
    assert "应用场景一致：“专利风险预警与海外风险”。" in _texts(found.reasons_for)
    assert "产业领域一致：“电子核心产业”。" in _texts(found.reasons_for)
    assert found.reasons_against == ()


@pytest.mark.parametrize(
    ("code", "words"),
    [("ENT.IPO", "同属一大类，但场景不同"), ("IND.PATH", "“产业发展路径导航”")],
)
def test_other_scenario_speaks_against_it(code: str, words: str) -> None:
    found = _explain(
        make_demand(scenarios=(("ENT.RISK", 0.9),)), _capability(scenarios=((code, 0.9),))
    )
    against = _texts(found.reasons_against)
    assert "机构这项能力主要服务于" in against
    assert "需求要的是“专利风险预警与海外风险”" in against
    assert words in against
    assert "应用场景一致" not in _texts(found.reasons_for)


def test_other_industry_speaks_against_it_unless_a_side_is_open() -> None:
    demand = make_demand(industries=(("1.2", 0.9),))
    closed = _explain(demand, _capability(industries=(("4.1", 0.9),)))
    near = _explain(demand, _capability(industries=(("1.5", 0.9),)))
    is_open = _explain(demand, _capability(industries=(("4.1", 0.9),), any_industry=True))
    assert "产业领域不同：机构是“生物医药产业”，需求是“电子核心产业”。" in _texts(
        closed.reasons_against
    )
    assert "产业领域" not in _texts(near.reasons_against + near.reasons_for)
    assert "产业领域" not in _texts(is_open.reasons_against)
    assert "机构这项能力不限行业。" in _texts(is_open.reasons_for)


@pytest.mark.parametrize("asked", [(), (("ENT.RISK", 0.9),)])
@pytest.mark.parametrize("offered", [(), (("ENT.RISK", 0.9),)])
def test_untagged_side_is_unknown_and_no_agreement(
    asked: tuple[tuple[str, float], ...], offered: tuple[tuple[str, float], ...]
) -> None:
    found = _explain(make_demand(scenarios=asked), _capability(scenarios=offered))
    named = {
        (False, False): "双方的应用场景都没有标注",
        (True, False): "机构的应用场景没有标注",
        (False, True): "需求的应用场景没有标注",
    }
    words = named.get((bool(asked), bool(offered)))
    assert ("应用场景一致" in _texts(found.reasons_for)) == (words is None)
    if words is not None:
        assert words in _texts(found.unknowns)
        assert "场景" not in _texts(found.reasons_for + found.reasons_against)


def test_provider_of_whom_nothing_is_known_is_asked_about_and_not_praised() -> None:
    demand = make_demand(
        scenarios=(("ENT.RISK", 0.9),),
        industries=(("1.2", 0.9),),
        region_code="320500",
        budget_max_fen=1,
        period_days=1,
    )
    found = _explain(demand, _capability(profile=None), terms=(), pair=None)
    assert found.reasons_for == ()
    assert found.reasons_against == ()
    unknowns = _texts(found.unknowns)
    for words in (
        "应用场景没有标注",
        "产业领域没有标注",
        "所在地没有登记",
        "案例",
        "可承接的项目数",
    ):
        assert words in unknowns


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("320505", "机构在江苏省苏州市虎丘区，与需求在同一城市。"),
        ("320100", "机构在江苏省南京市，与需求在同一省份。"),
        ("330100", "机构在浙江省杭州市，与需求在同一区域板块。"),
        ("440300", ""),
    ],
)
def test_near_place_speaks_for_it(place: str, words: str) -> None:
    found = _explain(make_demand(region_code="320500"), _capability(region_code=place))
    assert words in _texts(found.reasons_for)
    assert bool(words) == ("同一" in _texts(found.reasons_for))


def test_record_of_the_provider_speaks_for_it() -> None:
    profile = Profile(
        "甲",
        case_scenarios=(("ENT.PORT", "ENT.RISK"), ("ENT.RISK",), ("IND.PATH",)),
        reputation=0.8,
    )
    found = _explain(
        make_demand(scenarios=(("ENT.RISK", 0.9), ("ENT.PORT", 0.6))), _capability(profile=profile)
    )
    assert "同场景案例 2 个" in _texts(found.reasons_for)
    assert "评价较好" in _texts(found.reasons_for)


def test_cases_of_other_scenarios_are_to_be_verified() -> None:
    profile = Profile("甲", case_scenarios=(("IND.PATH",),), reputation=0.3)
    found = _explain(make_demand(scenarios=(("ENT.RISK", 0.9),)), _capability(profile=profile))
    assert "案例都属于其他场景" in _texts(found.unknowns)
    assert "评价" not in _texts(found.reasons_for + found.reasons_against)


def test_no_capacity_low_budget_and_short_time_speak_against_it() -> None:
    profile = Profile("甲", open_slots=0, budget_min_fen=10_000_000)
    demand = make_demand(budget_max_fen=9_999_999, period_days=20)
    found = _explain(demand, _capability(profile=profile, typical_days_min=30))
    against = _texts(found.reasons_against)
    assert "机构登记当前没有余力承接新项目。" in against
    assert "需求的预算低于机构登记的最低承接金额。" in against
    assert "需求要求 20 天完成，机构这项能力通常至少需要 30 天。" in against


def test_enough_capacity_budget_and_time_are_passed_over() -> None:
    profile = Profile("甲", open_slots=2, budget_min_fen=10_000_000)
    demand = make_demand(budget_max_fen=10_000_000, period_days=30)
    found = _explain(demand, _capability(profile=profile, typical_days_min=30))
    assert found.reasons_against == ()


def test_rules_stand_under_their_outcomes() -> None:
    found = {
        outcome: _explain(make_demand(), _capability(), rules=(_rule(outcome),))
        for outcome in RuleOutcome
    }
    fact = "团队不少于5人。机构填报团队人数 5 人。"
    assert f"满足：{fact}" in _texts(found[RuleOutcome.MET].reasons_for)
    assert f"不满足：{fact}" in _texts(found[RuleOutcome.UNMET].reasons_against)
    assert f"待核实：{fact}" in _texts(found[RuleOutcome.UNKNOWN].unknowns)
    assert "满足" not in _texts(found[RuleOutcome.UNKNOWN].reasons_for)


def test_unmet_wish_is_called_a_wish() -> None:
    rule = _rule(RuleOutcome.UNMET, RequirementStrength.PREFER)
    found = _explain(make_demand(), _capability(), rules=(rule,))
    assert found.reasons_against[0].text.startswith("不满足（优先条件）：")


def test_summary_names_band_reason_caution_and_open_musts() -> None:
    found = _explain(
        make_demand(scenarios=(("ENT.RISK", 0.9),)),
        _capability(scenarios=(("ENT.RISK", 0.9),), profile=Profile("甲", open_slots=0)),
        rules=(
            _rule(RuleOutcome.UNKNOWN),
            _rule(RuleOutcome.UNKNOWN, RequirementStrength.PREFER),
        ),
    )
    assert found.summary == (
        "匹配程度：较强。应用场景一致：“专利风险预警与海外风险”。双方都提到：碳化硅。"
        "需要注意：机构登记当前没有余力承接新项目。有 1 项必须条件待核实。"
    )


def test_meaning_that_does_not_stand_out_is_said_and_not_quoted() -> None:
    found = _explain(make_demand(), _capability(), parts=_parts(meaning=0.1))
    assert "并不比其他候选更接近" in _texts(found.reasons_against)
    assert "意思最接近" not in _texts(found.reasons_for)
    assert found.sentence_pair == PAIR


def test_few_words_in_common_is_not_said_beside_common_words() -> None:
    without = _explain(make_demand(), _capability(), parts=_parts(words=0.0), terms=())
    beside = _explain(make_demand(), _capability(), parts=_parts(words=0.0))
    assert "几乎没有共同的专门用语" in _texts(without.reasons_against)
    assert "几乎没有" not in _texts(beside.reasons_against)


def test_statements_point_at_what_they_rest_on() -> None:
    found = _explain(make_demand(), _capability())
    spans = {s.text[:4]: (s.query_span, s.candidate_span) for s in found.reasons_for}
    assert spans["双方都提"] == (Span(0, 3), Span(5, 8))
    assert spans["意思最接"] == (Span(0, 4), Span(2, 7))


def test_long_sentence_is_quoted_in_part_without_nested_marks() -> None:
    long = Sentence(0, 90, "要“自由实施”结论," + "甲" * 79 + "。")
    found = _explain(make_demand(), _capability(), pair=replace(PAIR, query=long))
    (quote,) = re.findall("需求写“([^”]*)”，", _texts(found.reasons_for))
    assert quote.startswith("要‘自由实施’结论，甲")
    assert quote.endswith("……")
    assert len(quote) < 60


DIRECTIONS = {
    "d2p": (make_demand(), _capability(), "需求写“", "机构写“"),
    "p2d": (_capability(), make_demand("dm-2"), "本机构写“", "需求写“"),
    "d2d": (make_demand(), make_demand("dm-2"), "本需求写“", "对方需求写“"),
    "d2c": (make_demand(), make_document("cs-1", kind=Entity.CASE), "需求写“", "案例写“"),
    "p2c": (_capability(), make_document("cs-1", kind=Entity.CASE), "本机构写“", "案例写“"),
}


@pytest.mark.parametrize(
    ("asking", "offered", "mine", "theirs"), DIRECTIONS.values(), ids=DIRECTIONS
)
def test_each_direction_calls_both_sides_by_name(
    asking: Document, offered: Document, mine: str, theirs: str
) -> None:
    quoted = _texts(_explain(asking, offered).reasons_for)
    assert f"：{mine}" in quoted
    assert f"，{theirs}" in quoted


@pytest.mark.parametrize("direction", ["p2d", "d2d", "d2c", "p2c"])
def test_only_a_provider_on_offer_is_asked_for_capacity_and_cases(direction: str) -> None:
    asking, offered, _, _ = DIRECTIONS[direction]
    unknowns = _texts(_explain(asking, offered).unknowns)
    assert "可承接" not in unknowns
    assert "案例，" not in unknowns


def test_asking_provider_learns_of_low_budget_and_missing_budget() -> None:
    provider = _capability(profile=Profile("甲", budget_min_fen=500, open_slots=0))
    low = _explain(provider, make_demand(budget_max_fen=499))
    none = _explain(provider, make_demand())
    negotiable = _explain(provider, make_demand(budget_kind=BudgetKind.NEGOTIABLE))
    assert "需求的预算低于本机构登记的最低承接金额。" in _texts(low.reasons_against)
    assert "本机构登记当前没有余力承接新项目。" in _texts(low.reasons_against)
    assert "需求没有写明预算。" in _texts(none.unknowns)
    assert "预算" not in _texts(low.unknowns + negotiable.unknowns)


def test_same_match_gets_the_same_words() -> None:
    tags: dict[str, Any] = {"scenarios": (("ENT.RISK", 0.9),), "region_code": "320500"}
    assert _explain(make_demand(**tags), _capability(**tags)) == _explain(
        make_demand(**tags), _capability(**tags)
    )


@pytest.mark.parametrize("band", list(Band))
@pytest.mark.parametrize(
    ("asking", "offered", "mine", "theirs"), DIRECTIONS.values(), ids=DIRECTIONS
)
def test_no_sentence_shows_a_percentage_or_a_raw_score(
    asking: Document, offered: Document, mine: str, theirs: str, band: Band
) -> None:
    rules = tuple(_rule(outcome) for outcome in RuleOutcome)
    found = _explain(asking, offered, band=band, rules=rules, parts=_parts(0.1234, 0.2))
    statements = (*found.reasons_for, *found.reasons_against, *found.unknowns)
    for text in (found.summary, *(s.text for s in statements)):
        assert not re.search(r"[%％‰]|\d\.\d", text)
        assert text.endswith("。")
        assert "。。" not in text
        assert "None" not in text
