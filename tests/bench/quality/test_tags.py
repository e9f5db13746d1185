"""Figures of tags: shares of sums, their intervals, and the baselines beside them."""

import numpy as np
import pytest

from bench.quality.tags import Measured, Ratio, report, scenario_ratios, trigger_words
from models.taxonomy import ScenarioTaxonomy

ROWS = [
    {"primary": "A.B", "scenarios": ["A.B", "A.C"]},
    {"primary": "A.C", "scenarios": ["A.C"]},
    {"primary": "OTH", "scenarios": ["OTH"]},
    {"primary": "OTH", "scenarios": ["OTH"]},
]
GIVEN = [["A.B"], ["OTH"], ["OTH"], ["A.B", "A.C"]]


def test_shares_are_those_of_their_definitions() -> None:
    primary, f1, precision, recall = scenario_ratios(ROWS, GIVEN, "OTH")
    assert primary.value == 2 / 4
    assert f1.value == pytest.approx(2 * 2 / (5 + 5))
    assert (precision.value, recall.value) == (1 / 2, 1 / 2)


def test_same_texts_are_drawn_for_two_ways() -> None:
    right = (np.random.default_rng(1).random(200) < 0.7).astype(np.float64)
    one, other = Ratio("r", right, np.ones(200)), Ratio("r", right, np.ones(200))
    assert (one.resampled() == other.resampled()).all()
    low, high = np.quantile(one.resampled(), [0.025, 0.975])
    error = np.sqrt(one.value * (1 - one.value) / 200)
    assert (low, high) == pytest.approx(
        (one.value - 1.96 * error, one.value + 1.96 * error), abs=0.01
    )


def test_report_names_how_far_ahead_and_the_cost() -> None:
    better, worse = (Ratio("对", np.full(50, share), np.ones(50)) for share in (0.9, 0.4))
    page = "\n".join(
        report({"集": [Measured("navmatch", (better,), 2.0), Measured("简单", (worse,), 0.5)]})
    )
    assert "| navmatch | 对 | 0.900 | 0.900 至 0.900 | — | — | 2.0 |" in page
    assert "| 简单 | 对 | 0.400 | 0.400 至 0.400 | +0.500 | +0.500 至 +0.500 | 0.5 |" in page


def test_words_name_a_scenario_or_nothing() -> None:
    taxonomy = ScenarioTaxonomy.load()
    scenario = taxonomy.level2[0]
    tag = trigger_words(taxonomy)
    assert tag([("", scenario.triggers[0] * 3)]) == [[scenario.code]]
    assert tag([("甲", "乙")]) == [[taxonomy.reject.code]]
