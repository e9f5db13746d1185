"""Training gives the same head for the same texts, and one that works."""

import json
from importlib.resources import files

import pytest

from indexer.annotate.head import Head
from indexer.annotate.scenario import ScenarioTagger
from indexer.annotate.scenario_training import TEXT_FILES, Example, own_examples, train_head
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
    return train_head(EXAMPLES, make_embedder())


def test_training_twice_gives_the_same_head(head: Head) -> None:
    assert train_head(EXAMPLES, make_embedder()).to_bytes() == head.to_bytes()


def test_trained_head_tags_a_new_text(head: Head) -> None:
    tagger = ScenarioTagger(TAXONOMY, make_embedder(), head)
    result = tagger.tag_scenarios(SUBJECTS[8], "请排查侵权风险,给出规避方案")
    assert result.tags[0].code == "ENT.RISK"
    assert head.codes == ("ENT.IPO", "ENT.RISK", "OTH")
    assert head.fingerprint == make_embedder().encoder.fingerprint


def test_confidence_is_calibrated_upwards(head: Head) -> None:
    slope, _ = head.calibration
    assert slope > 0
    assert 0.05 <= head.threshold < 0.5


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
