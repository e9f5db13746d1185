"""Places for searches are bounded, shared fairly, and given back whatever happens."""

from contextlib import ExitStack, suppress

import pytest

from api.errors import BusyError
from api.load import SearchSlots


def _take_all(slots: SearchSlots, held: ExitStack, caller: str) -> int:
    """Take as many places as there are for a caller."""
    n_taken = 0
    with suppress(BusyError):
        while n_taken < 1_000:
            held.enter_context(slots.take(caller))
            n_taken += 1
    return n_taken


def test_places_are_taken_up_to_the_limit() -> None:
    slots = SearchSlots(2)
    with slots.take("a"), slots.take("b"), pytest.raises(BusyError, match="上限"):
        slots.take("c").__enter__()
    with slots.take("c"), slots.take("d"):
        pass


def test_place_is_given_back_after_an_error() -> None:
    slots = SearchSlots(1)

    def fail() -> None:
        with slots.take():
            message = "inside"
            raise ValueError(message)

    for _ in range(3):
        with pytest.raises(ValueError, match="inside"):
            fail()
    assert slots.n_held == 0


@pytest.mark.parametrize(("limit", "n_taken"), [(8, 7), (3, 2), (2, 1)])
def test_one_place_is_left_to_who_holds_none(limit: int, n_taken: int) -> None:
    slots = SearchSlots(limit)
    with ExitStack() as held:
        assert _take_all(slots, held, "noisy") == n_taken
        with slots.take("quiet"):
            pass


def test_callers_that_ask_at_once_share_the_places() -> None:
    slots = SearchSlots(8)
    with ExitStack() as held:
        held.enter_context(slots.take("quiet"))
        assert _take_all(slots, held, "noisy") == 4
        assert _take_all(slots, held, "quiet") == 2


def test_caller_has_all_places_again_when_others_are_gone() -> None:
    now = [0.0]
    slots = SearchSlots(8, clock=lambda: now[0])
    with slots.take("other"):
        pass
    now[0] += 2
    with ExitStack() as held:
        assert _take_all(slots, held, "alone") == 7


def test_noise_costs_another_caller_nothing() -> None:
    slots = SearchSlots(8)
    n_served = 0
    with ExitStack() as held:
        for _ in range(100):
            _take_all(slots, held, "noisy")
            with suppress(BusyError), slots.take("quiet"):
                n_served += 1
    assert n_served == 100


def test_slow_work_leaves_fewer_places_and_quick_work_more() -> None:
    now = [0.0]
    slots = SearchSlots(8, clock=lambda: now[0], target_s=1.0)

    def work(seconds: float) -> None:
        with slots.take("one"):
            now[0] += seconds

    for _ in range(20):
        work(2.0)
    assert slots.n_places == 3
    for _ in range(100):
        work(0.5)
    assert slots.n_places == 8


def test_work_that_was_slow_together_counts_once() -> None:
    now = [0.0]
    slots = SearchSlots(10, clock=lambda: now[0], target_s=1.0)
    with ExitStack() as held:
        _take_all(slots, held, "one")
        now[0] += 5.0

    assert slots.n_places == 8


def test_shedding_is_over_a_second_after_the_last_refusal() -> None:
    now = [0.0]
    slots = SearchSlots(1, lambda: now[0])
    with slots.take("甲"):
        assert not slots.is_shedding
        with pytest.raises(BusyError), slots.take("乙"):
            pass
        now[0] = 1.0
        assert slots.is_shedding
        now[0] = 1.1
        assert not slots.is_shedding
