"""How sure IPC suggestions are: titles of main groups, asked as if they were not in the table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matcher.ipc import AT_LEAST, SUBCLASS_CHARS, Asked, IpcEntry, IpcJudge, IpcTable, Leader
from matcher.learning.certainty import expected_calibration_error, fit_certainty
from matcher.learning.trial import parts

SAMPLE: Final = 600
MIN_SAMPLE: Final = 50
MIN_CHARS: Final = 4
"""Shorter titles, such as "parts", say nothing by themselves."""

LEFT_OUT: Final = 0.1
"""Share of right leaders that are given up as too far away: what is nearer than the others is
near, which is all that tells a text about nothing in the table."""

PARTS: Final = 5
SEED: Final = 1


@dataclass(frozen=True)
class IpcTrial:
    """What a table is good for.

    Attributes:
        judge: When to believe it.
        n: Titles asked.
        first: Share of them whose subclass came first.
        among_five: Share whose subclass was among the first five.
        answered: Share for which something was suggested, by a judge that had not seen them.
        right: Share of those that were right.
        error: Expected calibration error of what was near enough, likewise unseen, 0..1.
    """

    judge: IpcJudge
    n: int
    first: float
    among_five: float
    answered: float
    right: float
    error: float


def try_table(
    table: IpcTable,
    encode: Callable[[Sequence[str]], NDArray[np.float32]],
    told: Callable[[int, int], None],
) -> IpcTrial:
    """Return how often the subclass of a title is found without the title itself.

    Args:
        table: The table.
        encode: Gives vectors under the query role.
        told: Hears of the progress.

    Raises:
        ValueError: there are fewer than `MIN_SAMPLE` titles to ask, or none is found.
    """
    sample = _sample(table.entries)
    if len(sample) < MIN_SAMPLE:
        msg = f"{len(sample)} titles of main groups, {MIN_SAMPLE} are needed"
        raise ValueError(msg)
    leaders: list[Leader] = []
    vectors = encode([e.title for e in sample])
    for done, (entry, vector) in enumerate(zip(sample, vectors, strict=True), start=1):
        leaders.append(table.leader([Asked(entry.title, vector)], without=entry.title))
        told(done, len(sample))
    places = np.array([x.order.index(e.subclass) for x, e in zip(leaders, sample, strict=True)])
    return _judged(leaders, places)


def _sample(entries: Sequence[IpcEntry]) -> list[IpcEntry]:
    """Return main groups drawn by lot, always the same ones, whose titles say something."""
    of_subclass: dict[str, int] = {}
    for entry in entries:
        of_subclass[entry.subclass] = of_subclass.get(entry.subclass, 0) + 1
    groups = [
        e
        for e in entries
        if len(e.code) > SUBCLASS_CHARS
        and len(e.title) >= MIN_CHARS
        and of_subclass[e.subclass] > 1
    ]
    drawn = np.random.default_rng(SEED).permutation(len(groups))[:SAMPLE]
    return [groups[place] for place in sorted(drawn)]


def _judged(leaders: Sequence[Leader], places: NDArray[np.int64]) -> IpcTrial:
    right = places == 0
    if not right.any():
        msg = "no title finds its subclass"
        raise ValueError(msg)
    said = np.zeros(len(places))
    for part in parts(len(places), PARTS):
        judge = _judge(leaders, right, np.setdiff1d(np.arange(len(places)), part))
        said[part] = [judge.confidence(leaders[n]) for n in part]
    answered, near = said >= AT_LEAST, said > 0
    return IpcTrial(
        judge=_judge(leaders, right, np.arange(len(places))),
        n=len(places),
        first=float(np.mean(right)),
        among_five=float(np.mean(places < 5)),
        answered=float(np.mean(answered)),
        right=float(np.mean(right[answered])) if answered.any() else 0.0,
        error=expected_calibration_error(said[near], right[near]) if near.any() else 0.0,
    )


def _judge(
    leaders: Sequence[Leader], right: NDArray[np.bool_], rows: NDArray[np.int64]
) -> IpcJudge:
    cosines = np.array([x.cosine for x in leaders])
    leads = np.array([x.lead for x in leaders])
    found = rows[right[rows]]
    least = float(np.quantile(cosines[found], LEFT_OUT)) if len(found) else 1.0
    near = rows[cosines[rows] >= least]
    return IpcJudge(fit_certainty(leads[near], right[near]), least)
