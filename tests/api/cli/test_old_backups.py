"""What `navmatch backup --keep-days` leaves, and what it says of that."""

from pathlib import Path

import pytest

from api.cli.app import run
from api.cli.backup import MAX_KEEP_DAYS
from api.cli.installation import Installation
from api.settings import Settings
from indexer.encoder import HashEncoder
from models.base import now_utc
from tests.api.cli.test_backup import backdated, installation_in
from tests.api.exchange.conftest import PROVIDER, lines


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


@pytest.fixture
def ours(tmp_path: Path) -> Installation:
    """An installation with a row, and backups of forty and of fifty days ago."""
    made = installation_in(tmp_path / "data")
    providers = lines(tmp_path / "p.jsonl", PROVIDER)
    assert run(["import", str(providers), "--kind", "providers", "--commit"], made) == 0
    for days in (50, 40):
        path = tmp_path / "backups" / f"{days} days"
        assert run(["backup", str(path)], made) == 0
        backdated(path, days)
    return made


def back_up(installation: Installation, path: Path) -> int:
    return run(["backup", str(path), "--keep-days", "29"], installation)


@pytest.mark.parametrize("key", ["its own", "the same"])
def test_empty_installation_made_by_mistake_removes_no_backup(
    ours: Installation, tmp_path: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "backups"
    key_file = ours.settings.audit_dir / "key" if key == "the same" else None
    settings = Settings(data_dir=tmp_path / "wrong", encoder="hash", audit_key_file=key_file)
    assert back_up(Installation(settings, lambda _: HashEncoder()), folder / "new.zip") == 1
    said = capsys.readouterr().err.replace("\n", "")
    for name in ("40 days", "50 days"):
        assert f"{folder / name} 没有动：这个数据库认不出它" in said
    assert names(folder) == ["40 days", "50 days", "new.zip"]


@pytest.mark.parametrize("key", ["kept", "lost"])
@pytest.mark.parametrize("log", ["whole", "trimmed"])
def test_own_backups_go_but_for_the_newest(
    ours: Installation, tmp_path: Path, log: str, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "backups"
    more = lines(tmp_path / "more.jsonl", {**PROVIDER, "name": "无锡示例专利导航有限公司"})
    assert run(["import", str(more), "--kind", "providers", "--commit"], ours) == 0
    if log == "trimmed":
        with ours.store() as service:
            assert service.source.trim(now_utc(), service.source.last_seq()) > 0
    if key == "lost":
        ours.settings.resolved_audit_key_file.unlink()
        assert run(["audit", "new-key", "--yes"], ours) == 0
    assert back_up(ours, folder / "new.zip") == 0
    assert f"{folder / '40 days'} 没有动：除新备份外它是最新的一份" in (
        capsys.readouterr().err.replace("\n", "")
    )
    assert names(folder) == ["40 days", "new.zip"]
    assert back_up(ours, folder / "newer.zip") == 0
    assert names(folder) == ["new.zip", "newer.zip"]
