"""Many systems on one labelled set side by side, with how sure each difference is."""

import time
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np

from api.vocabularies import Vocabularies
from api.wiring import domain_words, make_annotator
from bench.quality.measured import OURS, Ratio, SetResult, SystemResult, result_of
from bench.quality.peers import NEEDS, peers
from bench.quality.sets import LabelledSet
from bench.quality.systems import SIMPLE, Opened, System
from bench.quality.vectors import RememberingEncoder
from indexer.embed import Embedder, RecentVectors
from indexer.words import Segmenter
from matcher.evaluate import index_of, read_collection
from matcher.features import FEATURES, Feature, weighted
from matcher.learning.examples import Example, Measure, examples_of
from matcher.learning.trial import try_training
from matcher.measures import hit, ndcg, recall, reciprocal_rank
from matcher.pipeline import Matcher

TODAY: Final = date(2026, 11, 25)
"""Day in force, fixed so that a report can be made again."""

ALL_TEXTS: Final = 10_000_000
TRAINED: Final = "navmatch-trained"
SYSTEMS: Final = (*SIMPLE, TRAINED, *NEEDS)
FUNCTIONS: Final[Mapping[str, Measure]] = {
    "ndcg@10": ndcg,
    "recall@10": recall,
    "mrr": reciprocal_rank,
    "hit@10": hit,
}


def compare(labelled: LabelledSet, wanted: Sequence[str], encoder: RememberingEncoder) -> SetResult:
    """Return what the wanted systems do on one set."""
    opened = open_set(labelled, labelled.split, encoder)
    systems: dict[str, System] = {**SIMPLE, **peers(encoder)}
    found = []
    for name in systems:
        if name in wanted or name == OURS:
            answer = systems[name](opened)
            answer(0)  # what the first question alone pays for is not the cost of one
            start = time.process_time()  # of the processor: others may be at work here
            ranked = {query.id: answer(n) for n, query in enumerate(opened.collection.queries)}
            seconds = time.process_time() - start
            found.append(result_of(name, ranked, opened.collection, seconds))
    examples = examples_of(opened.collection, opened.matcher, opened.view, _silent)
    keys = tuple(query.id for query in opened.collection.queries)
    notes: tuple[str, ...] = ()
    if TRAINED in wanted:
        told, note = _trained(labelled, examples, encoder)
        ratios = _ratios(examples, told, keys)
        found.insert(1, SystemResult(TRAINED, ratios, found[0].ms))
        notes = (note,)
    return SetResult(
        name=labelled.name,
        counted="个查询",
        costs="不含编码",
        measures=labelled.measures,
        keys=keys,
        systems=tuple(found),
        ablation=ablated(examples, FUNCTIONS[labelled.measures[0]]),
        notes=notes,
    )


def open_set(labelled: LabelledSet, split: str, encoder: RememberingEncoder) -> Opened:
    """Return a set understood, encoded and indexed; its query vectors are known from now on."""
    tables = Vocabularies.load()
    embedder = Embedder(encoder, RecentVectors(ALL_TEXTS))
    segmenter = Segmenter(domain_words(tables))
    annotator = make_annotator(tables, embedder, lambda: TODAY)
    collection = read_collection(labelled.folder, split, annotator, _silent)
    queries = embedder.embed_queries(collection.queries)
    matcher = Matcher(embedder, segmenter, tables.match_names(), lambda: TODAY)
    view = index_of(collection.documents, embedder, segmenter)
    return Opened(
        collection=collection,
        matcher=matcher,
        view=view,
        segmenter=segmenter,
        embedder=embedder,
        reader=annotator,
        query_vectors=np.stack([q.full for q in queries]),
        query_title_vectors=np.stack([q.title for q in queries]),
    )


def ablated(examples: Sequence[Example], measure: Measure) -> dict[str, list[float]]:
    """Return a measure by query with each feature's weight at 0; others are scaled up."""
    return {
        feature.name: _measured(examples, weighted(FEATURES, {feature.name: 0.0}), measure)
        for feature in FEATURES
    }


def _trained(
    labelled: LabelledSet, examples: Sequence[Example], encoder: RememberingEncoder
) -> tuple[list[tuple[Feature, ...]], str]:
    """Return weights trained on the set for each query: on its train part, else cross-fitted."""
    if labelled.train_split is None:
        trial = try_training(examples, FEATURES, FEATURES)
        told = [trial.unseen.get(e.id, FEATURES) for e in examples]
        note = "没有训练部分：每个查询由没有见过它的权重来排（五折）。"
    else:
        other = open_set(labelled, labelled.train_split, encoder)
        learned = examples_of(other.collection, other.matcher, other.view, _silent)
        trial = try_training(learned, FEATURES, FEATURES)
        told = [weighted(FEATURES, trial.weights)] * len(examples)
        note = f"在 {len(learned)} 个训练查询上训练。"
    gain = trial.difference
    verdict = "装入" if trial.is_better else "不装入"
    return told, (
        f"训练：{note}未见过的查询上 nDCG@10 差 {gain.mean:+.4f}"
        f"（{gain.low:+.4f} 至 {gain.high:+.4f}），按规则{verdict}。"
    )


def _ratios(
    examples: Sequence[Example], told: Sequence[tuple[Feature, ...]], keys: Sequence[str]
) -> dict[str, Ratio]:
    """Return the measures of examples ranked with the weights told for each."""
    by_key = {e.id: (e, features) for e, features in zip(examples, told, strict=True)}
    chosen = [by_key[key] for key in keys]
    return {
        name: Ratio.mean_of([example.measured(features, f) for example, features in chosen])
        for name, f in FUNCTIONS.items()
    }


def _measured(
    examples: Sequence[Example], features: tuple[Feature, ...], measure: Measure
) -> list[float]:
    return [example.measured(features, measure) for example in examples]


def _silent(done: int, total: int) -> None:
    pass
