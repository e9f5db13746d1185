"""The public widget shows public rows and public fields, to pages of any origin."""

from collections.abc import Callable
from typing import Any

import pytest

from api.schemas import examples
from tests.api.conftest import Running
from tests.api.pages import new_token, without_key

Refused = Callable[..., dict[str, Any]]

ITEM_FIELDS = {
    "rank",
    "kind",
    "id",
    "posted_on",
    "band",
    "band_label",
    "title",
    "organisation",
    "region_name",
    "scenarios",
    "reason",
}


def open_to_all(running: Running) -> tuple[str, str]:
    """A public demand and a public provider that fits it."""
    demand = running.demand(visibility="public")
    provider = running.provider(visibility="public")
    owned = running.client.get(f"/v1/providers/{provider['id']}/capabilities").json()[0]
    running.client.patch(
        f"/v1/capabilities/{owned['id']}", json={"version": 1, "visibility": "public"}
    )
    running.index()
    return demand["id"], provider["id"]


def test_public_demand_shows_public_providers(running: Running) -> None:
    demand_id, provider_id = open_to_all(running)
    answer = running.get("/v1/widget/matches", demand=demand_id)
    assert [(item["kind"], item["id"]) for item in answer["items"]] == [("provider", provider_id)]
    assert [item["organisation"] for item in answer["items"]] == ["苏州示例知识产权咨询有限公司"]
    assert set(answer["items"][0]) == ITEM_FIELDS
    assert answer["message"] is None


def test_public_provider_shows_public_demands_without_who_posted(running: Running) -> None:
    demand_id, provider_id = open_to_all(running)
    answer = running.get("/v1/widget/matches", provider=provider_id)
    assert [(item["kind"], item["id"]) for item in answer["items"]] == [("demand", demand_id)]
    assert [item["organisation"] for item in answer["items"]] == [None]


def test_text_shows_public_providers(running: Running) -> None:
    open_to_all(running)
    text = "碳化硅功率模块出口前的专利侵权风险排查和规避设计建议"
    assert running.get("/v1/widget/matches", text=text)["items"]


@pytest.mark.parametrize("hidden", ["provider", "capability"])
def test_what_is_not_public_is_never_shown(running: Running, hidden: str) -> None:
    demand = running.demand(visibility="public")
    provider = running.provider(visibility="public" if hidden == "capability" else "platform")
    if hidden == "provider":
        owned = running.client.get(f"/v1/providers/{provider['id']}/capabilities").json()[0]
        body = {"version": 1, "visibility": "public"}
        running.client.patch(f"/v1/capabilities/{owned['id']}", json=body)
    running.index()
    answer = running.get("/v1/widget/matches", demand=demand["id"])
    assert answer["items"] == []
    assert answer["message"]


@pytest.mark.parametrize("changes", [{"visibility": "platform"}, {"publish": False}], ids=str)
def test_demand_not_open_to_all_looks_like_none(
    running: Running, refused: Refused, changes: dict[str, object]
) -> None:
    demand = running.demand(**{"visibility": "public", **changes})
    hidden = refused("GET", "/v1/widget/matches", 404, params={"demand": demand["id"]})
    absent = refused(
        "GET", "/v1/widget/matches", 404, params={"demand": "dm_01JZX3V8Q4W6T2N9K7M5R1C0BD"}
    )
    assert {**hidden, "request_id": ""} == {**absent, "request_id": ""}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"text": "功率模块", "demand": "dm_01JZX3V8Q4W6T2N9K7M5R1C0BD"},
        {"text": "长" * 501},
        {"text": "功率模块", "limit": 11},
        {"text": "a\x00b"},
    ],
    ids=lambda query: str(query)[:30],
)
def test_malformed_questions_are_refused(refused: Refused, query: dict[str, object]) -> None:
    refused("GET", "/v1/widget/matches", 422, params=query)


def test_latest_demands_are_public_open_and_newest_first(running: Running) -> None:
    older = running.demand(title="较早的公开需求", visibility="public")
    newer = running.demand(title="较晚的公开需求", visibility="public")
    running.demand(title="平台内可见的需求")
    running.demand(title="还是草稿的需求", visibility="public", publish=False)
    paused = running.demand(title="已暂停的公开需求", visibility="public")
    running.post(f"/v1/demands/{paused['id']}/pause", {}, 200)

    answer = running.get("/v1/widget/demands")

    assert [item["id"] for item in answer["items"]] == [newer["id"], older["id"]]
    assert set(answer["items"][0]) == ITEM_FIELDS
    assert answer["items"][0]["scenarios"] == ["专利风险预警与海外风险"]
    assert answer["items"][0]["organisation"] is None
    assert answer["items"][0]["posted_on"]
    assert running.get("/v1/widget/demands", limit=1)["items"] == answer["items"][:1]


def test_latest_cases_are_public_and_published(running: Running) -> None:
    shown = running.case(title="公开的产业导航案例", visibility="public")
    running.case(title="平台内可见的导航案例", visibility="platform")
    hidden = running.case(title="后来撤回的导航案例", visibility="public")
    running.post(f"/v1/cases/{hidden['id']}/withdraw", {}, 200)

    answer = running.get("/v1/widget/cases")

    assert [(item["id"], item["title"]) for item in answer["items"]] == [
        (shown["id"], "公开的产业导航案例")
    ]


@pytest.mark.parametrize("path", ["demands", "cases"])
def test_nothing_to_list_is_said(running: Running, path: str) -> None:
    answer = running.get(f"/v1/widget/{path}")
    assert answer["items"] == []
    assert answer["message"].startswith("暂无公开的")


@pytest.mark.parametrize(
    ("kind", "path", "query"),
    [
        ("providers", "matches", {"text": "碳化硅功率模块出口风险排查"}),
        ("demands", "matches", {"provider": "pv_01JZX3V8Q4W6T2N9K7M5R1C0BD"}),
        ("demands", "demands", {}),
        ("cases", "cases", {}),
    ],
    ids=lambda value: str(value)[:24],
)
def test_token_shows_its_kinds_alone(
    running: Running, refused: Refused, kind: str, path: str, query: dict[str, str]
) -> None:
    others = sorted({"providers", "demands", "cases"} - {kind})
    token = new_token(running, kinds=others)
    url = f"/v1/widget/{path}"

    with without_key(running):
        problem = refused("GET", url, 403, params={**query, "token": token})

    assert problem["code"] == "widget_kind_refused"
    allowed = new_token(running, kinds=[kind])
    with without_key(running):
        reply = running.client.get(url, params={**query, "token": allowed})
    assert reply.status_code in (200, 404)


def test_token_says_how_often_it_may_be_used(running: Running, refused: Refused) -> None:
    body = {**examples.WIDGET_TOKEN, "per_minute": 7}
    made = running.post("/v1/widget-tokens", body)
    assert made["per_minute"] == 7
    assert running.client.get("/v1/widget-tokens").json()["items"][0]["per_minute"] == 7
    for wrong in (0, 6_001, "9"):
        refused("POST", "/v1/widget-tokens", 422, json={**body, "per_minute": wrong})
