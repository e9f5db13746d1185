"""What one run of the bench found, by set and system, and how sure it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from matcher.evaluate import Collection, measure
from matcher.significance import BATCH, CONFIDENCE, RESAMPLES, Interval, interval_of

OURS: Final = "navmatch"


@dataclass(frozen=True)
class Ratio:
    """A share of sums over questions, such as a mean or F1: one over, one under for each.

    Attributes:
        over: float64 (n,).
        under: float64 (n,).
    """

    over: NDArray[np.float64]
    under: NDArray[np.float64]

    @classmethod
    def mean_of(cls, values: Sequence[float]) -> Self:
        """Return the mean of values."""
        return cls(np.asarray(values, np.float64), np.ones(len(values)))

    @property
    def value(self) -> float:
        """The share, 0..1."""
        return float(self.over.sum() / max(self.under.sum(), 1.0))

    @property
    def is_mean(self) -> bool:
        """Whether every question counts the same."""
        return bool((self.under == 1).all())

    @cached_property
    def resampled(self) -> NDArray[np.float64]:
        """The share in samples of the questions; the same samples for whoever has as many."""
        chance, n = np.random.default_rng(0), len(self.over)
        shares = []
        for _ in range(0, RESAMPLES, BATCH):
            drawn = chance.integers(0, n, (BATCH, n))
            shares.append(self.over[drawn].sum(1) / np.maximum(self.under[drawn].sum(1), 1.0))
        return np.concatenate(shares)

    @property
    def interval(self) -> Interval:
        """The share with its interval.

        Where all are right or none is, samples cannot differ: then it is the exact interval of
        a share (Clopper & Pearson 1934).
        """
        found = interval_of(self.value, self.resampled)
        furthest = ((1 - CONFIDENCE) / 2) ** (1 / max(self.under.sum(), 1.0))
        if self.value == 1:
            return replace(found, low=furthest)
        if self.value == 0:
            return replace(found, high=1 - furthest)
        return found

    def less(self, other: "Ratio") -> Interval:
        """Return this less another over the same questions, paired."""
        gaps = np.round(self.resampled - other.resampled, 12)  # what is equal must be a tie
        return interval_of(self.value - other.value, gaps)


@dataclass(frozen=True)
class SystemResult:
    """One system on one set.

    Attributes:
        name: Name of the system.
        ratios: Every measure.
        ms: Time of the processor a question took.
    """

    name: str
    ratios: Mapping[str, Ratio]
    ms: float

    @property
    def is_ours(self) -> bool:
        """Whether it is navmatch, as shipped or trained."""
        return self.name.startswith(OURS)


@dataclass(frozen=True)
class SetResult:
    """All systems on one set.

    Attributes:
        name: Name of the set.
        counted: What its questions are, with the Chinese word that counts them.
        costs: What the time of a question holds.
        measures: Measures reported, the deciding one first.
        keys: Keys of the questions, in the order of the values.
        systems: What was measured, navmatch first.
        ablation: Deciding measure by question without each feature.
        notes: Sentences for the report.
    """

    name: str
    counted: str
    costs: str
    measures: tuple[str, ...]
    keys: tuple[str, ...]
    systems: tuple[SystemResult, ...]
    ablation: Mapping[str, Sequence[float]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def ours(self) -> SystemResult:
        """The result of navmatch as shipped."""
        return next(s for s in self.systems if s.name == OURS)

    def best_other(self, name: str) -> SystemResult | None:
        """Return the system not ours that does best by a measure; None where there is none."""
        others = [s for s in self.systems if not s.is_ours]
        return max(others, key=lambda s: s.ratios[name].value, default=None)

    def difference(self, system: SystemResult, name: str) -> Interval:
        """Return navmatch less a system, paired by question."""
        return self.ours.ratios[name].less(system.ratios[name])

    def lost_without(self, feature: str) -> Interval:
        """Return what the deciding measure loses without a feature, paired by question."""
        return self.ours.ratios[self.measures[0]].less(Ratio.mean_of(self.ablation[feature]))


def result_of(
    name: str, ranked: Mapping[str, Sequence[str]], collection: Collection, seconds: float
) -> SystemResult:
    """Return the measures of a ranking."""
    rankings = {query: [(key, 0.0) for key in keys] for query, keys in ranked.items()}
    found: list[Mapping[str, float]] = list(measure(rankings, collection)["by_query"].values())
    ratios = {name: Ratio.mean_of([values[name] for values in found]) for name in found[0]}
    return SystemResult(name, ratios, 1_000 * seconds / max(len(ranked), 1))


def as_json(results: Sequence[SetResult]) -> dict[str, Any]:
    """Return everything measured, for programs."""
    return {result.name: _set_as_json(result) for result in results}


def _set_as_json(result: SetResult) -> dict[str, Any]:
    ablation = {}
    for feature in result.ablation:
        lost = result.lost_without(feature)
        ablation[feature] = {"lost": lost.mean, "interval": [lost.low, lost.high]}
    return {
        "keys": list(result.keys),
        "systems": {system.name: _system_as_json(result, system) for system in result.systems},
        "ablation": ablation,
        "notes": list(result.notes),
    }


def _system_as_json(result: SetResult, system: SystemResult) -> dict[str, Any]:
    measures = {}
    for name in result.measures:
        ratio, gap = system.ratios[name], result.difference(system, name)
        measures[name] = {
            "value": ratio.value,
            "interval": [ratio.interval.low, ratio.interval.high],
            "navmatch_minus": gap.mean,
            "navmatch_minus_interval": [gap.low, gap.high],
            "p": gap.p_value,
            "over": _compact(ratio.over),
            **({} if ratio.is_mean else {"under": _compact(ratio.under)}),
        }
    return {"measures": measures, "ms": system.ms}


def _compact(values: NDArray[np.float64]) -> list[float]:
    """Return values of six digits, whole ones as such: there are thousands."""
    return [int(v) if v == int(v) else round(v, 6) for v in values.tolist()]
