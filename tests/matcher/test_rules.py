"""The catalogue of rules names every rule the checker can apply, and no other."""

from indexer.types import Condition
from matcher.check import EligibilityChecker
from matcher.rules import RULES
from models.vocabulary.demand import RequirementKind, RequirementStrength, ServiceRegion
from tests.factories import REGIONS, TODAY, make_demand


def test_catalogue_names_every_rule_once() -> None:
    demand = make_demand(
        scenarios=(("ENT.IPO", 0.9),),
        region_code="320500",
        service_region=ServiceRegion.SAME_CITY,
        conditions=tuple(
            Condition(kind, RequirementStrength.MUST, None, "条款") for kind in RequirementKind
        ),
    )
    applied = EligibilityChecker(REGIONS, TODAY.isoformat()).check(demand, None)
    named = [rule.rule_id for rule in RULES]
    assert sorted(named) == sorted(result.rule_id for result in applied)
    assert len(set(named)) == len(named)


def test_every_description_is_one_of_its_own() -> None:
    assert len({rule.title for rule in RULES}) == len(RULES)
    assert len({rule.description for rule in RULES}) == len(RULES)
    assert all("待核实" in rule.description for rule in RULES)
