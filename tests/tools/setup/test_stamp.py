from pathlib import Path

import pytest

from tools.setup.stamp import FILE_NAME, Stamp, digest


def test_stamp_written_is_read_back(tmp_path: Path) -> None:
    written = Stamp().write(tmp_path, torch="2.13.0").write(tmp_path, dev="abc")
    assert Stamp.read(tmp_path) == written == Stamp(torch="2.13.0", dev="abc")


@pytest.mark.parametrize(
    "text", ["", "[]", '{"unknown": 1}', "\ufffd"], ids=["empty", "list", "other-field", "garbage"]
)
def test_stamp_unreadable_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    assert Stamp.read(tmp_path) == Stamp()


def test_digest_follows_the_content(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    assert digest(file) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
