"""A ranker is weights in a file; applied, its contributions still add up."""

import json
from pathlib import Path

import pytest

from matcher.features import FEATURES
from matcher.ranker import Certainty, Ranker
from models.errors import InvalidInputError

RANKER = Ranker(
    version="20261125-1",
    weights={"shared_phrases": 0.75, "text_meaning": 0.25},
    certainty=Certainty(slope=9.0, offset=-3.0),
    provenance={"queries": 104},
)


def test_file_gives_the_ranker_back(tmp_path: Path) -> None:
    path = tmp_path / "ranker.json"
    path.write_text(RANKER.to_json(), "utf-8")
    assert Ranker.read(path) == RANKER


def test_features_it_does_not_name_count_nothing() -> None:
    weights = {f.name: f.weight for f in RANKER.apply(FEATURES)}
    assert {name: w for name, w in weights.items() if w} == RANKER.weights
    assert set(weights) == {f.name for f in FEATURES}


def test_feature_that_is_gone_is_refused_in_chinese() -> None:
    with pytest.raises(InvalidInputError, match="重新训练"):
        Ranker("old", {"no_such_feature": 1.0}).apply(FEATURES)


def test_higher_score_is_surer() -> None:
    assert RANKER.certainty is not None
    said = [RANKER.certainty.of(score / 10) for score in range(11)]
    assert said == sorted(said)
    assert 0 < said[0] < said[-1] < 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": 2, "version": "a", "weights": {}}',
        '{"format": 1, "version": "a", "weights": []}',
        '{"format": 1, "version": "a", "weights": {"region": "x"}}',
        '{"format": 1, "version": "a", "weights": {}, "certainty": {"slope": 1}}',
        json.dumps({"weights": {"region": 1.0}}),
    ],
)
def test_other_content_is_refused_in_chinese(text: str) -> None:
    with pytest.raises(InvalidInputError, match="排序器"):
        Ranker.from_json(text)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="无法打开"):
        Ranker.read(tmp_path / "none.json")


@pytest.mark.parametrize("probability", [0.05, 0.15, 0.5])
def test_score_at_is_where_a_result_begins_to_fit(probability: float) -> None:
    certainty = Certainty(slope=15.0, offset=-5.75)
    assert certainty.of(certainty.score_at(probability)) == pytest.approx(probability)


def test_scores_that_tell_nothing_never_reach_a_probability() -> None:
    assert Certainty(slope=0.0, offset=-5.0).score_at(0.05) == 1.0
