"""The bootstrap says how sure a mean is, the same way every time."""

import numpy as np
import pytest

from matcher.significance import bootstrap


def test_interval_holds_the_mean_and_narrows_with_more_values() -> None:
    chance = np.random.default_rng(1)
    few, many = (bootstrap(chance.normal(0.5, 1.0, n).tolist()) for n in (30, 3_000))
    for found in (few, many):
        assert found.low < found.mean < found.high
    assert many.high - many.low < (few.high - few.low) / 5


def test_interval_is_that_of_the_normal_distribution() -> None:
    values = np.random.default_rng(2).normal(0.0, 1.0, 2_000)
    found = bootstrap(values.tolist())
    half = 1.96 * values.std() / np.sqrt(len(values))
    assert found.high - found.low == pytest.approx(2 * half, rel=0.05)


@pytest.mark.parametrize(("values", "p_value"), [([1.0] * 10, 0.0), ([0.0] * 10, 1.0)])
def test_certain_differences(values: list[float], p_value: float) -> None:
    assert bootstrap(values).p_value == p_value


def test_better_and_worse_mirror_each_other() -> None:
    values = np.random.default_rng(3).normal(0.1, 0.4, 50)
    better, worse = bootstrap(values.tolist()), bootstrap((-values).tolist())
    assert better.p_value == pytest.approx(worse.p_value)
    assert better.p_not_above == pytest.approx(1 - worse.p_not_above)
    assert (better.low, better.high) == pytest.approx((-worse.high, -worse.low))


def test_chance_alone_is_called_significant_one_time_in_twenty() -> None:
    chance = np.random.default_rng(4)
    found = [bootstrap(chance.normal(0, 1, 40).tolist(), 500).p_value for _ in range(400)]
    assert 0.02 < np.mean(np.array(found) < 0.05) < 0.10


def test_same_values_give_the_same_interval() -> None:
    assert bootstrap([0.1, -0.2, 0.3]) == bootstrap([0.1, -0.2, 0.3])


def test_no_values_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        bootstrap([])
