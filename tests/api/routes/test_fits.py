"""Looking closer at single providers: why one is recommended or not, and some side by side."""

import pytest

from api.schemas import examples
from tests.api.conftest import Running
from tests.api.parties import Parties, gather

MUST = {"kind": "language", "strength": "must", "value": "ja", "text": "须能提交日文报告"}
FEW = {"kind": "staff_count", "strength": "must", "value": 3, "text": "团队不少于3人"}


@pytest.fixture
def parties(running: Running) -> Parties:
    found = gather(running)
    running.index()
    return found


def test_fitting_provider_is_told_that_it_is_recommended(parties: Parties) -> None:
    path = f"/v1/providers/{parties.provider_id}/fit"
    fit = parties.provider.get(path, demand=parties.demand_id)
    assert (fit["place"], fit["blockers"]) == ("top", [])
    assert fit["match"]["item"]["group_id"] == parties.provider_id
    assert fit["match"]["rank"] == 0
    assert parties.other_id not in str(fit)
    assert "无锡另一家咨询有限公司" not in str(fit)


def test_excluded_provider_is_told_which_condition_it_fails(running: Running) -> None:
    parties = gather(running, requirements=[MUST])
    running.index()
    path = f"/v1/providers/{parties.provider_id}/fit"
    fit = parties.provider.get(path, demand=parties.demand_id)
    assert (fit["place"], fit["is_recommended"]) == ("excluded", False)
    assert [text[:2] for text in fit["blockers"]] == ["必须"]
    assert fit["match"]["parts"]


def test_paused_provider_is_told_that_nobody_sees_it(running: Running, parties: Parties) -> None:
    assert parties.provider.send("POST", f"/v1/providers/{parties.provider_id}/pause").is_success
    running.index()
    path = f"/v1/providers/{parties.provider_id}/fit"
    fit = parties.provider.get(path, demand=parties.demand_id)
    assert (fit["place"], fit["match"]) == ("unseen", None)
    assert fit["gaps"]


def test_fit_of_another_provider_or_unseen_demand_is_refused(
    running: Running, parties: Parties
) -> None:
    other = f"/v1/providers/{parties.other_id}/fit"
    assert parties.provider.get(other, 403, demand=parties.demand_id)["code"] == "forbidden"
    hidden = running.demand(visibility="private")["id"]
    path = f"/v1/providers/{parties.provider_id}/fit"
    assert parties.provider.get(path, 404, demand=hidden)["code"] == "not_found"


def test_comparison_shows_providers_in_the_order_asked(running: Running) -> None:
    parties = gather(running, requirements=[FEW])
    bare = running.provider(name="没有能力的公司", capabilities=[])
    small = running.provider(
        name="人手不足的公司",
        team={"total": 1},
        capabilities=[examples.CAPABILITY],
    )
    running.index()
    begun = parties.begin(parties.base, "save")
    asked = [parties.other_id, parties.provider_id, bare["id"], small["id"]]
    path = f"/v1/demands/{parties.demand_id}/comparison"
    found = parties.base.get(path, provider=asked)["providers"]
    assert [item["provider"]["id"] for item in found] == asked
    assert [item["is_excluded"] for item in found] == [False, False, False, True]
    assert found[2]["match"] is None
    assert any(rule["outcome"] == "unmet" for rule in found[3]["match"]["rules"])
    states = [item["interaction_state"] for item in found]
    assert states == [None, "noted", None, None]
    assert found[1]["interaction_id"] == begun["id"]


def test_comparison_is_for_the_demands_owner_and_up_to_four(parties: Parties) -> None:
    path = f"/v1/demands/{parties.demand_id}/comparison"
    assert parties.provider.send("GET", path, provider=parties.other_id).status_code == 403
    five = [parties.provider_id] * 5
    assert parties.base.send("GET", path, provider=five).status_code == 422
    assert parties.base.send("GET", path).status_code == 422
