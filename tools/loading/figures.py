"""From what was seen to figures: quantiles, slopes, a table."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MS: Final = 1_000.0


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure and what it has to be.

    Attributes:
        name: What it is.
        value: What was measured.
        bound: Where it has to lie.
        is_met: Whether it does.
    """

    name: str
    value: float
    bound: str
    is_met: bool


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies; 0 when there are none."""
    if not values:
        return 0.0
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return by how much the second rises for each unit of the first (least squares)."""
    if len(points) < 2:
        return 0.0
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def at_most(name: str, value: float, bound: float) -> Goal:
    """Return a goal that must not be exceeded."""
    return Goal(name, round(value, 3), f"<= {bound:g}", value <= bound)


def at_least(name: str, value: float, bound: float) -> Goal:
    """Return a goal that must be reached."""
    return Goal(name, round(value, 3), f">= {bound:g}", value >= bound)


def report(profile: str, facts: Mapping[str, object], goals: Sequence[Goal]) -> str:
    """Return a table of the goals under one line of JSON with everything."""
    content = {
        "profile": profile,
        **facts,
        "goals": [
            {"name": g.name, "value": g.value, "bound": g.bound, "met": g.is_met} for g in goals
        ],
    }
    width = max(len(goal.name) for goal in goals)
    lines = [json.dumps(content, ensure_ascii=False), ""]
    for goal in goals:
        met = "yes" if goal.is_met else "NO"
        lines.append(f"{goal.name:<{width}}  {goal.value:>10}  {goal.bound:>10}  {met}")
    return "\n".join(lines)
