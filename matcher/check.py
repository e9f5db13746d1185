"""Eligibility: rules with three outcomes. A fact nobody stated is unknown, never met."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.annotate.requirement import asked_heads
from indexer.types import NATION, Condition, Document, Profile
from matcher.levels import reaches
from matcher.types import RuleResult
from models.regions import RegionRelation, RegionTable
from models.vocabulary.demand import RequirementKind, RequirementStrength, ServiceRegion
from models.vocabulary.matching import RuleOutcome
from models.vocabulary.organisation import CredentialType

RULES_VERSION: Final = "3"

ANALYST_SCENARIOS: Final = frozenset({"ENT.MAEVAL", "ENT.IPO", "ENT.INTRO", "ENT.PRODUCT"})
"""Scenarios for which GB/T 39551.4-2020, 4.2 asks for experienced analysts."""

SURE_ENOUGH: Final = 0.5
"""Confidence from which a scenario tag switches a rule on."""

MIN_NAME_CHARS: Final = 2
"""A data source or tool with a shorter name proves nothing."""

_ANALYST_WORK: Final = ("稳定性", "侵权")
"""What the analysts a provider states are experienced in."""

_SECRECY_LABEL: Final = "保密承诺"
_REGION_TITLES: Final = {
    ServiceRegion.SAME_CITY: "需在同一城市服务",
    ServiceRegion.SAME_PROVINCE: "需在同一省份服务",
    ServiceRegion.SAME_MACRO: "需在同一区域板块服务",
}
_NEAR_ENOUGH: Final[dict[str, set[RegionRelation]]] = {
    ServiceRegion.SAME_CITY: {RegionRelation.SAME_CITY},
    ServiceRegion.SAME_PROVINCE: {RegionRelation.SAME_CITY, RegionRelation.SAME_PROVINCE},
    ServiceRegion.SAME_MACRO: {
        RegionRelation.SAME_CITY,
        RegionRelation.SAME_PROVINCE,
        RegionRelation.SAME_MACRO,
    },
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check of one condition found."""

    outcome: RuleOutcome
    fact: str


class EligibilityChecker:
    """Checks a provider against a demand, whichever of the two asked."""

    def __init__(self, regions: RegionTable, today: str) -> None:
        self._regions = regions
        self._today = today

    def check(self, demand: Document, profile: Profile | None) -> tuple[RuleResult, ...]:
        """Return the outcome of every rule that applies to this pair, in a fixed order."""
        known = profile if profile is not None else Profile(name="")
        results = [
            self._check_analysts(demand, known),
            self._check_region(demand, known),
            *(self._check_condition(c, demand, known) for c in demand.conditions),
        ]
        return tuple(r for r in results if r is not None)

    def _check_analysts(self, demand: Document, profile: Profile) -> RuleResult | None:
        """GB/T 39551.4-2020, 4.2: analysts with 3+ years in stability and infringement risk."""
        applies = [
            code
            for code, confidence in demand.scenarios
            if code in ANALYST_SCENARIOS and confidence >= SURE_ENOUGH
        ]
        if not applies:
            return None
        found = _at_least(profile.analysts_stability_3y, 1, "符合年限的分析人员", "名")
        return RuleResult(
            rule_id="standard.39551_4.4_2",
            title="分析人员应有 3 年以上专利稳定性和侵权风险分析经验",
            strength=RequirementStrength.MUST,
            outcome=found.outcome,
            fact=found.fact,
            source=f"GB/T 39551.4-2020 第 4.2 条（适用于 {'、'.join(applies)}）；机构登记信息",
        )

    def _check_region(self, demand: Document, profile: Profile) -> RuleResult | None:
        if demand.service_region == ServiceRegion.ANY or demand.region_code is None:
            return None
        found = self._region_finding(demand, profile)
        return RuleResult(
            rule_id="demand.service_region",
            title=_REGION_TITLES[demand.service_region],
            strength=RequirementStrength.MUST,
            outcome=found.outcome,
            fact=found.fact,
            source="需求的服务地域要求；机构登记的所在地和服务区域",
        )

    def _region_finding(self, demand: Document, profile: Profile) -> Finding:
        served = profile.service_regions
        code = demand.region_code or ""
        if NATION in served:
            return Finding(RuleOutcome.MET, "登记为服务全国")
        if any(self._regions.is_within(code, area) for area in served):
            return Finding(RuleOutcome.MET, "需求所在地在登记的服务区域内")
        outcome = self._nearness(code, profile.region_code, demand.service_region)
        if outcome == RuleOutcome.MET:
            return Finding(RuleOutcome.MET, "机构所在地符合要求")
        if any(self._regions.is_within(area, code) for area in served):
            return Finding(RuleOutcome.UNKNOWN, "登记的服务区域只含需求所在地的一部分")
        if profile.region_code is None:
            what = "所在地，登记的服务区域不含需求所在地" if served else "所在地和服务区域"
            return Finding(RuleOutcome.UNKNOWN, f"机构未登记{what}")
        if outcome == RuleOutcome.UNKNOWN:
            return Finding(RuleOutcome.UNKNOWN, "一方的所在地登记得不够具体")
        if served:
            return Finding(RuleOutcome.UNMET, "所在地和登记的服务区域都不含需求所在地")
        return Finding(RuleOutcome.UNKNOWN, "机构在外地，未登记服务区域")

    def _nearness(self, a: str, b: str | None, wanted: ServiceRegion) -> RuleOutcome:
        """Return whether two places lie as near as wanted; unknown where one is too wide to say."""
        relation = self._regions.relation(a, b)
        if b is None or relation == RegionRelation.UNKNOWN:
            return RuleOutcome.UNKNOWN
        if relation in _NEAR_ENOUGH[wanted]:
            return RuleOutcome.MET
        holds_other = self._regions.is_within(a, b) or self._regions.is_within(b, a)
        return RuleOutcome.UNKNOWN if holds_other else RuleOutcome.UNMET

    def _check_condition(
        self, condition: Condition, demand: Document, profile: Profile
    ) -> RuleResult:
        if condition.kind == RequirementKind.REGION:
            finding = self._local_finding(condition, demand, profile)
        else:
            check = _CHECKS.get(condition.kind, _cannot_check)
            finding = check(condition, demand, profile, self._today)
        return RuleResult(
            rule_id=f"demand.{condition.kind}",
            title=condition.text,
            strength=condition.strength,
            outcome=finding.outcome,
            fact=finding.fact,
            source="需求原文；机构登记信息",
        )

    def _local_finding(self, condition: Condition, demand: Document, profile: Profile) -> Finding:
        """A condition on where the provider sits: a named region, or one as near as said.

        A provider elsewhere may keep an office there, so it never fails.
        """
        scope = str(condition.value or ServiceRegion.SAME_CITY)
        wanted = ServiceRegion(scope) if scope in _NEAR_ENOUGH else ServiceRegion.SAME_CITY
        place = demand.region_code if scope in _NEAR_ENOUGH else scope
        here = profile.region_code
        if place is None or here is None:
            return Finding(RuleOutcome.UNKNOWN, "机构所在地或要求的地区不明")
        outcome = self._nearness(place, here, wanted)
        is_inside = scope not in _NEAR_ENOUGH and self._regions.is_within(here, place)
        if outcome == RuleOutcome.MET or is_inside:
            return Finding(RuleOutcome.MET, "机构就在要求的地区")
        if outcome == RuleOutcome.UNKNOWN:
            return Finding(RuleOutcome.UNKNOWN, "机构所在地或要求的地区不够具体")
        return Finding(RuleOutcome.UNKNOWN, "机构所在地不在要求的地区，是否有驻点待核实")


def worst_must(results: Sequence[RuleResult]) -> RuleOutcome:
    """Return the worst outcome among the rules that must hold; met when there is none."""
    outcomes = {r.outcome for r in results if r.strength == RequirementStrength.MUST}
    for outcome in (RuleOutcome.UNMET, RuleOutcome.UNKNOWN):
        if outcome in outcomes:
            return outcome
    return RuleOutcome.MET


def _at_least(found: int | None, wanted: int, what: str, unit: str) -> Finding:
    if found is None:
        return Finding(RuleOutcome.UNKNOWN, f"机构未填报{what}")
    outcome = RuleOutcome.MET if found >= wanted else RuleOutcome.UNMET
    return Finding(outcome, f"机构填报{what} {found} {unit}，要求不少于 {wanted} {unit}")


def _check_staff(condition: Condition, demand: Document, profile: Profile, today: str) -> Finding:
    """A total stated compares; a sum of the roles named proves enough, never too few."""
    wanted, known = _number(condition, 1), profile.team_at_least
    if profile.team_total is not None or known is None:
        return _at_least(profile.team_total, wanted, "团队人数", "人")
    fact = f"机构未填报总人数，已填报的各岗位合计 {known} 人，要求不少于 {wanted} 人"
    return Finding(RuleOutcome.MET if known >= wanted else RuleOutcome.UNKNOWN, fact)


def _check_years(condition: Condition, demand: Document, profile: Profile, today: str) -> Finding:
    """Analysts of 3 years prove fewer years; too few disprove 3 in the work counted alone."""
    wanted, found = _number(condition, 3), profile.analysts_stability_3y
    too_few = found is not None and found < asked_heads(condition.text)
    if wanted > 3 or (wanted < 3 and too_few):
        return Finding(RuleOutcome.UNKNOWN, f"机构只填报 3 年以上人数，{wanted} 年以上的待核实")
    if too_few and not any(work in condition.text for work in _ANALYST_WORK):
        return Finding(RuleOutcome.UNKNOWN, "机构只填报稳定性和侵权分析的人数，其他经验待核实")
    return _at_least(found, asked_heads(condition.text), "3 年以上分析人员", "名")


def _check_cases(condition: Condition, demand: Document, profile: Profile, today: str) -> Finding:
    """Cases on record prove experience; too few of them prove nothing."""
    if not demand.scenarios:
        return Finding(RuleOutcome.UNKNOWN, "需求的应用场景没有标注，无法核对同类案例")
    codes = {code for code, _ in demand.scenarios}
    similar = profile.count_cases(codes)
    wanted = _number(condition, 1)
    fact = f"平台登记同场景案例 {similar} 个，要求 {wanted} 个"
    if similar >= wanted:
        return Finding(RuleOutcome.MET, fact)
    return Finding(RuleOutcome.UNKNOWN, f"{fact}，其余待机构举证")


def _check_credential(
    condition: Condition, demand: Document, profile: Profile, today: str
) -> Finding:
    held = [c for c in profile.credentials or () if c.type == condition.value]
    valid = [c for c in held if c.valid_to is None or c.valid_to >= today]
    enough = [c for c in valid if reaches(c, condition.text)]
    if any(c.verified for c in enough):
        return Finding(RuleOutcome.MET, "机构已登记该类资质，且经核验")
    if enough:
        return Finding(RuleOutcome.MET, "机构已登记该类资质（自行填报）")
    if valid and all(reaches(c, condition.text) is False for c in valid):
        return Finding(RuleOutcome.UNMET, "机构登记的该类资质没有达到要求的等级")
    if valid:
        return Finding(RuleOutcome.UNKNOWN, "机构登记有该类资质，是否为要求的一种待核实")
    if held and condition.value != CredentialType.OTHER:
        return Finding(RuleOutcome.UNMET, f"机构登记的该类资质已于 {held[0].valid_to} 过期")
    return Finding(RuleOutcome.UNKNOWN, "机构未登记该类资质")


def _check_language(
    condition: Condition, demand: Document, profile: Profile, today: str
) -> Finding:
    if profile.languages is None or condition.value is None:
        return Finding(RuleOutcome.UNKNOWN, "机构未登记工作语言")
    if condition.value in profile.languages:
        return Finding(RuleOutcome.MET, "机构登记的工作语言符合")
    return Finding(RuleOutcome.UNMET, "机构登记的工作语言中没有要求的语言")


def _check_secrecy(condition: Condition, demand: Document, profile: Profile, today: str) -> Finding:
    if profile.nda_ready is None:
        return Finding(RuleOutcome.UNKNOWN, f"机构未说明能否作出{_SECRECY_LABEL}")
    if profile.nda_ready:
        return Finding(RuleOutcome.MET, f"机构登记可作出{_SECRECY_LABEL}")
    return Finding(RuleOutcome.UNMET, f"机构登记不作{_SECRECY_LABEL}")


def _check_inventory(
    condition: Condition, demand: Document, profile: Profile, today: str
) -> Finding:
    """Data and tools: a name in the list proves it, its absence proves nothing."""
    listed = profile.data_resources if condition.kind == RequirementKind.DATA else profile.tools
    wanted = str(condition.value or "").lower()
    names = [name.lower() for name in listed or () if len(name) >= MIN_NAME_CHARS]
    if wanted and any(wanted in name for name in names):
        return Finding(RuleOutcome.MET, f"机构登记有“{condition.value}”")
    return Finding(RuleOutcome.UNKNOWN, "机构登记信息中未见")


def _cannot_check(condition: Condition, demand: Document, profile: Profile, today: str) -> Finding:
    return Finding(RuleOutcome.UNKNOWN, "由登记信息无法判断")


def _number(condition: Condition, otherwise: int) -> int:
    return condition.value if isinstance(condition.value, int) else otherwise


_CHECKS: Final[dict[RequirementKind, Callable[[Condition, Document, Profile, str], Finding]]] = {
    RequirementKind.STAFF_COUNT: _check_staff,
    RequirementKind.ANALYST_YEARS: _check_years,
    RequirementKind.SIMILAR_CASES: _check_cases,
    RequirementKind.CREDENTIAL: _check_credential,
    RequirementKind.LANGUAGE: _check_language,
    RequirementKind.SECRECY: _check_secrecy,
    RequirementKind.DATA: _check_inventory,
    RequirementKind.TOOL: _check_inventory,
}
