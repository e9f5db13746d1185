"""The scenario taxonomy is complete, consistent and looked up by code."""

import pytest

from models.taxonomy import Scenario, ScenarioField, ScenarioTaxonomy

FIELD = ScenarioField("ENT", "企业经营类", "Enterprise", "…")
RISK = Scenario("ENT.RISK", "风险预警", "Risk", "…", parent="ENT")
REJECT = Scenario("OTH", "其他", "Other", "…")


@pytest.fixture(scope="module")
def taxonomy() -> ScenarioTaxonomy:
    return ScenarioTaxonomy.load()


def test_load_holds_eight_fields_and_35_scenarios(taxonomy: ScenarioTaxonomy) -> None:
    assert len(taxonomy.level1) == 8
    assert len(taxonomy.level2) == 35
    assert taxonomy.reject.code == "OTH"


def test_every_scenario_code_starts_with_its_field(taxonomy: ScenarioTaxonomy) -> None:
    assert all(s.code.startswith(f"{s.parent}.") for s in taxonomy.level2)


def test_every_scenario_has_words_and_examples(taxonomy: ScenarioTaxonomy) -> None:
    for scenario in (*taxonomy.level2, taxonomy.reject):
        assert scenario.definition
        assert len(scenario.triggers) >= 10
        assert len(scenario.examples) >= 5


def test_get_known_code_gives_scenario(taxonomy: ScenarioTaxonomy) -> None:
    scenario = taxonomy.get("ENT.MAEVAL")
    assert scenario is not None
    assert (scenario.zh, scenario.parent, scenario.origin) == ("投资并购对象评估", "ENT", "std")


@pytest.mark.parametrize("code", ["ENT", "ENT.NONE", ""])
def test_get_other_code_gives_none(taxonomy: ScenarioTaxonomy, code: str) -> None:
    assert taxonomy.get(code) is None


def test_children_of_field_keep_the_order(taxonomy: ScenarioTaxonomy) -> None:
    assert [s.code for s in taxonomy.children("TAL")] == ["TAL.SELECT", "TAL.EVAL", "TAL.RISK"]


def test_name_covers_both_levels_and_strangers(taxonomy: ScenarioTaxonomy) -> None:
    assert taxonomy.name("TAL") == "人才管理类"
    assert taxonomy.name("TAL.EVAL") == "人才评价"
    assert taxonomy.name("NONE") == "NONE"
    assert len(taxonomy.names()) == 8 + 35 + 1


def test_code_standing_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        ScenarioTaxonomy("1", [FIELD], [RISK, RISK], REJECT)


def test_unknown_field_is_refused() -> None:
    stray = Scenario("XXX.ONE", "无", "None", "…", parent="XXX")
    with pytest.raises(ValueError, match="does not exist"):
        ScenarioTaxonomy("1", [FIELD], [stray], REJECT)
