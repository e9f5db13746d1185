"""The public widget shows public rows and public fields, to pages of any origin."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.conftest import Running

Refused = Callable[..., dict[str, Any]]

ITEM_FIELDS = {
    "rank",
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
    demand_id, _ = open_to_all(running)
    answer = running.get("/v1/widget/matches", demand=demand_id)
    assert [item["organisation"] for item in answer["items"]] == ["苏州示例知识产权咨询有限公司"]
    assert set(answer["items"][0]) == ITEM_FIELDS
    assert answer["message"] is None


def test_public_provider_shows_public_demands_without_who_posted(running: Running) -> None:
    _, provider_id = open_to_all(running)
    answer = running.get("/v1/widget/matches", provider=provider_id)
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


def test_any_origin_may_read_this_reply_and_no_other(running: Running) -> None:
    origin = {"Origin": "https://example.org"}
    widget = running.client.get("/v1/widget/matches", params={"text": "功率"}, headers=origin)
    assert widget.headers["access-control-allow-origin"] == "*"
    error = running.client.get("/v1/widget/matches", headers=origin)
    assert error.headers["access-control-allow-origin"] == "*"
    for path in ("/v1/demands", "/v1/taxonomy", "/healthz"):
        other = running.client.get(path, headers=origin)
        assert "access-control-allow-origin" not in other.headers
