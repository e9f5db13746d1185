"""The life of an interaction, as a machine of its own."""

import pytest

from models.interaction_steps import (
    ENDED,
    LIVE,
    MARKS,
    MOVES,
    REASONS,
    awaited_after,
    next_state,
    possible_acts,
    seen_by,
)
from models.vocabulary.interaction import DeclineReason, InteractionAct, InteractionState, Side

S = InteractionState
A = InteractionAct


@pytest.mark.parametrize(
    ("side", "act", "state", "to"),
    [
        (Side.BASE, A.INVITE, None, S.INVITED),
        (Side.BASE, A.INVITE, S.INTERESTED, S.MUTUAL),
        (Side.PROVIDER, A.EXPRESS_INTEREST, S.NOTED, S.INTERESTED),
        (Side.PROVIDER, A.EXPRESS_INTEREST, S.INVITED, S.MUTUAL),
        (Side.PROVIDER, A.ACCEPT, S.INVITED, S.MUTUAL),
        (Side.BASE, A.ACCEPT, S.INTERESTED, S.MUTUAL),
        (Side.PROVIDER, A.OFFER, S.MUTUAL, S.CONTACTED),
        (Side.BASE, A.CONFIRM, S.CONTACTED, S.CONFIRMED),
        (Side.BASE, A.ACCEPT, S.INVITED, None),
        (Side.PROVIDER, A.ACCEPT, S.INTERESTED, None),
        (Side.PROVIDER, A.CONFIRM, S.CONTACTED, None),
        (Side.PROVIDER, A.OFFER, S.INVITED, None),
        (Side.RECIPIENT, A.INVITE, None, None),
        (Side.PLATFORM, A.INVITE, None, None),
    ],
)
def test_act_leads_where_the_table_says(side: Side, act: A, state: S | None, to: S | None) -> None:
    assert next_state(side, act, state) is to


def test_whoever_declined_may_begin_again_and_the_other_not() -> None:
    interest = A.EXPRESS_INTEREST
    assert next_state(Side.PROVIDER, interest, S.DECLINED, Side.PROVIDER) is S.INTERESTED
    assert next_state(Side.PROVIDER, interest, S.DECLINED, Side.BASE) is None
    assert next_state(Side.BASE, A.INVITE, S.DECLINED, Side.PROVIDER) is None
    assert next_state(Side.BASE, A.HIDE, S.DECLINED, Side.PROVIDER) is S.DECLINED


def test_marks_lead_nowhere_and_only_the_base_sees_them() -> None:
    for act in MARKS:
        assert all(next_state(Side.BASE, act, s) is s for s in S)
        assert seen_by(act, Side.BASE) == {Side.BASE}


def test_no_side_acts_for_the_clock() -> None:
    for side in Side:
        assert {A.REMIND, A.LAPSE}.isdisjoint(MOVES.get(side, {}))


def test_somebody_is_awaited_exactly_while_it_is_pending() -> None:
    assert awaited_after(Side.BASE, A.INVITE, S.INVITED, None) is Side.PROVIDER
    assert awaited_after(Side.PROVIDER, A.EXPRESS_INTEREST, S.INTERESTED, None) is Side.BASE
    assert awaited_after(Side.PROVIDER, A.ASK, S.ASKED, None) is Side.BASE
    assert awaited_after(Side.BASE, A.ANSWER, S.ASKED, Side.BASE) is None
    for state in set(S) - {S.INVITED, S.INTERESTED, S.ASKED}:
        assert awaited_after(Side.BASE, A.ASK, state, Side.BASE) is None


def test_every_reason_is_somebodys() -> None:
    assert REASONS[Side.BASE] | REASONS[Side.PROVIDER] == set(DeclineReason)


def test_every_live_state_can_be_ended_by_either_side() -> None:
    for side in (Side.BASE, Side.PROVIDER):
        for state in LIVE:
            ends = {next_state(side, act, state) for act in possible_acts(side, state)}
            assert ends & ENDED, (side, state)
