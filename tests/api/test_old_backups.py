"""Old backups go, exactly those, and nothing else in the folder is touched."""

import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.archive import writing
from api.old_backups import Sweep, remove_older
from models.backup_format import (
    MANIFEST_FILE,
    BackupManifest,
    FileDigest,
    Kind,
    TableEntry,
    table_file,
)

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
KEEP = timedelta(days=30)
NEW = "2026-11-26.zip"
_DIGEST = FileDigest(2, "0" * 64)
_TABLE = TableEntry({"id": Kind.TEXT}, ["id"], [], 1, _DIGEST)


def make_manifest(age: timedelta) -> BackupManifest:
    made_at = (NOW - age).isoformat(timespec="seconds")
    key = {"keys/audit": _DIGEST}
    return BackupManifest(made_at, "0016", 1, "mark", 0, {"demand": _TABLE}, key)


def make_backup(path: Path, age: timedelta) -> Path:
    """Write what has the form of a backup of that age."""
    with writing(path) as archive:
        for name in (table_file("demand"), "keys/audit"):
            with archive.open_file(name) as file:
                file.write(b"1\n")
        with archive.open_file(MANIFEST_FILE) as file:
            file.write(make_manifest(age).to_json())
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the new backup."""
    made = tmp_path / "backups"
    make_backup(made / NEW, timedelta())
    return made


@pytest.fixture
def sweep(folder: Path) -> Callable[[], Sweep]:
    return lambda: remove_older(folder / NEW, make_manifest(timedelta()), KEEP)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", ["old", "old.zip"])
@pytest.mark.parametrize(
    ("age", "stays"),
    [
        (KEEP + timedelta(seconds=1), False),
        (KEEP, True),
        (KEEP - timedelta(seconds=1), True),
        (timedelta(days=-1), True),
        (timedelta(days=4_000), False),
    ],
    ids=["just past", "to the second", "within", "from the future", "long past"],
)
def test_backup_stays_as_long_as_it_is_to_be_kept(
    folder: Path, sweep: Callable[[], Sweep], name: str, age: timedelta, stays: bool
) -> None:
    path = make_backup(folder / name, age)
    assert sweep() == Sweep(() if stays else (path,), {})
    assert names(folder) == sorted([NEW, *([name] if stays else [])])


def test_nothing_else_in_the_folder_is_touched(
    folder: Path, sweep: Callable[[], Sweep], tmp_path: Path
) -> None:
    past = timedelta(days=90)
    (folder / "2020-01-01.zip.age").write_bytes(b"encrypted")
    (folder / "notes").mkdir()
    (folder / "notes" / "read me.txt").write_text("backup", "utf-8")
    make_backup(folder / "notes" / "deeper.zip", past)
    with zipfile.ZipFile(folder / "photos.zip", "w") as archive:
        archive.writestr("photo.jpg", b"photo")
    shutil.copy(make_backup(tmp_path / "elsewhere.zip", past), folder / "renamed.bak")
    (folder / "link.zip").symlink_to(tmp_path / "elsewhere.zip")
    (folder / "link").symlink_to(make_backup(tmp_path / "elsewhere", past))
    make_backup(folder / "half", past).rename(folder / ".half.part")
    before = sorted(folder.rglob("*"))
    assert sweep() == Sweep((), {})
    assert sorted(folder.rglob("*")) == before
    assert (tmp_path / "elsewhere.zip").exists()
    assert (tmp_path / "elsewhere" / MANIFEST_FILE).exists()


def test_what_is_called_a_zip_and_is_none_is_passed_over(
    folder: Path, sweep: Callable[[], Sweep]
) -> None:
    (folder / "empty.zip").touch()
    cut = make_backup(folder / "old.zip", timedelta(days=90))
    cut.write_bytes(cut.read_bytes()[:-1])
    swept = sweep()
    assert (swept.removed, swept.left) == ((), {})
    assert list(swept.passed_over) == [folder / "empty.zip", cut]
    assert cut.exists()


@contextmanager
def nobody() -> Iterator[None]:
    """Act as a user of no rights for a while, where this process may."""
    mine = os.geteuid()
    if mine == 0:
        os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(mine)


def test_what_another_user_keeps_closed_is_passed_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make_backup(folder / "old", timedelta(days=90))
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777)
    (folder / "lost+found").mkdir(0o000)
    (folder / "closed.zip").touch(0o000)
    monkeypatch.chdir(folder)
    with nobody():
        swept = remove_older(Path(NEW), make_manifest(timedelta()), KEEP)
    assert swept.removed == (Path(old.name),)
    assert swept.left == {}
    why = "系统拒绝了操作：Permission denied。"
    assert swept.passed_over == {Path("closed.zip"): why, Path("lost+found"): why}


def test_folder_with_something_else_in_it_is_left_whole_and_named(
    folder: Path, sweep: Callable[[], Sweep]
) -> None:
    path = make_backup(folder / "old", timedelta(days=90))
    (path / "tables" / "mine.txt").write_text("mine", "utf-8")
    before = sorted(path.rglob("*"))
    assert sweep() == Sweep((), {path: "里面有不属于备份的文件，没有删去。"})
    assert sorted(path.rglob("*")) == before


def test_link_in_a_backup_is_not_followed(
    folder: Path, sweep: Callable[[], Sweep], tmp_path: Path
) -> None:
    path = make_backup(folder / "old", timedelta(days=90))
    shutil.move(path / "keys", tmp_path / "keys")
    (path / "keys").symlink_to(tmp_path / "keys")
    assert list(sweep().left) == [path]
    assert (tmp_path / "keys" / "audit").exists()


@pytest.mark.parametrize("kind", ["damaged", "another format"])
def test_backup_that_does_not_say_when_it_was_made_is_left_and_named(
    folder: Path, sweep: Callable[[], Sweep], kind: str
) -> None:
    path = make_backup(folder / "old", timedelta(days=90))
    manifest = path / MANIFEST_FILE
    another = replace(make_manifest(timedelta(days=90)), format=99).to_json()
    manifest.write_bytes(another if kind == "another format" else manifest.read_bytes()[:-1])
    assert list(sweep().left) == [path]
    assert (path / "tables" / "demand.jsonl").exists()


def test_removal_that_was_cut_short_is_gone_on_with(
    folder: Path, sweep: Callable[[], Sweep]
) -> None:
    path = make_backup(folder / "old", timedelta(days=90))
    shutil.rmtree(path / "tables")
    assert sweep().removed == (path,)
    assert names(folder) == [NEW]


def test_one_that_cannot_be_removed_does_not_keep_the_others(
    folder: Path, sweep: Callable[[], Sweep], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (make_backup(folder / f"{n}.zip", timedelta(days=90)) for n in (1, 2))
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path == first:
            raise PermissionError(1, "Operation not permitted")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    assert sweep() == Sweep((second,), {first: "系统拒绝了操作：Operation not permitted。"})
