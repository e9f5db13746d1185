"""Many systems on all labelled sets side by side, with how sure each difference is.

python -m bench.quality.compare [--collections bdci2019,demo] [--systems navmatch,rrf]

Writes `bench/reports/quality.md`, `.json` and `.svg`. Sets come from the folder in
`NAVMATCH_SHARED_DATA` (default `../shared/data` beside the checkout); those that are not there,
and peers that are not installed, are named and left out. Vectors are kept in `.cache/bench`:
the first run encodes for many minutes, the next ones for none.
"""

import argparse
import os
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from api.vocabularies import Vocabularies
from api.wiring import domain_words, make_annotator
from bench.quality.measured import SetResult, SystemResult, result_of
from bench.quality.peers import NEEDS, missing, peers
from bench.quality.report import write_report
from bench.quality.sets import CACHE, CHECKOUT, MEASURES, LabelledSet, prepare
from bench.quality.systems import SIMPLE, Opened, System
from bench.quality.vectors import RememberingEncoder
from indexer.embed import Embedder, RecentVectors
from indexer.encoder import open_encoder
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


def main() -> None:
    """Measure, print and write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("--collections", default=",".join(MEASURES))
    parser.add_argument("--systems", default=",".join(SYSTEMS))
    parser.add_argument("--data-dir", type=Path, default=CHECKOUT / "data")
    parser.add_argument("--encoder", default=os.environ.get("NAVMATCH_ENCODER"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=CHECKOUT / "bench" / "reports")
    parser.add_argument("--name", default="quality")
    options = parser.parse_args()
    opened = open_encoder(options.encoder, options.data_dir, options.threads)
    encoder = RememberingEncoder(opened, CACHE / "vectors")
    wanted = options.systems.split(",")
    for name in wanted:
        if lacking := missing(name) if name in NEEDS else []:
            print(f"{name}: 没有安装 {'、'.join(lacking)}，略过（pip install {' '.join(lacking)}）")
    results = []
    for name in options.collections.split(","):
        labelled = prepare(name)
        if labelled is None:
            print(f"{name}: 没有这个集的数据（NAVMATCH_SHARED_DATA），略过")
            continue
        results.append(compare(labelled, wanted, encoder))
    about = f"编码器 {encoder.fingerprint[:12]}，{len(FEATURES)} 项特征，随软件附带的权重。"
    write_report(results, options.out, options.name, about)
    encoder.close()
    print(f"报告：{options.out / options.name}.md")


def compare(labelled: LabelledSet, wanted: Sequence[str], encoder: RememberingEncoder) -> SetResult:
    """Return what the wanted systems do on one set."""
    opened = open_set(labelled, labelled.split, encoder)
    systems: dict[str, System] = {**SIMPLE, **peers(encoder)}
    found = []
    for name in systems:
        if name in wanted or name == "navmatch":
            answer = systems[name](opened)
            answer(0)  # what the first question alone pays for is not the cost of one
            start = time.process_time()  # of the processor: others may be at work here
            ranked = {query.id: answer(n) for n, query in enumerate(opened.collection.queries)}
            seconds = time.process_time() - start
            found.append(result_of(name, ranked, opened.collection, seconds))
            _say(labelled, found[-1])
    examples = examples_of(opened.collection, opened.matcher, opened.view, _silent)
    notes: tuple[str, ...] = ()
    if TRAINED in wanted:
        trained, note = _trained(labelled, examples, found[0], encoder)
        found.insert(1, trained)
        notes = (note,)
        _say(labelled, trained)
    ablation = ablated(examples, FUNCTIONS[labelled.measures[0]])
    return SetResult(labelled.name, labelled.measures, tuple(found), ablation, notes)


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
    labelled: LabelledSet,
    examples: Sequence[Example],
    ours: SystemResult,
    encoder: RememberingEncoder,
) -> tuple[SystemResult, str]:
    """Return navmatch with weights trained on the set: on its train part, else cross-fitted."""
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
    by_query = {
        e.id: {name: e.measured(features, f) for name, f in FUNCTIONS.items()}
        for e, features in zip(examples, told, strict=True)
    }
    result = SystemResult(TRAINED, {q: by_query[q] for q in ours.by_query}, ours.per_query_ms)
    return result, (
        f"训练：{note}未见过的查询上 nDCG@10 差 {gain.mean:+.4f}"
        f"（{gain.low:+.4f} 至 {gain.high:+.4f}），按规则{verdict}。"
    )


def _measured(
    examples: Sequence[Example], features: tuple[Feature, ...], measure: Measure
) -> list[float]:
    return [example.measured(features, measure) for example in examples]


def _say(labelled: LabelledSet, result: SystemResult) -> None:
    means = ", ".join(f"{m} {np.mean(result.values(m)):.4f}" for m in labelled.measures)
    print(
        f"{labelled.name:12s} {result.name:18s} {means}  {result.per_query_ms:.1f} ms", flush=True
    )


def _silent(done: int, total: int) -> None:
    pass


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Leaves the description as it is written."""


if __name__ == "__main__":
    main()
