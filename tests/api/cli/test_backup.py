import os
import shutil
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.backup import back_up, look_into, put_back
from api.cli.app import run
from api.cli.installation import Installation
from api.settings import Settings
from api.wiring import Service
from indexer.encoder import HashEncoder
from indexer.locks import WriterLock
from models import audit_reading, repository
from models.audit_reading import AuditQuestion
from models.backup_format import BackupManifest
from models.demand import Demand
from models.secret_file import read_secret
from models.vocabulary.access import AuditAction
from tests.api.exchange.conftest import CAPABILITY, DEMAND, PROVIDER, lines
from tests.indexer.counting import CountingEncoder


def installation_in(folder: Path, encoder: HashEncoder | None = None) -> Installation:
    chosen = encoder or HashEncoder()
    return Installation(Settings(data_dir=folder, encoder="hash"), lambda _: chosen)


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with a provider, a published demand and an index."""
    folder = tmp_path_factory.mktemp("stocked")
    made = installation_in(folder / "data")
    providers = lines(folder / "p.jsonl", {**PROVIDER, "capabilities": [CAPABILITY]})
    demands = lines(folder / "d.jsonl", {**DEMAND, "publish": True})
    for path, kind in ((providers, "providers"), (demands, "demands")):
        assert run(["import", str(path), "--kind", kind, "--commit"], made) == 0
    assert run(["reindex"], made) == 0
    return made


@pytest.fixture(scope="module")
def backups(stocked: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a plain backup, and a ZIP file with index and keys."""
    folder = tmp_path_factory.mktemp("backups")
    assert run(["backup", str(folder / "plain")], stocked) == 0
    assert run(["backup", str(folder / "all.zip"), "--with-index", "--with-keys"], stocked) == 0
    return folder


def titles(installation: Installation) -> list[str]:
    with installation.store() as service, service.database.read() as session:
        return [row.title for row in repository.page(session, Demand, after=None, limit=9)]


@pytest.mark.parametrize("options", [(), ("--with-keys",)], ids=["without keys", "with keys"])
def test_backup_says_whether_the_key_has_to_be_kept_elsewhere(
    stocked: Installation,
    tmp_path: Path,
    options: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["backup", str(tmp_path / "b.zip"), *options], stocked) == 0
    assert ("没有审计密钥" in capsys.readouterr().err) == (not options)


def test_restore_says_that_a_key_revoked_since_is_valid_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, target = installation_in(tmp_path / "data"), str(tmp_path / "b.zip")
    assert run(["keys", "create", "--name", "门户网站"], made) == 0
    key_id = capsys.readouterr().out.strip().split("_")[2]
    assert run(["backup", target], made) == 0
    assert run(["keys", "revoke", key_id], made) == 0
    assert run(["restore", target, "--force"], made) == 0
    assert "撤销的密钥" in capsys.readouterr().err
    assert run(["keys", "list"], made) == 0
    assert "已撤销" not in capsys.readouterr().out


def test_backup_says_what_it_holds(
    stocked: Installation, backups: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["restore", str(backups / "plain"), "--check"], stocked) == 0
    assert "备份完好" in capsys.readouterr().out
    manifest = look_into(backups / "all.zip")
    assert manifest.tables["demand"].n_rows == 1
    assert {name.split("/")[0] for name in manifest.extras} == {"index", "keys"}
    assert look_into(backups / "plain").extras == {}


def test_plain_backup_is_restored_and_its_index_built_without_encoding(
    stocked: Installation, backups: Path, tmp_path: Path
) -> None:
    encoder = CountingEncoder()
    fresh = installation_in(tmp_path / "data", encoder)
    (tmp_path / "data" / "audit").mkdir(parents=True, mode=0o700)
    shutil.copy2(stocked.settings.audit_dir / "key", tmp_path / "data" / "audit" / "key")
    assert run(["restore", str(backups / "plain")], fresh) == 0
    assert encoder.texts == []
    assert titles(fresh) == titles(stocked)
    assert run(["verify"], fresh) == 0


def test_whole_backup_brings_index_and_key(backups: Path, tmp_path: Path) -> None:
    fresh = installation_in(tmp_path / "data")
    assert run(["restore", str(backups / "all.zip")], fresh) == 0
    assert [p.name for p in fresh.settings.index_dir.glob("gen-*")] == ["gen-00000001"]
    for private in (fresh.settings.data_dir, fresh.settings.audit_dir / "key"):
        assert os.stat(private).st_mode & 0o077 == 0
    assert run(["verify"], fresh) == 0
    assert run(["audit", "verify"], fresh) == 0
    with fresh.store() as service, service.database.read() as session:
        found = audit_reading.newest_entries(session, AuditQuestion(), before=None, limit=50)
    assert {AuditAction.BACKUP, AuditAction.RESTORE} <= {entry.action for entry in found}


@pytest.mark.parametrize("key", ["none", "another"])
def test_backup_whose_key_is_not_there_is_not_restored(
    backups: Path, tmp_path: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = installation_in(tmp_path / "data")
    key_file = fresh.settings.audit_dir / "key"
    if key == "another":
        read_secret(key_file)
    assert run(["restore", str(backups / "plain")], fresh) == 3
    said = capsys.readouterr().err.replace("\n", "")
    assert "没有恢复任何内容" in said
    assert "NAVMATCH_AUDIT_KEY_FILE" in said
    assert "--new-key" in said
    assert not (tmp_path / "data" / "navmatch.db").exists()
    assert key_file.exists() is (key == "another")


def test_backup_that_brings_its_key_needs_no_new_one(
    backups: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = installation_in(tmp_path / "data")
    read_secret(fresh.settings.audit_dir / "key")
    assert run(["restore", str(backups / "all.zip")], fresh) == 3
    said = capsys.readouterr().err.replace("\n", "")
    assert "改名，再恢复" in said
    assert "--new-key" not in said


@pytest.mark.parametrize("key", ["none", "another"])
def test_backup_whose_key_is_lost_is_restored_under_a_new_one(
    stocked: Installation,
    backups: Path,
    tmp_path: Path,
    key: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fresh = installation_in(tmp_path / "data")
    key_file = fresh.settings.audit_dir / "key"
    if key == "another":  # that of an installation at work, with entries and heads
        assert run(["audit", "list"], fresh) == 0
    words = ["restore", str(backups / "plain"), "--new-key", "--force"]
    assert run(words, fresh) == 0
    assert "审计记录不能再核对" in capsys.readouterr().err.replace("\n", "")
    kept = ["heads.jsonl.old-1", "key.old-1"] if key == "another" else []
    assert sorted(p.name for p in key_file.parent.glob("*.old-*")) == kept
    assert titles(fresh) == titles(stocked)
    assert run(["verify"], fresh) == 0
    assert run(["audit", "verify"], fresh) == 0
    assert "写于密钥丢失以前，不能核对" in capsys.readouterr().out
    with fresh.store() as service, service.database.read() as session:
        found = audit_reading.newest_entries(session, AuditQuestion(), before=None, limit=2)
    assert [entry.action for entry in found] == [AuditAction.RESTORE, AuditAction.NEW_KEY]
    assert run(["backup", str(tmp_path / "again.zip"), "--with-keys"], fresh) == 0
    third = installation_in(tmp_path / "third")
    assert run(["restore", str(tmp_path / "again.zip")], third) == 0
    assert run(["audit", "verify"], third) == 0


def test_restore_that_dies_before_the_new_key_is_gone_on_with(
    backups: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = installation_in(tmp_path / "data")
    put_back(fresh.settings, backups / "plain", is_key_lost=True)
    assert run(["audit", "verify"], fresh) == 3
    assert "navmatch audit new-key" in capsys.readouterr().err.replace("\n", "")
    assert run(["audit", "new-key", "--yes"], fresh) == 0
    assert run(["audit", "verify"], fresh) == 0


@pytest.mark.parametrize("name", ["plain", "all.zip"])
def test_backup_whose_key_is_at_hand_gets_no_new_one(
    stocked: Installation, backups: Path, tmp_path: Path, name: str
) -> None:
    fresh = installation_in(tmp_path / "data")
    key_file = fresh.settings.audit_dir / "key"
    if name == "plain":
        key_file.parent.mkdir(parents=True, mode=0o700)
        shutil.copy2(stocked.settings.audit_dir / "key", key_file)
    assert run(["restore", str(backups / name), "--new-key"], fresh) == 1
    assert not (tmp_path / "data" / "navmatch.db").exists()
    assert key_file.exists() is (name == "plain")


def test_drill_with_the_key_of_the_installation_needs_no_copy_of_it(
    stocked: Installation, backups: Path, tmp_path: Path
) -> None:
    """The drill of docs/how-to/back-up-and-restore.md."""
    settings = Settings(
        data_dir=tmp_path / "drill",
        encoder="hash",
        audit_key_file=stocked.settings.audit_dir / "key",
    )
    drill = Installation(settings, lambda _: HashEncoder())
    assert run(["restore", str(backups / "plain")], drill) == 0
    assert run(["verify"], drill) == 0
    assert not (settings.audit_dir / "key").exists()


def test_restore_over_something_needs_force(
    stocked: Installation, backups: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = installation_in(tmp_path / "data")
    assert run(["restore", str(backups / "all.zip")], fresh) == 0
    more = lines(tmp_path / "m.jsonl", {**DEMAND, "title": "功率模块出口风险", "publish": True})
    assert run(["import", str(more), "--kind", "demands", "--commit"], fresh) == 0
    assert run(["reindex"], fresh) == 0
    assert run(["restore", str(backups / "all.zip")], fresh) == 1
    assert "--force" in capsys.readouterr().err
    assert len(titles(fresh)) == 2
    assert run(["restore", str(backups / "all.zip"), "--force"], fresh) == 0
    assert titles(fresh) == titles(stocked)
    assert run(["verify"], fresh) == 0


def test_restore_under_a_running_service_is_refused(
    backups: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = installation_in(tmp_path / "data")
    with WriterLock(fresh.settings.index_dir) as running:
        assert running.acquire()
        assert run(["restore", str(backups / "all.zip")], fresh) == 3
    assert "服务在运行" in capsys.readouterr().err
    assert not (tmp_path / "data" / "navmatch.db").exists()


@pytest.mark.parametrize("damage", ["changed", "missing", "manifest", "odd name"])
def test_damaged_backup_is_refused_and_nothing_restored(
    backups: Path, tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    with zipfile.ZipFile(backups / "all.zip") as archive:
        archive.extractall(copy)
    if damage == "changed":
        (index,) = copy.glob("index/gen-*/demand.fulls.faiss")
        content = bytearray(index.read_bytes())
        content[-1] ^= 1
        index.write_bytes(content)
    elif damage == "missing":
        (copy / "tables" / "demand.jsonl").unlink()
    elif damage == "manifest":
        (copy / "manifest.json").write_bytes((copy / "manifest.json").read_bytes()[:-3])
    else:
        manifest = BackupManifest.from_json((copy / "manifest.json").read_bytes())
        manifest.extras["../escape"] = manifest.extras["keys/audit"]
        (copy / "manifest.json").write_bytes(manifest.to_json())
        shutil.copy(copy / "keys" / "audit", tmp_path / "escape")
    fresh = installation_in(tmp_path / "data")
    assert run(["restore", str(copy)], fresh) == 1
    assert "备份" in capsys.readouterr().err
    assert not (tmp_path / "data" / "navmatch.db").exists()


def test_backup_of_damaged_rows_is_made_and_said(
    backups: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = installation_in(tmp_path / "data")
    assert run(["restore", str(backups / "all.zip")], fresh) == 0
    with fresh.store() as service, service.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE demand SET budget_raw = '三十万元'")
    assert run(["backup", str(tmp_path / "b")], fresh) == 1
    assert "1 行与校验值不符" in capsys.readouterr().err
    assert look_into(tmp_path / "b").n_damaged == 1


def test_backup_does_not_overwrite(
    stocked: Installation, backups: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backup", str(backups / "plain")], stocked) == 1
    assert "已经存在" in capsys.readouterr().err


def backdated(path: Path, days: int) -> Path:
    """Let a backup that is a folder say that it was made so many days ago."""
    manifest = look_into(path)
    made_at = datetime.fromisoformat(manifest.created_at) - timedelta(days=days)
    older = replace(manifest, created_at=made_at.isoformat(timespec="seconds"))
    (path / "manifest.json").write_bytes(older.to_json())
    return path


@pytest.fixture
def old(stocked: Installation, tmp_path: Path) -> Path:
    """A backup of forty days ago, with another of twenty days ago beside it."""
    for name in ("old", "recent"):
        assert run(["backup", str(tmp_path / "b" / name)], stocked) == 0
    backdated(tmp_path / "b" / "recent", 20)
    return backdated(tmp_path / "b" / "old", 40)


def test_backup_removes_older_ones_only_when_told_to(
    stocked: Installation, old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backup", str(old.with_name("one.zip"))], stocked) == 0
    assert old.exists()
    assert run(["backup", str(old.with_name("two.zip")), "--keep-days", "30"], stocked) == 0
    assert f"已删去 30 天以前的备份 {old}" in capsys.readouterr().out.replace("\n", "")
    assert sorted(p.name for p in old.parent.iterdir()) == ["one.zip", "recent", "two.zip"]
    assert run(["backup", str(old.with_name("three")), "--keep-days", "30"], stocked) == 0
    assert "没有 30 天以前的备份要删" in capsys.readouterr().err


def test_backup_with_damaged_rows_removes_no_older_one(
    backups: Path, old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = installation_in(tmp_path / "data")
    assert run(["restore", str(backups / "all.zip")], fresh) == 0
    with fresh.store() as service, service.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE demand SET budget_raw = '三十万元'")
    assert run(["backup", str(old.with_name("new")), "--keep-days", "30"], fresh) == 1
    assert "一份也没有删去" in capsys.readouterr().err
    assert old.exists()


def test_new_backup_is_checked_before_an_older_one_goes(
    stocked: Installation, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_and_spoil(service: Service, path: Path, *more: Any) -> BackupManifest:
        manifest = back_up(service, path, *more)
        (path / "tables" / "demand.jsonl").write_bytes(b"")
        return manifest

    monkeypatch.setattr("api.cli.backup.back_up", write_and_spoil)
    assert run(["backup", str(old.with_name("new")), "--keep-days", "30"], stocked) == 1
    assert old.exists()


def test_older_backup_that_is_left_is_said(
    stocked: Installation, old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (old / "mine.txt").write_text("mine", "utf-8")
    assert run(["backup", str(old.with_name("new")), "--keep-days", "30"], stocked) == 1
    assert "没有动：里面有不属于备份的文件" in capsys.readouterr().err.replace("\n", "")
    assert (old / "mine.txt").exists()
