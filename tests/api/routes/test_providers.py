"""Providers and their capabilities over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from api.schemas import examples
from tests.api.conftest import Running

Refused = Callable[..., dict[str, Any]]

MISSING = "pv_01JZX3V8Q4W6T2N9K7M5R1C0BD"


def test_create_registers_provider_and_capabilities(running: Running) -> None:
    provider = running.provider()
    assert (provider["state"], provider["version"]) == ("active", 1)
    assert provider["region_name"] == "江苏省苏州市"
    assert provider["n_capabilities"] == 1
    assert provider["credentials"][0]["verified_at"] is None
    owned = running.client.get(f"/v1/providers/{provider['id']}/capabilities").json()
    assert owned[0]["title"] == examples.CAPABILITY["title"]
    assert owned[0]["deliverables"] == ["report", "list"]
    assert owned[0]["typical_days"] == {"min": 25, "max": 45}
    assert owned[0]["evidence_level"] == "claimed"


def test_create_leaves_unsaid_facts_unknown(running: Running) -> None:
    provider = running.post("/v1/providers", {"name": "无锡示例公司", "org_type": "agency"})
    assert provider["team"]["total"] is None
    assert provider["nda_ready"] is None
    assert provider["capacity"] is None


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"name": "甲"}, "name", "string_too_short"),
        ({"uscc": "91320500MA1X0000X1"}, "uscc", "check_digit"),
        ({"service_regions": ["nowhere"]}, "service_regions.0", "string_pattern_mismatch"),
        ({"service_regions": ["99"]}, "service_regions", "unknown_region"),
        ({"team": {"analysis": -1}}, "team.analysis", "greater_than_equal"),
        ({"team": {"analysis": 2**31}}, "team.analysis", "less_than_equal"),
        ({"credentials": [{"type": "medal"}]}, "credentials.0.type", "enum"),
        (
            {"credentials": [{"type": "iso", "verified_by": "我"}]},
            "credentials.0",
            "extra_forbidden",
        ),
        ({"preferences": {"scenarios": ["ENT.NONE"]}}, "preferences.scenarios", "unknown_code"),
        (
            {"capabilities": [{**examples.CAPABILITY, "scenario_tags": ["ENT.NONE"]}]},
            "capabilities.0.scenario_tags",
            "unknown_code",
        ),
        ({"capabilities": [examples.CAPABILITY] * 51}, "capabilities", "too_long"),
        ({"verified": True}, "", "extra_forbidden"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_create_refuses_by_field(
    refused: Refused, changes: dict[str, object], field: str, code: str
) -> None:
    problem = refused("POST", "/v1/providers", 422, json={**examples.PROVIDER, **changes})
    assert [(e["field"], e["code"]) for e in problem["errors"]] == [(field, code)]


def test_create_twice_conflicts_and_stores_nothing(running: Running, refused: Refused) -> None:
    running.provider()
    assert refused("POST", "/v1/providers", 409, json=examples.PROVIDER)["code"] == "conflict"
    assert running.get("/v1/providers")["total"]["value"] == 1


def test_deleted_provider_can_register_again(running: Running) -> None:
    first = running.provider(source_ref="甲")
    running.client.delete(f"/v1/providers/{first['id']}")
    again = running.provider(source_ref="甲", intro="重新登记")
    assert again["id"] == first["id"]
    assert again["n_capabilities"] == 1
    assert again["intro"] == "重新登记"


def test_base_and_provider_share_one_organisation(running: Running) -> None:
    name = "苏州示例园区服务中心"
    base = running.post("/v1/bases", {**examples.BASE, "name": name})
    provider = running.provider(name=name, org_type="park")
    assert provider["organisation_id"] == base["organisation_id"]


def test_credit_code_of_another_organisation_conflicts(running: Running, refused: Refused) -> None:
    uscc = "91350100M000100Y43"
    running.provider(uscc=uscc)
    other = running.provider(name="无锡示例公司")
    path = f"/v1/providers/{other['id']}"
    assert refused("PATCH", path, 409, json={"version": 1, "uscc": uscc})["code"] == "conflict"


def test_list_filters_and_pages(running: Running) -> None:
    running.provider()
    running.provider(name="成都示例信息咨询有限公司", region_code="5101")
    assert running.get("/v1/providers", region="5101")["total"]["value"] == 1
    assert running.get("/v1/providers", text="成都")["items"][0]["region_code"] == "510100"
    assert running.get("/v1/providers", state="paused")["items"] == []
    page = running.get("/v1/providers", limit=1)
    assert running.get("/v1/providers", limit=1, cursor=page["next_cursor"])["next_cursor"] is None


def test_change_reaches_the_index_through_its_capabilities(running: Running) -> None:
    demand, provider = running.demand(), running.provider()
    running.index()
    changed = running.client.patch(
        f"/v1/providers/{provider['id']}",
        json={"version": 1, "name": "改名后的示例公司", "team": {"total": 3}},
    ).json()
    assert changed["version"] == 2
    running.index()
    match = running.get(f"/v1/demands/{demand['id']}/matches")
    assert match["matches"] == []
    assert match["n_excluded"] == 1


def test_change_of_an_older_version_conflicts(running: Running, refused: Refused) -> None:
    path = f"/v1/providers/{running.provider()['id']}"
    assert running.client.patch(path, json={"version": 1, "nda_ready": None}).status_code == 200
    refused("PATCH", path, 409, json={"version": 1, "nda_ready": True})


def test_paused_provider_is_not_offered(running: Running, refused: Refused) -> None:
    demand, provider = running.demand(), running.provider()
    path = f"/v1/providers/{provider['id']}"
    running.post(f"{path}/pause", None, 200)
    running.index()
    assert running.get(f"/v1/demands/{demand['id']}/matches")["matches"] == []
    assert refused("GET", f"{path}/matches", 409)["code"] == "state_not_allowed"
    assert running.post(f"{path}/publish", None, 200)["state"] == "active"
    running.index()
    assert len(running.get(f"/v1/demands/{demand['id']}/matches")["matches"]) == 1


def test_withdrawn_provider_takes_no_step(running: Running, refused: Refused) -> None:
    path = f"/v1/providers/{running.provider()['id']}"
    running.post(f"{path}/withdraw", None, 200)
    for step in ("publish", "pause", "withdraw"):
        refused("POST", f"{path}/{step}", 409)


def test_delete_takes_capabilities_and_cases_along(running: Running, refused: Refused) -> None:
    provider = running.provider()
    path = f"/v1/providers/{provider['id']}"
    owned = running.client.get(f"{path}/capabilities").json()[0]
    case = running.case(provider_id=provider["id"])
    assert running.client.delete(path).status_code == 204
    refused("GET", path, 404)
    refused("GET", f"{path}/capabilities", 404)
    refused("GET", f"/v1/capabilities/{owned['id']}", 404)
    refused("GET", f"/v1/cases/{case['id']}", 404)


def test_capability_added_changed_deleted(running: Running, refused: Refused) -> None:
    provider = running.provider(capabilities=[])
    path = f"/v1/providers/{provider['id']}/capabilities"
    added = running.post(path, examples.CAPABILITY)
    place = f"/v1/capabilities/{added['id']}"
    body = {"version": 1, "title": "功率器件风险排查", "any_industry": True}
    changed = running.client.patch(place, json=body).json()
    assert (changed["title"], changed["any_industry"]) == ("功率器件风险排查", True)
    assert changed["human_fields"] == ["any_industry"]
    back = running.client.patch(place, json={"version": 2, "any_industry": None}).json()
    assert back["any_industry"] is False
    refused("PATCH", place, 409, json={"version": 1, "kind": "tool"})
    assert running.client.delete(place).status_code == 204
    refused("GET", place, 404)


def test_capability_backed_by_a_case_says_so(running: Running, refused: Refused) -> None:
    provider, case = running.provider(), running.case()
    path = f"/v1/providers/{provider['id']}/capabilities"
    added = running.post(path, {**examples.CAPABILITY, "case_ids": [case["id"]]})
    assert added["evidence_level"] == "case_backed"
    unknown = {**examples.CAPABILITY, "case_ids": ["cs_01JZX3V8Q4W6T2N9K7M5R1C0BD"]}
    assert refused("POST", path, 422, json=unknown)["errors"][0]["field"] == "case_ids"


def test_capability_of_unknown_provider_is_not_found(refused: Refused) -> None:
    refused("POST", f"/v1/providers/{MISSING}/capabilities", 404, json=examples.CAPABILITY)


def test_fifty_capabilities_are_taken_and_no_more(running: Running, refused: Refused) -> None:
    provider = running.provider(capabilities=[examples.CAPABILITY] * 50)
    assert provider["n_capabilities"] == 50
    path = f"/v1/providers/{provider['id']}/capabilities"
    assert refused("POST", path, 409, json=examples.CAPABILITY)["code"] == "conflict"


def test_capability_tags_of_a_person_survive_a_new_reading(running: Running) -> None:
    provider = running.provider()
    owned = running.client.get(f"/v1/providers/{provider['id']}/capabilities").json()[0]
    place = f"/v1/capabilities/{owned['id']}"
    decided = running.client.put(f"{place}/tags", json={"version": 1, "scenarios": ["TAL.EVAL"]})
    assert decided.json()["version"] == 2
    changed = running.client.patch(place, json={"version": 2, "title": "风险排查"}).json()
    scenarios = [t["code"] for t in changed["tags"] if t["scheme"] == "scenario"]
    assert scenarios == ["TAL.EVAL"]


def test_matches_of_a_provider_name_the_asking_capability(running: Running) -> None:
    demand = running.demand()
    other = {
        **examples.CAPABILITY,
        "title": "人才评价",
        "description": "为人才部门提供" + "甲" * 30,
    }
    provider = running.provider(capabilities=[other, examples.CAPABILITY])
    running.index()
    owned = running.client.get(f"/v1/providers/{provider['id']}/capabilities").json()
    answer = running.get(f"/v1/providers/{provider['id']}/matches")
    assert answer["direction"] == "p2d"
    assert answer["query"]["kind"] == "provider"
    assert [m["item"]["id"] for m in answer["matches"]] == [demand["id"]]
    assert answer["matches"][0]["asked_by"] == owned[1]["id"]


def test_cases_are_found_for_a_provider(running: Running) -> None:
    provider, case = running.provider(), running.case()
    running.index()
    answer = running.get(f"/v1/providers/{provider['id']}/cases")
    assert [m["item"]["id"] for m in answer["matches"]] == [case["id"]]


def test_matches_of_a_provider_without_capabilities_say_so(
    running: Running, refused: Refused
) -> None:
    provider = running.provider(capabilities=[])
    problem = refused("GET", f"/v1/providers/{provider['id']}/matches", 409)
    assert "没有在服务状态的能力" in problem["detail"]


@pytest.mark.parametrize("step", ["", "/matches", "/cases", "/capabilities"])
def test_unknown_provider_is_not_found(refused: Refused, step: str) -> None:
    refused("GET", f"/v1/providers/{MISSING}{step}", 404)
