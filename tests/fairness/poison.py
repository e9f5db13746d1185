"""Goal F1: providers that write for the ranking gain nothing by it.

python -m tests.fairness.poison [--collections demo,collection] [--seed 0] [--json FILE]

Ranks the demands of a labelled set with each attack of `tests/fairness/attacks.py` among the
honest providers, and says how far the attacker came and what it cost the honest. Ends with 1
where the goal is missed.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from typing import Final

import numpy as np

from bench.quality.compare import open_set
from bench.quality.sets import CACHE, CHECKOUT, prepare
from bench.quality.systems import Opened
from bench.quality.vectors import RememberingEncoder
from indexer.encoder import open_encoder
from indexer.segment import Segment
from indexer.types import Document, Profile
from indexer.view import IndexView, KindView
from matcher.duplicates import is_copy
from matcher.echoes import Echoes
from matcher.evaluate import group_key, understood
from matcher.integrity import cautions_of
from matcher.measures import FITS
from matcher.pipeline import MatchRequest
from matcher.types import Filters, Match
from models.viewer import system
from models.vocabulary.matching import Direction
from models.vocabulary.row import Entity
from tests.fairness.attacks import ATTACKS, Attack, Ground

TOP: Final = 5
MOST_IN_TOP: Final = 1
MOST_TOP_1: Final = 0.02
MOST_LOST: Final = 0.01
LEAST_FLAGGED: Final = 0.9
MOST_FALSE_FLAGS: Final = 0.01
IS_HARMLESS: Final = frozenset({"honest", "hidden_zero_width", "hidden_far_down"})
"""Attacks of which nothing needs to be flagged: `honest` is none, and hidden text is cleaned
before anything looks at it, so that what it says counts like the same words in the open."""

DEEP: Final = 50
JOINED: Final = "2026-11-20"
"""Attackers have just registered, so they may also hope for a newcomer's place."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attack came to.

    Attributes:
        attack: Its name.
        top_1: Share of demands for which an attacker stands first, 0..1.
        top_5: Share of demands with an attacker among the first five.
        most_in_top_5: Attackers among the first five of one demand, at most.
        reciprocal_rank: Mean reciprocal rank of the best attacker.
        lost: Right first results the honest lost, share of demands.
        flagged: Share of the attacker's capabilities that are cautioned or folded as copies.
    """

    attack: str
    top_1: float
    top_5: float
    most_in_top_5: int
    reciprocal_rank: float
    lost: float
    flagged: float

    def misses(self) -> list[str]:
        """Return what of the goal is missed."""
        found = {
            "同一攻击者在前五名里不止一条": self.most_in_top_5 > MOST_IN_TOP,
            "攻击者占了第一名": self.top_1 > MOST_TOP_1,
            "守规矩的机构丢了第一名": self.lost > MOST_LOST,
            "没有标出来": self.attack not in IS_HARMLESS and self.flagged < LEAST_FLAGGED,
        }
        return [what for what, is_so in found.items() if is_so]


def poison(opened: Opened, seed: int, attacks: Mapping[str, Attack] = ATTACKS) -> list[Outcome]:
    """Return what each attack comes to on a set."""
    opened = with_demands(opened)
    ground = ground_of(opened)
    right = _right_first(opened, {q.id: _ranked(opened, opened.view, q) for q in _queries(opened)})
    outcomes = []
    for name, attack in attacks.items():
        rows = attack(ground, Random(seed))  # noqa: S311 - no secret is made from it
        documents = documents_of(rows, opened)
        view = _with(opened, documents)
        rankings = {q.id: _ranked(opened, view, q) for q in _queries(opened)}
        outcomes.append(_outcome(name, documents, opened, view, rankings, right))
    return outcomes


def ground_of(opened: Opened) -> Ground:
    """Return what an attacker can read of a set."""
    queries, documents = opened.collection.queries, opened.collection.documents
    words = Counter(w for q in queries for w in set(opened.segmenter.cut(q.body)) if len(w) > 1)
    return Ground(
        demands=[(q.title, q.body) for q in queries],
        capabilities=[(d.title, d.body) for d in documents],
        keywords=[word for word, _ in sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))],
    )


def documents_of(rows: Sequence[Mapping[str, str]], opened: Opened) -> list[Document]:
    """Return capabilities as intake would make them."""
    read = understood(rows, Entity.CAPABILITY, opened.reader, lambda done, total: None)
    return [replace(d, profile=Profile(name=d.group_id, joined=JOINED)) for d in read]


def false_flags(opened: Opened) -> float:
    """Return the share of honest capabilities that are cautioned, 0..1."""
    documents, echoes = opened.collection.documents, Echoes().found(with_demands(opened).view)
    return sum(bool(cautions_of(d, echoes.get(d.id))) for d in documents) / len(documents)


def _queries(opened: Opened) -> Sequence[Document]:
    return opened.collection.queries


def _with(opened: Opened, documents: list[Document]) -> IndexView:
    embedder = opened.embedder
    embedded = embedder.embed_documents(documents)
    segment = Segment.build(documents, embedded, opened.segmenter, embedder.encoder.dim)
    kind = opened.kind.with_segment(segment)
    return replace(opened.view, kinds={**opened.view.kinds, Entity.CAPABILITY: kind})


def with_demands(opened: Opened) -> Opened:
    """Return a set whose demands stand in its index, as published ones do."""
    embedder, queries = opened.embedder, opened.collection.queries
    embedded = embedder.embed_documents(queries)
    segment = Segment.build(queries, embedded, opened.segmenter, embedder.encoder.dim)
    demands = KindView((segment,), (np.ones(segment.n_rows, np.bool_),))
    kinds = {**opened.view.kinds, Entity.DEMAND: demands}
    return replace(opened, view=replace(opened.view, kinds=kinds))


def _ranked(opened: Opened, view: IndexView, query: Document) -> tuple[Match, ...]:
    request = MatchRequest(
        Direction.DEMAND_TO_PROVIDER,
        k=DEEP,
        filters=Filters(viewer=system("poison")),
        explain=False,
        seed=0,
    )
    return opened.matcher.match(query, view, request).matches


def _right_first(opened: Opened, rankings: Mapping[str, Sequence[Match]]) -> dict[str, bool]:
    """Return for each demand whether what stands first fits."""
    found = {}
    for query, matches in rankings.items():
        grades = opened.collection.grades.get(query, {})
        first = group_key(matches[0].document.group_id) if matches else ""
        found[query] = grades.get(first, 0) >= FITS
    return found


def _outcome(
    name: str,
    documents: list[Document],
    opened: Opened,
    view: IndexView,
    rankings: Mapping[str, Sequence[Match]],
    right: Mapping[str, bool],
) -> Outcome:
    attackers = {d.group_id for d in documents}
    places = {
        query: [m.rank for m in matches if m.document.group_id in attackers]
        for query, matches in rankings.items()
    }
    n = len(places)
    after = _right_first(opened, rankings)
    return Outcome(
        attack=name,
        top_1=sum(1 in ranks for ranks in places.values()) / n,
        top_5=sum(any(r <= TOP for r in ranks) for ranks in places.values()) / n,
        most_in_top_5=max(sum(r <= TOP for r in ranks) for ranks in places.values()),
        reciprocal_rank=sum(1 / min(ranks) for ranks in places.values() if ranks) / n,
        lost=(sum(right.values()) - sum(after.values())) / n,
        flagged=_flagged(documents, view, rankings),
    )


def _flagged(
    documents: list[Document], view: IndexView, rankings: Mapping[str, Sequence[Match]]
) -> float:
    """Return the share of an attacker's capabilities that are cautioned or known as copies."""
    kind, echoes = view.of(Entity.CAPABILITY), set(Echoes().found(view))
    shown = {m.document.id for ms in rankings.values() for m in ms if m.cautions}
    n_flagged = 0
    for document in documents:
        full = kind.embedding(kind.row_by_id[document.id]).full
        alike = kind.nearest("fulls", full, DEEP, kind.alive_rows)
        older = [(kind.documents[n], cosine) for n, cosine in alike]
        is_known = any(is_copy(document, o, c) for o, c in older if o.id < document.id)
        is_doubted = document.id in shown | echoes or bool(cautions_of(document))
        n_flagged += is_known or is_doubted
    return n_flagged / len(documents)


def main() -> int:
    """Measure and print; return 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--collections", default="demo,collection")
    parser.add_argument("--attacks", default=",".join(ATTACKS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data-dir", type=Path, default=CHECKOUT / "data")
    parser.add_argument("--encoder", default=os.environ.get("NAVMATCH_ENCODER"))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    opened = open_encoder(options.encoder, options.data_dir, 1)
    encoder = RememberingEncoder(opened, CACHE / "vectors")
    attacks = {name: ATTACKS[name] for name in options.attacks.split(",")}
    print(f"种子 {options.seed}")
    found, missed = {}, []
    for name in options.collections.split(","):
        labelled = prepare(name)
        if labelled is None:
            print(f"{name}: 没有这个集的数据（NAVMATCH_SHARED_DATA），略过")
            continue
        ready = open_set(labelled, labelled.split, encoder)
        flags = false_flags(ready)
        print(f"{name}: 误标 {flags:.1%}（目标至多 {MOST_FALSE_FLAGS:.0%}）")
        missed += [f"{name}: 误标过多"] if flags > MOST_FALSE_FLAGS else []
        found[name] = poison(ready, options.seed, attacks)
        print_outcomes(found[name])
        missed += [f"{name} {o.attack}: {'、'.join(o.misses())}" for o in found[name] if o.misses()]
    encoder.close()
    if options.json:
        content = {name: [asdict(o) for o in outcomes] for name, outcomes in found.items()}
        options.json.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    print("\n".join(f"没有达到：{line}" for line in missed) or "F1 达到目标")
    return 1 if missed or not found else 0


def print_outcomes(outcomes: Sequence[Outcome]) -> None:
    """Print a line an attack."""
    print("attack                 top-1   top-5  most  mrr    lost    flagged")
    for o in outcomes:
        print(
            f"{o.attack:22s} {o.top_1:6.1%} {o.top_5:6.1%} {o.most_in_top_5:4d}  "
            f"{o.reciprocal_rank:.3f} {o.lost:+7.1%} {o.flagged:7.1%}",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
