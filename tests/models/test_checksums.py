from pathlib import Path

import pytest

from models.checksums import (
    SUFFIX,
    ChecksumError,
    noted_checksum,
    read_checked,
    sealed,
    unsealed,
    write_with_checksum,
)


def test_file_comes_back_with_its_checksum(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_with_checksum(path, b"content")
    assert read_checked(path) == b"content"
    line = path.with_name(f"a.json{SUFFIX}").read_text("ascii")
    assert line == f"{noted_checksum(path)}  a.json\n"


def test_file_without_checksum_is_read_only_where_none_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"content")
    assert read_checked(path, needs_checksum=False) == b"content"
    with pytest.raises(ChecksumError):
        read_checked(path)


@pytest.mark.parametrize("needs_checksum", [True, False])
def test_changed_file_is_refused(tmp_path: Path, needs_checksum: bool) -> None:
    path = tmp_path / "a.json"
    write_with_checksum(path, b"content")
    path.write_bytes(b"Content")
    with pytest.raises(ChecksumError):
        read_checked(path, needs_checksum=needs_checksum)


@pytest.mark.parametrize("content", [b"", b"\xff" * 64, b"0" * 63])
def test_what_is_no_checksum_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.json"
    path.with_name(f"a.json{SUFFIX}").write_bytes(content)
    with pytest.raises(ChecksumError):
        noted_checksum(path)


def test_sealed_content_comes_back_unless_a_bit_is_another() -> None:
    whole = sealed(b"two\nlines")
    assert unsealed(whole) == b"two\nlines"
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        with pytest.raises(ChecksumError):
            unsealed(bytes(changed))
