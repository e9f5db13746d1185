"""Figures: what is counted, for whom, and what small numbers do not tell."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from models.interaction import InteractionEvent
from models.provider import Capability, Provider
from models.vocabulary.access import Role
from models.vocabulary.interaction import InteractionAct
from tests.api.conftest import Running
from tests.api.parties import Party, gather, party

SPAN = {"since": "2026-01-01", "until": "2027-12-30"}


def demands(running: Running, n: int, code: str, **more: object) -> None:
    for number in range(n):
        title = f"第{number}条{code}需求标题"
        running.demand(title=title, scenario_tags=[code], industry_tags=["1.2"], **more)


def test_gap_map_tells_demand_without_supply(running: Running) -> None:
    gather(running)  # two providers for ENT.RISK in Jiangsu, and one demand
    demands(running, 6, "TAL.EVAL")
    demands(running, 2, "REG.QUAL")
    running.index()
    found = running.get("/v1/analytics/gaps")
    cells = {cell["scenario"]: cell for cell in found["cells"]}
    assert (cells["TAL.EVAL"]["n_demands"], cells["TAL.EVAL"]["is_gap"]) == (6, True)
    assert cells["REG.QUAL"]["n_demands"] == 2
    assert cells["ENT.RISK"]["is_gap"] is False
    assert (found["n_demands"], found["n_without_supply"], found["is_at_least"]) == (9, 8, False)
    assert found["cells"][0]["scenario"] == "TAL.EVAL"


def test_small_numbers_are_for_operators_alone(running: Running) -> None:
    parties = gather(running)
    demands(running, 6, "TAL.EVAL")
    demands(running, 2, "REG.QUAL", visibility="private")
    running.index()
    for asking in (parties.base, parties.provider, parties.recipient):
        found = asking.get("/v1/analytics/gaps")
        cells = {cell["scenario"]: cell for cell in found["cells"]}
        assert cells["TAL.EVAL"]["n_demands"] == 6
        assert cells["REG.QUAL"]["n_demands"] is None
        shown = [cell["n_demands"] for cell in found["cells"]]
        assert all(n is None or n >= found["k"] for n in shown)
        assert found["n_demands"] == sum(n or 1 for n in shown)  # less the rest tells nothing
        assert found["n_without_supply"] == 7
        assert found["is_at_least"] is True


def test_gaps_that_are_all_small_are_not_counted_as_none(running: Running) -> None:
    parties = gather(running)
    demands(running, 2, "REG.QUAL")
    running.index()
    found = parties.base.get("/v1/analytics/gaps")
    assert any(cell["is_gap"] for cell in found["cells"])
    assert (found["n_demands"], found["n_without_supply"], found["is_at_least"]) == (2, 1, True)


def test_regional_operator_counts_its_area(running: Running) -> None:
    gather(running)
    demands(running, 2, "REG.QUAL", region_code="440300")
    running.index()
    regional = party(running, Role.REGIONAL_OPERATOR, None, region_code="440000")
    found = regional.get("/v1/analytics/gaps")
    assert {cell["region"] for cell in found["cells"]} == {"440000"}
    steps = {step["name"]: step for step in regional.get("/v1/analytics/funnel", **SPAN)["steps"]}
    assert steps["posted"]["n_demands"] == 0  # their owners are nobody's there


def test_funnel_follows_demands_to_the_project(running: Running) -> None:
    parties = gather(running)
    running.demand(title="没有人看过的一条需求", publish=False)
    parties.begin(parties.base, "view")
    seen = parties.begin(parties.base, "invite")
    seen = parties.act(parties.provider, seen, "accept")
    seen = parties.act(parties.base, seen, "confirm")
    parties.act(parties.base, seen, "convert")
    found = parties.operator.get("/v1/analytics/funnel", **SPAN)["steps"]
    assert [(step["name"], step["n_demands"], step["n_pairs"]) for step in found] == [
        ("posted", 2, 0),
        ("matched", 1, 0),
        ("viewed", 1, 1),
        ("invited", 1, 1),
        ("interested", 0, 0),
        ("mutual", 1, 1),
        ("shortlisted", 0, 0),
        ("confirmed", 1, 1),
        ("project", 1, 1),
    ]
    earlier = parties.operator.get("/v1/analytics/funnel", since="2020-01-01", until="2020-12-31")
    assert {step["n_demands"] for step in earlier["steps"]} == {0}


def test_response_times_count_answers_and_silence(running: Running) -> None:
    parties = gather(running)
    seen = parties.begin(parties.base, "invite")
    parties.act(parties.provider, seen, "accept")
    body = {"demand_id": parties.demand_id, "provider_id": parties.other_id}
    parties.other.post("/v1/interactions", {**body, "act": "express_interest"})
    invited = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    at = {InteractionAct.INVITE: invited, InteractionAct.ACCEPT: invited + timedelta(hours=30)}
    with running.service.database.write() as session:
        for act, moment in at.items():
            session.execute(
                update(InteractionEvent)
                .where(InteractionEvent.act == act)
                .values(created_at=moment)
            )
    found = parties.operator.get("/v1/analytics/responses", **SPAN)["sides"]
    base, provider = found
    assert (base["side"], base["n_asked"], base["n_answered"]) == ("base", 1, 0)
    assert base["median_hours"] is None
    assert (provider["n_asked"], provider["n_answered"], provider["n_in_time"]) == (1, 1, 1)
    assert (provider["median_hours"], provider["p90_hours"]) == (30.0, 30.0)


def test_inactive_are_named_with_their_last_act(running: Running) -> None:
    parties = gather(running)
    assert parties.operator.get("/v1/analytics/inactive", days=30)["providers"] == []
    long_ago = datetime(2025, 1, 1, tzinfo=UTC)
    with running.service.database.write() as session:
        for table in (Provider, Capability):
            session.execute(update(table).values(updated_at=long_ago))
    parties.begin(parties.provider, "ask", body="请问？")
    found = parties.operator.get("/v1/analytics/inactive", days=30)
    assert [item["id"] for item in found["providers"]] == [parties.other_id]
    assert found["bases"] == []
    assert found["providers"][0]["days"] > 300


@pytest.mark.parametrize("what", ["funnel", "responses", "inactive"])
def test_figures_of_the_platform_are_for_operators(running: Running, what: str) -> None:
    parties = gather(running)
    for asking in (parties.base, parties.provider, parties.recipient):
        assert asking.send("GET", f"/v1/analytics/{what}").status_code == 403
    anonymous = Party(running, {"Authorization": ""})
    assert anonymous.send("GET", f"/v1/analytics/{what}").status_code == 401
