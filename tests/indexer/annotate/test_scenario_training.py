"""Training gives the same head for the same texts, and one that works."""

import json
from importlib.resources import files

import numpy as np
import pytest

from indexer.annotate.head import Given, Head
from indexer.annotate.scenario import ScenarioTagger
from indexer.annotate.scenario_training import (
    TEXT_FILES,
    Example,
    calibrated,
    own_examples,
    train_head,
)
from models.taxonomy import ScenarioTaxonomy
from tests.factories import SUBJECTS, make_embedder

TAXONOMY = ScenarioTaxonomy.load()
PHRASES = {
    "ENT.RISK": "排查侵权风险并规避",
    "ENT.IPO": "准备上市问询答复",
    "OTH": "采购办公桌椅",
}
EXAMPLES = [
    Example(f"{subject}{phrase}\n请就{subject}{phrase}。", (code,))
    for subject in SUBJECTS[:6]
    for code, phrase in PHRASES.items()
]


@pytest.fixture(scope="module")
def head() -> Head:
    return train_head(EXAMPLES, make_embedder(), TAXONOMY.reject.code)


def test_training_twice_gives_the_same_head(head: Head) -> None:
    assert train_head(EXAMPLES, make_embedder(), TAXONOMY.reject.code).to_bytes() == head.to_bytes()


def test_trained_head_tags_a_new_text(head: Head) -> None:
    tagger = ScenarioTagger(TAXONOMY, make_embedder(), head)
    result = tagger.tag_scenarios(SUBJECTS[8], "请排查侵权风险,给出规避方案")
    assert result.tags[0].code == "ENT.RISK"
    assert head.codes == ("ENT.IPO", "ENT.RISK", "OTH")
    assert head.fingerprint == make_embedder().encoder.fingerprint


def test_confidence_is_calibrated_upwards(head: Head) -> None:
    assert all(slope > 0 for slope, _ in head.calibration.values())
    assert 0.05 <= head.threshold < 0.5


def test_reject_class_learns_how_often_it_is_right_where_it_is_given(head: Head) -> None:
    reject = head.codes.index("OTH")
    said = np.full((200, 3), 0.1)
    said[:100, 0] = said[100:, reject] = 0.8
    truth = np.zeros(said.shape, np.bool_)
    truth[:90, 0] = truth[100:150, reject] = True
    learned = calibrated(head, said, truth, "OTH")
    assert learned.confidence(0.8, Given.SCENARIO) == pytest.approx(0.7, abs=0.02)
    assert learned.confidence(0.8, Given.REJECT) == pytest.approx(0.5, abs=0.02)


def test_own_examples_cover_every_class_with_known_codes() -> None:
    codes = {scenario.code for scenario in (*TAXONOMY.level2, TAXONOMY.reject)}
    examples = own_examples(TAXONOMY)
    assert {example.labels[0] for example in examples} == codes
    assert {label for example in examples for label in example.labels} <= codes


@pytest.mark.parametrize("name", TEXT_FILES)
def test_rows_of_the_training_texts_are_whole(name: str) -> None:
    lines = (files("indexer.annotate") / "data" / name).read_text("utf-8").splitlines()
    for row in map(json.loads, lines):
        assert row["title"].strip()
        assert row["text"].strip()
        assert len(set(row["scenarios"])) == len(row["scenarios"]) > 0
