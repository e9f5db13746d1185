"""F2 in short, on a small set with an encoder of hashes; the real one at night."""

from dataclasses import replace

import pytest

from bench.quality.systems import Opened
from tests.fairness.exposure import Exposure, expose


@pytest.fixture(scope="module")
def found(opened: Opened) -> Exposure:
    return expose(opened, seed=0)


def test_no_provider_stands_twice_among_ten(found: Exposure) -> None:
    assert found.most_of_one == 1


def test_rankings_come_out_again_and_no_neutral_field_moves_them(found: Exposure) -> None:
    assert (found.n_again, found.neutral) == (1.0, 1.0)


def test_newcomers_are_seen_no_less_than_without_their_place(found: Exposure) -> None:
    assert found.new_in_top_5 >= found.new_without  # here few of the first ten are of one band


def test_exposure_is_shared_out_like_what_is_earned(found: Exposure) -> None:
    assert 0 <= found.gini_earned <= found.gini < 1
    assert found.seen > 0.8


def test_missed_goal_is_said(found: Exposure) -> None:
    bad = replace(found, over=1, most_of_one=2, new_in_top_5=0.0, n_again=0.9, neutral=0.9)
    assert len(bad.misses()) == 5
