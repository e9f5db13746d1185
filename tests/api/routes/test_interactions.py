"""A demand's side and a provider, from the first look to the end, each seeing its part."""

from datetime import date
from typing import Any

import pytest

from models.audit import AuditEvent
from models.demand import Demand
from models.interaction import Interaction
from models.organisation import Base
from models.viewer import acting_as, system
from models.vocabulary.access import Role, Visibility
from tests.api.conftest import Running
from tests.api.parties import Parties, gather, party


@pytest.fixture
def parties(running: Running) -> Parties:
    return gather(running)


def n_audited(running: Running) -> int:
    with running.service.database.read() as session, acting_as(system("test")):
        return session.query(AuditEvent).count()


def base_of(parties: Parties) -> str:
    key: str = parties.base.get("/v1/bases")["items"][0]["id"]
    return key


def acts_of(seen: Any) -> list[str]:
    return [event["act"] for event in seen["events"]]


def test_whole_way_from_invitation_to_project(parties: Parties) -> None:
    base, provider = parties.base, parties.provider
    seen = parties.begin(base, "invite", body="盼能参加。")
    assert (seen["state"], seen["awaiting"], seen["my_side"]) == ("invited", "provider", "base")
    assert any("邀请贵机构承接需求" in text for text in provider.texts())
    seen = parties.act(provider, seen, "ask", body="数据由谁提供？")
    seen = parties.act(base, seen, "answer", body="由委托方提供。")
    seen = parties.act(provider, seen, "accept")
    assert (seen["state"], seen["awaiting"], seen["due_at"]) == ("mutual", None, None)
    seen = parties.act(provider, seen, "offer", body="总价四十万元，九十天。")
    seen = parties.act(base, seen, "shortlist")
    seen = parties.act(base, seen, "confirm")
    assert base.get(f"/v1/demands/{parties.demand_id}")["state"] == "matched"
    seen = parties.act(base, seen, "convert", body="立项号 2026-001")
    assert base.get(f"/v1/demands/{parties.demand_id}")["state"] == "project_created"
    seen = parties.act(parties.recipient, seen, "rate", quality=5, usefulness=4)
    seen = provider.get(f"/v1/interactions/{seen['id']}")
    assert acts_of(seen) == [
        *("invite", "ask", "answer", "accept", "offer", "shortlist", "confirm", "convert"),
        "rate",
    ]
    assert (seen["state"], seen["version"]) == ("converted", 9)


def test_contacts_and_recipient_show_when_both_have_said_yes(parties: Parties) -> None:
    contact = {"name": "示例联系人", "phone": "0512-00000000"}
    demand, row = f"/v1/contacts/{parties.demand_id}", f"/v1/contacts/{parties.provider_id}"
    assert parties.base.send("PUT", demand, contact).status_code == 204
    assert parties.provider.send("PUT", row, contact).status_code == 204
    seen = parties.begin(parties.provider, "express_interest")
    assert seen["recipient_name"] is None
    assert parties.provider.send("GET", demand).status_code == 403
    assert parties.base.send("GET", row).status_code == 403
    parties.act(parties.base, seen, "accept")
    seen = parties.provider.get(f"/v1/interactions/{seen['id']}")
    assert seen["recipient_name"] == "苏州示例功率半导体有限公司"
    assert parties.provider.get(demand)["recipient_name"] == "苏州示例功率半导体有限公司"
    assert parties.base.get(row)["name"] == "示例联系人"
    parties.act(parties.provider, seen, "withdraw")
    assert parties.provider.send("GET", demand).status_code == 403
    assert parties.base.send("GET", row).status_code == 403


def test_provider_learns_nothing_of_a_bases_marks(parties: Parties) -> None:
    provider = parties.provider
    for act in ("view", "save", "shortlist", "unshortlist"):
        seen = parties.begin(parties.base, act)
    seen = parties.begin(parties.base, "hide", reason="region_far")
    assert acts_of(seen) == ["view", "save", "shortlist", "unshortlist", "hide"]
    path = f"/v1/interactions/{seen['id']}"
    assert provider.send("GET", path).status_code == 404
    assert provider.get("/v1/interactions")["total"]["value"] == 0
    assert provider.texts() == []
    told = parties.begin(provider, "express_interest")
    assert (told["hidden_reason"], told["is_saved"]) == (None, None)
    assert acts_of(told) == ["shortlist", "express_interest"]
    assert provider.get("/v1/interactions", hidden=True)["items"] == []
    kept = parties.base.get(path)
    assert (kept["hidden_reason"], kept["is_saved"]) == ("region_far", False)


def test_mark_that_changes_nothing_leaves_no_trace(running: Running, parties: Parties) -> None:
    for act in ("view", "save", "shortlist"):
        seen = parties.begin(parties.base, act)
        n_before = n_audited(running)
        again = parties.begin(parties.base, act)
        assert (again["version"], again["updated_at"]) == (seen["version"], seen["updated_at"])
        assert n_audited(running) == n_before


def test_recipient_is_told_the_name_of_the_provider(parties: Parties) -> None:
    seen = parties.begin(parties.provider, "express_interest")
    parties.act(parties.base, seen, "accept")
    for act in ("shortlist", "confirm"):
        seen = parties.base.get(f"/v1/interactions/{seen['id']}")
        parties.act(parties.base, seen, act)
    name = seen["provider_name"]
    told = parties.recipient.texts()
    assert not any("贵机构" in text for text in told)
    assert [name in text for text in told if "候选" in text or "合作完成" in text] == [True, True]
    assert any("确认与贵机构合作" in text for text in parties.provider.texts())


def test_base_that_nobody_sees_is_not_named(running: Running) -> None:
    parties = gather(running)
    own = parties.base.get("/v1/bases")["items"][0]
    with running.service.database.write() as session:
        session.get_one(Base, own["id"]).visibility = Visibility.PRIVATE
    seen = parties.begin(parties.provider, "ask", body="数据由谁提供？")
    seen = parties.act(parties.base, seen, "answer", body="由委托方提供。")
    seen = parties.act(parties.base, seen, "decline", reason="price_high")
    shown = parties.provider.get(f"/v1/interactions/{seen['id']}")
    assert shown["base_name"] is None
    assert [event["by"] for event in shown["events"][1:]] == ["需求方", "需求方"]
    assert not any(own["name"] in text for text in parties.provider.texts())
    assert any(text.startswith("需求方谢绝") for text in parties.provider.texts())
    mine = parties.base.get(f"/v1/interactions/{seen['id']}")
    assert mine["events"][1]["by"] == own["name"]


def test_end_of_one_leaves_what_another_shows(running: Running, parties: Parties) -> None:
    other = running.demand(title="同一基地的另一条需求", base_id=base_of(parties))
    row = f"/v1/contacts/{parties.provider_id}"
    contact = {"name": "示例联系人", "phone": "0512-00000000"}
    assert parties.provider.send("PUT", row, contact).status_code == 204
    ended = parties.begin(parties.provider, "express_interest")
    body = {"demand_id": other["id"], "provider_id": parties.provider_id}
    seen = parties.provider.post("/v1/interactions", {**body, "act": "express_interest"})
    for each in (ended, seen):
        parties.act(parties.base, each, "accept")
    ended = parties.base.get(f"/v1/interactions/{ended['id']}")
    parties.act(parties.base, ended, "withdraw")
    assert parties.base.get(row)["name"] == "示例联系人"
    seen = parties.base.get(f"/v1/interactions/{seen['id']}")
    parties.act(parties.base, seen, "withdraw")
    assert parties.base.send("GET", row).status_code == 403


def test_marks_leave_the_version_alone(parties: Parties) -> None:
    seen = parties.begin(parties.provider, "express_interest")
    marked = parties.begin(parties.base, "save")
    assert marked["version"] == seen["version"]
    again = parties.begin(parties.base, "save")
    assert acts_of(again).count("save") == 1
    parties.act(parties.provider, seen, "withdraw")


def test_stranger_sees_and_does_nothing(parties: Parties) -> None:
    seen = parties.begin(parties.provider, "express_interest")
    path = f"/v1/interactions/{seen['id']}"
    assert parties.other.send("GET", path).status_code == 404
    assert parties.act(parties.other, seen, "ask", 404, body="打听一下。")["code"] == "not_found"
    assert parties.begin(parties.other, "express_interest", 403)["code"] == "forbidden"
    assert parties.other.texts() == []


def test_step_out_of_turn_is_refused(parties: Parties) -> None:
    seen = parties.begin(parties.provider, "express_interest")
    assert parties.act(parties.provider, seen, "accept", 409)["code"] == "state_not_allowed"
    assert parties.act(parties.provider, seen, "invite", 403)["code"] == "forbidden"
    assert parties.act(parties.base, seen, "remind", 403)["code"] == "forbidden"


def test_older_version_is_a_conflict_and_changes_nothing(parties: Parties) -> None:
    seen = parties.begin(parties.base, "invite")
    parties.act(parties.provider, seen, "ask", body="能否延期？")
    assert parties.act(parties.base, seen, "withdraw", 409)["code"] == "conflict"
    now = parties.base.get(f"/v1/interactions/{seen['id']}")
    assert (now["state"], acts_of(now)) == ("invited", ["invite", "ask"])


@pytest.mark.parametrize(
    ("act", "more", "field"),
    [
        ("decline", {}, "reason"),
        ("decline", {"reason": "price_high"}, "reason"),
        ("ask", {}, "body"),
    ],
)
def test_act_without_what_belongs_to_it_is_refused(
    parties: Parties, act: str, more: dict[str, str], field: str
) -> None:
    problem = parties.begin(parties.provider, act, 422, **more)
    assert [error["field"] for error in problem["errors"]] == [field]


def test_decline_tells_the_reason_and_only_who_declined_begins_again(parties: Parties) -> None:
    seen = parties.begin(parties.provider, "decline", reason="budget_low")
    assert any("谢绝" in text and "预算过低" in text for text in parties.base.texts())
    assert parties.begin(parties.base, "invite", 409)["code"] == "state_not_allowed"
    again = parties.begin(parties.provider, "express_interest")
    assert (again["id"], again["state"]) == (seen["id"], "interested")


def test_first_contact_moves_the_demand_on_and_short_list_follows(parties: Parties) -> None:
    path = f"/v1/demands/{parties.demand_id}"
    parties.begin(parties.provider, "express_interest")
    assert parties.base.get(path)["state"] == "matching"
    parties.begin(parties.base, "shortlist")
    assert parties.base.get(path)["state"] == "shortlisted"
    parties.begin(parties.base, "unshortlist")
    assert parties.base.get(path)["state"] == "matching"


def test_invitation_shows_a_demand_nobody_else_sees(running: Running) -> None:
    parties = gather(running, visibility="invited")
    path = f"/v1/demands/{parties.demand_id}"
    assert parties.provider.send("GET", path).status_code == 404
    assert parties.begin(parties.provider, "express_interest", 404)["code"] == "not_found"
    seen = parties.begin(parties.base, "invite")
    assert parties.provider.get(path)["id"] == parties.demand_id
    parties.act(parties.base, seen, "withdraw")
    assert parties.provider.send("GET", path).status_code == 404
    hidden = parties.provider.get(f"/v1/interactions/{seen['id']}")
    assert (hidden["demand_title"], hidden["state"]) == (None, "withdrawn")


def test_closed_demand_takes_no_new_interest(parties: Parties) -> None:
    assert parties.base.send("POST", f"/v1/demands/{parties.demand_id}/pause").status_code == 200
    assert parties.begin(parties.base, "invite", 409)["code"] == "state_not_allowed"


def test_acts_of_a_demand_on_offer_no_more_are_those_that_are_taken(parties: Parties) -> None:
    seen = parties.begin(parties.provider, "express_interest")
    path, opening = f"/v1/interactions/{seen['id']}", {"invite", "express_interest", "ask"}
    assert {"invite", "ask", "accept"} <= set(parties.base.get(path)["acts"])
    assert parties.base.send("POST", f"/v1/demands/{parties.demand_id}/pause").status_code == 200

    for side in (parties.base, parties.provider):
        assert opening.isdisjoint(side.get(path)["acts"])
    assert "accept" in parties.base.get(path)["acts"]
    assert parties.act(parties.base, seen, "ask", 409, body="何时量产？")["code"] == (
        "state_not_allowed"
    )


def test_interest_that_comes_too_late_is_not_among_the_acts(
    running: Running, parties: Parties
) -> None:
    seen = parties.begin(parties.provider, "ask", body="要看几家？")
    path = f"/v1/interactions/{seen['id']}"
    assert "express_interest" in parties.provider.get(path)["acts"]
    with running.service.database.write() as session, acting_as(system("test")):
        session.get_one(Demand, parties.demand_id).respond_by = date(2020, 1, 1)

    acts = parties.provider.get(path)["acts"]
    assert "express_interest" not in acts
    assert "ask" in acts
    refused = parties.act(parties.provider, seen, "express_interest", 409)
    assert "截止日期" in refused["detail"]


def test_report_of_abuse_is_for_operators_alone(parties: Parties) -> None:
    seen = parties.begin(parties.base, "invite")
    parties.act(parties.provider, seen, "report_abuse", body="疑似套取报价。")
    path = f"/v1/interactions/{seen['id']}"
    assert "report_abuse" not in acts_of(parties.base.get(path))
    assert "report_abuse" in acts_of(parties.provider.get(path))
    assert "report_abuse" in acts_of(parties.operator.get(path))
    assert any("举报" in text for text in parties.operator.texts())
    assert not any("举报" in text for text in parties.base.texts())


def test_recipient_looks_on_and_answers(parties: Parties) -> None:
    seen = parties.begin(parties.provider, "ask", body="产品已量产吗？")
    shown = parties.recipient.get(f"/v1/interactions/{seen['id']}")
    assert (shown["my_side"], shown["is_saved"]) == ("recipient", None)
    parties.act(parties.recipient, seen, "answer", body="已量产。")
    told = parties.provider.get(f"/v1/interactions/{seen['id']}")
    assert [event["by"] for event in told["events"]][-1] == "成果使用单位"
    assert parties.act(parties.recipient, told, "invite", 403)["code"] == "forbidden"


def test_read_only_key_looks_and_does_nothing(parties: Parties) -> None:
    looking = party(
        parties.base.running, Role.BASE_ADMIN, str(parties.base.organisation_id), read_only=True
    )
    seen = parties.begin(parties.provider, "express_interest")
    assert looking.get(f"/v1/interactions/{seen['id']}")["acts"] == []
    assert parties.act(looking, seen, "accept", 403)["code"] == "read_only"


def test_list_pages_and_filters(parties: Parties) -> None:
    parties.begin(parties.provider, "express_interest")
    body = {"demand_id": parties.demand_id, "provider_id": parties.other_id, "act": "save"}
    parties.base.post("/v1/interactions", body)
    page = parties.base.get("/v1/interactions", limit=1)
    assert (page["total"]["value"], len(page["items"])) == (2, 1)
    rest = parties.base.get("/v1/interactions", limit=1, cursor=page["next_cursor"])
    assert rest["next_cursor"] is None
    assert {page["items"][0]["state"], rest["items"][0]["state"]} == {"noted", "interested"}
    waiting = parties.base.get("/v1/interactions", awaiting="base")
    assert [item["provider_id"] for item in waiting["items"]] == [parties.provider_id]


def test_rows_of_interactions_are_sealed(running: Running, parties: Parties) -> None:
    seen = parties.begin(parties.base, "invite")
    with running.service.database.read() as session:
        assert session.get_one(Interaction, seen["id"]).row_hash
