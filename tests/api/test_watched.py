import os
from pathlib import Path

from api.watched import Watched


def test_files_are_read_again_only_when_one_is_another(tmp_path: Path) -> None:
    path, read = tmp_path / "table", list[str]()

    def make() -> str:
        read.append(path.read_text("utf-8") if path.exists() else "nothing")
        return read[-1]

    watched = Watched(lambda: [path], make)
    assert [watched.now(), watched.now()] == ["nothing"] * 2
    path.write_text("one", "utf-8")
    assert [watched.now(), watched.now()] == ["one"] * 2
    path.write_text("two", "utf-8")
    os.utime(path, ns=(0, 1))  # on some disks two writes may have the same time
    assert watched.now() == "two"
    path.unlink()
    assert watched.now() == "nothing"
    assert read == ["nothing", "one", "two", "nothing"]
