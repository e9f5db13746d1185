"""The program broken at named places: killed there, out of space, or with a failing device.

Short: a place for each action. Long (`-m nightly`): every place with every action, five times
each, with other choices every time.
"""

from pathlib import Path

import pytest

from models.failpoints import FailAction, Failpoint
from tests.faults.breaking import break_at
from tests.faults.nth import fail_everywhere

ACTIONS = (FailAction.KILL, FailAction.ENOSPC, FailAction.EIO)
N_ROUNDS = 5


FEW = [
    (Failpoint.BEFORE_CURRENT, FailAction.KILL),
    (Failpoint.BEFORE_COMMIT, FailAction.ENOSPC),
    (Failpoint.BEFORE_AUDIT, FailAction.EIO),
]


def check(folder: Path, point: Failpoint, action: FailAction, seed: int) -> None:
    breaking, differences = break_at(folder, point, action, seed)
    assert not differences, (f"seed {seed}, time {breaking.nth}", differences)


@pytest.mark.parametrize(("point", "action"), FEW)
def test_program_broken_at_a_place_loses_nothing(
    tmp_path: Path, point: Failpoint, action: FailAction, seed: int
) -> None:
    check(tmp_path, point, action, seed)


@pytest.mark.nightly
@pytest.mark.parametrize("round_number", range(N_ROUNDS))
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("point", Failpoint)
def test_program_broken_at_every_place_in_every_way(
    tmp_path: Path, point: Failpoint, action: FailAction, round_number: int, seed: int
) -> None:
    check(tmp_path, point, action, seed + round_number)


@pytest.mark.nightly
@pytest.mark.parametrize("action", ACTIONS)
def test_publish_fails_whole_at_every_file_operation(tmp_path: Path, action: FailAction) -> None:
    report = fail_everywhere(action, tmp_path)
    assert report.differences == []
    assert report.n_operations > 50


def test_publish_fails_whole_at_some_file_operations(tmp_path: Path, seed: int) -> None:
    report = fail_everywhere(FailAction.EIO, tmp_path, first=seed % 19 + 1, every=19)
    assert report.differences == []
    assert report.n_failed >= 5
