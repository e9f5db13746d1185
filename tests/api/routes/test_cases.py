"""Cases and service bases over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from api.schemas import examples
from tests.api.conftest import Running

Refused = Callable[..., dict[str, Any]]


def test_create_reads_what_was_left_out(running: Running) -> None:
    case = running.case(region_code=None, scenario_tags=None)
    assert (case["state"], case["version"]) == ("published", 1)
    assert "list" in case["deliverables"]
    assert any(t["scheme"] == "sei2018" for t in case["tags"])


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"summary": "短" * 99}, "summary", "string_too_short"),
        ({"summary": "长" * 2_001}, "summary", "string_too_long"),
        ({"year": 1984}, "year", "greater_than_equal"),
        ({"source_url": "javascript:alert(1)"}, "source_url", "string_pattern_mismatch"),
        ({"provider_id": "pv_01JZX3V8Q4W6T2N9K7M5R1C0BD"}, "provider_id", "unknown_reference"),
        ({"region_code": "999999"}, "region_code", "unknown_region"),
        ({"verified": True}, "", "extra_forbidden"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_create_refuses_by_field(
    refused: Refused, changes: dict[str, object], field: str, code: str
) -> None:
    problem = refused("POST", "/v1/cases", 422, json={**examples.CASE, **changes})
    assert [(e["field"], e["code"]) for e in problem["errors"]] == [(field, code)]


def test_change_and_version(running: Running, refused: Refused) -> None:
    provider, case = running.provider(), running.case()
    path = f"/v1/cases/{case['id']}"
    body = {"version": 1, "report_pages": 200, "provider_id": provider["id"]}
    changed = running.client.patch(path, json=body).json()
    assert (changed["report_pages"], changed["version"]) == (200, 2)
    assert changed["region_code"] == "320500"
    refused("PATCH", path, 409, json=body)
    refused("PATCH", path, 422, json={"version": 2, "title": None})


def test_life_cycle_of_a_case(running: Running, refused: Refused) -> None:
    path = f"/v1/cases/{running.case(publish=False)['id']}"
    refused("POST", f"{path}/withdraw", 409)
    states = [
        running.post(f"{path}/{step}", None, 200)["state"]
        for step in ("publish", "withdraw", "publish")
    ]
    assert states == ["published", "hidden", "published"]
    assert running.client.delete(path).status_code == 204
    refused("GET", path, 404)


def test_hidden_case_is_not_found_by_demands(running: Running) -> None:
    demand, case = running.demand(), running.case()
    running.post(f"/v1/cases/{case['id']}/withdraw", None, 200)
    running.index()
    assert running.get(f"/v1/demands/{demand['id']}/cases")["matches"] == []


def test_list_filters(running: Running) -> None:
    case = running.case()
    other = {"title": "某省新材料人才评价项目", "summary": "为引进专家作知识产权评议。" * 8}
    running.case(**other, scenario_tags=["TAL.EVAL"], region_code="51")
    queries: list[dict[str, Any]] = [
        {"scenario": "IND"},
        {"region": "3205"},
        {"text": "某市功率 导航"},
    ]
    for query in queries:
        assert [c["id"] for c in running.get("/v1/cases", **query)["items"]] == [case["id"]]
    assert running.get("/v1/cases", state="draft")["items"] == []


def test_person_tags_of_a_case(running: Running) -> None:
    case = running.case()
    decided = running.client.put(
        f"/v1/cases/{case['id']}/tags", json={"version": 1, "scenarios": ["IND.CHAIN"]}
    ).json()
    assert [t["code"] for t in decided["tags"] if t["scheme"] == "scenario"] == ["IND.CHAIN"]


def test_base_is_registered_listed_and_referred_to(running: Running, refused: Refused) -> None:
    base = running.post("/v1/bases", examples.BASE)
    assert running.get(f"/v1/bases/{base['id']}") == base
    assert running.get("/v1/bases", region="32", text="半导体")["total"]["value"] == 1
    assert running.demand(base_id=base["id"])["base_id"] == base["id"]
    refused("POST", "/v1/bases", 409, json=examples.BASE)
    refused("GET", "/v1/bases/bs_01JZX3V8Q4W6T2N9K7M5R1C0BD", 404)
