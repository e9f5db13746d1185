import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from models.checksums import (
    SUFFIX,
    ChecksumError,
    noted_checksum,
    read_checked,
    sealed,
    unsealed,
    whole_zip,
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


def test_zip_with_any_bit_changed_is_refused_or_holds_nothing_else() -> None:
    files = {"vectors.npy": b"0123456789" * 4, "about.npy": b"{}"}
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as written:
        for name, content in files.items():
            written.writestr(name, content)
    whole, n_refused = buffer.getvalue(), 0
    assert whole_zip(whole) == whole
    for bit in range(len(whole) * 8):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            kept = whole_zip(bytes(changed))
        except ChecksumError:
            n_refused += 1
            continue
        with ZipFile(io.BytesIO(kept)) as read:
            assert {name: read.read(name) for name in read.namelist()}.items() <= files.items()
    assert n_refused > sum(map(len, files.values())) * 8


def test_zip_that_packs_its_files_is_refused() -> None:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as written:
        written.writestr("a", b"aaaaaaaaaaaaaaaa")
    with pytest.raises(ChecksumError):
        whole_zip(buffer.getvalue())
