"""What people did with results they were shown, as examples to learn from.

A file holds one list a line, as somebody saw it:

    {"query": {"id": "…", "title": "…", "text": "…"}, "shuffled": false,
     "shown": [{"key": "pv-1", "position": 1, "actions": ["view", "express_interest"]},
               {"key": "pv-2", "position": 2, "actions": ["decline"], "reason": "price_high"},
               {"key": "pv-3", "position": 3, "actions": ["accept", "rate"], "rating": 5}]}

People look at the top of a list and take what they see: counted as they come, their choices
prove every ranking right. So an action counts inversely to the chance that its place was looked
at (inverse propensity scoring; Joachims, Swaminathan & Schnabel 2017), which falls with the
place as `place ** -bias`. Lists marked `shuffled`, whose order was drawn by lot, tell the bias.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import numpy as np

from models.errors import InvalidInputError


class Action(StrEnum):
    """What somebody did with one result."""

    VIEW = "view"
    SAVE = "save"
    EXPRESS_INTEREST = "express_interest"
    SHORTLIST = "shortlist"
    INVITE = "invite"
    ACCEPT = "accept"
    DECLINE = "decline"
    RATE = "rate"


GAINS: Final[Mapping[Action, float]] = {
    Action.VIEW: 1.0,
    Action.SAVE: 2.0,
    Action.EXPRESS_INTEREST: 3.0,
    Action.SHORTLIST: 3.0,
    Action.INVITE: 3.0,
    Action.ACCEPT: 7.0,
}
"""What an action says of the fit, on the scale of graded judgements: 2^grade - 1."""

GOOD_RATING: Final = 4
GOOD_RATING_GAIN: Final = 7.0
BAD_RATING: Final = 2
"""Stars of five from which a rating speaks for the fit, and up to which it speaks against it."""

UNFIT_REASONS: Final = frozenset({"scenario_mismatch", "industry_mismatch", "out_of_field"})
"""Reasons of a decline that speak against the fit; price, time or place do not."""

USUAL_BIAS: Final = 1.0
"""Bias without shuffled lists to read it from."""

MAX_WEIGHT: Final = 10.0
"""Most that one action may count for its place: a single one far down proves little."""

MIN_SHUFFLED: Final = 200
"""Actions in shuffled lists below which the bias is not read from them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One result as it was shown.

    Attributes:
        key: Group that was ranked, such as a provider.
        position: Its place, from 1.
        actions: What somebody did with it.
        reason: Code given with a decline.
        rating: Stars, 1..5.
    """

    key: str
    position: int
    actions: frozenset[Action]
    reason: str | None = None
    rating: int | None = None

    @property
    def gain(self) -> float:
        """What was done with it says of its fit; 0 for nothing or for what speaks against it."""
        if self.reason in UNFIT_REASONS:
            return 0.0
        if self.rating is not None and self.rating <= BAD_RATING:
            return 0.0
        rated = self.rating is not None and self.rating >= GOOD_RATING
        gains = [GAINS.get(action, 0.0) for action in self.actions]
        return max([*gains, GOOD_RATING_GAIN if rated else 0.0], default=0.0)


@dataclass(frozen=True, slots=True)
class ShownList:
    """A ranking as somebody saw it.

    Attributes:
        query: `id`, `title` and `text` of what was asked.
        shown: The results, in any order.
        is_shuffled: Whether the order was drawn by lot.
    """

    query: Mapping[str, str]
    shown: tuple[Shown, ...]
    is_shuffled: bool = False


def read_interactions(path: Path) -> list[ShownList]:
    """Return the lists of a file.

    Raises:
        InvalidInputError: it cannot be read; the message names the line.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"对接记录 {path} 无法打开。") from error
    found = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                found.append(_shown_list(json.loads(line)))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise InvalidInputError(
                    f"对接记录 {path.name} 第 {number} 行不合格式（见 navmatch train 的说明）。"
                ) from error
    return found


def position_bias(lists: Iterable[ShownList]) -> float:
    """Return how fast attention falls with the place, >= 0, read from shuffled lists.

    In a list drawn by lot every place is as good as another, so what is done there falls as
    attention does: the slope of log actions by log place, each place weighed by its actions.
    """
    done: dict[int, float] = {}
    shown: dict[int, int] = {}
    for found in lists:
        for result in found.shown if found.is_shuffled else ():
            done[result.position] = done.get(result.position, 0.0) + (result.gain > 0)
            shown[result.position] = shown.get(result.position, 0) + 1
    places = [place for place in sorted(done) if done[place] > 0]
    if sum(done.values()) < MIN_SHUFFLED or len(places) < 2:
        return USUAL_BIAS
    weights = np.array([done[place] for place in places])
    rates = np.log([done[place] / shown[place] for place in places])
    slope = np.polyfit(np.log(places), rates, 1, w=np.sqrt(weights))[0]
    return float(max(-slope, 0.0))


def gains_by_query(lists: Sequence[ShownList], bias: float) -> dict[str, dict[str, float]]:
    """Return what each key is worth for each query: the mean over its lists, bias removed."""
    n_lists: dict[str, int] = {}
    gains: dict[str, dict[str, float]] = {}
    for found in lists:
        query = found.query["id"]
        n_lists[query] = n_lists.get(query, 0) + 1
        of_query = gains.setdefault(query, {})
        for result in found.shown:
            weight = min(result.position**bias, MAX_WEIGHT)
            of_query[result.key] = of_query.get(result.key, 0.0) + result.gain * weight
    return {
        query: {key: gain / n_lists[query] for key, gain in of_query.items()}
        for query, of_query in gains.items()
    }


def grades_of(gains: Mapping[str, float]) -> dict[str, int]:
    """Return gains as whole grades, for measures that want such: the nearest of 2^grade - 1."""
    return {key: round(float(np.log2(1.0 + gain))) for key, gain in gains.items()}


def _shown_list(row: Mapping[str, Any]) -> ShownList:
    query = {name: str(row["query"].get(name) or "") for name in ("id", "title", "text")}
    if not query["id"]:
        raise ValueError(query)
    shown = tuple(_shown(result) for result in row["shown"])
    return ShownList(query, shown, bool(row.get("shuffled", False)))


def _shown(row: Mapping[str, Any]) -> Shown:
    position, rating = int(row["position"]), row.get("rating")
    if position < 1 or (rating is not None and not 1 <= int(rating) <= 5):
        raise ValueError(row)
    return Shown(
        key=str(row["key"]),
        position=position,
        actions=frozenset(Action(action) for action in row.get("actions", ())),
        reason=row.get("reason"),
        rating=None if rating is None else int(rating),
    )
