"""A change of the taxonomy is in force at once, everywhere, and nothing is lost."""

import json
from dataclasses import replace

import pytest

from api.taxonomies.changing import MAX_SCENARIOS, Taxonomies
from models import taxonomies
from models.audit import AuditEvent
from models.database import Database
from models.errors import ConflictError, InvalidInputError, NotFoundError
from models.taxonomy import Scenario, ScenarioTaxonomy
from models.taxonomy_version import TaxonomyVersion
from models.vocabulary.access import AuditAction
from models.vocabulary.taxonomy import TaxonomyAct

SEP = Scenario(
    code="ENT.SEP",
    zh="标准必要专利导航",
    en="",
    definition="围绕技术标准识别标准必要专利，评估许可费率。",
    parent="ENT",
    origin="own",
    triggers=("标准必要专利", "FRAND"),
    examples=("梳理5G标准必要专利，判断要付多少许可费。",),
)


@pytest.fixture
def live() -> ScenarioTaxonomy:
    return ScenarioTaxonomy.load()


@pytest.fixture
def ours(database: Database, live: ScenarioTaxonomy) -> Taxonomies:
    return Taxonomies(database, live, lambda: None)


def test_added_code_is_in_force_here_and_in_another_worker(
    database: Database, ours: Taxonomies, live: ScenarioTaxonomy
) -> None:
    elsewhere = ScenarioTaxonomy.load()
    names = elsewhere.names()
    theirs = Taxonomies(database, elsewhere, lambda: None)

    ours.add(SEP)
    theirs.refresh()

    for taxonomy in (live, elsewhere):
        assert taxonomy.get("ENT.SEP") == SEP
        assert taxonomy.version == "draft-1+1"
        assert len(taxonomy.offered) == 36
    assert names["ENT.SEP"] == "标准必要专利导航"  # whoever held the names sees the new one


def test_versions_say_what_was_done_by_whom(database: Database, ours: Taxonomies) -> None:
    ours.add(SEP)
    ours.change(replace(SEP, zh="标准必要专利"))
    ours.retire("ENT.SEP")

    made = ours.versions()

    assert [(v.number, v.act, v.code, v.made_by) for v in made] == [
        (3, TaxonomyAct.RETIRE, "ENT.SEP", "test"),
        (2, TaxonomyAct.CHANGE, "ENT.SEP", "test"),
        (1, TaxonomyAct.ADD, "ENT.SEP", "test"),
    ]
    with database.read() as session:
        events = session.query(AuditEvent).order_by(AuditEvent.number).all()
    assert [(e.action, e.entity, e.entity_id) for e in events[-3:]] == [
        (AuditAction.CREATE, "taxonomy", "ENT.SEP"),
        (AuditAction.UPDATE, "taxonomy", "ENT.SEP"),
        (AuditAction.DELETE, "taxonomy", "ENT.SEP"),
    ]


def test_retired_code_keeps_its_name_and_is_offered_no_more(
    ours: Taxonomies, live: ScenarioTaxonomy
) -> None:
    ours.retire("ENT.RISK")
    assert live.name("ENT.RISK") == "专利风险预警与海外风险"
    assert "ENT.RISK" not in {s.code for s in (*live.offered, *live.children("ENT"))}
    with pytest.raises(ConflictError):
        ours.retire("ENT.RISK")


def test_retired_code_may_come_back(ours: Taxonomies, live: ScenarioTaxonomy) -> None:
    ours.add(SEP)
    ours.retire("ENT.SEP")
    ours.add(SEP)
    assert SEP in live.offered


@pytest.mark.parametrize(
    ("scenario", "error"),
    [
        (replace(SEP, code="ENT.RISK"), ConflictError),
        (replace(SEP, code="XYZ.SEP", parent="XYZ"), InvalidInputError),
        (replace(SEP, parent=None), InvalidInputError),
    ],
    ids=["taken", "unknown field", "no field"],
)
def test_code_that_does_not_fit_is_refused(
    ours: Taxonomies, live: ScenarioTaxonomy, scenario: Scenario, error: type[Exception]
) -> None:
    with pytest.raises(error):
        ours.add(scenario)
    assert (live.version, ours.versions()) == ("draft-1", [])


@pytest.mark.parametrize("code", ["ENT.NONE", "OTH"])
def test_what_is_not_there_can_be_neither_changed_nor_retired(ours: Taxonomies, code: str) -> None:
    with pytest.raises(NotFoundError):
        ours.retire(code)
    with pytest.raises(NotFoundError):
        ours.change(replace(SEP, code=code))


def test_what_was_exported_can_be_taken_over(ours: Taxonomies, live: ScenarioTaxonomy) -> None:
    ours.add(SEP)
    content = json.loads(json.dumps(live.to_json()))
    before = live.level2
    ours.take_over(content)
    assert (live.level2, live.version) == (before, "draft-1+2")


def test_import_retires_what_it_leaves_out(ours: Taxonomies, live: ScenarioTaxonomy) -> None:
    content = live.to_json()
    content["level2"] = [s for s in content["level2"] if s["code"] != "ENT.RISK"]
    ours.take_over(content)
    risk = live.get("ENT.RISK")
    assert risk is not None
    assert risk.retired
    assert len(live.level2) == 35


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"version": "1", "level1": [], "level2": [{"code": 1}], "reject": {}},
        {"version": "1", "level1": "x", "level2": [], "reject": None},
        {
            "version": "1",
            "level1": [],
            "level2": [],
            "reject": {"code": "NIX", "zh": "x", "en": "x", "definition": "x"},
        },
    ],
    ids=["empty", "no fields", "no lists", "other reject class"],
)
def test_content_that_is_no_taxonomy_is_refused(
    ours: Taxonomies, live: ScenarioTaxonomy, content: dict[str, object]
) -> None:
    with pytest.raises(InvalidInputError):
        ours.take_over(content)
    assert live.version == "draft-1"


def test_too_many_codes_are_refused(ours: Taxonomies, live: ScenarioTaxonomy) -> None:
    content = live.to_json()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    codes = [f"ENT.X{a}{b}" for a in letters for b in letters][: MAX_SCENARIOS - 34]
    content["level2"] += [{**content["level2"][0], "code": c, "parent": "ENT"} for c in codes]
    with pytest.raises(ConflictError):
        ours.take_over(content)


def test_damaged_version_leaves_the_one_held(
    database: Database, ours: Taxonomies, live: ScenarioTaxonomy
) -> None:
    ours.add(SEP)
    with database.write() as session:
        session.add(TaxonomyVersion(number=2, act=TaxonomyAct.IMPORT, content={"version": "x"}))
    ours.refresh()
    assert live.version == "draft-1+1"


def test_two_who_change_at_once_do_not_overwrite_each_other(database: Database) -> None:
    with database.write() as session:
        taxonomies.add_version(session, 1, TaxonomyAct.ADD, "ENT.SEP", {})
    with pytest.raises(ConflictError), database.write() as session:
        taxonomies.add_version(session, 1, TaxonomyAct.ADD, "ENT.SEQ", {})
