"""Files are written whole or not at all, and a full disk is called that."""

import resource
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from api.exchange.types import FileRefusedError
from api.exchange.writing import write_delimited, write_lines, write_workbook
from models.errors import DiskFullError

HEADINGS = ("甲", "乙")


def rows(n_rows: int) -> Iterator[tuple[str, int]]:
    """Rows that cannot be packed small."""
    return ((secrets.token_hex(40), number) for number in range(n_rows))


WRITERS: dict[str, Callable[[Path, int], Any]] = {
    "xlsx": lambda path, n_rows: write_workbook(path, HEADINGS, rows(n_rows)),
    "csv": lambda path, n_rows: write_delimited(path, HEADINGS, rows(n_rows)),
    "jsonl": lambda path, n_rows: write_lines(path, rows(n_rows)),
}


@contextmanager
def no_file_beyond(n_bytes: int) -> Iterator[None]:
    """Stand in for a full disk: what lies beyond that size of a file cannot be written."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where files wait on the way."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("n_rows", [300, 5_000], ids=["at the end", "on the way"])
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())
def test_full_disk_is_told_and_leaves_what_was_there(
    tmp_path: Path, scratch: Path, write: Callable[[Path, int], Any], n_rows: int
) -> None:
    path = tmp_path / "out" / "list"
    path.parent.mkdir()
    path.write_bytes(b"before")
    with no_file_beyond(16_384), pytest.raises(DiskFullError, match="磁盘空间不足") as refused:
        write(path, n_rows)
    assert refused.value.code == "disk_full"
    assert path.read_bytes() == b"before"
    assert list(path.parent.iterdir()) == [path]
    assert list(scratch.iterdir()) == []


def test_workbook_is_written_once_there_is_space(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "list.xlsx"
    with no_file_beyond(16_384), pytest.raises(DiskFullError):
        write_workbook(path, HEADINGS, rows(300))
    assert write_workbook(path, HEADINGS, [("一", 1), ("二", 2)]) == 2
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    assert sheet.to_python() == [["甲", "乙"], ["一", 1.0], ["二", 2.0]]
    assert list(scratch.iterdir()) == []


def test_workbook_that_is_given_up_leaves_nothing(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "list.xlsx"
    with pytest.raises(FileRefusedError, match="第 1 条有一格超过"):
        write_workbook(path, HEADINGS, [("长" * 40_000, 1)])
    assert not path.exists()
    assert list(scratch.iterdir()) == []


def test_folder_that_is_not_there_is_no_full_disk(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="无法写入"):
        write_workbook(tmp_path / "nowhere" / "list.xlsx", HEADINGS, [])
