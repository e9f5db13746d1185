"""Clicks on biased lists teach the true order once their places are taken into account."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from matcher.learning.examples import Example
from matcher.learning.fit import fit_weights
from matcher.learning.interactions import (
    MAX_WEIGHT,
    USUAL_BIAS,
    Action,
    Shown,
    ShownList,
    gains_by_query,
    grades_of,
    position_bias,
    read_interactions,
)
from models.errors import InvalidInputError
from tests.matcher.learning.simulated import features, simulated

LOGGING = np.array([0.1, 0.1, 0.1, 0.7])
"""The ranking that was shown goes by a feature that says nothing."""

EVEN = np.full(4, 0.25)
VIEW = frozenset({Action.VIEW})


def _clicks(
    examples: list[Example], n_lists: int, bias: float, *, shuffled: bool = False
) -> list[ShownList]:
    """Lists of ten as shown; a place is looked at with chance `place ** -bias`."""
    chance = np.random.default_rng(7)
    lists = []
    for example in examples:
        ranked = example.ranked(features(LOGGING))
        for _ in range(n_lists):
            order = chance.permutation(ranked) if shuffled else np.array(ranked)
            shown = []
            for place, key in enumerate(order[:10].tolist(), start=1):
                looked = chance.random() < place**-bias
                likes = chance.random() < (0.9 if example.grades[key] >= 2 else 0.05)
                shown.append(Shown(key, place, VIEW if looked and likes else frozenset()))
            lists.append(ShownList({"id": example.id}, tuple(shown), shuffled))
    return lists


def _learned(examples: list[Example], lists: list[ShownList], bias: float) -> NDArray[np.float64]:
    gains = gains_by_query(lists, bias)
    told = [e.of_shown(gains[e.id], grades_of(gains[e.id])) for e in examples]
    return fit_weights(told, EVEN, 0.01, by_gain=True)


def test_clicks_teach_the_true_order_only_with_their_places() -> None:
    examples = simulated(60, seed=1)
    lists = _clicks(examples, n_lists=60, bias=1.0)
    fresh = simulated(60, seed=2)
    naive, weighed = (
        np.mean([e.measured(features(_learned(examples, lists, bias))) for e in fresh])
        for bias in (0.0, 1.0)
    )
    best = np.mean([e.measured(features(fit_weights(examples, EVEN, 0.01))) for e in fresh])
    assert weighed > naive + 0.05
    assert weighed > best - 0.03


@pytest.mark.parametrize("bias", [0.5, 1.0, 1.5])
def test_bias_is_read_from_shuffled_lists(bias: float) -> None:
    lists = _clicks(simulated(60, seed=1), n_lists=40, bias=bias, shuffled=True)
    assert position_bias(lists) == pytest.approx(bias, abs=0.1)


def test_bias_without_shuffled_lists_is_the_usual_one() -> None:
    assert position_bias(_clicks(simulated(20, seed=1), 20, 0.5)) == USUAL_BIAS
    assert position_bias([]) == USUAL_BIAS


@pytest.mark.parametrize(
    ("result", "gain"),
    [
        ({"actions": []}, 0.0),
        ({"actions": ["view"]}, 1.0),
        ({"actions": ["view", "shortlist"]}, 3.0),
        ({"actions": ["view", "decline"], "reason": "price_high"}, 1.0),
        ({"actions": ["view", "decline"], "reason": "scenario_mismatch"}, 0.0),
        ({"actions": ["accept", "rate"], "rating": 5}, 7.0),
        ({"actions": ["rate"], "rating": 4}, 7.0),
        ({"actions": ["accept", "rate"], "rating": 1}, 0.0),
    ],
)
def test_actions_say_how_well_a_result_fits(
    result: Mapping[str, object], gain: float, tmp_path: Path
) -> None:
    path = tmp_path / "log.jsonl"
    shown = {"key": "pv-1", "position": 1, **result}
    path.write_text(json.dumps({"query": {"id": "q"}, "shown": [shown]}) + "\n\n", "utf-8")
    (found,) = read_interactions(path)
    assert found.shown[0].gain == gain


def test_one_action_far_down_counts_no_more_than_the_most() -> None:
    lists = [ShownList({"id": "q"}, (Shown("a", 500, VIEW), Shown("b", 3, VIEW)))]
    assert gains_by_query(lists, 1.0) == {"q": {"a": MAX_WEIGHT, "b": 3.0}}


def test_gains_are_means_over_the_lists_of_a_query() -> None:
    seen, not_seen = Shown("a", 2, VIEW), Shown("a", 2, frozenset())
    lists = [ShownList({"id": "q"}, (shown,)) for shown in (seen, not_seen, not_seen, seen)]
    gains = gains_by_query(lists, 1.0)
    assert gains == {"q": {"a": 1.0}}
    assert grades_of({"a": 0.2, "b": 1.0, "c": 7.0}) == {"a": 0, "b": 1, "c": 3}


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"shown": []}',
        '{"query": {"title": "无编号"}, "shown": []}',
        '{"query": {"id": "q"}, "shown": [{"key": "a"}]}',
        '{"query": {"id": "q"}, "shown": [{"key": "a", "position": 0}]}',
        '{"query": {"id": "q"}, "shown": [{"key": "a", "position": 1, "actions": ["steal"]}]}',
        '{"query": {"id": "q"}, "shown": [{"key": "a", "position": 1, "rating": 9}]}',
    ],
)
def test_broken_line_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text('{"query": {"id": "q"}, "shown": []}\n' + line + "\n", "utf-8")
    with pytest.raises(InvalidInputError, match="第 2 行"):
        read_interactions(path)


def test_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="无法打开"):
        read_interactions(tmp_path / "none.jsonl")
