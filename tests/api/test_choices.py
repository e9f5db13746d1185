"""Lists people were shown and what they did with them, read from what is stored."""

from dataclasses import replace
from typing import Any

import pytest

from api.choices import stored_lists
from api.schemas import examples
from matcher.learning.interactions import Action, Shown, ShownList
from models.viewer import acting_as, system
from tests.api.conftest import Running
from tests.api.parties import Parties, gather

OTHER = {
    **examples.CAPABILITY,
    "title": "固态电池专利布局",
    "description": "为电池企业挖掘可申请的方案，撰写权利要求，按季度复核布局，交付清单和说明。",
}
"""Unlike the first provider's, so that both are listed."""


@pytest.fixture
def parties(running: Running) -> Parties:
    found = gather(running)
    second = running.provider(name="另一家知识产权服务公司", capabilities=[OTHER])
    running.index()
    return replace(found, other_id=second["id"])


def _show(parties: Parties) -> list[str]:
    """The providers in the order the base is shown them."""
    path = f"/v1/demands/{parties.demand_id}/matches"
    answer = parties.base.get(path, include_weak=True)
    return [match["item"]["group_id"] for match in answer["matches"]]


def _lists(running: Running) -> list[ShownList]:
    running.service.runs.flush()
    with acting_as(system("test")):
        return stored_lists(running.service.database)


def _of(lists: list[ShownList], provider_id: str) -> list[Shown]:
    return [s for found in lists for s in found.shown if s.key == provider_id]


def test_acts_count_in_the_list_they_came_from(running: Running, parties: Parties) -> None:
    _show(parties)
    order = _show(parties)
    seen = parties.begin(parties.base, "invite")
    _show(parties)
    parties.act(parties.provider, seen, "accept")
    (found,) = _lists(running)
    assert found.query["id"] == parties.demand_id
    assert not found.is_shuffled
    assert [s.key for s in found.shown] == order
    (chosen,) = _of([found], parties.provider_id)
    assert chosen.position == order.index(parties.provider_id) + 1
    assert (set(chosen.actions), chosen.gain) == ({Action.INVITE}, 3.0)
    (other,) = _of([found], parties.other_id)
    assert (len(other.actions), other.gain) == (0, 0.0)


def test_settled_deal_is_more_and_a_bad_rating_takes_it_back(
    running: Running, parties: Parties
) -> None:
    _show(parties)
    seen = parties.begin(parties.base, "invite")
    seen = parties.act(parties.provider, seen, "accept")
    seen = parties.act(parties.base, seen, "confirm")
    (chosen,) = _of(_lists(running), parties.provider_id)
    assert chosen.gain == 7.0
    parties.act(parties.recipient, seen, "rate", quality=2, usefulness=5)
    (chosen,) = _of(_lists(running), parties.provider_id)
    assert (chosen.rating, chosen.gain) == (2, 0.0)


@pytest.mark.parametrize(("reason", "gain"), [("out_of_field", 0.0), ("budget_low", 3.0)])
def test_decline_speaks_against_the_fit_by_its_reason(
    running: Running, parties: Parties, reason: str, gain: float
) -> None:
    _show(parties)
    seen = parties.begin(parties.base, "invite")
    parties.act(parties.provider, seen, "decline", reason=reason)
    (chosen,) = _of(_lists(running), parties.provider_id)
    assert (chosen.reason, chosen.gain) == (reason, gain)


def test_deal_settled_after_a_decline_is_a_deal(running: Running, parties: Parties) -> None:
    _show(parties)
    seen = parties.begin(parties.base, "invite")
    seen = parties.act(parties.provider, seen, "decline", reason="out_of_field")
    seen = parties.act(parties.provider, seen, "express_interest")
    seen = parties.act(parties.base, seen, "accept")
    parties.act(parties.base, seen, "confirm")
    (chosen,) = _of(_lists(running), parties.provider_id)
    assert (chosen.reason, chosen.gain) == (None, 7.0)


def test_last_word_counts_whoever_said_it(running: Running, parties: Parties) -> None:
    _show(parties)
    parties.begin(parties.base, "hide", reason="scenario_mismatch")
    parties.begin(parties.provider, "express_interest")
    (chosen,) = _of(_lists(running), parties.provider_id)
    assert (chosen.reason, chosen.gain) == ("scenario_mismatch", 0.0)
    parties.begin(parties.base, "shortlist")
    (chosen,) = _of(_lists(running), parties.provider_id)
    assert (chosen.reason, chosen.gain) == (None, 3.0)
    seen = parties.begin(parties.base, "decline", reason="industry_mismatch")
    (chosen,) = _of(_lists(running), parties.provider_id)
    assert (chosen.reason, chosen.gain) == ("industry_mismatch", 0.0)
    parties.act(parties.base, seen, "invite")
    (chosen,) = _of(_lists(running), parties.provider_id)
    assert (chosen.reason, chosen.gain) == (None, 3.0)


def test_reason_against_the_fit_is_not_hidden_by_another(
    running: Running, parties: Parties
) -> None:
    _show(parties)
    seen = parties.begin(parties.base, "invite")
    parties.act(parties.provider, seen, "decline", reason="out_of_field")
    parties.begin(parties.base, "hide", reason="price_high")
    (chosen,) = _of(_lists(running), parties.provider_id)
    assert (chosen.reason, chosen.gain) == ("out_of_field", 0.0)


@pytest.mark.parametrize(
    ("began", "yes", "gain"),
    [("provider", "accept", 1.0), ("provider", "invite", 1.0), ("base", "accept", 3.0)],
)
def test_yes_is_a_choice_only_where_the_base_began(
    running: Running, parties: Parties, began: str, yes: str, gain: float
) -> None:
    _show(parties)
    parties.begin(parties.base, "view")
    if began == "base":
        parties.begin(parties.base, "ask", body="请问做过功率模块出口的排查吗？")
    seen = parties.begin(parties.provider, "express_interest")
    parties.act(parties.base, seen, yes)
    (chosen,) = _of(_lists(running), parties.provider_id)
    assert chosen.gain == gain


def test_organisations_that_act_on_one_pair_do_not_mix(running: Running, parties: Parties) -> None:
    for party in (parties.base, parties.operator):
        path = f"/v1/demands/{parties.demand_id}/matches"
        party.get(path, include_weak=True)
    parties.begin(parties.operator, "hide", side="base", reason="scenario_mismatch")
    parties.begin(parties.base, "invite")
    of_base, of_operator = _of(_lists(running), parties.provider_id)
    assert (of_base.reason, of_base.gain) == (None, 3.0)
    assert (of_operator.reason, of_operator.gain) == ("scenario_mismatch", 0.0)


def _invited_before_it_was_shown(parties: Parties) -> Any:
    parties.begin(parties.base, "invite")
    _show(parties)


def _shown_to_somebody_else(parties: Parties) -> Any:
    parties.operator.get(f"/v1/demands/{parties.demand_id}/matches", include_weak=True)
    parties.begin(parties.base, "invite")


def _provider_came_by_itself(parties: Parties) -> Any:
    _show(parties)
    seen = parties.begin(parties.provider, "express_interest")
    parties.act(parties.base, seen, "accept")


def _mark_was_taken_back(parties: Parties) -> Any:
    _show(parties)
    seen = parties.begin(parties.base, "shortlist")
    parties.act(parties.base, seen, "unshortlist")


@pytest.mark.parametrize(
    "did",
    [
        _show,
        _invited_before_it_was_shown,
        _shown_to_somebody_else,
        _provider_came_by_itself,
        _mark_was_taken_back,
    ],
)
def test_list_nobody_chose_from_is_left_out(running: Running, parties: Parties, did: Any) -> None:
    did(parties)
    assert _lists(running) == []
