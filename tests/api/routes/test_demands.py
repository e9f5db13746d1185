"""Demands over HTTP: posting, reading, changing, the life-cycle, tags, matching."""

from collections.abc import Callable
from typing import Any

import pytest

from api.schemas import examples
from tests.api.conftest import Running

Refused = Callable[..., dict[str, Any]]

OUT_OF_SCOPE = {
    "title": "专利申请代理服务采购",
    "description": "采购专利申请代理服务，代理两件发明和六件实用新型专利的申请，并代缴三年年费。",
}
IN_SCOPE_TEXT = "面向全市功率半导体产业开展专利导航，研判产业发展方向和技术路线，提出产业发展建议。"
LITHIUM = "锂离子电池的检测装置：锂离子电池、电池外壳和锂离子电池的检测装置的专利侵权风险排查。"
MISSING = "dm_01JZX3V8Q4W6T2N9K7M5R1C0BD"


def test_create_reads_what_was_left_out(running: Running) -> None:
    demand = running.demand()
    assert demand["state"] == "published"
    assert demand["demand_no"] == "XQ-32-2026-000001"
    assert demand["version"] == 1
    assert demand["region_name"] == "江苏省苏州市"
    assert demand["budget"]["kind"] == "range"
    assert (demand["budget"]["min_fen"], demand["budget"]["max_fen"]) == (30_000_000, 50_000_000)
    assert demand["period_days"] == 90
    assert demand["deliverables"] == ["report", "list"]
    assert demand["requirements"][0]["kind"] == "staff_count"
    assert demand["valid_until"] == "2027-02-23"
    assert demand["human_fields"] == ["region_code"]


def test_create_answers_with_its_place(running: Running) -> None:
    response = running.client.post("/v1/demands", json=examples.DEMAND)
    assert response.headers["location"] == f"/v1/demands/{response.json()['id']}"
    assert running.get(response.headers["location"]) == response.json()


def test_create_keeps_what_a_person_filled(running: Running) -> None:
    demand = running.post("/v1/demands", examples.DEMAND_FULL)
    assert demand["audience"] == "enterprise"
    assert demand["service_region"] == "same_macro"
    assert [r["text"] for r in demand["requirements"]] == ["团队不少于5人", "能出英文报告者优先"]
    codes = {(t["scheme"], t["code"], t["source"]) for t in demand["tags"]}
    assert {("scenario", "ENT.RISK", "human"), ("sei2018", "1.2", "human")} <= codes
    assert demand["budget"]["raw"] is None


def test_create_numbers_demands_of_a_region_and_year(running: Running) -> None:
    numbers = [running.demand(region_code=code)["demand_no"] for code in ("32", "3201", "31")]
    assert numbers == ["XQ-32-2026-000001", "XQ-32-2026-000002", "XQ-31-2026-000001"]


def test_create_out_of_scope_is_stored_rejected_with_hint(running: Running) -> None:
    demand = running.post("/v1/demands", {**OUT_OF_SCOPE, "publish": True})
    assert demand["state"] == "rejected"
    assert "不是专利导航需求" in demand["quality"]["routing_hint"]


def test_create_out_of_scope_unpublished_stays_draft(running: Running) -> None:
    demand = running.post("/v1/demands", OUT_OF_SCOPE)
    assert demand["state"] == "draft"
    assert demand["quality"]["routing_hint"]


def test_create_advises_on_personal_data(running: Running) -> None:
    text = f"{examples.DEMAND['description']}联系人王工，电话13912345678。"
    quality = running.demand(description=text)["quality"]
    assert [(a["code"], a["field"]) for a in quality["advice"]] == [
        ("personal_data", "description")
    ]
    assert "13912345678" not in quality["advice"][0]["message"]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"title": "太短了"}, "title", "string_too_short"),
        ({"title": "长" * 81}, "title", "string_too_long"),
        ({"description": "短"}, "description", "string_too_short"),
        ({"description": "长" * 5_001}, "description", "string_too_long"),
        ({"region_code": "999999"}, "region_code", "unknown_region"),
        ({"region_code": "苏州"}, "region_code", "string_pattern_mismatch"),
        ({"scenario_tags": ["ENT.NONE"]}, "scenario_tags", "unknown_code"),
        ({"scenario_tags": ["OTH", "ENT.RISK"]}, "scenario_tags", "reject_alone"),
        ({"industry_tags": ["9.9"]}, "industry_tags", "unknown_code"),
        ({"valid_until": "2026-11-24"}, "valid_until", "date_past"),
        ({"valid_until": "2027-11-26"}, "valid_until", "date_too_late"),
        ({"respond_by": "2027-03-01"}, "respond_by", "date_order"),
        ({"period_days": 0}, "period_days", "greater_than_equal"),
        ({"period_days": 1_096}, "period_days", "less_than_equal"),
        ({"period_days": "90"}, "period_days", "int_type"),
        ({"period_days": 10**18}, "period_days", "less_than_equal"),
        ({"budget": {"kind": "range"}}, "budget", "budget_kind"),
        ({"budget": {"kind": "fixed", "min_fen": 2, "max_fen": 1}}, "budget", "budget_order"),
        ({"budget": {"kind": "much"}}, "budget.kind", "enum"),
        ({"tech_keywords": [f"词{n}" for n in range(21)]}, "tech_keywords", "too_long"),
        ({"ipc": ["H01L ;"]}, "ipc.0", "string_pattern_mismatch"),
        ({"base_id": "bs_01JZX3V8Q4W6T2N9K7M5R1C0BD"}, "base_id", "unknown_reference"),
        ({"role": "admin"}, "", "extra_forbidden"),
        (
            {"visibility": "public", "confidentiality": "restricted"},
            "visibility",
            "not_public",
        ),
    ],
    ids=lambda value: str(value)[:24],
)
def test_create_refuses_by_field(
    refused: Refused, changes: dict[str, object], field: str, code: str
) -> None:
    problem = refused("POST", "/v1/demands", 422, json={**examples.DEMAND, **changes})
    assert [(e["field"], e["code"]) for e in problem["errors"]] == [(field, code)]
    assert problem["title"] == "请求内容不符合要求"


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "六个字的标题"},
        {"title": "长" * 80},
        {"description": "需要对碳化硅器件做专利导航分析，" + "长" * 4_984},
        {"valid_until": "2027-11-25"},
        {"valid_until": "2026-11-25", "respond_by": "2026-11-25"},
        {"period_days": 1_095},
        {"budget": {"kind": "ceiling", "max_fen": 10**14}},
        {"budget": {"kind": "negotiable"}},
    ],
    ids=lambda value: str(value)[:24],
)
def test_create_takes_values_at_the_limit(running: Running, changes: dict[str, object]) -> None:
    assert running.demand(**changes)["id"]


def test_create_refuses_source_key_twice(running: Running, refused: Refused) -> None:
    running.demand(source_ref="甲-1")
    problem = refused("POST", "/v1/demands", 409, json={**examples.DEMAND, "source_ref": "甲-1"})
    assert problem["code"] == "conflict"


def test_read_unknown_is_not_found(refused: Refused) -> None:
    assert refused("GET", f"/v1/demands/{MISSING}", 404)["code"] == "not_found"


def test_read_with_malformed_key_names_the_parameter(refused: Refused) -> None:
    problem = refused("GET", "/v1/demands/1", 422)
    assert problem["errors"][0]["field"] == "id"


def test_list_pages_newest_first_without_gap(running: Running) -> None:
    ids = [running.demand()["id"] for _ in range(3)]
    first = running.get("/v1/demands", limit=2)
    rest = running.get("/v1/demands", limit=2, cursor=first["next_cursor"])
    assert [d["id"] for d in first["items"] + rest["items"]] == ids[::-1]
    assert first["total"] == {"value": 3, "relation": "eq"}
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"state": "draft"}, ["草稿中的一条需求"]),
        ({"region": "32"}, [examples.DEMAND["title"]]),
        ({"region": "M:YRD"}, [examples.DEMAND["title"]]),
        ({"region": "51"}, ["草稿中的一条需求"]),
        ({"scenario": "ENT"}, [examples.DEMAND["title"]]),
        ({"scenario": "TAL.EVAL"}, ["草稿中的一条需求"]),
        ({"text": "草稿 一条"}, ["草稿中的一条需求"]),
        ({"text": "XQ-51-"}, ["草稿中的一条需求"]),
        ({"text": "100%"}, []),
        ({"scenario": "ENT", "state": "draft"}, []),
    ],
    ids=str,
)
def test_list_filters(running: Running, filters: dict[str, Any], found: list[str]) -> None:
    running.demand()
    running.demand(
        title="草稿中的一条需求", publish=False, region_code="51", scenario_tags=["TAL.EVAL"]
    )
    assert [d["title"] for d in running.get("/v1/demands", **filters)["items"]] == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 51}, "limit"),
        ({"limit": 2**63}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"state": "gone"}, "state"),
        ({"region": "999999"}, "region"),
        ({"scenario": "ENT.NONE"}, "scenario"),
        ({"text": "a\x00b"}, "text"),
    ],
    ids=str,
)
def test_list_refuses_bad_filters(refused: Refused, query: dict[str, object], field: str) -> None:
    problem = refused("GET", "/v1/demands", 422, params=query)
    assert [e["field"] for e in problem["errors"]] == [field]


def test_change_alters_only_what_was_sent(running: Running) -> None:
    demand = running.demand()
    changed = running.client.patch(
        f"/v1/demands/{demand['id']}", json={"version": 1, "period_days": 30, "urgent": True}
    ).json()
    assert (changed["period_days"], changed["urgent"], changed["version"]) == (30, True, 2)
    assert changed["title"] == demand["title"]
    assert "period_days" in changed["human_fields"]


def test_change_to_null_gives_the_field_back_to_reading(running: Running) -> None:
    demand = running.demand(period_days=10, budget={"kind": "negotiable"})
    body = {"version": 1, "period_days": None, "budget": None}
    changed = running.client.patch(f"/v1/demands/{demand['id']}", json=body).json()
    assert changed["period_days"] == 90
    assert changed["budget"]["max_fen"] == 50_000_000


def test_change_of_text_reads_again_but_keeps_a_persons_field(running: Running) -> None:
    demand = running.demand(deliverables=["memo"])
    text = (
        "需要对氮化镓射频器件出口做专利侵权风险排查，提交数据库和培训。预算100万元，六个月内完成。"
    )
    changed = running.client.patch(
        f"/v1/demands/{demand['id']}", json={"version": 1, "description": text}
    ).json()
    assert changed["period_days"] == 180
    assert changed["budget"]["max_fen"] == 100_000_000
    assert changed["deliverables"] == ["memo"]


def test_change_of_an_older_version_conflicts(running: Running, refused: Refused) -> None:
    path = f"/v1/demands/{running.demand()['id']}"
    assert running.client.patch(path, json={"version": 1, "urgent": True}).status_code == 200
    problem = refused("PATCH", path, 409, json={"version": 1, "urgent": False})
    assert problem["code"] == "conflict"


@pytest.mark.parametrize("field", ["title", "valid_until", "visibility"])
def test_change_refuses_to_empty_what_must_be_there(
    running: Running, refused: Refused, field: str
) -> None:
    path = f"/v1/demands/{running.demand()['id']}"
    problem = refused("PATCH", path, 422, json={"version": 1, field: None})
    assert problem["errors"][0]["code"] == "not_empty"


def test_change_needs_the_version(running: Running, refused: Refused) -> None:
    path = f"/v1/demands/{running.demand()['id']}"
    problem = refused("PATCH", path, 422, json={"urgent": True})
    assert problem["errors"][0] == {
        "field": "version",
        "code": "missing",
        "message": "缺少这个字段。",
    }


def test_life_cycle_from_draft_to_withdrawn(running: Running) -> None:
    path = f"/v1/demands/{running.demand(publish=False)['id']}"
    steps = ["publish", "pause", "publish", "withdraw"]
    states = [running.post(f"{path}/{step}", None, 200)["state"] for step in steps]
    assert states == ["published", "paused", "published", "withdrawn"]


@pytest.mark.parametrize("step", ["publish", "pause", "withdraw"])
def test_withdrawn_demand_takes_no_step(running: Running, refused: Refused, step: str) -> None:
    path = f"/v1/demands/{running.demand()['id']}"
    running.post(f"{path}/withdraw", None, 200)
    assert refused("POST", f"{path}/{step}", 409)["code"] == "state_not_allowed"


def test_publish_out_of_scope_is_refused_until_a_person_decides(
    running: Running, refused: Refused
) -> None:
    demand = running.post("/v1/demands", {**OUT_OF_SCOPE, "publish": True})
    path = f"/v1/demands/{demand['id']}"
    assert refused("POST", f"{path}/publish", 409)["code"] == "not_navigation"
    decided = {"version": 1, "scenarios": ["PUB.CONSULT"]}
    assert running.client.put(f"{path}/tags", json=decided).status_code == 200
    assert running.post(f"{path}/publish", None, 200)["state"] == "published"


def test_rejected_demand_becomes_draft_when_its_text_fits(running: Running) -> None:
    demand = running.post("/v1/demands", {**OUT_OF_SCOPE, "publish": True})
    body = {
        "version": 1,
        "title": "功率半导体产业发展方向导航",
        "description": IN_SCOPE_TEXT,
    }
    changed = running.client.patch(f"/v1/demands/{demand['id']}", json=body).json()
    assert changed["state"] == "draft"
    assert changed["quality"]["routing_hint"] is None


def test_delete_makes_it_gone(running: Running, refused: Refused) -> None:
    path = f"/v1/demands/{running.demand()['id']}"
    assert running.client.delete(path, params={"reason": "重复"}).status_code == 204
    refused("GET", path, 404)
    refused("DELETE", path, 404)
    assert running.get("/v1/demands")["total"]["value"] == 0


def test_person_tags_win_and_survive_a_new_reading(running: Running) -> None:
    demand = running.demand(scenario_tags=None)
    path = f"/v1/demands/{demand['id']}"
    tags = running.client.put(
        f"{path}/tags", json={"version": 1, "scenarios": ["TAL.EVAL", "ENT.RISK"]}
    ).json()
    assert tags["version"] == 2
    body = {"version": 2, "description": IN_SCOPE_TEXT}
    changed = running.client.patch(path, json=body).json()
    scenarios = [t for t in changed["tags"] if t["scheme"] == "scenario"]
    assert [(t["code"], t["source"]) for t in scenarios] == [
        ("TAL.EVAL", "human"),
        ("ENT.RISK", "human"),
    ]


def test_person_tags_leave_other_vocabularies_alone(running: Running) -> None:
    demand = running.demand()
    before = {t["code"] for t in demand["tags"] if t["scheme"] == "gb4754"}
    tags = running.client.put(
        f"/v1/demands/{demand['id']}/tags", json={"version": 1, "scenarios": ["TAL.EVAL"]}
    ).json()["tags"]
    assert {t["code"] for t in tags if t["scheme"] == "gb4754"} == before != set()


def test_empty_list_gives_a_vocabulary_back(running: Running) -> None:
    demand = running.demand(industry_tags=["4.1"])
    tags = running.client.put(
        f"/v1/demands/{demand['id']}/tags", json={"version": 1, "industries": None}
    ).json()["tags"]
    assert {t["source"] for t in tags if t["scheme"] == "sei2018"} == {"auto"}


def test_tags_refuse_unknown_codes_and_old_versions(running: Running, refused: Refused) -> None:
    path = f"/v1/demands/{running.demand()['id']}/tags"
    problem = refused("PUT", path, 422, json={"version": 1, "classes": ["C9999"]})
    assert problem["errors"][0]["field"] == "classes"
    refused("PUT", path, 409, json={"version": 7, "classes": ["C3972"]})


def test_matches_rank_and_explain(running: Running) -> None:
    demand, provider = running.demand(), running.provider()
    running.index()
    answer = running.get(f"/v1/demands/{demand['id']}/matches")
    match = answer["matches"][0]
    assert match["item"]["group_id"] == provider["id"]
    assert match["organisation"]["name"] == provider["name"]
    assert sum(p["contribution"] for p in match["parts"]) == pytest.approx(match["score"])
    assert match["explanation"]["summary"]
    assert match["asked_by"] == demand["id"]
    assert answer["version"] == running.service.synchroniser.view.version
    rule = match["rules"][0]
    assert (rule["rule_id"], rule["outcome"]) == ("demand.staff_count", "met")


def test_matches_offsets_point_into_the_texts_sent_back(running: Running) -> None:
    demand = running.demand()
    running.provider()
    running.index()
    answer = running.get(f"/v1/demands/{demand['id']}/matches")
    asked = f"{answer['query']['title']}\n{answer['query']['body']}"
    item = answer["matches"][0]["item"]
    offered = f"{item['title']}\n{item['body']}"
    explanation = answer["matches"][0]["explanation"]
    assert explanation["shared_terms"]
    for term in explanation["shared_terms"]:
        assert {asked[s["start"] : s["end"]].lower() for s in term["query_spans"]} == {term["text"]}
        assert {offered[s["start"] : s["end"]].lower() for s in term["candidate_spans"]} == {
            term["text"]
        }
    pair = explanation["sentence_pair"]
    assert asked[pair["query"]["start"] : pair["query"]["end"]] == pair["query"]["text"]


def test_matches_of_a_draft_can_be_seen(running: Running) -> None:
    demand = running.demand(publish=False)
    running.provider()
    running.index()
    assert running.get(f"/v1/demands/{demand['id']}/matches")["matches"]


def test_matches_obey_filters_and_k(running: Running) -> None:
    demand = running.demand()
    running.provider()
    running.provider(name="成都示例信息咨询有限公司", region_code="5101", service_regions=["51"])
    running.index()
    path = f"/v1/demands/{demand['id']}/matches"
    names = [m["organisation"]["name"] for m in running.get(path, region="51")["matches"]]
    assert names == ["成都示例信息咨询有限公司"]
    assert len(running.get(path, k=1)["matches"]) == 1
    assert running.get(path, credential="star_grade")["matches"] == []
    assert running.get(path, text="碳化硅 没有的词")["matches"] == []
    assert running.get(path, explain=False)["matches"][0]["explanation"] is None


def test_similar_leaves_out_the_demand_itself(running: Running) -> None:
    first, second = running.demand(), running.demand(title="碳化硅模块出口专利风险排查")
    running.index()
    similar = running.get(f"/v1/demands/{first['id']}/similar")["matches"]
    assert [m["item"]["id"] for m in similar] == [second["id"]]


def test_cases_are_found_for_a_demand(running: Running) -> None:
    demand, case = running.demand(), running.case()
    running.index()
    found = running.get(f"/v1/demands/{demand['id']}/cases")["matches"]
    assert [m["item"]["id"] for m in found] == [case["id"]]


@pytest.mark.parametrize("step", ["matches", "similar", "cases"])
def test_searches_of_an_unknown_demand_are_not_found(refused: Refused, step: str) -> None:
    refused("GET", f"/v1/demands/{MISSING}/{step}", 404)


def test_ipc_of_a_demand_is_unknown_until_a_table_is_there(
    running: Running, ipc_table: Callable[[], None]
) -> None:
    demand = running.demand(title="锂离子电池的检测装置", description=LITHIUM)
    place = f"/v1/demands/{demand['id']}/ipc"
    assert running.get(place)["state"] == "no_table"
    assert running.get(place)["suggestions"] is None
    ipc_table()
    found = running.get(place)
    assert found["state"] == "suggested"
    assert found["suggestions"][0]["code"] == "H01M"
    assert running.get(f"/v1/demands/{demand['id']}")["ipc"] == demand["ipc"]  # nothing is stored
