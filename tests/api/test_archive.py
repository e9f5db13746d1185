import os
import random
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.archive import has_manifest, read_manifest, reading, writing
from models.backup_format import BackupDamagedError
from models.errors import InvalidInputError
from models.failpoints import FailpointError, armed

NAMES = ["backup", "backup.zip"]


def write(path: Path, **files: bytes) -> None:
    with writing(path) as archive:
        for name, content in files.items():
            with archive.open_file(f"tables/{name}.jsonl") as file:
                file.write(content)
        with archive.open_file("manifest.json") as file:
            file.write(b"manifest")


@pytest.mark.parametrize("name", NAMES)
def test_archive_gives_back_what_was_written(tmp_path: Path, name: str) -> None:
    path = tmp_path / "new" / name
    write(path, one=b"1\n2\n", none=b"")
    with reading(path) as archive:
        assert read_manifest(archive) == b"manifest"
        with archive.open_file("tables/one.jsonl") as file:
            assert list(file) == [b"1\n", b"2\n"]
        with archive.open_file("tables/none.jsonl") as file:
            assert file.read() == b""
        with (
            pytest.raises(BackupDamagedError, match="absent"),
            archive.open_file("tables/absent.jsonl"),
        ):
            pass


@pytest.mark.parametrize("name", NAMES)
def test_archive_is_for_its_owner_alone(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, one=b"1\n")
    for path in (tmp_path / name, *(tmp_path / name).rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


@pytest.mark.parametrize("name", NAMES)
def test_archive_is_never_overwritten(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, one=b"1\n")
    with pytest.raises(InvalidInputError, match="已经存在"):
        write(tmp_path / name, one=b"2\n")


@pytest.mark.parametrize("name", NAMES)
def test_archive_that_failed_leaves_nothing(tmp_path: Path, name: str) -> None:
    with armed("before_backup_rename:raise"), pytest.raises(FailpointError):
        write(tmp_path / name, one=b"1\n")
    assert os.listdir(tmp_path) == []
    (tmp_path / f".{name}.part").write_bytes(b"of a process that was killed")
    write(tmp_path / name, one=b"1\n")
    assert os.listdir(tmp_path) == [name]


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="没有找到"), reading(tmp_path / "absent"):
        pass
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(BackupDamagedError), reading(tmp_path / "text.zip"):
        pass


def test_damaged_file_of_a_zip_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"
    write(path, one=b"0123456789" * 100)
    content = bytearray(path.read_bytes())
    content[70] ^= 0xFF
    path.write_bytes(content)
    with reading(path) as archive, pytest.raises(BackupDamagedError):  # noqa: SIM117
        with archive.open_file("tables/one.jsonl") as file:
            file.read()


def test_zip_with_a_password_is_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"
    write(path)
    content = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flags] |= 1
    path.write_bytes(content)
    with reading(path) as archive, pytest.raises(BackupDamagedError, match="manifest"):
        read_manifest(archive)


def bits_of_the_directory(whole: bytes) -> Iterator[bytes]:
    for bit in range(whole.index(b"PK\x01\x02") * 8, len(whole) * 8):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        yield bytes(changed)


def bytes_anywhere(whole: bytes) -> Iterator[bytes]:
    chance = random.Random(7)  # noqa: S311 - no secret
    for _ in range(1_000):
        changed = bytearray(whole)
        for place in chance.sample(range(len(whole)), 2):
            changed[place] = chance.choice([0, 1, 12, 14, 255, chance.randrange(256)])
        yield bytes(changed)


@pytest.mark.parametrize("changes", [bits_of_the_directory, bytes_anywhere])
def test_damaged_zip_is_refused_or_holds_nothing_else(
    tmp_path: Path, changes: Callable[[bytes], Iterator[bytes]]
) -> None:
    path = tmp_path / "backup.zip"
    write(path, one=b"1\n")
    n_read, n_refused = 0, 0
    with path.open("r+b") as damaged:
        for changed in changes(path.read_bytes()):
            damaged.seek(0)
            damaged.write(changed)
            damaged.flush()
            try:
                is_backup = has_manifest(path)
                with reading(path) as archive:
                    assert read_manifest(archive) == b"manifest"
                    assert is_backup
                    with archive.open_file("tables/one.jsonl") as file:
                        assert file.read() == b"1\n"
                n_read += 1
            except BackupDamagedError:
                n_refused += 1
    assert min(n_read, n_refused) > 50
