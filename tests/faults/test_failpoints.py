"""The program broken at named places: killed there, out of space, or with a failing device.

Short: a few places. Long (`-m nightly`): every place with every action, `NAVMATCH_ROUNDS` times,
each with another seed from `NAVMATCH_SEED` on.
"""

import os
from pathlib import Path

import pytest

from models.failpoints import FailAction, Failpoint
from tests.faults.breaking import break_at
from tests.faults.nth import fail_everywhere

ACTIONS = (FailAction.KILL, FailAction.ENOSPC, FailAction.EIO)
SEED = int(os.environ.get("NAVMATCH_SEED", "1"))
ROUNDS = int(os.environ.get("NAVMATCH_ROUNDS", "5"))

PENDING = {
    Failpoint.IDEMPOTENCY_SAVED,
    Failpoint.AFTER_EFFECT_BEFORE_REPLY,
    Failpoint.MID_BACKUP,
    Failpoint.BEFORE_BACKUP_RENAME,
    Failpoint.MID_RESTORE,
}
PLACES = [point for point in Failpoint if point not in PENDING]


FEW = [
    (Failpoint.MID_MIGRATION, FailAction.KILL),
    (Failpoint.BEFORE_COMMIT, FailAction.ENOSPC),
    (Failpoint.AFTER_COMMIT, FailAction.KILL),
    (Failpoint.BEFORE_AUDIT, FailAction.EIO),
    (Failpoint.MID_WRITE, FailAction.ENOSPC),
    (Failpoint.BEFORE_CURRENT, FailAction.KILL),
    (Failpoint.MID_IMPORT_ROW, FailAction.KILL),
]


def check(folder: Path, point: Failpoint, action: FailAction, seed: int) -> None:
    breaking, differences = break_at(folder, point, action, seed)
    assert not differences, (f"seed {seed}, time {breaking.nth}", differences)


@pytest.mark.parametrize(("point", "action"), FEW)
def test_program_broken_at_a_place_loses_nothing(
    tmp_path: Path, point: Failpoint, action: FailAction
) -> None:
    check(tmp_path, point, action, SEED)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(SEED, SEED + ROUNDS))
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("point", PLACES)
def test_program_broken_at_every_place_in_every_way(
    tmp_path: Path, point: Failpoint, action: FailAction, seed: int
) -> None:
    check(tmp_path, point, action, seed)


@pytest.mark.nightly
@pytest.mark.parametrize("action", ACTIONS)
def test_publish_fails_whole_at_every_file_operation(tmp_path: Path, action: FailAction) -> None:
    report = fail_everywhere(action, tmp_path)
    assert report.differences == []
    assert report.n_operations > 50


def test_publish_fails_whole_at_some_file_operations(tmp_path: Path) -> None:
    report = fail_everywhere(FailAction.EIO, tmp_path, first=SEED % 19 + 1, every=19)
    assert report.differences == []
    assert report.n_failed >= 5
