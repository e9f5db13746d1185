"""Scenario tags: which decision a text wants served, by which of its words."""

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.annotate.head import MAX_TAGS
from indexer.annotate.scenario import MAX_EVIDENCE, SURE, ScenarioTagger, load_head
from indexer.annotate.types import ScenarioResult
from indexer.embed import Embedder, RecentVectors
from indexer.encoder import HashEncoder
from indexer.onnx_encoder import OnnxEncoder
from indexer.text import canonicalise
from models.taxonomy import ScenarioTaxonomy
from models.vocabulary.taxonomy import Scheme
from tests.factories import make_embedder

TAXONOMY = ScenarioTaxonomy.load()
ROOT = Path(__file__).resolve().parents[3]
DEV = (
    Path(os.environ.get("NAVMATCH_SHARED_DATA") or ROOT.parent / "shared" / "data")
    / "scenarios"
    / "scenario_dev.jsonl"
)
TAGGER = ScenarioTagger(TAXONOMY, make_embedder())
RISK = ("出口前的专利侵权排查", "我们的储能电池要卖到欧洲,担心侵权,请做自由实施分析和规避设计。")
FRUIT = ("食堂采购", "食堂采购米面粮油与蔬菜水果,要求每日配送,资质齐全。")


def _codes(result: ScenarioResult) -> list[str]:
    return [tag.code for tag in result.tags]


def test_risk_text_is_tagged_as_risk() -> None:
    result = TAGGER.tag_scenarios(*RISK)
    assert _codes(result)[0] == "ENT.RISK"
    tag = result.tags[0]
    assert (tag.scheme, tag.version) == (Scheme.SCENARIO, TAXONOMY.version)
    assert tag.name == TAXONOMY.name("ENT.RISK")


def test_text_about_something_else_is_rejected_alone() -> None:
    assert _codes(TAGGER.tag_scenarios(*FRUIT)) == ["OTH"]


def test_evidence_quotes_words_that_speak_for_the_tag() -> None:
    title, body = RISK
    tag = TAGGER.tag_scenarios(title, body).tags[0]
    assert "侵权" in "".join(evidence.text for evidence in tag.evidence)


@settings(max_examples=60)
@given(
    title=st.text(st.sampled_from("专利侵权风险上市IPOİß 1"), max_size=12),
    body=st.text(st.sampled_from("产业导航,人才评价。万元3个月\nABCİ"), max_size=80),
)
def test_any_text_gets_tags_that_keep_the_promises(title: str, body: str) -> None:
    title, body = canonicalise(title), canonicalise(body)
    result = TAGGER.tag_scenarios(title, body)
    assert 1 <= len(result.tags) <= MAX_TAGS
    assert len(set(_codes(result))) == len(result.tags)
    assert "OTH" not in _codes(result) or len(result.tags) == 1
    assert all(0 <= tag.confidence <= 1 for tag in result.tags)
    assert result.needs_confirmation == (result.tags[0].confidence < SURE)
    for tag in result.tags:
        assert len(tag.evidence) <= MAX_EVIDENCE
        for evidence in tag.evidence:
            assert f"{title}\n{body}"[evidence.start : evidence.end] == evidence.text != ""


def test_many_texts_are_tagged_as_one_by_one() -> None:
    texts = [RISK, FRUIT, ("", RISK[1]), (RISK[0], "")]
    assert TAGGER.tag_scenarios_many(texts) == [TAGGER.tag_scenarios(*text) for text in texts]
    assert TAGGER.tag_scenarios_many([]) == []


def test_only_the_beginning_of_a_long_text_counts() -> None:
    title, body = RISK
    padded = body + "补充说明。" * 500
    assert _codes(TAGGER.tag_scenarios(title, padded)) == _codes(
        TAGGER.tag_scenarios(title, padded + FRUIT[1] * 50)
    )


def test_other_encoder_leaves_the_words_to_decide() -> None:
    class Silent(HashEncoder):
        def encode_queries(self, texts: object) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
            raise AssertionError("vectors of another encoder mean nothing to the head")

    tagger = ScenarioTagger(TAXONOMY, Embedder(Silent(), RecentVectors()))
    assert tagger.tag_scenarios(*RISK) == TAGGER.tag_scenarios(*RISK)


def test_encoder_of_the_head_is_asked() -> None:
    embedder = make_embedder()
    dim = embedder.encoder.dim
    weights = np.zeros((dim + 1, len(load_head().codes)), np.float32)
    weights[-1, load_head().codes.index("TAL.EVAL")] = 1_000
    head = replace(
        load_head(),
        fingerprint=embedder.encoder.fingerprint,
        mean=np.zeros(dim, np.float32),
        semantic=weights,
    )
    tagger = ScenarioTagger(TAXONOMY, embedder, head)
    assert _codes(tagger.tag_scenarios(*RISK))[0] == "TAL.EVAL"


def test_shipped_head_knows_every_scenario_and_the_reject_class() -> None:
    codes = {scenario.code for scenario in TAXONOMY.level2} | {TAXONOMY.reject.code}
    assert set(load_head().codes) == codes


def test_shipped_head_belongs_to_the_default_encoder(
    e5_encoder: OnnxEncoder,
) -> None:
    assert load_head().fingerprint == e5_encoder.fingerprint


def _accuracy(tagger: ScenarioTagger) -> float:
    rows = [json.loads(line) for line in DEV.read_text("utf-8").splitlines()]
    texts = [(canonicalise(row["title"]), canonicalise(row["text"])) for row in rows]
    found = [_codes(result)[0] for result in tagger.tag_scenarios_many(texts)]
    wanted: list[str] = [row["primary"] for row in rows]
    return sum(map(str.__eq__, found, wanted)) / len(rows)


needs_dev = pytest.mark.skipif(
    not DEV.exists(), reason="labelled demands absent: set NAVMATCH_SHARED_DATA to their folder"
)


@needs_dev
def test_words_alone_find_the_scenario_of_four_in_five() -> None:
    assert _accuracy(TAGGER) >= 0.80


@needs_dev
@pytest.mark.nightly
def test_words_and_vectors_find_more(e5_encoder: OnnxEncoder) -> None:
    embedder = Embedder(e5_encoder, RecentVectors())
    assert _accuracy(ScenarioTagger(TAXONOMY, embedder)) >= 0.82
