"""Figures of tags: shares of sums, their intervals, and the baselines beside them."""

import numpy as np
import pytest

from bench.quality.measured import Ratio
from bench.quality.tags import scenario_ratios, trigger_words
from models.taxonomy import ScenarioTaxonomy

ROWS = [
    {"primary": "A.B", "scenarios": ["A.B", "A.C"]},
    {"primary": "A.C", "scenarios": ["A.C"]},
    {"primary": "OTH", "scenarios": ["OTH"]},
    {"primary": "OTH", "scenarios": ["OTH"]},
]
GIVEN = [["A.B"], ["OTH"], ["OTH"], ["A.B", "A.C"]]


def test_shares_are_those_of_their_definitions() -> None:
    primary, f1, precision, recall = scenario_ratios(ROWS, GIVEN, "OTH").values()
    assert primary.value == 2 / 4
    assert f1.value == pytest.approx(2 * 2 / (5 + 5))
    assert (precision.value, recall.value) == (1 / 2, 1 / 2)


def test_same_texts_are_drawn_for_two_ways() -> None:
    right = (np.random.default_rng(1).random(200) < 0.7).astype(np.float64)
    one, other = Ratio(right, np.ones(200)), Ratio(right, np.ones(200))
    assert (one.resampled == other.resampled).all()
    low, high = one.interval.low, one.interval.high
    error = np.sqrt(one.value * (1 - one.value) / 200)
    assert (low, high) == pytest.approx(
        (one.value - 1.96 * error, one.value + 1.96 * error), abs=0.01
    )


def test_all_right_is_as_sure_as_their_number_allows() -> None:
    """Clopper and Pearson: 25 of 25 is also what a share of 0.863 gives once in forty times."""
    right, wrong = Ratio.mean_of([1] * 25).interval, Ratio.mean_of([0] * 25).interval
    assert [right.low, right.high] == pytest.approx([0.8628, 1], abs=1e-4)
    assert [wrong.low, wrong.high] == pytest.approx([0, 0.1372], abs=1e-4)


def test_words_name_a_scenario_or_nothing() -> None:
    taxonomy = ScenarioTaxonomy.load()
    scenario = taxonomy.level2[0]
    tag = trigger_words(taxonomy)
    assert tag([("", scenario.triggers[0] * 3)]) == [[scenario.code]]
    assert tag([("甲", "乙")]) == [[taxonomy.reject.code]]
