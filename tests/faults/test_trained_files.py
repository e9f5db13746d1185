"""What was trained or imported is used as it was written, or not at all."""

import random
from pathlib import Path

import pytest

from tests.faults.trained_files import harm_trained

SEED = 20_261_126


def test_nothing_harmed_is_used(tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 - no secret is made from it
    assert [fault for _, fault in harm_trained(tmp_path, chance, 140) if fault] == []


@pytest.mark.parametrize(
    "check", ["api.kept_versions.read_checked", "indexer.adapter.read_checked", "seal"]
)
def test_check_notices_a_program_that_believes_every_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check: str
) -> None:
    if check == "seal":
        monkeypatch.setattr("api.ipc_tables.unsealed", lambda content: content[65:])
    else:
        monkeypatch.setattr(check, lambda path, **_: path.read_bytes())
    chance = random.Random(SEED)  # noqa: S311 - no secret is made from it
    assert any(fault for _, fault in harm_trained(tmp_path, chance, 140))
