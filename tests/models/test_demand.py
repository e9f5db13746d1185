import pytest

from models.demand import DEMAND_STEPS, EXPIRING_STATES, MATCHABLE_STATES, Demand, may_step
from models.vocabulary.demand import DemandState

FINAL = {DemandState.CLOSED, DemandState.WITHDRAWN}
ENDED = FINAL | {DemandState.MATCHED, DemandState.PROJECT_CREATED, DemandState.EXPIRED}


def test_steps_name_every_state_and_nothing_else() -> None:
    assert set(DEMAND_STEPS) == set(DemandState)
    assert set().union(*DEMAND_STEPS.values()) <= set(DemandState)


def test_steps_never_stay_where_they_are() -> None:
    assert all(state not in steps for state, steps in DEMAND_STEPS.items())


@pytest.mark.parametrize("state", sorted(FINAL))
def test_final_states_have_no_way_out(state: DemandState) -> None:
    assert not any(may_step(state, to) for to in DemandState)


@pytest.mark.parametrize("state", DemandState)
@pytest.mark.parametrize("to", [DemandState.WITHDRAWN, DemandState.EXPIRED])
def test_withdrawal_and_expiry_are_for_demands_not_yet_matched(
    state: DemandState, to: DemandState
) -> None:
    assert may_step(state, to) == (state not in ENDED)


def test_every_state_can_be_reached_from_a_draft() -> None:
    reached, frontier = {DemandState.DRAFT}, [DemandState.DRAFT]
    while frontier:
        state = frontier.pop()
        for to in DemandState:
            if to not in reached and may_step(state, to):
                reached.add(to)
                frontier.append(to)
    assert reached == set(DemandState)


def test_matchable_demands_may_expire() -> None:
    assert MATCHABLE_STATES <= EXPIRING_STATES


@pytest.mark.parametrize(
    ("state", "to", "allowed"),
    [
        (DemandState.DRAFT, DemandState.PUBLISHED, True),
        (DemandState.PUBLISHED, DemandState.DRAFT, False),
        (DemandState.EXPIRED, DemandState.PUBLISHED, True),
        (DemandState.MATCHED, DemandState.PUBLISHED, False),
        (DemandState.PAUSED, DemandState.PUBLISHED, True),
    ],
)
def test_may_step_follows_the_table(state: DemandState, to: DemandState, allowed: bool) -> None:
    assert may_step(state, to) is allowed


def test_body_puts_the_most_telling_part_first_and_skips_what_is_missing() -> None:
    demand = Demand(title="题", description="说明", background="背景", decision_question="决策")
    assert demand.body() == "说明\n决策\n背景"
    assert list(Demand(title="题", description="说明").searchable_texts()) == ["题", "说明"]
