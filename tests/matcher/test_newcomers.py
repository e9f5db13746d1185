from dataclasses import replace
from typing import Any

import pytest

from indexer.types import Profile
from matcher.newcomers import PLACE, with_newcomer
from matcher.rank import Entry
from matcher.types import Caution
from models.vocabulary.matching import Band, RuleOutcome
from tests.factories import TODAY, make_document

OLD, NEW = "2026-01-01", "2026-11-20"


def _entry(n: int, joined: str | None, band: Band = Band.GOOD) -> Entry:
    document = make_document(f"cp-{n:02}", profile=Profile(f"机构{n}", joined=joined))
    return Entry(n, document, 0.9 - n / 100, 1.0, band=band)


def _ids(entries: list[Entry]) -> list[int]:
    return [entry.row for entry in entries]


def test_newcomer_as_good_takes_the_fifth_place() -> None:
    entries = [_entry(n, NEW if n == 7 else OLD) for n in range(10)]
    ranked = with_newcomer(entries, 10, TODAY, seed=1)
    assert _ids(ranked) == [0, 1, 2, 3, 7, 4, 5, 6, 8, 9]
    assert [entry.row for entry in ranked if entry.is_newcomer] == [7]


def test_who_it_is_is_drawn_by_the_seed_and_the_same_each_time() -> None:
    entries = [_entry(n, NEW if n > 5 else OLD) for n in range(20)]
    drawn = {with_newcomer(entries, 10, TODAY, seed)[PLACE - 1].row for seed in range(40)}
    assert len(drawn) > 5
    assert with_newcomer(entries, 10, TODAY, 3) == with_newcomer(entries, 10, TODAY, 3)


@pytest.mark.parametrize(
    "change",
    [
        {"band": Band.FAIR},
        {"outcome": RuleOutcome.UNKNOWN},
        {"cautions": (Caution.LISTS_TERMS,)},
    ],
    ids=["worse band", "open condition", "doubted"],
)
def test_nobody_is_lifted_over_a_better_one(change: dict[str, Any]) -> None:
    entries = [_entry(n, OLD) for n in range(7)]
    entries.append(replace(_entry(7, NEW), **change))
    assert with_newcomer(entries, 10, TODAY, seed=1) == entries


@pytest.mark.parametrize(
    ("joined", "k", "seed"),
    [
        ([NEW, OLD, OLD, OLD, OLD, NEW], 10, 1),
        ([OLD] * 5 + [NEW], 4, 1),
        ([OLD] * 5 + [NEW], 10, None),
        ([OLD] * 5 + [None], 10, 1),
        ([OLD] * 5 + ["2026-08-01"], 10, 1),
    ],
    ids=["one is seen", "short list", "no seed", "day unknown", "no longer new"],
)
def test_order_is_left_alone(joined: list[str | None], k: int, seed: int | None) -> None:
    entries = [_entry(n, day) for n, day in enumerate(joined)]
    assert with_newcomer(entries, k, TODAY, seed) == entries
