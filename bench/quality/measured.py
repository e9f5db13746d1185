"""What one run of the bench found, by set and system, and how sure it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from matcher.evaluate import Collection, measure
from matcher.significance import Interval, bootstrap

OURS: Final = "navmatch"


@dataclass(frozen=True)
class SystemResult:
    """One system on one set.

    Attributes:
        name: Name of the system.
        by_query: Every measure by query.
        per_query_ms: Time of the processor a query took, encoding left out.
    """

    name: str
    by_query: Mapping[str, Mapping[str, float]]
    per_query_ms: float

    def values(self, name: str) -> list[float]:
        """Return a measure for every query, in the order of queries."""
        return [found[name] for found in self.by_query.values()]


@dataclass(frozen=True)
class SetResult:
    """All systems on one set.

    Attributes:
        name: Name of the set.
        measures: Measures reported, the deciding one first.
        systems: What was measured, navmatch first.
        ablation: Deciding measure by query without each feature.
        notes: Sentences for the report.
    """

    name: str
    measures: tuple[str, ...]
    systems: tuple[SystemResult, ...]
    ablation: Mapping[str, Sequence[float]]
    notes: tuple[str, ...] = ()

    @property
    def ours(self) -> SystemResult:
        """The result of navmatch as shipped."""
        return next(s for s in self.systems if s.name == OURS)

    def difference(self, system: SystemResult, name: str) -> Interval:
        """Return navmatch less a system, paired by query."""
        return bootstrap(np.subtract(self.ours.values(name), system.values(name)).tolist())

    def lost_without(self, feature: str) -> Interval:
        """Return what the deciding measure loses without a feature, paired by query."""
        whole = self.ours.values(self.measures[0])
        return bootstrap(np.subtract(whole, self.ablation[feature]).tolist())


def result_of(
    name: str, ranked: Mapping[str, Sequence[str]], collection: Collection, seconds: float
) -> SystemResult:
    """Return the measures of a ranking."""
    rankings = {query: [(key, 0.0) for key in keys] for query, keys in ranked.items()}
    found: dict[str, Any] = measure(rankings, collection)
    return SystemResult(name, found["by_query"], 1_000 * seconds / max(len(ranked), 1))


def as_json(results: Sequence[SetResult]) -> dict[str, Any]:
    """Return everything measured, for programs."""
    return {result.name: _set_as_json(result) for result in results}


def _set_as_json(result: SetResult) -> dict[str, Any]:
    systems = {}
    for system in result.systems:
        measured = {}
        for name in result.measures:
            mean, gap = bootstrap(system.values(name)), result.difference(system, name)
            measured[name] = {
                "mean": mean.mean,
                "interval": [mean.low, mean.high],
                "navmatch_minus": gap.mean,
                "navmatch_minus_interval": [gap.low, gap.high],
                "p": gap.p_value,
            }
        systems[system.name] = {
            "measures": measured,
            "per_query_ms": system.per_query_ms,
            "by_query": {
                query: {name: round(found[name], 6) for name in result.measures}
                for query, found in system.by_query.items()
            },
        }
    ablation = {}
    for feature in result.ablation:
        lost = result.lost_without(feature)
        ablation[feature] = {"lost": lost.mean, "interval": [lost.low, lost.high]}
    return {"systems": systems, "ablation": ablation, "notes": list(result.notes)}
