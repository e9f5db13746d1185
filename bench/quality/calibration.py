"""How honest the confidence of tags and the bands of matches are.

python -m bench.quality.calibration [--data-dir DIR] [--foreign N]

Writes `bench/reports/calibration.md`, `.json` and `.svg`. Confidence of scenario tags is judged on
the labelled demands of the scenario set, scores and bands on the project's own two matching sets.
`--foreign` also asks the demonstration data that many procurement notices, which want something
else than patent navigation, and counts how often the best result is called strong. Vectors are
kept in `.cache/bench`.
"""

import argparse
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from api.no_match import ceiling_of
from api.vocabularies import Vocabularies
from api.wiring import make_annotator
from bench.quality.compare import ALL_TEXTS, TODAY, open_set
from bench.quality.reliability import Judged, bins_of, diagram, isotonic, platt, recalibrated
from bench.quality.sets import CACHE, CHECKOUT, LabelledSet, prepare, shared_data
from bench.quality.systems import Opened
from bench.quality.vectors import RememberingEncoder
from indexer.annotate.annotate import Annotator
from indexer.documents import REJECT_CODE
from indexer.embed import Embedder, RecentVectors
from indexer.encoder import open_encoder
from indexer.text import clean
from matcher.evaluate import DEPTH, group_key, understood
from matcher.pipeline import MatchRequest
from matcher.ranker import SHIPPED_CERTAINTY
from matcher.types import Filters, Match
from models.viewer import system
from models.vocabulary import Band, Direction, Entity

FITS: Final = 2
"""Grade from which a provider fits."""

OWN_SETS: Final = ("collection", "demo")
SEED: Final = 1
FOREIGN_CHARS: Final = 5_000


@dataclass(frozen=True)
class Report:
    """What was measured.

    Attributes:
        judged: What was said and whether it came true.
        bands: Share that fits and number, by set and band.
        foreign: Counts of the texts that want something else.
    """

    judged: tuple[Judged, ...]
    bands: Mapping[str, Mapping[Band, tuple[float, int]]]
    foreign: Mapping[str, int]


def main() -> None:
    """Measure, print and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=CHECKOUT / "data")
    parser.add_argument("--foreign", type=int, default=0)
    parser.add_argument("--vectors", type=Path, default=CACHE / "vectors")
    parser.add_argument("--out", type=Path, default=CHECKOUT / "bench" / "reports")
    options = parser.parse_args()
    encoder = RememberingEncoder(open_encoder(None, options.data_dir), options.vectors)
    embedder = Embedder(encoder, RecentVectors(ALL_TEXTS))
    annotator = make_annotator(Vocabularies.load(), embedder, lambda: TODAY)
    judged = [said_of_scenarios(annotator, list(_scenario_rows()))]
    bands: dict[str, Mapping[Band, tuple[float, int]]] = {}
    foreign: dict[str, int] = {}
    for name in OWN_SETS:
        labelled = prepare(name)
        if labelled is None:
            print(f"{name}: 没有数据，略过")
            continue
        opened = open_set(labelled, labelled.split, encoder)
        found = list(matches_of(opened))
        judged.append(said_of_scores(labelled, found))
        bands[name] = shares_by_band(found)
        if name == "demo" and options.foreign:
            foreign = foreign_counts(opened, annotator, _foreign_texts(options.foreign))
    report = Report(tuple(judged), bands, foreign)
    write_report(report, options.out)
    print((options.out / "calibration.md").read_text("utf-8"))


def said_of_scenarios(annotator: Annotator, rows: Sequence[Mapping[str, Any]]) -> Judged:
    """Return the confidence of every scenario tag given, and whether the tag is right."""
    texts = [(_canonical(row["title"]), _canonical(row["text"])) for row in rows]
    found = annotator.scenarios_many(texts)
    tags = [(n, tag) for n, result in enumerate(found) for tag in result.tags]
    return Judged(
        "应用场景的可信程度",
        np.array([tag.confidence for _, tag in tags]),
        np.array([tag.code in rows[n]["scenarios"] for n, tag in tags]),
        np.array([n for n, _ in tags]),
    )


def matches_of(opened: Opened) -> Iterable[tuple[int, Match, int]]:
    """Yield number of the query, result and grade of every group ranked."""
    for number, query in enumerate(opened.collection.queries):
        request = MatchRequest(
            direction=Direction.DEMAND_TO_PROVIDER,
            k=DEPTH,
            filters=Filters(viewer=system("calibration")),
            explain=False,
            fold=False,
        )
        grades = opened.collection.grades.get(query.id, {})
        for match in opened.matcher.match(query, opened.view, request).matches:
            yield number, match, grades.get(group_key(match.document.group_id), 0)


def said_of_scores(labelled: LabelledSet, found: Sequence[tuple[int, Match, int]]) -> Judged:
    """Return what every score is said to be worth, and whether the provider fits."""
    return Judged(
        f"总分：{labelled.name}",
        np.array([SHIPPED_CERTAINTY.of(match.score) for _, match, _ in found]),
        np.array([grade >= FITS for _, _, grade in found]),
        np.array([number for number, _, _ in found]),
    )


def shares_by_band(
    found: Sequence[tuple[int, Match, int]],
) -> dict[Band, tuple[float, int]]:
    """Return the share of fitting providers in each band, and how many there are."""
    shares = {}
    for band in Band:
        fits = [grade >= FITS for _, match, grade in found if match.band == band]
        shares[band] = (float(np.mean(fits)) if fits else 0.0, len(fits))
    return shares


def foreign_counts(
    opened: Opened, annotator: Annotator, texts: Sequence[tuple[str, str]]
) -> dict[str, int]:
    """Return how often texts that want something else find a strong match, with and without cap."""
    rows = [
        {"id": str(n), "group": str(n), "title": t, "text": b} for n, (t, b) in enumerate(texts)
    ]
    documents = understood(rows, Entity.DEMAND, annotator, lambda done, total: None)
    rejects = [_reject_of(result.tags) for result in annotator.scenarios_many(texts)]
    counts = {"texts": len(texts), "rejected": sum(r > 0 for r in rejects)}
    for name, capped in (("before", False), ("after", True)):
        best = [
            _best(opened, document, ceiling_of(reject) if capped else Band.STRONG)
            for document, reject in zip(documents, rejects, strict=True)
        ]
        counts |= {f"{name}_{band.value}": best.count(band) for band in Band}
    return counts


def _best(opened: Opened, document: Any, ceiling: Band) -> Band:  # noqa: ANN401
    request = MatchRequest(
        direction=Direction.DEMAND_TO_PROVIDER,
        k=1,
        filters=Filters(viewer=system("calibration")),
        explain=False,
        ceiling=ceiling,
    )
    matches = opened.matcher.match(document, opened.view, request).matches
    return matches[0].band if matches else Band.WEAK


def _reject_of(tags: Iterable[Any]) -> float:
    return max((tag.confidence for tag in tags if tag.code == REJECT_CODE), default=0.0)


def write_report(report: Report, folder: Path) -> None:
    """Write `calibration.md`, `.json` and `.svg`."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = {
        "judged": {j.name: _figures(j) for j in report.judged},
        "bands": {
            name: {band.value: {"fits": share, "n": n} for band, (share, n) in shares.items()}
            for name, shares in report.bands.items()
        },
        "foreign": dict(report.foreign),
    }
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    (folder / "calibration.json").write_text(text + "\n", "utf-8")
    (folder / "calibration.svg").write_text(diagram(report.judged), "utf-8")
    (folder / "calibration.md").write_text("\n".join(_page(report)) + "\n", "utf-8")


def _figures(judged: Judged) -> dict[str, Any]:
    return {
        "n": len(judged.said),
        "error": judged.error,
        "error_platt": recalibrated(judged, platt).error,
        "error_isotonic": recalibrated(judged, isotonic).error,
        "bins": [{"said": b.said, "found": b.found, "n": b.n} for b in bins_of(judged)],
    }


def _page(report: Report) -> Iterable[str]:
    yield "# 说的和对的差多少\n"
    yield (
        "“可信程度 0.8”应当十次有八次对。误差（ECE，Guo 等 2017）是十个区间里两者之差的加权平均。"
        "“Platt”“保序”是在没有见过的文本上（五折）重新校准之后的误差。\n"
    )
    yield "![可靠性图：点在虚线上为准，点越大个数越多](calibration.svg)\n"
    yield "| 说的是 | 个数 | 误差 | Platt | 保序 |\n|---|---|---|---|---|"
    for judged in report.judged:
        f = _figures(judged)
        errors = " | ".join(f"{f[k]:.3f}" for k in ("error", "error_platt", "error_isotonic"))
        yield f"| {judged.name} | {f['n']} | {errors} |"
    yield "\n档位中合适（等级 2 以上）的比例：\n"
    yield "| 集 | 强 | 较强 | 一般 | 弱 |\n|---|---|---|---|---|"
    for name, shares in report.bands.items():
        cells = " | ".join(f"{share:.3f}（{n}）" for share, n in shares.values())
        yield f"| {name} | {cells} |"
    if report.foreign:
        yield from _foreign_page(report.foreign)


def _foreign_page(counts: Mapping[str, int]) -> Iterable[str]:
    n = counts["texts"]
    yield (
        f"\n{n} 段采购公告（要的不是专利导航）在演示数据中找机构，第一名的档位；识别为 OTH 的 "
        f"{counts['rejected']} 段：\n\n| | 强 | 较强 | 一般 | 弱 |\n|---|---|---|---|---|"
    )
    for name, label in (("before", "只看相对位置"), ("after", "加上限")):
        cells = " | ".join(f"{counts[f'{name}_{band.value}'] / n:.3f}" for band in Band)
        yield f"| {label} | {cells} |"


def _scenario_rows() -> Iterable[dict[str, Any]]:
    path = shared_data() / "scenarios" / "scenario_dev.jsonl"
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def _foreign_texts(n: int) -> list[tuple[str, str]]:
    rows = []
    for name, body in (("notices", "content"), ("intentions", "need")):
        path = shared_data() / "procurement" / f"{name}.jsonl"
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            rows.append((_canonical(row["title"]), _canonical(row[body] or "")[:FOREIGN_CHARS]))
    random.Random(SEED).shuffle(rows)  # noqa: S311 - a sample
    return rows[:n]


def _canonical(text: str) -> str:
    return clean(text, min_chars=0).canonical


if __name__ == "__main__":
    main()
