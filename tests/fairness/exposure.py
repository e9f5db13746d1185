"""Goal F2: who is seen how often, whether that is earned, and whether rankings come out again.

python -m tests.fairness.exposure [--collections demo,collection] [--seed 0] [--json FILE]

Ranks all demands of a labelled set as the service would. What a place is worth is 1/log2(rank+1)
(Järvelin & Kekäläinen 2002); what a provider has earned is what an ideal ranking would give it,
where those who fit alike share their places (Diaz et al. 2020). A tenth of the providers, drawn
by chance, has just joined. Ends with 1 where the goal is missed.
"""

import argparse
import json
import math
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from indexer.types import Document, Profile
from indexer.view import IndexView
from matcher.evaluate import group_key, index_of
from matcher.measures import ndcg
from matcher.pipeline import MatchRequest
from matcher.types import Filters, Match
from models.viewer import system
from models.vocabulary.matching import Direction

DEPTH: Final = 10
TOP: Final = 5
MOST_TIMES: Final = 3.0
"""How many times what it earned a provider may be seen."""

LEAST_EARNED: Final = 0.5
"""Providers that earned less than half a first place are not judged: chance moves them most."""

DEALS: Final = 300
"""How often the places of wrong results are dealt by lot."""

NEW_SHARE: Final = 0.1
NEW, OLD = "2026-11-20", "2020-01-01"

ProfileOf = Callable[[str], Profile]
Rankings = Mapping[str, Sequence[str]]
"""Keys of groups by query, best first."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """What was found on one set.

    Attributes:
        n_providers: Providers that could be seen.
        most_times: Exposure over what was earned, the highest of the providers judged.
        over: Providers judged that were seen more than three times as often as they earned.
        n_judged: How many providers were judged.
        over_by_chance: How many would be, on average, if every place that a provider without
            any claim to it got had gone to one drawn by lot.
        over_by_chance_high: The number that 97.5 % of such draws stay within.
        gini: Inequality of exposure, 0 for all alike.
        gini_earned: The same of what is earned.
        seen: Share of providers among the first ten of any demand.
        most_of_one: Results of one provider among the first ten of one demand, at most.
        new_in_top_5: Share of the first five places held by newcomers.
        new_without: The same if newcomers are given no place.
        ndcg: nDCG@10.
        ndcg_without: The same if newcomers are given no place.
        n_again: Rankings that came out the same when made again, as a share.
        neutral: Rankings that stay when fields change that must not matter, as a share.
    """

    n_providers: int
    most_times: float
    over: int
    n_judged: int
    over_by_chance: float
    over_by_chance_high: float
    gini: float
    gini_earned: float
    seen: float
    most_of_one: int
    new_in_top_5: float
    new_without: float
    ndcg: float
    ndcg_without: float
    n_again: float
    neutral: float

    def misses(self) -> list[str]:
        """Return what of the goal is missed."""
        found = {
            f"{self.over} 家机构露面超过应得的 {MOST_TIMES:.0f} 倍（错排的名次若由抽签决定，平均 "
            f"{self.over_by_chance:.1f} 家，97.5% 不超过 {self.over_by_chance_high:.0f} 家）": (
                self.over > 0
            ),
            "同一机构在前十名里不止一条": self.most_of_one > 1,
            "新机构没有更多露面": self.new_in_top_5 <= self.new_without,
            "重新排名不完全相同": self.n_again < 1,
            "无关的字段改变了名次": self.neutral < 1,
        }
        return [what for what, is_so in found.items() if is_so]


def expose(opened: Opened, seed: int) -> Exposure:
    """Return who is seen how often on a set."""
    chance = Random(seed)  # noqa: S311 - no secret is made from it
    groups = sorted({d.group_id for d in opened.collection.documents})
    new = set(chance.sample(groups, max(1, round(NEW_SHARE * len(groups)))))
    view = _view(opened, lambda name: Profile(name, joined=NEW if name in new else OLD))
    bought = _view(opened, lambda name: _with_neutral(name, new))
    found = _ranked(opened, view, seed)
    plain = _keys(_ranked(opened, view, None))
    keys, earned = _keys(found), _earned(opened, groups)
    seen = _exposure(keys)
    judged = [g for g in groups if earned[g] >= LEAST_EARNED]
    times = [seen[g] / earned[g] for g in judged]
    dealt = [
        sum(by_lot[g] > MOST_TIMES * earned[g] for g in judged)
        for by_lot in _dealt(opened, keys, groups, chance)
    ]
    return Exposure(
        n_providers=len(groups),
        most_times=max(times, default=0.0),
        over=sum(t > MOST_TIMES for t in times),
        n_judged=len(judged),
        over_by_chance=float(np.mean(dealt)),
        over_by_chance_high=float(np.quantile(dealt, 0.975)),
        gini=_gini([seen[g] for g in groups]),
        gini_earned=_gini([earned[g] for g in groups]),
        seen=sum(seen[g] > 0 for g in groups) / len(groups),
        most_of_one=max(max(Counter(ranked).values(), default=0) for ranked in keys.values()),
        new_in_top_5=_share_in_top(keys, new),
        new_without=_share_in_top(plain, new),
        ndcg=_quality(opened, keys),
        ndcg_without=_quality(opened, plain),
        n_again=_same(found, _ranked(opened, view, seed)),
        neutral=_same(found, _ranked(opened, bought, seed)),
    )


def _with_neutral(name: str, new: set[str]) -> Profile:
    """Return a profile whose fields that must not matter are as tempting as can be."""
    return Profile(
        name,
        joined=NEW if name in new else OLD,
        preferred_scenarios=("ENT.RISK",),
        preferred_regions=("nation",),
        budget_min_fen=1,
        tools=("分析平台",),
    )


def _view(opened: Opened, profile_of: ProfileOf) -> IndexView:
    documents = [replace(d, profile=profile_of(d.group_id)) for d in opened.collection.documents]
    return index_of(documents, opened.embedder, opened.segmenter)


def _ranked(opened: Opened, view: IndexView, seed: int | None) -> dict[str, tuple[Match, ...]]:
    request = MatchRequest(
        Direction.DEMAND_TO_PROVIDER,
        k=DEPTH,
        filters=Filters(viewer=system("exposure")),
        explain=False,
        seed=seed,
    )
    queries: Sequence[Document] = opened.collection.queries
    return {q.id: opened.matcher.match(q, view, request).matches for q in queries}


def _keys(found: Mapping[str, Sequence[Match]]) -> dict[str, list[str]]:
    return {query: [m.document.group_id for m in matches] for query, matches in found.items()}


def _worth(rank: int) -> float:
    return 1 / math.log2(rank + 1)


def _exposure(rankings: Rankings) -> defaultdict[str, float]:
    seen: defaultdict[str, float] = defaultdict(float)
    for ranked in rankings.values():
        for rank, group in enumerate(ranked, start=1):
            seen[group] += _worth(rank)
    return seen


def _dealt(
    opened: Opened, rankings: Rankings, groups: Sequence[str], chance: Random
) -> Iterator[Mapping[str, float]]:
    """Yield exposures in which results that do not fit at all are exchanged for others by lot.

    An engine that errs without preferring anybody errs like this; what goes beyond is a leaning.
    """
    grades = {query: opened.collection.grades.get(query, {}) for query in rankings}
    others = {
        query: [g for g in groups if not graded.get(group_key(g), 0)]
        for query, graded in grades.items()
    }
    for _ in range(DEALS):
        by_lot = {}
        for query, ranked in rankings.items():
            drawn = iter(chance.sample(others[query], min(DEPTH, len(others[query]))))
            by_lot[query] = [
                group if grades[query].get(group_key(group), 0) else next(drawn) for group in ranked
            ]
        yield _exposure(by_lot)


def _earned(opened: Opened, groups: Sequence[str]) -> dict[str, float]:
    """Return what an ideal ranking of the first ten would give each provider."""
    earned = dict.fromkeys(groups, 0.0)
    for query in opened.collection.queries:
        grades = opened.collection.grades.get(query.id, {})
        rank = 1
        for grade in (3, 2, 1, 0):
            alike = [g for g in groups if grades.get(group_key(g), 0) == grade]
            places = range(rank, min(rank + len(alike), DEPTH + 1))
            for group in alike:
                earned[group] += sum(_worth(r) for r in places) / len(alike)
            rank += len(alike)
    return earned


def _gini(values: Sequence[float]) -> float:
    """Return the Gini coefficient of values >= 0 (Gini 1912; mean difference over twice mean)."""
    ordered = np.sort(np.asarray(values, np.float64))
    n, total = len(ordered), float(ordered.sum())
    if total == 0:
        return 0.0
    return float(2 * (np.arange(1, n + 1) @ ordered) / (n * total) - (n + 1) / n)


def _share_in_top(rankings: Rankings, groups: set[str]) -> float:
    shown = [group in groups for ranked in rankings.values() for group in ranked[:TOP]]
    return sum(shown) / max(len(shown), 1)


def _quality(opened: Opened, rankings: Rankings) -> float:
    grades = opened.collection.grades
    found = [ndcg([group_key(g) for g in keys], grades.get(q, {})) for q, keys in rankings.items()]
    return float(np.mean(found))


def _same(first: Mapping[str, Sequence[Match]], second: Mapping[str, Sequence[Match]]) -> float:
    def told(matches: Sequence[Match]) -> list[tuple[str, str, float]]:
        return [(m.document.id, m.band.value, round(m.score, 6)) for m in matches]

    return sum(told(first[q]) == told(second[q]) for q in first) / len(first)


def main() -> int:
    """Measure and print; return 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--collections", default="demo,collection")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data-dir", type=Path, default=CHECKOUT / "data")
    parser.add_argument("--encoder", default=os.environ.get("NAVMATCH_ENCODER"))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    opened = open_encoder(options.encoder, options.data_dir, 1)
    encoder = RememberingEncoder(opened, CACHE / "vectors")
    print(f"种子 {options.seed}")
    found, missed = {}, []
    for name in options.collections.split(","):
        labelled = prepare(name)
        if labelled is None:
            print(f"{name}: 没有这个集的数据（NAVMATCH_SHARED_DATA），略过")
            continue
        found[name] = expose(open_set(labelled, labelled.split, encoder), options.seed)
        print(name, *(f"{k}={v:.4g}" for k, v in asdict(found[name]).items()), sep="\n  ")
        missed += [f"{name}: {what}" for what in found[name].misses()]
    encoder.close()
    if options.json:
        content = {name: asdict(exposure) for name, exposure in found.items()}
        options.json.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    print("\n".join(f"没有达到：{line}" for line in missed) or "F2 达到目标")
    return 1 if missed or not found else 0


if __name__ == "__main__":
    sys.exit(main())
