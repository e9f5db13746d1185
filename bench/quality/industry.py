"""How often the industry tagger is right, beside a plain name search.

Run `python -m bench.quality.industry`. Reads the development data from the folder in
`NAVMATCH_SHARED_DATA` (default `../shared/data` beside the checkout); sets that are not
there are named and left out. Nothing is trained on them.
"""

import argparse
import csv
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.annotate.industry import IndustryTagger
from indexer.annotate.types import Tag
from indexer.encoder import open_encoder
from indexer.text import clean
from models.industries import Industry, IndustryTable
from models.vocabulary.taxonomy import Scheme

CHECKOUT: Final = Path(__file__).resolve().parents[2]
LABELS: Final = Path(__file__).parent / "labels"
NONE: Final = "-"

Ranker = Callable[[str], Sequence[str]]
"""Gives class codes for a phrase, best first."""


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text and the codes that are right for it, as prefixes; `-` stands for no tag."""

    title: str
    body: str
    right: dict[Scheme, tuple[str, ...]]


class NameSearch:
    """The baseline: BM25 (k1 1.2, b 0.75) over the character bigrams of industry names."""

    def __init__(self, industries: Sequence[Industry]) -> None:
        """Count the bigrams of each name."""
        self.codes = [industry.code for industry in industries]
        grams = [_bigrams(industry.name) for industry in industries]
        lengths = np.array([len(found) for found in grams])
        self._norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
        self._counts: dict[str, NDArray[np.float64]] = {}
        for position, found in enumerate(grams):
            for gram in found:
                counts = self._counts.setdefault(gram, np.zeros(len(grams)))
                counts[position] += 1

    def rank(self, text: str) -> list[str]:
        """Codes that share a bigram with the text, best first, ties by order of the standard."""
        scores = np.zeros(len(self.codes))
        for gram in set(_bigrams(text)):
            if gram in self._counts:
                counts = self._counts[gram]
                n_with = np.count_nonzero(counts)
                idf = log(1 + (len(self.codes) - n_with + 0.5) / (n_with + 0.5))
                scores += idf * counts * 2.2 / (counts + self._norm)
        return [self.codes[i] for i in np.argsort(-scores, kind="stable") if scores[i] > 0]


def main() -> None:
    """Print every measure whose data is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", help="also rank by this encoder, for example e5-small")
    parser.add_argument("--data-dir", type=Path, default=CHECKOUT / "data", help="its files")
    options = parser.parse_args()
    folder = Path(os.environ.get("NAVMATCH_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
    table = IndustryTable.load()
    encoder = open_encoder(options.encoder, options.data_dir) if options.encoder else None
    tagger = IndustryTagger(table, encoder)
    report_labelled("training texts", _training_texts(), table, tagger)
    for needed, report in (
        ("scenarios/scenario_dev.jsonl", report_scenarios),
        ("collection/demands.dev.facts.jsonl", report_collection),
        ("industry/special_industry_tags.tsv", report_phrases),
    ):
        if (folder / needed).exists():
            report(folder, table, tagger)
        else:
            print(f"{needed}: not in {folder}, left out")


def report_phrases(folder: Path, table: IndustryTable, tagger: IndustryTagger) -> None:
    """Product name to GB/T 4754 class, top 1 and top 5."""
    phrases = list(labelled_phrases(folder / "industry" / "special_industry_tags.tsv"))
    rankers: dict[str, Ranker] = {
        "name search": NameSearch(table.at_level(Scheme.GB4754, 4)).rank,
        "tagger": lambda phrase: [code for code, _ in tagger.rank_classes(phrase)[:5]],
    }
    goods = [pair for pair in phrases if pair[1][0] in "ABCDE"]
    services = [pair for pair in phrases if pair[1][0] not in "ABCDE"]
    for kind, chosen in (("all", phrases), ("goods", goods), ("services", services)):
        for name, ranker in rankers.items():
            ranked = [(ranker(phrase)[:5], code) for phrase, code in chosen]
            top_1 = np.mean([code in codes[:1] for codes, code in ranked])
            top_5 = np.mean([code in codes for codes, code in ranked])
            print(f"product names, {kind} ({len(chosen)}), {name}: {top_1:.3f} {top_5:.3f}")
    first = [(tagger.tag_industries(phrase, ""), code) for phrase, code in goods]
    chosen_tags = [(found, code) for tags, code in first if (found := _of(Scheme.GB4754, tags))]
    right = np.mean([found[0].code == code for found, code in chosen_tags])
    print(f"product names, goods, tagged: {len(chosen_tags) / len(goods):.3f}, right {right:.3f}")


def report_collection(folder: Path, table: IndustryTable, tagger: IndustryTagger) -> None:
    """Share of demands whose strategic industry agrees with the facts they were written from."""
    baseline = NameSearch(table.at_level(Scheme.SEI, 2))
    texts = list(_collection(folder / "collection"))
    by_name = [[*baseline.rank(f"{text.title} {text.body}")[:3]] for text in texts]
    by_tagger = [
        [tag.code for tag in _of(Scheme.SEI, tagger.tag_industries(text.title, text.body))]
        for text in texts
    ]
    for name, found in (("name search", by_name), ("tagger", by_tagger)):
        right = [text.right[Scheme.SEI] for text in texts]
        first = np.mean([agrees(codes[:1], r) for codes, r in zip(found, right, strict=True)])
        any_of = np.mean(
            [
                any(agrees([c], r) for c in codes or [NONE])
                for codes, r in zip(found, right, strict=True)
            ]
        )
        print(
            f"collection dev ({len(texts)}), {name}: first {first:.3f}, any of three {any_of:.3f}"
        )


def report_scenarios(folder: Path, table: IndustryTable, tagger: IndustryTagger) -> None:
    """The labelled demands of the scenario set."""
    texts = list(
        _labelled([folder / "scenarios" / "scenario_dev.jsonl"], "industry_scenario_dev.tsv")
    )
    report_labelled("scenario dev", texts, table, tagger)


def report_labelled(
    of: str, texts: Sequence[LabelledText], table: IndustryTable, tagger: IndustryTagger
) -> None:
    """First tags, silence where nothing is right, and how honest the confidence is."""
    tagged = [(text, tagger.tag_industries(text.title, text.body)) for text in texts]
    for scheme in (Scheme.SEI, Scheme.GB4754):
        baseline = NameSearch(table.at_level(scheme, 2 if scheme is Scheme.SEI else 4))
        rows = [
            ([tag.code for tag in _of(scheme, tags)], text.right[scheme]) for text, tags in tagged
        ]
        named = [(baseline.rank(f"{t.title} {t.body}")[:1], t.right[scheme]) for t in texts]
        for name, found in (("name search", named), ("tagger", rows)):
            some = [agrees(codes[:1], right) for codes, right in found if right != (NONE,)]
            silent = [not codes for codes, right in found if right == (NONE,)]
            print(
                f"{of} {scheme} {name}: first tag right {np.mean(some):.3f} of {len(some)}, "
                f"silent {np.mean(silent):.3f} of {len(silent)} without industry"
            )
        _report_confidence(f"{of} {scheme}", scheme, tagged)


def agrees(codes: Sequence[str], right: Sequence[str]) -> bool:
    """Whether the first code, or finding none, is acceptable."""
    if not codes or codes[0] == NONE:
        return NONE in right
    return any(codes[0] == prefix or codes[0].startswith(prefix) for prefix in right)


def _report_confidence(
    of: str, scheme: Scheme, tagged: Sequence[tuple[LabelledText, Sequence[Tag]]]
) -> None:
    pairs = [
        (tag.confidence, agrees([tag.code], text.right[scheme]))
        for text, tags in tagged
        for tag in _of(scheme, tags)
    ]
    error = 0.0
    for low, high in ((0.0, 0.6), (0.6, 0.8), (0.8, 1.01)):
        chosen = [(said, right) for said, right in pairs if low <= said < high]
        if chosen:
            said, right = np.mean(chosen, axis=0)
            error += abs(said - right) * len(chosen) / len(pairs)
            print(f"{of} tags said {said:.2f}: right {right:.2f} of {len(chosen)}")
    print(f"{of} expected calibration error {error:.3f}")


def _of(scheme: Scheme, tags: Sequence[Tag]) -> list[Tag]:
    return [tag for tag in tags if tag.scheme is scheme]


def labelled_phrases(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each product name with the code of its class."""
    seen = set()
    for row in csv.DictReader(path.open(encoding="utf-8"), delimiter="\t"):
        for phrase in re.split("[；;]", row["products"]):
            pair = (phrase.strip(), row["gb4754_code"])
            if pair[0] and pair not in seen:
                seen.add(pair)
                yield clean(pair[0], min_chars=0).canonical, pair[1]


def _collection(folder: Path) -> Iterator[LabelledText]:
    right = {
        row["name"]: tuple(row["sei2018"].split("|"))
        for row in _rows(LABELS / "industry_names.tsv")
    }
    facts = {fact["demand_id"]: fact for fact in _json_lines(folder / "demands.dev.facts.jsonl")}
    for demand in _json_lines(folder / "demands.dev.jsonl"):
        yield LabelledText(
            title=clean(demand["title"]).canonical,
            body=clean(f"{demand['description']}\n{demand['decision_question']}").canonical,
            right={Scheme.SEI: right[facts[demand["demand_id"]]["industry"]]},
        )


def _training_texts() -> list[LabelledText]:
    paths = sorted((CHECKOUT / "indexer" / "annotate" / "data").glob("scenario_texts_*.jsonl"))
    return list(_labelled(paths, "industry_scenario_texts.tsv"))


def _labelled(paths: Sequence[Path], labels_file: str) -> Iterator[LabelledText]:
    labels = {row["id"]: row for row in _rows(LABELS / labels_file)}
    for line in (line for path in paths for line in _json_lines(path)):
        if (label := labels.get(line["id"])) is not None:
            yield LabelledText(
                title=clean(line["title"]).canonical,
                body=clean(line["text"]).canonical,
                right={s: tuple(label[s].split("|")) for s in (Scheme.SEI, Scheme.GB4754)},
            )


def _rows(path: Path) -> list[dict[str, str]]:
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


def _json_lines(path: Path) -> Iterator[dict[str, str]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def _bigrams(text: str) -> list[str]:
    letters = [char for char in text.lower() if char.isalnum()]
    return ["".join(pair) for pair in pairwise(letters)]


if __name__ == "__main__":
    main()
