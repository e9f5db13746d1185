"""The kill harness, a few kills on each database; hundreds by `python -m tests.faults.crash`."""

import shutil
from dataclasses import replace

import pytest

from tests.faults.crash import Outcome, Plan, crash


def run(plan: Plan) -> Outcome:
    outcome = crash(plan)
    print(outcome.summary())
    return outcome


@pytest.mark.parametrize(
    ("database", "n_workers", "n_kills"), [("sqlite", 1, 2), ("postgresql", 2, 2)]
)
def test_kills_lose_nothing(database: str, n_workers: int, n_kills: int, seed: int) -> None:
    outcome = run(Plan(n_kills, database, n_workers, seed))
    assert outcome.differences == []
    assert outcome.kills.total() == n_kills


@pytest.mark.nightly
@pytest.mark.parametrize("flaw", ["write_behind", "forgetful_feed"])
def test_broken_build_is_found(flaw: str, seed: int) -> None:
    outcome = run(replace(Plan(30, seed=seed), flaw=flaw))
    assert outcome.differences
    assert outcome.folder is not None
    shutil.rmtree(outcome.folder)
