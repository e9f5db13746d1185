"""How honest the confidence of tags and the bands of matches are.

python -m bench.quality.calibration [--write] [--foreign N] [--data-dir DIR]

`--write` fits the curve of what scores by the shipped weights are worth, on the project's own two
matching sets, and writes it where the matcher reads it. Without it writes
`bench/reports/calibration.md`, `.json` and `.svg`, and ends with 1 where the shipped curve is not
what comes out. Confidence of scenario tags is judged on the labelled demands of the scenario set,
scores and bands on the same two sets. `--foreign` also asks the demonstration data that many
procurement notices, which want something else than patent navigation, and counts how often the
best result is called strong. Vectors are kept in `.cache/bench`.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from api.no_match import ceiling_of
from api.vocabularies import Vocabularies
from api.wiring import make_annotator
from bench.quality.calibration_report import Report, write_report
from bench.quality.compare import ALL_TEXTS, TODAY, open_set
from bench.quality.curve import CURVE_FILE, Scored, fit, is_shipped, write_curve
from bench.quality.reliability import Judged
from bench.quality.sets import CACHE, CHECKOUT, LabelledSet, prepare, shared_data
from bench.quality.systems import Opened
from bench.quality.vectors import RememberingEncoder
from indexer.annotate.annotate import Annotator
from indexer.documents import REJECT_CODE
from indexer.embed import Embedder, RecentVectors
from indexer.encoder import open_encoder
from indexer.text import clean
from matcher.calibrate import FAIR_FITS
from matcher.evaluate import DEPTH, group_key, understood
from matcher.measures import FITS
from matcher.pipeline import MatchRequest
from matcher.ranker import SHIPPED_SCORING, Certainty
from matcher.types import Filters, Match
from models.viewer import system
from models.vocabulary.matching import Band, Direction
from models.vocabulary.row import Entity

OWN_SETS: Final = ("collection", "demo")
SEED: Final = 1
FOREIGN_CHARS: Final = 5_000


def main() -> int:
    """Fit and write the curve, or measure, print and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--data-dir", type=Path, default=CHECKOUT / "data")
    parser.add_argument("--foreign", type=int, default=0)
    parser.add_argument("--vectors", type=Path, default=CACHE / "vectors")
    parser.add_argument("--out", type=Path, default=CHECKOUT / "bench" / "reports")
    options = parser.parse_args()
    encoder = RememberingEncoder(open_encoder(None, options.data_dir), options.vectors)
    sets = [labelled for name in OWN_SETS if (labelled := _prepared(name)) is not None]
    if len(sets) < len(OWN_SETS):
        return 1
    opened = {labelled.name: open_set(labelled, labelled.split, encoder) for labelled in sets}
    found = {name: list(matches_of(ready)) for name, ready in opened.items()}
    scored = [scored_of(name, matches) for name, matches in found.items()]
    curve, shipped = fit(scored), _shipped()
    if options.write:
        write_curve(curve, encoder.fingerprint)
        print(f"曲线：{CURVE_FILE}（斜率 {curve.certainty.slope}，截距 {curve.certainty.offset}）")
        return 0
    embedder = Embedder(encoder, RecentVectors(ALL_TEXTS))
    annotator = make_annotator(Vocabularies.load(), embedder, lambda: TODAY)
    judged = [said_of_scenarios(annotator, list(_scenario_rows()))]
    for pairs in scored:
        judged.append(pairs.judged(f"总分：{pairs.name}", shipped))
        judged.append(pairs.judged(f"总分：{pairs.name}，说 {FAIR_FITS} 以上", shipped, FAIR_FITS))
    bands = {name: shares_by_band(matches) for name, matches in found.items()}
    foreign: dict[str, int] = {}
    if options.foreign:
        foreign = foreign_counts(opened["demo"], annotator, _foreign_texts(options.foreign))
    write_report(Report(tuple(judged), bands, shipped, curve, foreign), options.out)
    print((options.out / "calibration.md").read_text("utf-8"))
    return 0 if is_shipped(curve, shipped) else _other_curve()


def _prepared(name: str) -> LabelledSet | None:
    labelled = prepare(name)
    if labelled is None:
        print(f"{name}: 没有数据（NAVMATCH_SHARED_DATA），两个集都要有")
    return labelled


def _shipped() -> Certainty:
    if SHIPPED_SCORING.certainty is None:
        msg = "the shipped weights have no curve"
        raise ValueError(msg)
    return SHIPPED_SCORING.certainty


def _other_curve() -> int:
    print("随附的曲线不是现在拟合出来的：用 --write 重新写出，并重测各处引用的数。")
    return 1


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


def scored_of(name: str, found: Sequence[tuple[int, Match, int]]) -> Scored:
    """Return every score of a set, and whether the provider fits."""
    return Scored(
        name,
        np.array([match.score for _, match, _ in found]),
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
    sys.exit(main())
