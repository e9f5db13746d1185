"""XLSX: checked as an archive before anything is unpacked, then read by a confined process."""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from api.exchange.confined import SheetContent, damaged, read_sheet, shown_sheet
from api.exchange.limits import MIB, FileLimits
from api.exchange.places_in_sheet import CELL_PLACE, column_number
from api.exchange.table import check_cells, check_header, table_rows
from api.exchange.types import FileFormat, FileRefusedError, RowFile

_SHEET_DATA: Final = re.compile(rb"<(?:[^\s<>/:]{1,64}:)?sheetData[\s/>]")
"""What makes an entry a sheet: relations may put one at any place in the archive."""

MACROS: Final = "vbaproject.bin"
"""Name of the entry that holds macros, in small letters."""

_WIDE_STARTS: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_RATIO_MATTERS_FROM: Final = MIB
"""Unpacked size from which the ratio is looked at: small sheets of equal rows pack well."""

_DIRECTORY_ENTRY: Final = b"PK\1\2"
_PIECE: Final = 65_536

_CELL: Final = re.compile(
    rb"<(?:\w{1,16}:)?c(?P<attributes>\s[^<>]*(?<!/))?>",
)
_ROW_PLACE: Final = re.compile(
    rb"<(?:\w{1,16}:)?row\s[^<>]*?\br\s*=\s*[\"'](\d{1,7})[\"'][^<>]*(?<!/)>"
)


def open_workbook(path: Path, limits: FileLimits, sheet: str | None = None) -> RowFile:
    """Return the rows of a sheet, the first visible one unless another is named.

    Raises:
        FileRefusedError: the file is too large packed or unpacked, damaged, or no workbook.
    """
    check_archive(path.read_bytes(), path.name, limits)
    content = read_sheet(path, sheet)
    header = content.records[0] if content.records else None
    columns = check_header(_without_blank_end(header), path.name, limits)
    n_cells = sum(1 for record in content.records[1:] for cell in record if cell not in ("", None))
    check_cells(n_cells, path.name, limits)
    rows = list(table_rows(columns, content.records[1:]))
    note = _note(content)
    return RowFile(path, FileFormat.XLSX, len(rows), iter(rows), note, columns, content.name)


def check_archive(content: bytes, name: str, limits: FileLimits) -> None:
    """Refuse an archive that would not stay small when it is unpacked and parsed.

    Sizes are first read from the directory, then counted while unpacking, since a directory
    may lie. A single filled cell in the last corner of a sheet makes the parser allocate all
    cells before it, so the places of filled cells are bounded too.

    Raises:
        FileRefusedError: it breaks a limit, or is no workbook.
    """
    if content.count(_DIRECTORY_ENTRY) > limits.max_entries:  # before a list is made of them
        raise _too_many_entries(name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_directory(entries, len(content), name, limits)
            for entry in entries:
                unpacked = _unpacked(archive, entry)
                if _is_sheet(unpacked):
                    _check_extent(unpacked, name, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise damaged(name) from error


def _check_directory(
    entries: Sequence[zipfile.ZipInfo], n_packed: int, name: str, limits: FileLimits
) -> None:
    names = [entry.filename for entry in entries]
    n_unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > limits.max_entries or len(set(names)) < len(names):
        raise _too_many_entries(name)
    is_pile = n_unpacked > _RATIO_MATTERS_FROM and n_unpacked > n_packed * limits.max_ratio
    if n_unpacked > limits.max_unpacked_bytes or is_pile:
        raise FileRefusedError(
            f"文件 {name} 解压后有 {n_unpacked / MIB:.1f} MiB"
            f"（上限 {limits.max_unpacked_bytes // MIB} MiB、压缩比 {limits.max_ratio}），已拒绝。"
            "请删去空白行、图片和无关工作表，或改用 JSONL 格式。",
            limit=limits.max_unpacked_bytes,
        )
    if any(PurePosixPath(entry.lower()).name == MACROS for entry in names):
        raise FileRefusedError(
            f"文件 {name} 含有宏，已拒绝。请在表格软件中另存为不含宏的 .xlsx 再导入。"
        )
    if "xl/workbook.xml" not in names:
        raise damaged(name)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return an entry, unpacked piece by piece: its directory may say less than comes out."""
    with archive.open(entry) as packed:
        return b"".join(iter(lambda: packed.read(_PIECE), b""))


def _too_many_entries(name: str) -> FileRefusedError:
    return FileRefusedError(f"文件 {name} 内部的条目过多或重复，不像正常的表格，已拒绝。")


def _is_sheet(content: bytes) -> bool:
    """Return whether an entry holds cells; one in UTF-16 cannot be looked into and counts."""
    return content.startswith(_WIDE_STARTS) or _SHEET_DATA.search(content) is not None


def _check_extent(content: bytes, name: str, limits: FileLimits) -> None:
    """Refuse a sheet whose filled cells reach beyond the limits."""
    if b"\0" in content[:64]:
        raise damaged(name)
    last_row = last_column = 0
    has_placeless = False
    for cell in _CELL.finditer(content):
        place = CELL_PLACE.search(cell["attributes"] or b"")
        if place is None:
            has_placeless = True
        else:
            last_row = max(last_row, int(place[2]))
            last_column = max(last_column, column_number(place[1]))
    if has_placeless:
        last_row = max([last_row, *(int(row[1]) for row in _ROW_PLACE.finditer(content))])
    if last_row > limits.max_rows + 1:
        raise FileRefusedError(
            f"文件 {name} 的数据到第 {last_row} 行，上限为 {limits.max_rows} 行数据。"
            "请拆成几份，或改用 JSONL 格式导入（命令行上限 200000 行）。",
            limit=limits.max_rows,
        )
    if last_column > limits.max_columns:
        raise FileRefusedError(
            f"文件 {name} 的数据到第 {last_column} 列，上限为 {limits.max_columns} 列。",
            limit=limits.max_columns,
        )


def _without_blank_end(header: Sequence[object] | None) -> list[object]:
    cells = list(header or ())
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def _note(content: SheetContent) -> str:
    if len(content.sheets) < 2:
        return ""
    name = shown_sheet(content.name)
    return f"只读取了工作表“{name}”；要读别的，请写明工作表名（命令行用 --sheet）。"
