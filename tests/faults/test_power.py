"""Whatever the program must find again is whole under its name when the power fails."""

import errno
import os
import time
from collections.abc import Callable
from contextlib import closing, nullcontext
from pathlib import Path
from typing import IO

import numpy as np
import pytest

from api.archive import writing
from api.backup import BackupOptions, back_up, put_back
from api.exchange.writing import write_delimited, write_lines, write_workbook
from api.ipc_tables import KeptTable
from api.kept_versions import KeptVersions
from api.settings import Settings
from api.wiring import Service
from indexer.encoder import HashEncoder
from indexer.encoder_files import ensure_folder
from indexer.generations import Generations
from indexer.locks import WriterLock
from indexer.manifest import Recipe
from indexer.onnx_graph import Precision, ensure_graph
from indexer.snapshot import drop_others, save_generation
from matcher.ipc import IpcJudge
from matcher.ranker import Certainty
from models.audit_check import Head
from models.audit_heads import HeadsFile
from models.durable import aside_of, create, give_name, replacing, sync, write_whole
from models.failpoints import armed
from models.secret_file import read_secret
from models.vocabulary.row import Entity
from tests.conftest import AUDIT_KEY
from tests.factories import make_document, make_embedder, make_kind_view
from tests.faults.power import Disk
from tests.rows import add_demand
from tests.tiny_encoder import tiny_folder

Write = Callable[[Path], object]


def save_generations(folder: Path) -> None:
    """As many that old ones are removed, then those that hold something that was erased."""
    embedder = make_embedder()
    view = make_kind_view([make_document("a", "碳化硅专利风险排查。")], embedder)
    segments = {Entity.CAPABILITY: view.segments[0]}
    recipe = Recipe("hash-64-1", "2", embedder.encoder.dim)
    with WriterLock(folder) as lock:
        assert lock.acquire()
        for number in range(1, 5):
            name = save_generation(lock, segments, number, f"mark-{number}", recipe)
        assert drop_others(folder, name)


def note_erasure(folder: Path) -> None:
    with closing(Generations(folder)) as generations:
        generations.note_erasure(7)


def back_up_two_files(path: Path) -> None:
    with writing(path) as archive:
        for name in ("tables/one.jsonl", "manifest.json"):
            with archive.open_file(name) as file:
                file.write(b"content\n")


def keep_versions(folder: Path) -> None:
    kept = KeptVersions(folder, ".json", "排序器", "自带的", "navmatch train --list")
    kept.install("20261126-001", b"one")
    kept.install("20261126-002", b"two")
    kept.back()
    kept.use("20261126-002")


def keep_table(folder: Path) -> None:
    judge = IpcJudge(Certainty(1.0, 0.0), 0.5)
    for _ in range(2):
        KeptTable((), np.zeros((0, 4), np.float32), "hash", judge).write(folder / "ipc.npz")


def make_encoder(encoders: Path) -> None:
    folder = tiny_folder(encoders)
    ensure_graph(folder, Precision.FP32)
    for version in ("1", "2"):
        ensure_folder(encoders / "other", {"version": version}, fill)


def fill(folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "inner" / "config.json").write_text("{}", "utf-8")


def note_heads(folder: Path) -> None:
    heads = HeadsFile(folder / "heads.jsonl", AUDIT_KEY)
    for number in (1, 2):
        assert heads.note([Head("platform", number, f"{number:064}")]) == 1


def export(folder: Path) -> None:
    write_lines(folder / "a.jsonl", [{"a": 1}])
    write_lines(folder / "a.jsonl", [{"a": 2}])
    write_delimited(folder / "a.csv", ["列"], [["值"]])
    write_workbook(folder / "a.xlsx", ["列"], [["值"]])


WRITERS: dict[str, Write] = {
    "generations": save_generations,
    "note of an erasure": note_erasure,
    "backup folder": lambda root: back_up_two_files(root / "new" / "backup"),
    "backup file": lambda root: back_up_two_files(root / "new" / "backup.zip"),
    "versions": lambda root: keep_versions(root / "rankers"),
    "table": lambda root: keep_table(root / "tables"),
    "encoders": lambda root: make_encoder(root / "encoders"),
    "secret": lambda root: read_secret(root / "new" / "keys" / "audit"),
    "audit heads": lambda root: note_heads(root / "audit"),
    "exports": export,
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_what_was_written_survives_a_failure_of_the_power(tmp_path: Path, write: Write) -> None:
    disk = Disk(tmp_path)
    with disk.watching():
        write(tmp_path)
    assert disk.faults == []


def test_what_was_restored_survives_a_failure_of_the_power(tmp_path: Path) -> None:
    home = Settings(data_dir=tmp_path / "home")
    with closing(Service(home, HashEncoder())) as service:
        service.open(follow=False)
        with service.database.write() as session:
            add_demand(session)
        service.synchroniser.rebuild()
        back_up(service, tmp_path / "backup", BackupOptions(with_index=True, with_keys=True))
    away = tmp_path / "away"
    (away / "index").mkdir(parents=True)
    database_url = f"sqlite:///{tmp_path / 'restored.db'}"
    disk = Disk(away)
    with disk.watching():
        put_back(Settings(data_dir=away, database_url=database_url), tmp_path / "backup")
    assert disk.faults == []
    assert {path.name for path in away.rglob("*")} >= {"CURRENT", "manifest.json", "key"}


def unsynced(root: Path) -> None:
    (root / "aside").write_bytes(b"content")
    give_name(root / "aside", root / "file")


def synced_too_early(root: Path) -> None:
    with (root / "aside").open("wb") as file:
        file.write(b"cont")
        file.flush()
        os.fsync(file.fileno())
        file.write(b"ent")
    give_name(root / "aside", root / "file")


def folder_unsynced(root: Path) -> None:
    create(root / "aside", b"content")
    os.replace(root / "aside", root / "file")


def new_folder_unsynced(root: Path) -> None:
    (root / "new").mkdir()
    write_whole(root / "new" / "file", b"content")


def one_file_of_a_folder_unsynced(root: Path) -> None:
    (root / "aside").mkdir()
    create(root / "aside" / "one", b"one")
    (root / "aside" / "two").write_bytes(b"two")
    sync(root / "aside")
    give_name(root / "aside", root / "folder")


def names_in_a_folder_unsynced(root: Path) -> None:
    (root / "aside").mkdir()
    create(root / "aside" / "one", b"one")
    give_name(root / "aside", root / "folder")


def written_over(root: Path) -> None:
    for content in (b"first", b"second"):
        create(root / "file", content)
        sync(root)


def removal_unsynced(root: Path) -> None:
    write_whole(root / "file", b"to be erased")
    (root / "file").unlink()


WRONG: list[tuple[Write, list[str]]] = [
    (unsynced, ["named too early: content of aside", "content of file"]),
    (synced_too_early, ["named too early: content of aside", "content of file"]),
    (folder_unsynced, ["name of file"]),
    (new_folder_unsynced, ["name of new"]),
    (one_file_of_a_folder_unsynced, ["named too early: content of two", "content of two"]),
    (names_in_a_folder_unsynced, ["named too early: name of one", "name of one"]),
    (written_over, ["written over: file"]),
    (removal_unsynced, ["returns: file"]),
]


@pytest.mark.parametrize(("write", "faults"), WRONG, ids=[write.__name__ for write, _ in WRONG])
def test_wrong_writer_is_found_out(tmp_path: Path, write: Write, faults: list[str]) -> None:
    disk = Disk(tmp_path)
    with disk.watching():
        write(tmp_path)
    assert disk.faults == faults


def write_half(file: IO[bytes]) -> None:
    file.write(b"half")
    raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.mark.parametrize("place", ["mid_write", "before_fsync", "file_operation"])
def test_file_that_could_not_be_written_is_what_it_was(tmp_path: Path, place: str) -> None:
    write_whole(tmp_path / "file", b"before")
    with armed(f"{place}:enospc"), pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "file", b"after")
    with pytest.raises(OSError, match="Input/output"), replacing(tmp_path / "file") as file:
        write_half(file)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"file": b"before"}


def left_over(path: Path, age: int) -> Path:
    """What a writer of a file left that was killed some seconds ago."""
    aside = aside_of(path)
    aside.write_bytes(b"half")
    then = time.time() - age
    os.utime(aside, (then, then))
    return aside


def test_later_writer_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    old, young = (left_over(tmp_path / "file", age) for age in (3_700, 3_500))
    other = left_over(tmp_path / "other", 3_700)
    alike = tmp_path / ".file.part"
    alike.write_bytes(b"of another program")
    os.utime(alike, (0, 0))
    write_whole(tmp_path / "file", b"whole")
    assert not old.exists()
    assert set(tmp_path.iterdir()) == {tmp_path / "file", young, other, alike}


def test_key_and_versions_leave_nothing_of_killed_writers(tmp_path: Path) -> None:
    key, adapters = tmp_path / "keys" / "audit", tmp_path / "adapters"
    keep_versions(adapters)
    first = read_secret(key)
    left = left_over(key, 3_700), left_over(adapters / "20261125-009.json", 3_700)
    assert read_secret(key) == first
    KeptVersions(adapters, ".json", "排序器", "自带的", "navmatch").install("20261127-001", b"")
    assert [path for path in left if path.exists()] == []


REFUSALS = (errno.EACCES, errno.EINVAL, errno.ENOTSUP, errno.EIO)


@pytest.mark.parametrize("number", REFUSALS, ids=lambda number: errno.errorcode[number])
def test_folder_that_cannot_be_synced_stops_nothing_but_a_failing_disk_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fsync = os.fsync

    def refusing(descriptor: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):
            raise OSError(number, os.strerror(number))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", refusing)
    fails = pytest.raises(OSError, match="Input/output") if number == errno.EIO else nullcontext()
    with fails:
        write_whole(tmp_path / "file", b"whole")
    assert (tmp_path / "file").read_bytes() == b"whole"
    with fails:
        note_heads(tmp_path / "audit")


def test_file_that_cannot_be_synced_stops_its_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    (tmp_path / "file").write_bytes(b"content")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="Invalid"):
        sync(tmp_path / "file")


def test_heads_are_noted_without_the_folder_once_their_file_has_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = HeadsFile(tmp_path / "audit" / "heads.jsonl", AUDIT_KEY)
    synced: list[Path] = []

    def noting(path: Path) -> None:
        synced.append(path)
        sync(path)

    monkeypatch.setattr("models.audit_heads.sync", noting)
    for number in (1, 2):
        heads.note([Head("platform", number, f"{number:064}")])
    assert synced == [heads.path.parent, heads.path, heads.path]
