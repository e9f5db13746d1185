"""Callers have buckets of their own, which fill with time and empty with cost."""

import pytest

from api.rates import RATES, Allowance, Rate, RateExceededError, Rates, cost_of

PER_MINUTE = {Allowance.STRANGER: Rate(6, 60)}


class Clock:
    """Moved by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def _n_allowed(rates: Rates, caller: str, cost: float = 1.0) -> int:
    """How many requests are let in at once."""
    n_allowed = 0
    try:
        while n_allowed < 10_000:
            rates.take(Allowance.STRANGER, caller, cost)
            n_allowed += 1
    except RateExceededError:
        return n_allowed
    return n_allowed


def test_bucket_holds_its_tokens_and_no_more() -> None:
    rates = Rates(clock=Clock(), rates=PER_MINUTE)

    assert _n_allowed(rates, "a") == 6
    assert _n_allowed(rates, "b") == 6


def test_bucket_fills_with_time() -> None:
    clock = Clock()
    rates = Rates(clock=clock, rates=PER_MINUTE)
    _n_allowed(rates, "a")

    clock.now += 20
    assert _n_allowed(rates, "a") == 2
    clock.now += 3_600
    assert _n_allowed(rates, "a") == 6


def test_refusal_says_when_it_will_do() -> None:
    clock = Clock()
    rates = Rates(clock=clock, rates=PER_MINUTE)
    _n_allowed(rates, "a")

    with pytest.raises(RateExceededError) as caught:
        rates.take(Allowance.STRANGER, "a")

    clock.now += caught.value.wait_s
    rates.take(Allowance.STRANGER, "a")


def test_long_text_costs_more() -> None:
    rates = Rates(clock=Clock(), rates=PER_MINUTE)

    assert _n_allowed(rates, "a", cost=3) == 2


def test_cost_beyond_the_bucket_takes_all_of_it() -> None:
    rates = Rates(clock=Clock(), rates=PER_MINUTE)

    assert _n_allowed(rates, "a", cost=100) == 1


def test_workers_share_what_comes_in_but_not_the_bucket() -> None:
    clock = Clock()
    rates = Rates(2, clock, PER_MINUTE)

    assert _n_allowed(rates, "a") == 6
    clock.now += 20
    assert _n_allowed(rates, "a") == 1


def test_what_is_given_back_can_be_taken_again() -> None:
    rates = Rates(clock=Clock(), rates=PER_MINUTE)
    rates.give_back(Allowance.STRANGER, "a")
    assert _n_allowed(rates, "a") == 6

    rates.give_back(Allowance.STRANGER, "a")
    assert _n_allowed(rates, "a") == 1


def test_refused_requests_cost_nothing() -> None:
    clock = Clock()
    rates = Rates(clock=clock, rates=PER_MINUTE)
    for _ in range(3):
        _n_allowed(rates, "a")

    clock.now += 10
    assert _n_allowed(rates, "a") == 1


@pytest.mark.parametrize(
    ("n_body", "n_query", "cost"),
    [(0, 0, 1), (1_499, 0, 1), (1_500, 0, 2), (6_000, 0, 5), (0, 4_500, 2), (None, 0, 11)],
)
def test_cost_grows_with_length(n_body: int | None, n_query: int, cost: float) -> None:
    assert cost_of(n_body, n_query) == cost


@pytest.mark.parametrize(
    ("allowance", "n_tokens", "refill_s"),
    [
        (Allowance.STRANGER, 60, 1.0),
        (Allowance.WIDGET, 30, 2.0),
        (Allowance.SITE, 600, 0.1),
        (Allowance.ORGANISATION, 600, 0.1),
        (Allowance.SIGN_IN, 5, 180.0),
    ],
)
def test_rate_that_ships_allows_so_many_and_not_one_more(
    allowance: Allowance, n_tokens: int, refill_s: float
) -> None:
    clock = Clock()
    rates = Rates(clock=clock)
    for _ in range(n_tokens):
        rates.take(allowance, "a")
    with pytest.raises(RateExceededError):
        rates.take(allowance, "a")

    clock.now += 0.9 * refill_s
    with pytest.raises(RateExceededError):
        rates.take(allowance, "a")
    clock.now += 0.2 * refill_s
    rates.take(allowance, "a")


def test_every_kind_of_caller_has_a_rate() -> None:
    assert set(RATES) == set(Allowance)


def test_caller_with_a_rate_of_its_own_is_counted_by_that() -> None:
    rates = Rates(clock=Clock(), rates=PER_MINUTE)

    for _ in range(2):
        rates.take(Allowance.STRANGER, "a", own=Rate(2, 60))

    with pytest.raises(RateExceededError):
        rates.take(Allowance.STRANGER, "a", own=Rate(2, 60))
