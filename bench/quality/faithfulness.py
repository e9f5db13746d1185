"""Whether explanations tell the truth: sums, and what a cited sentence is worth.

python -m bench.quality.faithfulness [--collections demo] [--pairs 200] [--seed 0]

For results on real texts, the sentence the explanation cites of the candidate is taken out of
its text, the rest is read and encoded anew, and the score is compared with the one before. The
control takes out another sentence of the same text, drawn by chance. Writes
`bench/reports/faithfulness.md` and `.json`; ends with 1 where a goal is missed.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Final

from bench.quality.compare import open_set
from bench.quality.real_texts import NAME as REAL
from bench.quality.real_texts import prepare_real_texts
from bench.quality.sets import CACHE, CHECKOUT, prepare
from bench.quality.systems import Opened
from bench.quality.vectors import RememberingEncoder
from indexer.encoder import open_encoder
from indexer.segment import Segment
from indexer.types import Document, Sentence
from indexer.view import IndexView
from matcher.evaluate import Reader, understood
from matcher.pipeline import MatchRequest
from matcher.significance import Interval, bootstrap
from matcher.types import Filters, Match
from models.viewer import system
from models.vocabulary.matching import Direction
from models.vocabulary.row import Entity

SETS: Final = ("collection", "demo", REAL)
TOP: Final = 5
"""Results of each query that are looked at."""

GOAL: Final = 0.9
"""Share of cases whose score must fall when the cited sentence goes ."""

EXACT: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Removal:
    """What the score of one result did when sentences were taken out of its text.

    Attributes:
        query: Key of the query.
        document: Key of the result.
        cited: Score less the score without the cited sentence.
        other: Score less the score without a sentence drawn by chance.
        text: The cited sentence.
    """

    query: str
    document: str
    cited: float
    other: float
    text: str


@dataclass(frozen=True, slots=True)
class Faithfulness:
    """What was found on one set.

    Attributes:
        name: Name of the set.
        worst_sum: Greatest difference between a score and the sum of its contributions.
        n_sums: Results whose sum was looked at.
        removals: The results whose texts were shortened.
    """

    name: str
    worst_sum: float
    n_sums: int
    removals: tuple[Removal, ...]

    def lowered(self) -> Interval:
        """Return the share of cases whose score falls without the cited sentence."""
        return bootstrap([float(r.cited > 0) for r in self.removals])

    def lowered_by_other(self) -> Interval:
        """Return the same share for the sentence drawn by chance."""
        return bootstrap([float(r.other > 0) for r in self.removals])

    def further(self) -> Interval:
        """Return how much further the score falls without the cited than without another."""
        return bootstrap([r.cited - r.other for r in self.removals])

    def holds(self) -> bool:
        """Return whether both goals are met."""
        return self.worst_sum <= EXACT and self.lowered().mean >= GOAL


def examine(opened: Opened, name: str, n_pairs: int, seed: int) -> Faithfulness:
    """Return how faithful the explanations of a set are."""
    chance = Random(seed)  # noqa: S311 - no secret is made from it
    found: list[tuple[Document, Match]] = []
    for query in opened.collection.queries:
        result = opened.matcher.match(query, opened.view, _request(TOP))
        found += [(query, match) for match in result.matches]
    sums = [abs(sum(p.contribution for p in m.parts) - m.score) for _, m in found]
    chance.shuffle(found)
    removals: list[Removal] = []
    for query, match in found:
        if len(removals) == n_pairs:
            break
        removal = _removal(opened, query, match, chance)
        if removal is not None:
            removals.append(removal)
    return Faithfulness(name, max(sums, default=0.0), len(sums), tuple(removals))


def _removal(opened: Opened, query: Document, match: Match, chance: Random) -> Removal | None:
    """Return what removing sentences does; None where no sentence, or only one, can go."""
    pair = match.explanation.sentence_pair if match.explanation else None
    document = match.document
    row = opened.kind.row_by_id[document.id]
    others = [s for s in opened.kind.embedding(row).spans if pair and s != pair.candidate]
    if pair is None or not others:
        return None
    before = _total(opened, opened.view, query, document)
    without = [
        _total(opened, _with(opened, shorter), query, shorter)
        for shorter in (
            shortened(document, pair.candidate, opened.reader),
            shortened(document, chance.choice(others), opened.reader),
        )
    ]
    falls = [before - after for after in without]
    return Removal(query.id, document.id, falls[0], falls[1], pair.candidate.text)


def shortened(document: Document, sentence: Sentence, reader: Reader) -> Document:
    """Return a document without one sentence, read anew."""
    title, body = document.title, document.body
    if sentence.start < len(title):
        title = ""
    else:
        shift = len(title) + 1
        body = body[: sentence.start - shift] + body[sentence.end - shift :]
    row = {"id": document.id, "title": title, "text": body, "group": document.group_id}
    (read,) = understood([row], Entity.CAPABILITY, reader, _silent)
    return replace(read, profile=document.profile)


def _with(opened: Opened, document: Document) -> IndexView:
    """Return the index in which a document is as given."""
    embedder, kind = opened.embedder, opened.kind
    segment = Segment.build(
        [document], embedder.embed_documents([document]), opened.segmenter, embedder.encoder.dim
    )
    changed = kind.without({document.id}).with_segment(segment)
    return replace(opened.view, kinds={Entity.CAPABILITY: changed})


def _total(opened: Opened, view: IndexView, query: Document, document: Document) -> float:
    only = Filters(only_ids=frozenset({document.id}), viewer=system("faithfulness"))
    request = replace(_request(1), filters=only)
    _, scores = opened.matcher.examine(query, view, request)
    return float(scores.totals[0])


def _request(k: int) -> MatchRequest:
    return MatchRequest(
        Direction.DEMAND_TO_PROVIDER, k=k, filters=Filters(viewer=system("faithfulness"))
    )


def main() -> int:
    """Measure, print and write the report; return 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("--collections", default=",".join(SETS))
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data-dir", type=Path, default=CHECKOUT / "data")
    parser.add_argument("--encoder", default=os.environ.get("NAVMATCH_ENCODER"))
    parser.add_argument("--out", type=Path, default=CHECKOUT / "bench" / "reports")
    options = parser.parse_args()
    opened = open_encoder(options.encoder, options.data_dir, 1)
    encoder = RememberingEncoder(opened, CACHE / "vectors")
    found = []
    for name in options.collections.split(","):
        labelled = prepare_real_texts() if name == REAL else prepare(name)
        if labelled is None:
            print(f"{name}: 没有这个集的数据（NAVMATCH_SHARED_DATA），略过")
            continue
        ready = open_set(labelled, labelled.split, encoder)
        found.append(examine(ready, name, options.pairs, options.seed))
        print(*_lines(found[-1]), sep="\n", flush=True)
    encoder.close()
    write_report(found, options.out, options.seed)
    print(f"报告：{options.out / 'faithfulness'}.md")
    return 0 if found and all(f.holds() for f in found) else 1


def write_report(found: Sequence[Faithfulness], folder: Path, seed: int) -> None:
    """Write `faithfulness.md` and `faithfulness.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps({f.name: _as_json(f) for f in found}, ensure_ascii=False, indent=1)
    (folder / "faithfulness.json").write_text(content + "\n", "utf-8")
    page = [
        "# 说明可信吗\n",
        "从结果的文本里拿掉说明所引的那一句，其余照常重新读取、编码、评分，看总分降不降；对照是拿掉"
        f"同一文本里随机的另一句（种子 {seed}）。区间为 95%，由重抽样得出。\n",
        "| 集 | 抽查 | 拿掉所引的句子，总分下降 | 拿掉另一句，总分下降 | 前者多降 | 贡献之和的差 |",
        "|---|---|---|---|---|---|",
        *(_row(f) for f in found),
        "",
        *(line for f in found for line in _missed(f)),
    ]
    (folder / "faithfulness.md").write_text("\n".join(page) + "\n", "utf-8")


def _row(found: Faithfulness) -> str:
    lowered, other, further = found.lowered(), found.lowered_by_other(), found.further()
    return (
        f"| {found.name} | {len(found.removals)} | {_share(lowered)} | {_share(other)} "
        f"| {further.mean:.3f}（{further.low:.3f} 至 {further.high:.3f}） "
        f"| 至多 {found.worst_sum:.1e}（{found.n_sums} 条） |"
    )


def _share(interval: Interval) -> str:
    return f"{interval.mean:.1%}（{interval.low:.1%} 至 {interval.high:.1%}）"


def _missed(found: Faithfulness) -> Sequence[str]:
    """Return the cases in which the score did not fall, worst first."""
    missed = sorted((r for r in found.removals if r.cited <= 0), key=lambda r: r.cited)
    if not missed:
        return ()
    return (
        f"{found.name} 中没有下降的 {len(missed)} 条：\n",
        *(f"- {r.query} → {r.document}：“{r.text}”，变化 {-r.cited:+.4f}" for r in missed),
        "",
    )


def _lines(found: Faithfulness) -> Sequence[str]:
    return (
        f"{found.name}: 抽查 {len(found.removals)}，所引 {_share(found.lowered())}，"
        f"另一句 {_share(found.lowered_by_other())}，和差 {found.worst_sum:.1e}",
    )


def _as_json(found: Faithfulness) -> dict[str, Any]:
    lowered, other, further = found.lowered(), found.lowered_by_other(), found.further()
    return {
        "worst_sum": found.worst_sum,
        "n_sums": found.n_sums,
        "pairs": len(found.removals),
        "lowered": [lowered.mean, lowered.low, lowered.high],
        "lowered_by_other": [other.mean, other.low, other.high],
        "falls_further": [further.mean, further.low, further.high],
    }


def _silent(done: int, total: int) -> None:
    pass


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Leaves the description as it is written."""


if __name__ == "__main__":
    sys.exit(main())
