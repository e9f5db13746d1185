"""The list of features is readable, complete, and weighs 1 in all."""

import pytest

from matcher.features import FEATURES, weighted


def test_weights_sum_to_one_and_none_is_negative() -> None:
    assert sum(f.weight for f in FEATURES) == pytest.approx(1.0)
    assert all(f.weight >= 0 for f in FEATURES)


def test_every_feature_has_a_name_and_words_of_its_own() -> None:
    for texts in zip(*((f.name, f.title, f.description) for f in FEATURES), strict=True):
        assert len(set(texts)) == len(FEATURES)
        assert all(texts)


def test_replaced_weights_are_scaled_with_the_others() -> None:
    changed = {f.name: f.weight for f in weighted(FEATURES, {"region": 1.0})}
    shipped = {f.name: f.weight for f in FEATURES}
    rest = 1.0 - shipped["region"]
    assert sum(changed.values()) == pytest.approx(1.0)
    assert changed["region"] == pytest.approx(1.0 / (1.0 + rest))
    assert changed["text_meaning"] == pytest.approx(shipped["text_meaning"] / (1.0 + rest))


def test_zero_switches_a_feature_off() -> None:
    changed = {f.name: f.weight for f in weighted(FEATURES, {"rating": 0.0})}
    assert changed["rating"] == 0.0
    assert sum(changed.values()) == pytest.approx(1.0)


def test_no_change_leaves_the_shipped_weights() -> None:
    assert [f.weight for f in weighted(FEATURES, {})] == pytest.approx([f.weight for f in FEATURES])


@pytest.mark.parametrize(
    "weights",
    [
        pytest.param({"no_such_feature": 0.5}, id="unknown"),
        pytest.param({"second_capability": 0.5}, id="a part that is no feature"),
        pytest.param({"region": -0.1}, id="negative"),
        pytest.param({"region": float("nan")}, id="not a number"),
        pytest.param({"region": float("inf")}, id="infinite"),
        pytest.param({f.name: 0.0 for f in FEATURES}, id="nothing left"),
    ],
)
def test_impossible_weights_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"features|weights"):
        weighted(FEATURES, weights)
