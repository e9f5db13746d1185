import pytest

from models.provider import OFFERED_STATES, PROVIDER_STEPS, Capability, Provider
from models.vocabulary.organisation import ProviderState


def test_steps_name_every_state_and_nothing_else() -> None:
    assert set(PROVIDER_STEPS) == set(ProviderState)
    assert set().union(*PROVIDER_STEPS.values()) <= set(ProviderState)


def test_steps_never_stay_where_they_are() -> None:
    assert all(state not in steps for state, steps in PROVIDER_STEPS.items())


def test_every_state_can_be_reached_from_a_draft() -> None:
    reached, frontier = {ProviderState.DRAFT}, [ProviderState.DRAFT]
    while frontier:
        for to in PROVIDER_STEPS[frontier.pop()] - reached:
            reached.add(to)
            frontier.append(to)
    assert reached == set(ProviderState)


@pytest.mark.parametrize("state", sorted(OFFERED_STATES))
def test_offered_provider_can_be_suspended_and_withdrawn(state: ProviderState) -> None:
    assert {ProviderState.SUSPENDED, ProviderState.WITHDRAWN} <= PROVIDER_STEPS[state]


def test_searchable_texts_are_those_shown() -> None:
    assert list(Provider(intro=None).searchable_texts()) == [""]
    assert list(Capability(title="题", description="说明").searchable_texts()) == ["题", "说明"]
