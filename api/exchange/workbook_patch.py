"""Putting cells of one column into the XML of a sheet, all else left as it came."""

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from posixpath import join, normpath
from typing import Final

from api.exchange.places_in_sheet import CELL_PLACE, column_letters, column_number
from api.exchange.types import FileRefusedError

_SHEET: Final = re.compile(rb"<(?:\w{1,16}:)?sheet\s([^<>]*)>")
_RELATION: Final = re.compile(rb"<(?:\w{1,16}:)?Relationship\s([^<>]*)>")
_ATTRIBUTE: Final = re.compile(rb"([\w:]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ROW: Final = re.compile(
    rb"<(?P<prefix>(?:\w{1,16}:)?)row(?P<attributes>\s[^<>]*?)?"
    rb"(?:/>|>(?P<cells>.*?)</(?P=prefix)row\s*>)",
    re.DOTALL,
)
_CELL: Final = re.compile(
    rb"<(?P<prefix>(?:\w{1,16}:)?)c(?P<attributes>\s[^<>]*?)?(?:/>|>.*?</(?P=prefix)c\s*>)",
    re.DOTALL,
)
_ROW_NUMBER: Final = re.compile(rb"\sr\s*=\s*[\"'](\d{1,7})[\"']")
_SPANS: Final = re.compile(rb"\sspans\s*=\s*[\"'][^\"']*[\"']")
_DIMENSION: Final = re.compile(rb"<(?:\w{1,16}:)?dimension\s[^<>]*/>")
_BOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"


def patch_workbook(
    content: bytes, sheet: str, column: int | None, texts: Mapping[int, str]
) -> bytes:
    """Return a workbook in which a column of a sheet holds these texts and nothing else.

    Args:
        content: The workbook; it was checked as an archive before.
        sheet: Name of the sheet.
        column: Number of the column, the first being 1; the first free one when None.
        texts: Texts by row.

    Raises:
        FileRefusedError: the sheet is not found where sheets are.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        entry = _entry_of(old, sheet)
        patched = _patched(old.read(entry), column, texts)
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for info in old.infolist():
                new.writestr(info, patched if info.filename == entry else old.read(info))
    return made.getvalue()


def _entry_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return which entry of the archive a sheet is."""
    names = set(archive.namelist())
    keys = {
        html.unescape(found.get("name", "")): found.get("id", "")
        for found in _described(archive.read(_BOOK), _SHEET)
    }
    relations = archive.read(_RELATIONS) if _RELATIONS in names else b""
    for found in _described(relations, _RELATION):
        if sheet in keys and found.get("Id") == keys[sheet]:
            target = html.unescape(found.get("Target", ""))
            path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            if path in names:
                return path
    raise FileRefusedError("这个表格的内部写法特殊，不能在上面标注。请按问题列表中的行和列修改。")


def _described(content: bytes, element: re.Pattern[bytes]) -> Iterator[dict[str, str]]:
    """Yield the attributes of elements, the prefixes of their names left out."""
    for found in element.finditer(content):
        yield {
            name.rpartition(b":")[2].decode(): (one or other).decode("utf-8", "replace")
            for name, one, other in _ATTRIBUTE.findall(found[1])
        }


def _patched(content: bytes, column: int | None, texts: Mapping[int, str]) -> bytes:
    number = 0

    def patch(row: re.Match[bytes]) -> bytes:
        nonlocal number
        attributes = row["attributes"] or b""
        said = _ROW_NUMBER.search(attributes)
        number = int(said[1]) if said else number + 1
        cells = row["cells"] or b""
        if number not in texts and not cells:
            return row[0]
        prefix = row["prefix"]
        before, after = _around(cells, target)
        cell = _text_cell(prefix, target, number, texts.get(number, ""))
        start = b"<%srow%s>" % (prefix, _SPANS.sub(b"", attributes))
        return b"%s%s%s%s</%srow>" % (start, before, cell, after, prefix)

    target = _last_column(content) + 1 if column is None else column
    return _ROW.sub(patch, _DIMENSION.sub(b"", content, count=1))


def _last_column(content: bytes) -> int:
    last = 0
    for row in _ROW.finditer(content):
        last = max([last, *(number for number, _, _ in _cells(row["cells"] or b""))])
    return last


def _cells(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the number of the column of each cell, and where the cell begins and ends."""
    number = 0
    for cell in _CELL.finditer(content):
        place = CELL_PLACE.search(cell["attributes"] or b"")
        number = column_number(place[1]) if place else number + 1
        yield number, cell.start(), cell.end()


def _around(cells: bytes, target: int) -> tuple[bytes, bytes]:
    """Return what stands before and behind a column in a row; what stands in it is left out."""
    end = begin = 0
    for number, start, stop in _cells(cells):
        if number < target:
            end = begin = stop
        elif number == target:
            end, begin = start, stop
        else:
            break
    return cells[:end], cells[begin:]


def _text_cell(prefix: bytes, column: int, row: int, text: str) -> bytes:
    """Return a cell with a text, which no spreadsheet takes for a formula; none for no text."""
    if not text:
        return b""
    place = f"{column_letters(column)}{row}".encode()
    # as numbers of characters, so that the encoding of the sheet does not matter
    escaped = html.escape(text, quote=False).encode("ascii", "xmlcharrefreplace")
    parts = (prefix, place, prefix, prefix, escaped, prefix, prefix, prefix)
    return b'<%sc r="%s" t="inlineStr"><%sis><%st>%s</%st></%sis></%sc>' % parts
