"""What is to be reached, and whether it was: the table at the top of the report."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from bench.quality.measured import OURS, SetResult, SystemResult
from matcher.significance import Interval

FILE: Final = Path(__file__).with_name("goals.toml")


@dataclass(frozen=True, slots=True)
class Goal:
    """What one measure on one set is to reach.

    Attributes:
        set: Name of the set.
        measure: Name of the measure.
        system: Which of our systems is to reach it.
        about: What is special about it, in a few words.
        baseline: The value to beat, the best simple way known when the goal was set.
        at_least: The value to reach; None where it hangs on the best baseline measured.
        above_baseline: How far above that baseline, where `at_least` is None.
    """

    set: str
    measure: str
    system: str = OURS
    about: str = ""
    baseline: float | None = None
    at_least: float | None = None
    above_baseline: float = 0.0


@dataclass(frozen=True, slots=True)
class Goals:
    """All goals, with where they come from."""

    source: str
    goals: tuple[Goal, ...]

    @classmethod
    def load(cls, path: Path = FILE) -> Self:
        """Return the goals of the project."""
        found = tomllib.loads(path.read_text("utf-8"))
        return cls(found["source"], tuple(Goal(**row) for row in found["goal"]))


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a goal stands.

    Attributes:
        goal: The goal.
        result: The set it was measured on.
        system: The system measured for it.
        best: The best baseline measured; None where none was.
    """

    goal: Goal
    result: SetResult
    system: SystemResult
    best: SystemResult | None

    @property
    def found(self) -> Interval:
        """What was measured."""
        return self.system.ratios[self.goal.measure].interval

    @property
    def wanted(self) -> float:
        """The value to reach."""
        if self.goal.at_least is not None:
            return self.goal.at_least
        return self.goal.above_baseline + (self._value_of(self.best) if self.best else 0.0)

    @property
    def is_met(self) -> bool:
        """Whether the value measured reaches the goal."""
        return self.found.mean >= self.wanted

    @property
    def words(self) -> str:
        """How it stands, in words; that chance may have helped is said with it."""
        if not self.is_met:
            return f"没有达到，差 {self.wanted - self.found.mean:.3f}"
        return "达到" if self.found.low >= self.wanted else "达到；区间下端低于目标"

    def _value_of(self, system: SystemResult) -> float:
        return system.ratios[self.goal.measure].value

    def row(self) -> str:
        """Return the line of the table."""
        goal, found = self.goal, self.found
        named = f"{goal.set}，{goal.about}" if goal.about else goal.set
        value = f"{found.mean:.3f}（{found.low:.3f} 至 {found.high:.3f}）"
        stated = "—" if goal.baseline is None else f"{goal.baseline:.3f}"
        best, ahead, cost = "—", "—", f"{self.system.ms:.1f}"
        if self.best is not None:
            best = f"{self.best.name} {self._value_of(self.best):.3f}"
            gap = self.system.ratios[goal.measure].less(self.best.ratios[goal.measure])
            ahead = f"{gap.mean:+.3f}（{gap.low:+.3f} 至 {gap.high:+.3f}）"
            cost += f"（{self.system.ms - self.best.ms:+.1f}）"
        return (
            f"| {named} | {goal.measure} | {value} | {best} | {ahead} | {stated} "
            f"| {self.wanted:.3f} | {self.words} | {cost}，{self.result.costs} |"
        )

    def as_json(self) -> dict[str, Any]:
        """Return how it stands, for programs."""
        return {
            "set": self.goal.set,
            "system": self.system.name,
            "measure": self.goal.measure,
            "value": self.found.mean,
            "interval": [self.found.low, self.found.high],
            "best_baseline": self.best.name if self.best else None,
            "goal": self.wanted,
            "met": self.is_met,
            "ms": self.system.ms,
        }


def verdicts(goals: Goals, results: Sequence[SetResult]) -> list[Verdict]:
    """Return how the goals stand that can be judged.

    Their sets and systems were measured, and a baseline where the goal is a distance from it.
    """
    sets: Mapping[str, SetResult] = {result.name: result for result in results}
    found = []
    for goal in goals.goals:
        if (result := sets.get(goal.set)) is None:
            continue
        system = next((s for s in result.systems if s.name == goal.system), None)
        best = result.best_other(goal.measure)
        if system is not None and (best is not None or goal.at_least is not None):
            found.append(Verdict(goal, result, system, best))
    return found


def goals_table(goals: Goals, judged: Sequence[Verdict]) -> Iterable[str]:
    """Yield the table of goals, and what could not be judged."""
    yield "## 目标\n"
    yield f"来源：{goals.source}。在各集的 dev 部分测得。\n"
    yield (
        "| 集 | 指标 | 测得（95% 区间） | 最好的基线 | 高出（区间） | 定目标时的基线 | 目标 "
        "| 达到没有 | 每次毫秒（比基线多） |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    yield from (verdict.row() for verdict in judged)
    yield ""
    done = [verdict.goal for verdict in judged]
    rest = [f"{g.set} 的 {g.measure}（{g.system}）" for g in goals.goals if g not in done]
    if rest:
        yield f"这次没有测的目标：{'、'.join(rest)}。\n"
