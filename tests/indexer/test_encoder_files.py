from multiprocessing import get_context
from pathlib import Path

import pytest

from indexer.encoder_files import MANIFEST_FILE, ensure_folder, is_intact, sha256_of
from indexer.errors import EncoderFilesError

ORIGIN = {"source_sha256": "0" * 64, "writer": "1"}


def write(folder: Path) -> None:
    (folder / "weights").write_bytes(b"0123456789" * 100)
    (folder / "inner").mkdir()
    (folder / "inner" / "config.json").write_text("{}")


def ensure_and_count(folder: Path, log: Path) -> None:
    """Ensure the folder in a process of its own; add a line to the log when it was written."""

    def write_and_log(fresh: Path) -> None:
        with log.open("a") as file:
            file.write("written\n")
        write(fresh)

    ensure_folder(folder, ORIGIN, write_and_log)


def test_sha256_of_known_content_is_known(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    assert sha256_of(tmp_path / "abc").startswith("ba7816bf8f01cfea")


def test_sha256_of_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(EncoderFilesError, match="无法读取"):
        sha256_of(tmp_path / "absent")


def test_ensure_folder_fresh_is_intact_and_alone(tmp_path: Path) -> None:
    folder = ensure_folder(tmp_path / "encoders" / "e5", ORIGIN, write)
    assert is_intact(folder, ORIGIN)
    assert sorted(p.name for p in folder.parent.iterdir()) == [".e5.lock", "e5"]


@pytest.mark.parametrize("name", ["weights", "inner/config.json", MANIFEST_FILE])
def test_ensure_folder_changed_file_is_mended(tmp_path: Path, name: str) -> None:
    folder = ensure_folder(tmp_path / "e5", ORIGIN, write)
    before = (folder / name).read_bytes()
    (folder / name).write_bytes(b"{" + before[1:-1])
    assert not is_intact(folder, ORIGIN)
    ensure_folder(folder, ORIGIN, write)
    assert (folder / name).read_bytes() == before


def test_ensure_folder_missing_file_is_mended(tmp_path: Path) -> None:
    folder = ensure_folder(tmp_path / "e5", ORIGIN, write)
    (folder / "weights").unlink()
    ensure_folder(folder, ORIGIN, write)
    assert (folder / "weights").is_file()


def test_ensure_folder_other_origin_is_stale(tmp_path: Path) -> None:
    folder = ensure_folder(tmp_path / "e5", ORIGIN, write)
    assert not is_intact(folder, ORIGIN | {"writer": "2"})


def test_ensure_folder_failed_write_keeps_the_old(tmp_path: Path) -> None:
    folder = ensure_folder(tmp_path / "e5", ORIGIN, write)

    def fail(_: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(EncoderFilesError, match="磁盘空间"):
        ensure_folder(folder, ORIGIN | {"writer": "2"}, fail)
    assert is_intact(folder, ORIGIN)
    assert sorted(p.name for p in tmp_path.iterdir()) == [".e5.lock", "e5"]


def test_ensure_folder_two_processes_write_once(tmp_path: Path) -> None:
    spawn = get_context("spawn")
    log = tmp_path / "log"
    processes = [
        spawn.Process(target=ensure_and_count, args=(tmp_path / "e5", log)) for _ in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert log.read_text() == "written\n"
    assert is_intact(tmp_path / "e5", ORIGIN)
