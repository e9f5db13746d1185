"""What `navmatch backup --keep-days` leaves, and what it says of that."""

from pathlib import Path

import pytest

from api.cli.app import run
from api.cli.backup import MAX_KEEP_DAYS
from tests.api.cli.test_backup import backdated, installation_in


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("days", "code", "made"),
    [
        (MAX_KEEP_DAYS, 0, ["old", "new"]),
        (MAX_KEEP_DAYS + 1, 2, ["old"]),
        (10**12, 2, ["old"]),
        (0, 2, ["old"]),
    ],
)
def test_backups_are_kept_from_a_day_to_a_hundred_years(
    tmp_path: Path, days: int, code: int, made: list[str]
) -> None:
    installation = installation_in(tmp_path / "data")
    folder = tmp_path / "backups"
    assert run(["backup", str(folder / "old")], installation) == 0
    backdated(folder / "old", MAX_KEEP_DAYS - 1)
    words = ["backup", str(folder / "new"), "--keep-days", str(days)]
    assert run(words, installation) == code
    assert names(folder) == sorted(made)
