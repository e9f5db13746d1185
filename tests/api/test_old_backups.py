"""Old backups go, exactly those, and nothing else in the folder is touched."""

import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.archive import writing
from api.old_backups import Sweep, remove_older
from models.audit_points import KEY_CHAIN
from models.backup_format import (
    MANIFEST_FILE,
    BackupManifest,
    FileDigest,
    Kind,
    TableEntry,
    table_file,
)
from models.position import Position

DOCS = Path(__file__).resolve().parents[2] / "docs"
NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
KEEP = timedelta(days=30)
NEW = "2026-11-26.zip"
PREVIOUS = "2026-11-25.zip"
OLD = timedelta(days=90)
_DIGEST = FileDigest(2, "0" * 64)
_TABLE = TableEntry({"id": Kind.TEXT}, ["id"], [], 1, _DIGEST)
_CHECKPOINTS = TableEntry(
    {"key": Kind.INT, "chain": Kind.TEXT, "mac": Kind.TEXT}, ["key"], [], 1, _DIGEST
)


LOG = {1: "mark", 2: "mark of another"}
"""What the change log of the database says at its changes."""

PLACE = Position(1, LOG[1])
TRIMMED = dict[int, str]()
CHECKPOINTS = table_file("audit_checkpoint")


def make_manifest(age: timedelta, place: Position = PLACE) -> BackupManifest:
    made_at = (NOW - age).isoformat(timespec="seconds")
    tables = {"demand": _TABLE, "audit_checkpoint": _CHECKPOINTS}
    extras = {"keys/audit": _DIGEST}
    return BackupManifest(made_at, "0016", place.seq, place.mark, 0, tables, extras)


def make_backup(path: Path, age: timedelta, place: Position = PLACE, key: str = "ours") -> Path:
    """Write what has the form of a backup of that age."""
    note = json.dumps([1, KEY_CHAIN, key]).encode() if key else b""
    with writing(path) as archive:
        for name in (table_file("demand"), "keys/audit"):
            with archive.open_file(name) as file:
                file.write(b"1\n")
        with archive.open_file(CHECKPOINTS) as file:
            file.write(note)
        with archive.open_file(MANIFEST_FILE) as file:
            file.write(make_manifest(age, place).to_json())
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the new backup and one of the day before."""
    made = tmp_path / "backups"
    make_backup(made / NEW, timedelta())
    make_backup(made / PREVIOUS, timedelta(days=1))
    return made


Sweeping = Callable[..., Sweep]


@pytest.fixture
def sweep(folder: Path) -> Sweeping:
    def remove(log: Mapping[int, str] = LOG) -> Sweep:
        newest = make_manifest(timedelta(), Position(2, LOG[2]))
        return remove_older(folder / NEW, newest, KEEP, lambda seq: log.get(seq, ""))

    return remove


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
    folder: Path, sweep: Sweeping, name: str, age: timedelta, stays: bool
) -> None:
    path = make_backup(folder / name, age)
    assert sweep() == Sweep(() if stays else (path,), {})
    assert names(folder) == sorted([NEW, PREVIOUS, *([name] if stays else [])])


def test_nothing_else_in_the_folder_is_touched(
    folder: Path, sweep: Sweeping, tmp_path: Path
) -> None:
    (folder / "2020-01-01.zip.age").write_bytes(b"encrypted")
    (folder / "notes").mkdir()
    (folder / "notes" / "read me.txt").write_text("backup", "utf-8")
    make_backup(folder / "notes" / "deeper.zip", OLD)
    with zipfile.ZipFile(folder / "photos.zip", "w") as archive:
        archive.writestr("photo.jpg", b"photo")
    shutil.copy(make_backup(tmp_path / "elsewhere.zip", OLD), folder / "renamed.bak")
    (folder / "link.zip").symlink_to(tmp_path / "elsewhere.zip")
    (folder / "link").symlink_to(make_backup(tmp_path / "elsewhere", OLD))
    make_backup(folder / "half", OLD).rename(folder / ".half.part")
    before = sorted(folder.rglob("*"))
    assert sweep() == Sweep((), {})
    assert sorted(folder.rglob("*")) == before
    assert (tmp_path / "elsewhere.zip").exists()
    assert (tmp_path / "elsewhere" / MANIFEST_FILE).exists()


def test_what_is_called_a_zip_and_is_none_is_spared(folder: Path, sweep: Sweeping) -> None:
    (folder / "empty.zip").touch()
    cut = make_backup(folder / "old.zip", OLD)
    cut.write_bytes(cut.read_bytes()[:-1])
    swept = sweep()
    assert (swept.removed, swept.left) == ((), {})
    assert list(swept.spared) == [folder / "empty.zip", cut]
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


def test_what_another_user_keeps_closed_is_spared(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make_backup(folder / "old", OLD)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777)
    (folder / "lost+found").mkdir(0o000)
    (folder / "closed.zip").touch(0o000)
    monkeypatch.chdir(folder)
    with nobody():
        swept = remove_older(Path(NEW), make_manifest(timedelta()), KEEP, lambda seq: LOG[seq])
    assert swept.removed == (Path(old.name),)
    assert swept.left == {}
    why = "系统拒绝了操作：Permission denied。"
    assert swept.spared == {Path("closed.zip"): why, Path("lost+found"): why}


def test_folder_with_something_else_in_it_is_left_whole_and_named(
    folder: Path, sweep: Sweeping
) -> None:
    path = make_backup(folder / "old", OLD)
    (path / "tables" / "mine.txt").write_text("mine", "utf-8")
    before = sorted(path.rglob("*"))
    assert sweep() == Sweep((), {path: "里面有不属于备份的文件，没有删去。"})
    assert sorted(path.rglob("*")) == before


def test_link_in_a_backup_is_not_followed(folder: Path, sweep: Sweeping, tmp_path: Path) -> None:
    path = make_backup(folder / "old", OLD)
    shutil.move(path / "keys", tmp_path / "keys")
    (path / "keys").symlink_to(tmp_path / "keys")
    assert list(sweep().left) == [path]
    assert (tmp_path / "keys" / "audit").exists()


@pytest.mark.parametrize("kind", ["damaged", "another format"])
def test_backup_that_does_not_say_when_it_was_made_is_left_and_named(
    folder: Path, sweep: Sweeping, kind: str
) -> None:
    path = make_backup(folder / "old", OLD)
    manifest = path / MANIFEST_FILE
    another = replace(make_manifest(OLD), format=99).to_json()
    manifest.write_bytes(another if kind == "another format" else manifest.read_bytes()[:-1])
    assert list(sweep().left) == [path]
    assert (path / "tables" / "demand.jsonl").exists()


def test_removal_that_was_cut_short_is_gone_on_with(folder: Path, sweep: Sweeping) -> None:
    path = make_backup(folder / "old", OLD)
    shutil.rmtree(path / "tables")
    assert sweep().removed == (path,)
    assert names(folder) == [PREVIOUS, NEW]


def test_one_that_cannot_be_removed_does_not_keep_the_others(
    folder: Path, sweep: Sweeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (make_backup(folder / f"{n}.zip", OLD) for n in (1, 2))
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path == first:
            raise PermissionError(1, "Operation not permitted")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    assert sweep() == Sweep((second,), {first: "系统拒绝了操作：Operation not permitted。"})


def test_removal_cut_short_anywhere_is_gone_on_with_after_the_log_was_trimmed(
    folder: Path, sweep: Sweeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = Path.unlink
    path = folder / "old"
    for n_files in range(3):
        make_backup(path, OLD)
        n_left = [n_files]

        def refuse(path: Path, missing_ok: bool = False, n_left: list[int] = n_left) -> None:
            if not n_left[0]:
                raise PermissionError(1, "Operation not permitted")
            n_left[0] -= 1
            unlink(path, missing_ok)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", refuse)
            assert list(sweep(TRIMMED).left) == [path]
        assert sweep(TRIMMED) == Sweep((path,), {})


@pytest.mark.parametrize("name", ["old", "old.zip"])
@pytest.mark.parametrize(
    ("log", "place", "key", "is_own"),
    [
        (LOG, Position(1, "mark"), "another", True),
        (LOG, Position(1, "mark of a third"), "ours", False),
        (LOG, Position(3, "later than the new one"), "ours", False),
        (TRIMMED, Position(1, "mark"), "ours", True),
        (TRIMMED, Position(1, "mark"), "another", False),
        (TRIMMED, Position(1, "mark"), "", False),
        (TRIMMED, Position(0, ""), "ours", True),
        (TRIMMED, Position(0, ""), "another", False),
        ({0: "cut off"}, Position(0, ""), "ours", True),
    ],
    ids=[
        "in the log",
        "not in the log",
        "beyond the log",
        "log trimmed",
        "log trimmed, another key",
        "log trimmed, no key noted",
        "before the first change",
        "before the first change, another key",
        "before the first change, log trimmed",
    ],
)
def test_backup_goes_only_if_this_database_knows_it(
    folder: Path,
    sweep: Sweeping,
    name: str,
    log: Mapping[int, str],
    place: Position,
    key: str,
    is_own: bool,
) -> None:
    path = make_backup(folder / name, OLD, place, key)
    swept = sweep(log)
    assert swept.removed == ((path,) if is_own else ())
    assert list(swept.left) == ([] if is_own else [path])
    assert path.exists() is not is_own
    assert all("NAVMATCH_DATA_DIR" in why for why in swept.left.values())


def test_backup_of_another_database_that_is_not_old_is_not_mentioned(
    folder: Path, sweep: Sweeping
) -> None:
    make_backup(folder / "other.zip", timedelta(days=2), Position(9, "other"), "another")
    assert sweep() == Sweep((), {})


def test_newest_of_the_others_stays_however_old_it_is(folder: Path, sweep: Sweeping) -> None:
    """A clock that was years ahead when the new one was made leaves a backup to go back to."""
    (folder / PREVIOUS).unlink()
    oldest = make_backup(folder / "1.zip", OLD + timedelta(days=1))
    newest = make_backup(folder / "2.zip", OLD)
    other = make_backup(folder / "3.zip", KEEP, Position(9, "other"), "another")
    swept = sweep()
    assert (swept.removed, swept.left) == ((oldest,), {})
    assert list(swept.spared) == [newest]
    assert names(folder) == [newest.name, NEW, other.name]


def test_daily_command_of_the_documents_destroys_within_thirty_days(folder: Path) -> None:
    pages = (page.read_text("utf-8") for page in DOCS.rglob("*.md"))
    (days,) = {int(n) for page in pages for n in re.findall(r"--keep-days (\d+)", page)}
    path = make_backup(folder / "old.zip", timedelta(days=30))
    newest = make_manifest(timedelta())
    swept = remove_older(folder / NEW, newest, timedelta(days=days), lambda seq: LOG[seq])
    assert swept.removed == (path,)
