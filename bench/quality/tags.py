"""Scenario tags and product names beside the simple ways, each figure with interval and cost.

python -m bench.quality.tags [--out DIR]

Writes `bench/reports/tags.md` and `tags.json` (right or wrong by text, so that two runs can be
compared). Sets come from the folder in `NAVMATCH_SHARED_DATA`; those that are not there are named
and left out. Nothing is trained on them.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bench.quality.industry import NameSearch, labelled_phrases
from bench.quality.sets import CHECKOUT, shared_data
from indexer.annotate.industry import IndustryTagger
from indexer.annotate.scenario import ScenarioTagger
from indexer.annotate.types import ScenarioResult
from indexer.embed import Embedder, RecentVectors
from indexer.encoder import Encoder, open_encoder
from indexer.text import canonicalise
from matcher.significance import BATCH, CONFIDENCE, RESAMPLES
from models.industries import IndustryTable
from models.taxonomy import ScenarioTaxonomy
from models.vocabulary.taxonomy import Scheme

N_NEAREST: Final = 3
"""Prototypes of a code that are averaged, as the baseline of the set is measured."""

TOPS: Final = (1, 5)

Tagger = Callable[[Sequence[tuple[str, str]]], list[list[str]]]
"""Gives the codes of texts `(title, body)`, the first being the primary one."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share of sums over texts, such as F1: one over, one under for each text.

    Attributes:
        name: What it is.
        over: float64 (n,).
        under: float64 (n,).
    """

    name: str
    over: NDArray[np.float64]
    under: NDArray[np.float64]

    @property
    def value(self) -> float:
        """The share, 0..1."""
        return float(self.over.sum() / max(self.under.sum(), 1.0))

    def resampled(self) -> NDArray[np.float64]:
        """Return the share in samples of the texts; the same samples for whoever has as many."""
        chance, n = np.random.default_rng(0), len(self.over)
        shares = []
        for _ in range(0, RESAMPLES, BATCH):
            drawn = chance.integers(0, n, (BATCH, n))
            shares.append(self.over[drawn].sum(1) / np.maximum(self.under[drawn].sum(1), 1.0))
        return np.concatenate(shares)


@dataclass(frozen=True, slots=True)
class Measured:
    """One way of tagging on one set.

    Attributes:
        name: The way.
        ratios: What was measured.
        ms: Time of the processor a text took.
    """

    name: str
    ratios: tuple[Ratio, ...]
    ms: float


def main() -> None:
    """Measure, print and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=CHECKOUT / "data")
    parser.add_argument("--out", type=Path, default=CHECKOUT / "bench" / "reports")
    options = parser.parse_args()
    found: dict[str, list[Measured]] = {}
    labelled = shared_data() / "scenarios" / "scenario_dev.jsonl"
    if labelled.exists():
        found["应用场景"] = scenarios(labelled, open_encoder(None, options.data_dir, threads=1))
    else:
        print(f"{labelled}: 没有，略过")
    products = shared_data() / "industry" / "special_industry_tags.tsv"
    if products.exists():
        found["产品名到行业小类"] = product_names(products)
    else:
        print(f"{products}: 没有，略过")
    text = "\n".join(report(found)) + "\n"
    print(text)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "tags.md").write_text(text, "utf-8")
    (options.out / "tags.json").write_text(json.dumps(as_json(found)) + "\n", "utf-8")


def scenarios(path: Path, encoder: Encoder) -> list[Measured]:
    """Return how the labelled texts are tagged by the tagger, by prototypes and by words."""
    taxonomy = ScenarioTaxonomy.load()
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    texts = [(canonicalise(row["title"]), canonicalise(row["text"])) for row in rows]
    tagger = ScenarioTagger(taxonomy, Embedder(encoder, RecentVectors(1)))
    ways: dict[str, Tagger] = {
        "navmatch": lambda some: [
            [t.code for t in r.tags] for r in tagger.tag_scenarios_many(some)
        ],
        "nearest-prototypes": nearest_prototypes(taxonomy, Embedder(encoder, RecentVectors(1))),
        "trigger-words": trigger_words(taxonomy),
    }
    measured = []
    for name, way in ways.items():
        way(texts[:1])  # what the first text alone pays for is not the cost of one
        start = time.process_time()
        given = [way([text])[0] for text in texts]
        ms = 1000 * (time.process_time() - start) / len(texts)
        measured.append(Measured(name, scenario_ratios(rows, given, taxonomy.reject.code), ms))
    return measured


def scenario_ratios(
    rows: Sequence[Mapping[str, Any]], given: Sequence[Sequence[str]], reject: str
) -> tuple[Ratio, ...]:
    """Return primary accuracy, micro-F1, and precision and recall of the reject class."""
    right = [codes[0] == row["primary"] for codes, row in zip(given, rows, strict=True)]
    hits = [
        2 * len(set(codes) & set(row["scenarios"])) for codes, row in zip(given, rows, strict=True)
    ]
    sizes = [len(codes) + len(row["scenarios"]) for codes, row in zip(given, rows, strict=True)]
    said = np.array([codes[0] == reject for codes in given], np.float64)
    true = np.array([row["primary"] == reject for row in rows], np.float64)
    return (
        Ratio("主场景正确率", np.array(right, np.float64), np.ones(len(rows))),
        Ratio("micro-F1", np.array(hits, np.float64), np.array(sizes, np.float64)),
        Ratio(f"{reject} 精确率", said * true, said),
        Ratio(f"{reject} 召回率", said * true, true),
    )


def _codes(found: ScenarioResult) -> list[str]:
    return [tag.code for tag in found.tags]


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


def product_names(path: Path) -> list[Measured]:
    """Return how often the class of a product is first, and among five, for each way."""
    table = IndustryTable.load()
    tagger = IndustryTagger(table)
    search = NameSearch(table.at_level(Scheme.GB4754, 4))
    ways: dict[str, Callable[[str], Sequence[str]]] = {
        "navmatch": lambda name: [code for code, _ in tagger.rank_classes(name)],
        "name-search": search.rank,
    }
    pairs = list(labelled_phrases(path))
    measured = []
    for name, rank in ways.items():
        start = time.process_time()
        ranked = [rank(product)[: max(TOPS)] for product, _ in pairs]
        ms = 1000 * (time.process_time() - start) / len(pairs)
        ratios = tuple(
            Ratio(
                f"前 {top} 名含正确",
                np.array([c in r[:top] for r, (_, c) in zip(ranked, pairs, strict=True)], float),
                np.ones(len(pairs)),
            )
            for top in TOPS
        )
        measured.append(Measured(name, ratios, ms))
    return measured


def report(found: dict[str, list[Measured]]) -> Iterable[str]:
    """Yield the lines of the report."""
    yield "# 标签：与简单做法并列\n"
    yield (
        f"区间为 95%，由 {RESAMPLES:,} 次对文本的重抽样得出；“高出”逐条配对。毫秒为每段文本的"
        "处理器时间，含编码，一个线程，一次一段。\n"
    )
    for title, ways in found.items():
        ours = ways[0]
        yield f"## {title}（{len(ours.ratios[0].over)} 条）\n"
        yield "| 做法 | 指标 | 值 | 区间 | navmatch 高出 | 区间 | 毫秒 |"
        yield "|---|---|---|---|---|---|---|"
        for way in ways:
            for ratio, mine in zip(way.ratios, ours.ratios, strict=True):
                yield _row(way, ratio, mine)
        yield ""


def _row(way: Measured, ratio: Ratio, mine: Ratio) -> str:
    shares = ratio.resampled()
    ahead = "— | —"
    if mine is not ratio:
        gap = mine.value - ratio.value
        ahead = f"{gap:+.3f} | {_span(mine.resampled() - shares, '+.3f')}"
    return (
        f"| {way.name} | {ratio.name} | {ratio.value:.3f} | {_span(shares, '.3f')} "
        f"| {ahead} | {way.ms:.1f} |"
    )


def _span(shares: NDArray[np.float64], style: str) -> str:
    low, high = np.quantile(shares, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return f"{low:{style}} 至 {high:{style}}"


def as_json(found: dict[str, list[Measured]]) -> dict[str, dict[str, object]]:
    """Return what was found, text by text."""
    return {
        title: {
            way.name: {
                "ms": round(way.ms, 3),
                **{r.name: [r.over.tolist(), r.under.tolist()] for r in way.ratios},
            }
            for way in ways
        }
        for title, ways in found.items()
    }


if __name__ == "__main__":
    main()
