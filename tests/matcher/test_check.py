"""Eligibility has three outcomes; what nobody stated is to be verified, never met."""

from typing import Any

import pytest

from indexer.types import NATION, Condition, Credential, Document, Profile
from matcher.check import ANALYST_SCENARIOS, EligibilityChecker, worst_must
from matcher.types import RuleResult
from models.vocabulary.demand import RequirementKind, RequirementStrength, ServiceRegion
from models.vocabulary.matching import RuleOutcome
from models.vocabulary.organisation import CredentialType
from tests.factories import REGIONS, TODAY, make_demand

MET, UNMET, UNKNOWN = RuleOutcome.MET, RuleOutcome.UNMET, RuleOutcome.UNKNOWN
MUST, PREFER = RequirementStrength.MUST, RequirementStrength.PREFER
CHECKER = EligibilityChecker(REGIONS, TODAY.isoformat())
ANALYST_RULE = "standard.39551_4.4_2"
SUZHOU, NANJING, HANGZHOU, SHENZHEN = "320500", "320100", "330100", "440300"


def _only(demand: Document, **facts: Any) -> RuleResult:
    (result,) = CHECKER.check(demand, Profile("机构", **facts))
    return result


def _condition(
    kind: RequirementKind, value: str | int | None = None, text: str = "条款原文", **facts: Any
) -> RuleResult:
    """The result for a demand with one condition and a provider with these facts."""
    place = facts.pop("demand_region", SUZHOU)
    scenarios = (("IND.PATH", 0.9),)
    demand = make_demand(
        conditions=(Condition(kind, MUST, value, text),), region_code=place, scenarios=scenarios
    )
    return _only(demand, **facts)


def test_demand_without_conditions_has_no_rules() -> None:
    demand = make_demand(scenarios=(("IND.PATH", 0.9),), region_code=SUZHOU)
    assert CHECKER.check(demand, Profile("机构")) == ()


def test_provider_without_profile_is_unknown_throughout() -> None:
    demand = make_demand(
        scenarios=(("ENT.IPO", 0.9),),
        region_code=SUZHOU,
        service_region=ServiceRegion.SAME_CITY,
        conditions=tuple(Condition(kind, MUST, None, "条款") for kind in RequirementKind),
    )
    results = CHECKER.check(demand, None)
    assert len(results) == 2 + len(RequirementKind)
    assert {result.outcome for result in results} == {UNKNOWN}


@pytest.mark.parametrize("scenario", sorted(ANALYST_SCENARIOS))
@pytest.mark.parametrize(("analysts", "outcome"), [(None, UNKNOWN), (0, UNMET), (1, MET), (7, MET)])
def test_standard_asks_for_analysts_in_four_scenarios(
    scenario: str, analysts: int | None, outcome: RuleOutcome
) -> None:
    result = _only(make_demand(scenarios=((scenario, 0.9),)), analysts_stability_3y=analysts)
    assert (result.rule_id, result.outcome, result.strength) == (ANALYST_RULE, outcome, MUST)
    assert "39551.4" in result.source
    assert scenario in result.source


def test_the_four_scenarios_are_those_of_the_standard() -> None:
    assert {"ENT.MAEVAL", "ENT.IPO", "ENT.INTRO", "ENT.PRODUCT"} == ANALYST_SCENARIOS


@pytest.mark.parametrize("scenario", ["ENT.MASEL", "ENT.RISK", "ENT.COOP", "IND.PATH", "TAL.EVAL"])
def test_standard_asks_for_no_analysts_elsewhere(scenario: str) -> None:
    demand = make_demand(scenarios=((scenario, 0.9),))
    assert CHECKER.check(demand, Profile("机构", analysts_stability_3y=0)) == ()


def test_unsure_scenario_does_not_switch_the_standard_on() -> None:
    demand = make_demand(scenarios=(("IND.PATH", 0.9), ("ENT.IPO", 0.49)))
    assert CHECKER.check(demand, Profile("机构", analysts_stability_3y=0)) == ()


@pytest.mark.parametrize(
    ("wanted", "place", "served", "outcome"),
    [
        pytest.param(ServiceRegion.SAME_CITY, "320505", (), MET, id="sits in the city"),
        pytest.param(ServiceRegion.SAME_CITY, NANJING, ("3205",), MET, id="serves the city"),
        pytest.param(ServiceRegion.SAME_CITY, SHENZHEN, (NATION,), MET, id="serves the nation"),
        pytest.param(ServiceRegion.SAME_CITY, SHENZHEN, ("M:YRD",), MET, id="serves the macro"),
        pytest.param(ServiceRegion.SAME_CITY, NANJING, ("3201",), UNMET, id="other city"),
        pytest.param(ServiceRegion.SAME_CITY, NANJING, (), UNKNOWN, id="says not what it serves"),
        pytest.param(ServiceRegion.SAME_CITY, None, (), UNKNOWN, id="says nothing"),
        pytest.param(ServiceRegion.SAME_CITY, None, ("33",), UNKNOWN, id="says not where it sits"),
        pytest.param(ServiceRegion.SAME_CITY, "320000", ("33",), UNKNOWN, id="names the province"),
        pytest.param(ServiceRegion.SAME_CITY, NANJING, ("320505",), UNKNOWN, id="serves a part"),
        pytest.param(ServiceRegion.SAME_PROVINCE, NANJING, ("3201",), MET, id="same province"),
        pytest.param(ServiceRegion.SAME_PROVINCE, HANGZHOU, ("33",), UNMET, id="other province"),
        pytest.param(ServiceRegion.SAME_MACRO, HANGZHOU, ("33",), MET, id="same macro"),
        pytest.param(ServiceRegion.SAME_MACRO, SHENZHEN, ("44",), UNMET, id="other macro"),
    ],
)
def test_service_region_is_met_by_place_or_by_what_is_served(
    wanted: ServiceRegion, place: str | None, served: tuple[str, ...], outcome: RuleOutcome
) -> None:
    demand = make_demand(region_code=SUZHOU, service_region=wanted)
    result = _only(demand, region_code=place, service_regions=served)
    assert (result.rule_id, result.outcome) == ("demand.service_region", outcome)


def test_demand_that_names_a_province_excludes_none_of_its_cities() -> None:
    demand = make_demand(region_code="320000", service_region=ServiceRegion.SAME_CITY)
    assert _only(demand, region_code=SUZHOU, service_regions=("33",)).outcome == UNKNOWN
    assert _only(demand, region_code=HANGZHOU, service_regions=("33",)).outcome == UNMET


def test_service_region_without_place_of_the_demand_is_no_rule() -> None:
    demand = make_demand(service_region=ServiceRegion.SAME_CITY)
    assert CHECKER.check(demand, Profile("机构", region_code=SUZHOU)) == ()


@pytest.mark.parametrize(("team", "outcome"), [(None, UNKNOWN), (4, UNMET), (5, MET), (6, MET)])
def test_staff_count_compares_the_team(team: int | None, outcome: RuleOutcome) -> None:
    assert _condition(RequirementKind.STAFF_COUNT, 5, team_total=team).outcome == outcome


@pytest.mark.parametrize(
    ("years", "analysts", "outcome"),
    [
        (3, None, UNKNOWN),
        (3, 0, UNMET),
        (3, 2, MET),
        (2, 2, MET),
        pytest.param(2, 0, UNKNOWN, id="none of three years may be some of two"),
        pytest.param(5, 4, UNKNOWN, id="three years prove no five"),
        pytest.param(5, 0, UNKNOWN, id="none of three years and five asked"),
    ],
)
def test_analyst_years_are_proved_by_three(
    years: int, analysts: int | None, outcome: RuleOutcome
) -> None:
    text = f"{years}年以上专利稳定性分析经验"
    result = _condition(RequirementKind.ANALYST_YEARS, years, text, analysts_stability_3y=analysts)
    assert result.outcome == outcome


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("3年以上专利导航经验", UNKNOWN),
        ("3年以上侵权分析经验", UNMET),
        ("3年以上专利稳定性分析经验", UNMET),
    ],
)
def test_no_analysts_in_stability_disprove_that_experience_alone(
    text: str, outcome: RuleOutcome
) -> None:
    result = _condition(RequirementKind.ANALYST_YEARS, 3, text, analysts_stability_3y=0)
    assert result.outcome == outcome


@pytest.mark.parametrize(("known", "outcome"), [(4, UNKNOWN), (5, MET)])
def test_sum_of_roles_proves_enough_and_never_too_few(known: int, outcome: RuleOutcome) -> None:
    assert _condition(RequirementKind.STAFF_COUNT, 5, team_at_least=known).outcome == outcome


@pytest.mark.parametrize(
    ("wanted", "cases", "outcome"),
    [
        (None, (("IND.PATH",),), MET),
        (2, (("IND.PATH",), ("ENT.IPO", "IND.PATH"), ("ENT.IPO",)), MET),
        (2, (("IND.PATH",), ("ENT.IPO",)), UNKNOWN),
        (1, (), UNKNOWN),
    ],
)
def test_too_few_cases_on_record_prove_nothing(
    wanted: int | None, cases: tuple[tuple[str, ...], ...], outcome: RuleOutcome
) -> None:
    result = _condition(RequirementKind.SIMILAR_CASES, wanted, case_scenarios=cases)
    assert result.outcome == outcome


def test_case_in_two_of_the_scenarios_asked_is_one_case() -> None:
    demand = make_demand(
        scenarios=(("ENT.RISK", 0.9), ("ENT.PORT", 0.8)),
        conditions=(Condition(RequirementKind.SIMILAR_CASES, MUST, 2, "同类案例2个"),),
    )
    result = _only(demand, case_scenarios=(("ENT.PORT", "ENT.RISK"),))
    assert result.outcome == UNKNOWN
    assert "案例 1 个" in result.fact


def test_cases_cannot_be_compared_without_scenario() -> None:
    demand = make_demand(conditions=(Condition(RequirementKind.SIMILAR_CASES, MUST, 1, "案例"),))
    result = _only(demand, case_scenarios=(("ENT.IPO",),))
    assert result.outcome == UNKNOWN
    assert "没有标注" in result.fact


@pytest.mark.parametrize(
    ("held", "outcome", "word"),
    [
        (None, UNKNOWN, "未登记"),
        ((Credential(CredentialType.ISO),), UNKNOWN, "未登记"),
        ((Credential(CredentialType.STAR_GRADE),), MET, "自行填报"),
        ((Credential(CredentialType.STAR_GRADE, verified=True),), MET, "经核验"),
        ((Credential(CredentialType.STAR_GRADE, valid_to="2026-11-25"),), MET, "已登记"),
        ((Credential(CredentialType.STAR_GRADE, valid_to="2026-11-24"),), UNMET, "过期"),
        (
            (
                Credential(CredentialType.STAR_GRADE, valid_to="2020-01-01", verified=True),
                Credential(CredentialType.STAR_GRADE, valid_to="2030-01-01"),
            ),
            MET,
            "自行填报",
        ),
    ],
)
def test_credential_counts_while_it_is_valid(
    held: tuple[Credential, ...] | None, outcome: RuleOutcome, word: str
) -> None:
    result = _condition(RequirementKind.CREDENTIAL, "star_grade", credentials=held)
    assert result.outcome == outcome
    assert word in result.fact


@pytest.mark.parametrize(
    ("kind", "text", "level", "outcome"),
    [
        ("star_grade", "须为五星级机构", "三星", UNMET),
        ("star_grade", "须为五星级机构", "五星级", MET),
        ("star_grade", "须为五星级机构", None, UNKNOWN),
        ("other", "须有律师资格", "专利分析师", UNKNOWN),
        ("other", "须有律师资格", "律师资格", MET),
    ],
)
def test_credential_is_of_the_level_or_name_asked_for(
    kind: str, text: str, level: str | None, outcome: RuleOutcome
) -> None:
    held = (Credential(kind, level, verified=True),)
    result = _condition(RequirementKind.CREDENTIAL, kind, text, credentials=held)
    assert result.outcome == outcome


def test_expired_credential_of_another_name_disproves_nothing() -> None:
    held = (Credential(CredentialType.OTHER, "专利分析师", valid_to="2020-01-01"),)
    result = _condition(RequirementKind.CREDENTIAL, "other", "须有律师资格", credentials=held)
    assert result.outcome == UNKNOWN


@pytest.mark.parametrize(
    ("languages", "outcome"), [(None, UNKNOWN), (("zh", "en"), MET), (("zh",), UNMET)]
)
def test_language_is_looked_up(languages: tuple[str, ...] | None, outcome: RuleOutcome) -> None:
    assert _condition(RequirementKind.LANGUAGE, "en", languages=languages).outcome == outcome


@pytest.mark.parametrize(("ready", "outcome"), [(None, UNKNOWN), (True, MET), (False, UNMET)])
def test_secrecy_follows_what_the_provider_says(ready: bool | None, outcome: RuleOutcome) -> None:
    assert _condition(RequirementKind.SECRECY, nda_ready=ready).outcome == outcome


@pytest.mark.parametrize(
    ("kind", "field"),
    [(RequirementKind.DATA, "data_resources"), (RequirementKind.TOOL, "tools")],
)
@pytest.mark.parametrize(
    ("listed", "outcome"),
    [
        (None, UNKNOWN),
        (("海关数据",), UNKNOWN),
        (("INCOPAT专利库", "海关数据"), MET),
        pytest.param(("",), UNKNOWN, id="a name left empty"),
        pytest.param(("Pat",), UNKNOWN, id="a part of the name asked for"),
        pytest.param(("i",), UNKNOWN, id="a name too short"),
    ],
)
def test_list_proves_what_it_names_and_nothing_else(
    kind: RequirementKind, field: str, listed: tuple[str, ...] | None, outcome: RuleOutcome
) -> None:
    facts: dict[str, Any] = {field: listed}
    assert _condition(kind, "incoPat", **facts).outcome == outcome


@pytest.mark.parametrize(
    ("value", "here", "outcome"),
    [
        ("same_city", "320505", MET),
        ("same_city", NANJING, UNKNOWN),
        ("same_province", NANJING, MET),
        (None, "320505", MET),
        (SUZHOU, "320505", MET),
        ("320505", "320506", MET),
        ("32", NANJING, MET),
        ("M:YRD", HANGZHOU, MET),
        ("32", HANGZHOU, UNKNOWN),
        (SUZHOU, None, UNKNOWN),
    ],
)
def test_local_presence_is_met_nearby_and_never_unmet(
    value: str | None, here: str | None, outcome: RuleOutcome
) -> None:
    assert _condition(RequirementKind.REGION, value, region_code=here).outcome == outcome


def test_local_presence_without_any_place_is_unknown() -> None:
    result = _condition(RequirementKind.REGION, "same_city", region_code=SUZHOU, demand_region=None)
    assert result.outcome == UNKNOWN


def test_other_requirements_are_left_to_people() -> None:
    result = _condition(RequirementKind.OTHER, "expertise", text="熟悉轴承的团队")
    assert (result.outcome, result.title) == (UNKNOWN, "熟悉轴承的团队")
    assert result.fact == "由登记信息无法判断"


def test_results_keep_strength_and_wording_of_the_demand() -> None:
    condition = Condition(RequirementKind.STAFF_COUNT, PREFER, 5, "团队5人以上优先")
    result = _only(make_demand(conditions=(condition,)), team_total=2)
    assert (result.strength, result.title) == (PREFER, "团队5人以上优先")


def _result(strength: RequirementStrength, outcome: RuleOutcome) -> RuleResult:
    return RuleResult("r", "标题", strength, outcome, "事实", "出处")


@pytest.mark.parametrize(
    ("results", "worst"),
    [
        ([], MET),
        ([(MUST, MET)], MET),
        ([(MUST, MET), (MUST, UNKNOWN)], UNKNOWN),
        ([(MUST, UNMET), (MUST, UNKNOWN)], UNMET),
        pytest.param([(PREFER, UNMET), (MUST, MET)], MET, id="a wish excludes nobody"),
        pytest.param([(PREFER, UNKNOWN)], MET, id="an open wish costs nothing"),
    ],
)
def test_worst_outcome_looks_at_musts_alone(
    results: list[tuple[RequirementStrength, RuleOutcome]], worst: RuleOutcome
) -> None:
    assert worst_must([_result(*pair) for pair in results]) == worst


@pytest.mark.parametrize(("analysts", "outcome"), [(1, UNMET), (2, MET), (None, UNKNOWN)])
def test_number_of_experienced_analysts_counts(analysts: int | None, outcome: RuleOutcome) -> None:
    text = "三年以上侵权风险分析人员不少于两名"
    result = _condition(RequirementKind.ANALYST_YEARS, 3, text, analysts_stability_3y=analysts)
    assert result.outcome == outcome
