"""Scenario tags and product names beside the simple ways; nothing is trained on the sets."""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from bench.quality.industry import NameSearch, labelled_phrases
from bench.quality.measured import OURS, Ratio, SetResult, SystemResult
from bench.quality.sets import shared_data
from indexer.annotate.industry import IndustryTagger
from indexer.annotate.scenario import ScenarioTagger
from indexer.embed import Embedder, RecentVectors
from indexer.encoder import Encoder
from indexer.text import canonicalise
from models.industries import IndustryTable
from models.taxonomy import ScenarioTaxonomy
from models.vocabulary.taxonomy import Scheme

N_NEAREST: Final = 3
"""Prototypes of a code that are averaged, as the baseline of the set is measured."""

TOPS: Final = (1, 5)

SCENARIOS: Final = "scenarios"
PRODUCTS: Final = "products"
NEAREST: Final = "nearest-prototypes"
TRIGGERS: Final = "trigger-words"
NAMES: Final = "name-search"
WAYS: Final = (NEAREST, TRIGGERS, NAMES)

WayT = TypeVar("WayT")
Tagger = Callable[[Sequence[tuple[str, str]]], list[list[str]]]
"""Gives the codes of texts `(title, body)`, the first being the primary one."""


def tag_set(name: str, wanted: Iterable[str], encoder: Encoder) -> SetResult | None:
    """Return how the wanted ways tag one set; None where its data is not there."""
    folder = shared_data()
    if name == SCENARIOS:
        path = folder / "scenarios" / "scenario_dev.jsonl"
        return scenarios(path, wanted, encoder) if path.exists() else None
    path = folder / "industry" / "special_industry_tags.tsv"
    return product_names(path, wanted) if path.exists() else None


def scenarios(path: Path, wanted: Iterable[str], encoder: Encoder) -> SetResult:
    """Return how the labelled texts are tagged by the tagger, by prototypes and by words."""
    taxonomy = ScenarioTaxonomy.load()
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    texts = [(canonicalise(row["title"]), canonicalise(row["text"])) for row in rows]
    tagger = ScenarioTagger(taxonomy, Embedder(encoder, RecentVectors(1)))
    ways: dict[str, Tagger] = {
        OURS: lambda some: [[t.code for t in r.tags] for r in tagger.tag_scenarios_many(some)],
        NEAREST: nearest_prototypes(taxonomy, Embedder(encoder, RecentVectors(1))),
        TRIGGERS: trigger_words(taxonomy),
    }
    systems = []
    for name, way in _chosen(ways, wanted):
        way(texts[:1])  # what the first text alone pays for is not the cost of one
        start = time.process_time()
        given = [way([text])[0] for text in texts]
        ms = 1000 * (time.process_time() - start) / len(texts)
        ratios = scenario_ratios(rows, given, taxonomy.reject.code)
        systems.append(SystemResult(name, ratios, ms))
    return SetResult(
        name=SCENARIOS,
        counted="段文本",
        costs="含编码",
        measures=tuple(systems[0].ratios),
        keys=tuple(str(row["id"]) for row in rows),
        systems=tuple(systems),
    )


def scenario_ratios(
    rows: Sequence[Mapping[str, Any]], given: Sequence[Sequence[str]], reject: str
) -> dict[str, Ratio]:
    """Return primary accuracy, micro-F1, and precision and recall of the reject class."""
    right = [codes[0] == row["primary"] for codes, row in zip(given, rows, strict=True)]
    hits = [
        2 * len(set(codes) & set(row["scenarios"])) for codes, row in zip(given, rows, strict=True)
    ]
    sizes = [len(codes) + len(row["scenarios"]) for codes, row in zip(given, rows, strict=True)]
    said = np.array([codes[0] == reject for codes in given], np.float64)
    true = np.array([row["primary"] == reject for row in rows], np.float64)
    return {
        "主场景正确率": Ratio.mean_of(right),
        "micro-F1": Ratio(np.array(hits, np.float64), np.array(sizes, np.float64)),
        f"{reject} 精确率": Ratio(said * true, said),
        f"{reject} 召回率": Ratio(said * true, true),
    }


def nearest_prototypes(taxonomy: ScenarioTaxonomy, embedder: Embedder) -> Tagger:
    """Return the baseline: the code whose three nearest prototypes lie nearest on average."""
    rows = [
        (scenario.code, canonicalise(text))
        for scenario in (*taxonomy.level2, taxonomy.reject)
        for text in (f"{scenario.zh}\n{scenario.definition}", *scenario.examples)
    ]
    codes = np.array([code for code, _ in rows])
    vectors = embedder.query_vectors([text for _, text in rows])
    names = sorted(set(codes.tolist()))

    def tag(texts: Sequence[tuple[str, str]]) -> list[list[str]]:
        asked = embedder.query_vectors([f"{title}\n{body}" for title, body in texts])
        near = asked @ vectors.T
        of_code = [np.sort(near[:, codes == name], 1)[:, -N_NEAREST:].mean(1) for name in names]
        return [[names[best]] for best in np.argmax(of_code, axis=0)]

    return tag


def trigger_words(taxonomy: ScenarioTaxonomy) -> Tagger:
    """Return the baseline that counts the words of each code; none found is the reject class."""

    def tag(texts: Sequence[tuple[str, str]]) -> list[list[str]]:
        return [[_most_named(taxonomy, f"{title}\n{body}")] for title, body in texts]

    return tag


def _most_named(taxonomy: ScenarioTaxonomy, text: str) -> str:
    counts = {s.code: sum(text.count(word) for word in s.triggers) for s in taxonomy.level2}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] else taxonomy.reject.code


def product_names(path: Path, wanted: Iterable[str]) -> SetResult:
    """Return how often the class of a product is first, and among five, for each way."""
    table = IndustryTable.load()
    tagger = IndustryTagger(table)
    search = NameSearch(table.at_level(Scheme.GB4754, 4))
    ways: dict[str, Callable[[str], Sequence[str]]] = {
        OURS: lambda name: [code for code, _ in tagger.rank_classes(name)],
        NAMES: search.rank,
    }
    pairs = list(labelled_phrases(path))
    systems = []
    for name, rank in _chosen(ways, wanted):
        rank(pairs[0][0])  # as above
        start = time.process_time()
        ranked = [rank(product)[: max(TOPS)] for product, _ in pairs]
        ms = 1000 * (time.process_time() - start) / len(pairs)
        ratios = {
            f"前 {top} 名含正确": Ratio.mean_of(
                [code in r[:top] for r, (_, code) in zip(ranked, pairs, strict=True)]
            )
            for top in TOPS
        }
        systems.append(SystemResult(name, ratios, ms))
    return SetResult(
        name=PRODUCTS,
        counted="个产品名",
        costs="不用编码",
        measures=tuple(systems[0].ratios),
        keys=tuple(str(n) for n in range(len(pairs))),  # the names are not ours to repeat
        systems=tuple(systems),
    )


def _chosen(ways: Mapping[str, WayT], wanted: Iterable[str]) -> list[tuple[str, WayT]]:
    names = {OURS, *wanted}
    return [(name, way) for name, way in ways.items() if name in names]
