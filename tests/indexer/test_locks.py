import os
import signal
import sys
import threading
import time
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import pytest

from indexer import locks
from indexer.errors import WriterLostError
from indexer.locks import Pin, WriterLock, is_pinned


def test_lock_is_had_by_one_at_a_time(tmp_path: Path) -> None:
    first, second = WriterLock(tmp_path / "index"), WriterLock(tmp_path / "index")
    assert first.acquire()
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    assert not first.is_held
    second.release()


HOLD = """
import sys
from pathlib import Path
from indexer.locks import WriterLock
lock = WriterLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def test_lock_of_a_process_that_died_is_free(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path)
    with Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdin=PIPE, stdout=PIPE) as process:  # noqa: S603
        assert process.stdout is not None
        assert process.stdout.readline() == b"True\n"
        assert not lock.acquire()
        process.kill()
    assert lock.acquire()
    lock.release()


BEAT = """
import sys
from pathlib import Path
from indexer import locks
locks.BEAT_S = 0.01
lock = locks.WriterLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def test_process_that_was_stopped_gives_no_sign_of_life(tmp_path: Path) -> None:
    def let_an_hour_pass() -> None:
        long_ago = time.time() - 3_600
        os.utime(tmp_path / ".lock", (long_ago, long_ago))

    lock = WriterLock(tmp_path)
    assert lock.silent_s() == 0
    with Popen([sys.executable, "-c", BEAT, str(tmp_path)], stdin=PIPE, stdout=PIPE) as process:  # noqa: S603
        assert process.stdout is not None
        assert process.stdout.readline() == b"True\n"
        let_an_hour_pass()
        while lock.silent_s() > 60:
            assert process.poll() is None
        process.send_signal(signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)
        let_an_hour_pass()
        assert lock.silent_s() > 60
        assert not lock.acquire()
        process.kill()
    assert lock.acquire()
    assert lock.silent_s() < 60
    lock.release()


@pytest.mark.parametrize("is_made_anew", [False, True], ids=["removed", "replaced"])
def test_lock_whose_file_is_gone_is_lost(tmp_path: Path, is_made_anew: bool) -> None:
    first, second = WriterLock(tmp_path), WriterLock(tmp_path)
    assert first.acquire()
    (tmp_path / ".lock").unlink()
    if is_made_anew:
        assert second.acquire()
    assert not first.is_held
    with pytest.raises(WriterLostError):
        first.check()
    assert first.acquire() is not is_made_anew
    first.release()
    second.release()


def test_lock_in_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"File exists|Not a directory"):
        WriterLock(tmp_path / "file").acquire()


def test_pins_are_shared_and_seen(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text("{}")
    assert not is_pinned(path)
    first, second = Pin(path), Pin(path)
    first.release()
    first.release()
    assert is_pinned(path)
    second.release()
    assert not is_pinned(path)


def test_pin_of_no_file_is_an_error(tmp_path: Path) -> None:
    assert not is_pinned(tmp_path / "absent")
    with pytest.raises(FileNotFoundError):
        Pin(tmp_path / "absent")


def test_lost_lock_gives_no_sign_of_life_for_who_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = threading.Event()
    stat = os.stat

    def note(path: Path, **options: Any) -> os.stat_result:
        if threading.current_thread().name == "index-lock":
            looked.set()
        return stat(path, **options)

    def let_it_act() -> None:
        for _ in range(2):  # at the second look it has acted on the first
            looked.clear()
            assert looked.wait(30)

    monkeypatch.setattr(locks, "BEAT_S", 0.001)
    monkeypatch.setattr(os, "stat", note)
    lock, file = WriterLock(tmp_path), tmp_path / ".lock"
    assert lock.acquire()
    file.rename(tmp_path / "old")
    file.touch()
    let_it_act()
    os.utime(file, (0, 0))
    let_it_act()
    assert file.stat().st_mtime == 0
    lock.release()
