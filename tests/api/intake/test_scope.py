"""What is no navigation demand is not on offer, whenever that is said."""

from typing import Any

import pytest

from api.intake.scope import Scope, first_state, scope_of
from api.schemas import examples
from models.tag import NONE, TagAssignment
from models.vocabulary.demand import DemandState
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import Scheme, TagSource
from tests.api.conftest import Running

OTHER_TEXT = "采购专利申请代理服务，代理两件发明和六件实用新型专利的申请，并代缴三年年费。"


def tag(code: str, source: TagSource, confidence: float) -> TagAssignment:
    return TagAssignment(
        entity=Entity.DEMAND,
        entity_id="dm_1",
        scheme=Scheme.SCENARIO,
        scheme_version="1",
        code=code,
        source=source,
        confidence=confidence,
    )


def n_findable(running: Running) -> int:
    """Number of demands the index offers to a provider."""
    running.index()
    query = {"direction": "p2d", "text": {"text": examples.CAPABILITY["description"]}}
    answer = running.post("/v1/match", {"queries": {"q": query}}, 200)["responses"]["q"]
    return len(answer["answer"]["matches"])


def put_tags(running: Running, demand: dict[str, Any], **codes: object) -> dict[str, Any]:
    path = f"/v1/demands/{demand['id']}"
    version = running.get(path)["version"]
    response = running.client.put(f"{path}/tags", json={"version": version, **codes})
    assert response.status_code == 200, response.text
    return running.get(path)


@pytest.mark.parametrize(
    ("tags", "scope"),
    [
        ([("ENT.RISK", TagSource.AUTO, 0.9)], Scope.IN),
        ([("OTH", TagSource.AUTO, 0.8)], Scope.OUT),
        ([("OTH", TagSource.AUTO, 0.79)], Scope.UNSURE),
        ([("OTH", TagSource.HUMAN, 1.0)], Scope.OUT),
        ([("OTH", TagSource.AUTO, 1.0), ("ENT.RISK", TagSource.HUMAN, 1.0)], Scope.IN),
        ([("OTH", TagSource.AUTO, 1.0), (NONE, TagSource.HUMAN, 1.0)], Scope.IN),
    ],
)
def test_scope_follows_the_tags_that_count(
    tags: list[tuple[str, TagSource, float]], scope: Scope
) -> None:
    assert scope_of(tag(*values) for values in tags) == scope


def test_unsure_demand_begins_as_a_draft() -> None:
    assert first_state(Scope.UNSURE, publish=True) == DemandState.DRAFT


def test_published_demand_a_person_tags_as_other_is_rejected(running: Running) -> None:
    demand = running.demand()
    assert n_findable(running) == 1
    changed = put_tags(running, demand, scenarios=["OTH"])
    assert changed["state"] == "rejected"
    assert changed["quality"]["routing_hint"]
    assert changed["version"] == demand["version"] + 1
    assert n_findable(running) == 0
    assert put_tags(running, demand, scenarios=["ENT.RISK"])["quality"]["routing_hint"] is None


def test_published_demand_edited_into_something_else_is_rejected(running: Running) -> None:
    text = "需要对碳化硅功率模块出口做专利侵权风险排查，给出规避设计建议，提交分析报告。"
    demand = running.demand(scenario_tags=None, decision_question=None, description=text)
    assert demand["state"] == "published"
    body = {"version": 1, "title": "专利申请代理服务采购", "description": OTHER_TEXT}
    changed = running.client.patch(f"/v1/demands/{demand['id']}", json=body).json()
    assert changed["state"] == "rejected"
    assert changed["quality"]["routing_hint"]
    assert n_findable(running) == 0


def test_own_example_is_never_rejected_by_words_alone(running: Running) -> None:
    demand = running.post("/v1/demands", examples.DEMAND)
    assert demand["state"] in ("published", "draft")
    assert demand["quality"]["routing_hint"] is None
    if demand["state"] == "draft":
        assert demand["quality"]["needs_confirmation"] is True
        assert "confirm_scope" in [a["code"] for a in demand["quality"]["advice"]]


def test_empty_list_of_a_person_says_none_applies(running: Running) -> None:
    demand = running.demand()
    assert any(t["scheme"] == "sei2018" for t in demand["tags"])
    none = put_tags(running, demand, industries=[])
    assert not any(t["scheme"] == "sei2018" for t in none["tags"])
    listed = running.get("/v1/demands", industry="1.2")
    assert listed["total"]["value"] == 0
    back = put_tags(running, demand, industries=None)
    assert {t["source"] for t in back["tags"] if t["scheme"] == "sei2018"} == {"auto"}


def test_provider_of_the_same_name_leaves_the_organisation_as_it_is(running: Running) -> None:
    name = "某市知识产权保护中心"
    base = running.post(
        "/v1/bases", {**examples.BASE, "name": name, "uscc": None, "region_code": "320500"}
    )
    running.provider(name=name, uscc=None, org_type="enterprise", region_code="110000")
    after = running.get(f"/v1/bases/{base['id']}")
    assert (after["org_type"], after["region_code"]) == (base["org_type"], base["region_code"])
