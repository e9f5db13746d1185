"""The socket lies where it stays, and where its path is short enough."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.encoder_process.meeting_place import MAX_PATH_BYTES, STALE_S, open_meeting_place


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose path leaves room, with others to turn to beside it."""
    made = Path("/tmp") / f"navmatch-test-{os.getpid()}"  # noqa: S108 - pytest's own are too deep
    for name in ("tmp", "data"):
        (made / name).mkdir(parents=True)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(made / "tmp"))
    yield made
    shutil.rmtree(made)


def test_preferred_folder_is_taken(short: Path) -> None:
    listening, path = open_meeting_place(short / "data" / "run")
    with listening, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.connect(str(path))
    assert path.parent.parent == short / "data" / "run"
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_too_deep_a_folder_is_passed_over(short: Path) -> None:
    deep = short / "data" / ("d" * MAX_PATH_BYTES)
    listening, path = open_meeting_place(deep)
    listening.close()
    assert path.parent.parent == short / "tmp"
    assert list(deep.iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_nothing_else(short: Path) -> None:
    dead, left = open_meeting_place(short / "data")
    living, used = open_meeting_place(short / "data")
    dead.close()
    for path in (left, used):
        long_ago = path.stat().st_mtime - STALE_S - 1
        os.utime(path, (long_ago, long_ago))
    listening, _ = open_meeting_place(short / "data")
    assert not left.parent.exists()
    assert used.exists()
    living.close()
    listening.close()
