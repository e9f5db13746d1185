"""Putting cells of one column into the XML of a sheet, all else left as it came."""

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from posixpath import join, normpath
from typing import Final

from api.exchange.limits import SHEET_LIMITS
from api.exchange.places_in_sheet import CELL_PLACE, column_letters, column_number
from api.exchange.types import FileRefusedError

_SHEET: Final = re.compile(rb"<(?:\w{1,16}:)?sheet\s([^<>]*)>")
_RELATION: Final = re.compile(rb"<(?:\w{1,16}:)?Relationship\s([^<>]*)>")
_ATTRIBUTE: Final = re.compile(rb"([\w:]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_TAG: Final = re.compile(
    rb"<(?P<end>/?)(?P<prefix>(?:\w{1,16}:)?)(?P<name>row|c)(?P<attributes>\s[^<>]*?)?(?P<empty>/?)>"
)
"""One tag at a time: a pattern over whole rows would go through the rest of the sheet again for
each one that somebody left open."""

_EMPTY_END: Final = b"/>"

_ROW_NUMBER: Final = re.compile(rb"\sr\s*=\s*[\"'](\d{1,7})[\"']")
_SPANS: Final = re.compile(rb"\sspans\s*=\s*[\"'][^\"']*[\"']")
_DIMENSION: Final = re.compile(rb"<(?:\w{1,16}:)?dimension\s[^<>]*/>")
MAX_ROW_CELLS: Final = 16_384
"""Cells of a row a spreadsheet can show; the cells of one row are held at a time."""

MAX_OPENED: Final = 2 * SHEET_LIMITS.max_cells
"""Rows and cells, empty ones with a format included, that are gone through while somebody waits."""

_BOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a sheet.

    Attributes:
        number: Its number.
        prefix: What stands before the names of its tags.
        attributes: Those of its tag.
        span: Where it begins and ends.
        inside: Where its content does.
        cells: Number of the column, beginning and end of each cell.
    """

    number: int
    prefix: bytes
    attributes: bytes
    span: tuple[int, int]
    inside: tuple[int, int]
    cells: tuple[tuple[int, int, int], ...]


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
        FileRefusedError: the sheet is not found where sheets are, or has cells beyond measure.
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
    raise _unusual()


def _described(content: bytes, element: re.Pattern[bytes]) -> Iterator[dict[str, str]]:
    """Yield the attributes of elements, the prefixes of their names left out."""
    for found in element.finditer(content):
        yield {
            name.rpartition(b":")[2].decode(): (one or other).decode("utf-8", "replace")
            for name, one, other in _ATTRIBUTE.findall(found[1])
        }


def _patched(content: bytes, column: int | None, texts: Mapping[int, str]) -> bytes:
    target = _first_free(content) if column is None else column
    wanted = dict(texts)
    pieces, done = [], 0
    for row in _rows(content):
        text = wanted.pop(row.number, "")  # once, should a row of this number come again
        if text or row.cells:
            pieces += [content[done : row.span[0]], _patched_row(content, row, target, text)]
            done = row.span[1]
    return _DIMENSION.sub(b"", b"".join([*pieces, content[done:]]), count=1)


def _first_free(content: bytes) -> int:
    """Return the number of the first column in which no row has a cell that holds something.

    One with a format alone does not count: a format may reach to the last column there is.
    """
    filled = (
        number
        for row in _rows(content)
        for number, _, stop in row.cells
        if content[stop - len(_EMPTY_END) : stop] != _EMPTY_END
    )
    return max(filled, default=0) + 1


def _patched_row(content: bytes, row: _Row, target: int, text: str) -> bytes:
    """Return a row in which a column holds its text, and nothing else."""
    before = after = row.inside[0]
    for number, start, stop in row.cells:
        if number < target:
            before = after = stop
        elif number == target:
            before, after = start, stop
    cell = _text_cell(row.prefix, target, row.number, text)
    tag = b"<%srow%s>" % (row.prefix, _SPANS.sub(b"", row.attributes))
    rest = content[after : row.inside[1]]
    return b"%s%s%s%s</%srow>" % (tag, content[row.inside[0] : before], cell, rest, row.prefix)


def _rows(content: bytes) -> Iterator[_Row]:
    """Yield the rows with their cells; one that is left open ends where the next begins."""
    number = n_opened = 0
    opened: re.Match[bytes] | None = None
    cells: list[re.Match[bytes]] = []
    for tag in _TAG.finditer(content):
        n_opened += not tag["end"]
        if len(cells) > 2 * MAX_ROW_CELLS or n_opened > MAX_OPENED:
            raise _unusual()
        if tag["name"] == b"c":
            cells.append(tag)
        elif not tag["end"]:
            said = _ROW_NUMBER.search(tag["attributes"] or b"")
            number = int(said[1]) if said else number + 1
            opened, cells = tag, []
            if tag["empty"]:
                yield _row(number, tag, [], tag)
                opened = None
        elif opened is not None:
            yield _row(number, opened, cells, tag)
            opened = None


def _unusual() -> FileRefusedError:
    return FileRefusedError("这个表格的内部写法特殊，不能在上面标注。请按问题列表中的行和列修改。")


def _row(
    number: int, opened: re.Match[bytes], cells: list[re.Match[bytes]], closed: re.Match[bytes]
) -> _Row:
    inside = (opened.end(), closed.end() if opened is closed else closed.start())
    return _Row(
        number,
        opened["prefix"],
        opened["attributes"] or b"",
        (opened.start(), closed.end()),
        inside,
        tuple(_cells(cells)),
    )


def _cells(tags: list[re.Match[bytes]]) -> Iterator[tuple[int, int, int]]:
    """Yield the number of the column of each cell, and where the cell begins and ends."""
    number = start = 0
    for tag in tags:
        if not tag["end"]:
            place = CELL_PLACE.search(tag["attributes"] or b"")
            number = column_number(place[1]) if place else number + 1
            start = tag.start()
        if tag["end"] or tag["empty"]:
            yield number, start, tag.end()


def _text_cell(prefix: bytes, column: int, row: int, text: str) -> bytes:
    """Return a cell with a text, which no spreadsheet takes for a formula; none for no text."""
    if not text:
        return b""
    place = f"{column_letters(column)}{row}".encode()
    # as numbers of characters, so that the encoding of the sheet does not matter
    escaped = html.escape(text, quote=False).encode("ascii", "xmlcharrefreplace")
    parts = (prefix, place, prefix, prefix, escaped, prefix, prefix, prefix)
    return b'<%sc r="%s" t="inlineStr"><%sis><%st>%s</%st></%sis></%sc>' % parts
