"""Examples rank as the pipeline does."""

import numpy as np
import pytest

from indexer.embed import Embedder
from matcher.evaluate import Collection, index_of, rank_collection
from matcher.features import FEATURES, weighted
from matcher.learning.examples import examples_of, make_example
from tests.factories import SEGMENTER, make_corpus, make_demand, make_matcher


def _silent(done: int, total: int) -> None:
    pass


def _collection(candidates: dict[str, frozenset[str]] | None = None) -> Collection:
    documents = tuple(make_corpus(40))
    queries = (make_demand("q1", "固态电池电解质的风险排查。"), make_demand("q2", "海上风电图谱。"))
    return Collection(documents, queries, {"q1": {documents[3].group_id: 2}, "q2": {}}, candidates)


@pytest.mark.parametrize("weights", [None, {"shared_words": 0.9}])
def test_examples_rank_as_the_pipeline_does(
    weights: dict[str, float] | None, embedder: Embedder
) -> None:
    collection, matcher = _collection(), make_matcher(embedder)
    view = index_of(collection.documents, embedder, SEGMENTER)
    ranked = rank_collection(collection, matcher, view, weights, _silent)
    features = weighted(FEATURES, weights or {})
    for example in examples_of(collection, matcher, view, _silent):
        assert example.ranked(features) == [key for key, _ in ranked[example.id]]


def test_only_candidates_are_looked_at(embedder: Embedder) -> None:
    documents = make_corpus(40)
    some = frozenset(d.id for d in documents[:6])
    collection = _collection({"q1": some})
    view = index_of(collection.documents, embedder, SEGMENTER)
    (example,) = examples_of(collection, make_matcher(embedder), view, _silent)
    assert (example.id, len(example.values)) == ("q1", 6)
    assert set(example.keys) == {d.group_id for d in documents[:6]}


def test_rows_of_a_group_stand_together() -> None:
    values = (np.arange(10).reshape(5, 2) / 10).astype(np.float32)
    example = make_example("q", values, ["b", "a", "b", "c", "a"], {"a": 3, "c": 1, "z": 2})
    assert example.keys == ("a", "b", "c")
    assert example.groups.tolist() == [0, 0, 1, 1, 2]
    assert example.values[:, 0].tolist() == pytest.approx([0.2, 0.8, 0.0, 0.4, 0.6])
    assert example.gains.tolist() == [7.0, 0.0, 1.0]


def test_only_what_was_shown_is_learned_from() -> None:
    values = (np.arange(10).reshape(5, 2) / 10).astype(np.float32)
    whole = make_example("q", values, ["b", "a", "b", "c", "a"], {"a": 3})
    shown = whole.of_shown({"c": 0.0, "b": 2.5}, {"b": 2})
    assert (shown.keys, shown.groups.tolist()) == (("b", "c"), [0, 0, 1])
    assert shown.gains.tolist() == [2.5, 0.0]
    assert shown.values[:, 0].tolist() == pytest.approx([0.0, 0.4, 0.6])


def test_measure_counts_judged_groups_that_are_no_candidates() -> None:
    values = np.array([[1.0], [0.5]], np.float32)
    feature = weighted(FEATURES, {})[:1]
    whole = make_example("q", values, ["a", "b"], {"a": 1})
    missing = make_example("q", values, ["a", "b"], {"a": 1, "z": 3})
    assert whole.measured(feature) == 1.0 > missing.measured(feature)
