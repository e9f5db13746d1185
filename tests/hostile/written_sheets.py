"""Sheets as bytes, written by hand: what spreadsheets write would refuse most of the corpus."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from enum import StrEnum
from html import escape
from typing import Final

from api.exchange.places_in_sheet import column_letters
from api.exchange.types import FileFormat
from api.routes.files import MEDIA_TYPES
from tests.security.bombs import SOUND

Cell = str | bytes
"""A text, or what is written as it is: a piece of CSV, the content of a number in XLSX."""

_BOOK: Final = "xl/workbook.xml"
_SHEET: Final = "xl/worksheets/sheet1.xml"
_SPACES: Final = (
    b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Form(StrEnum):
    """How a sheet is written."""

    CSV = "csv"
    UTF_16 = "csv in utf-16"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        """What it is sent as."""
        return MEDIA_TYPES[FileFormat.XLSX if self is Form.XLSX else FileFormat.CSV]


def written(form: Form, table: Sequence[Sequence[Cell]], name: str = "表一") -> bytes:
    """Return a table as a file.

    Args:
        form: How to write it.
        table: Its rows, the headings first.
        name: Name of the sheet, in a workbook.
    """
    if form is Form.XLSX:
        return _workbook(table, name)
    lines = b"".join(b",".join(map(_piece, row)) + b"\r\n" for row in table)
    if form is Form.UTF_16:
        return lines.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass")
    return lines


def is_writable(form: Form, cell: Cell) -> bool:
    """Return whether a cell can stand among others without making the whole file unreadable."""
    if isinstance(cell, str):
        cell = cell.encode("utf-8", "surrogatepass")
    try:
        cell.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return form is Form.XLSX or len(cell) < 100_000  # the longest cell the reader of CSV takes


def _piece(cell: Cell) -> bytes:
    if isinstance(cell, bytes):
        return cell
    return b'"' + cell.encode("utf-8", "surrogatepass").replace(b'"', b'""') + b'"'


def _workbook(table: Sequence[Sequence[Cell]], name: str) -> bytes:
    rows = b"".join(
        b'<row r="%d">%s</row>'
        % (number, b"".join(_cell(place, number, cell) for place, cell in enumerate(row, start=1)))
        for number, row in enumerate(table, start=1)
    )
    title = escape(name).encode("utf-8", "surrogatepass")
    titled = (
        b'<?xml version="1.0"?><workbook %s><sheets>'
        b'<sheet name="%s" sheetId="1" r:id="rId1"/>'
        b'<sheet name="another" sheetId="2" r:id="rId1"/></sheets></workbook>'
    ) % (_SPACES, title)
    content = b'<?xml version="1.0"?><worksheet %s><sheetData>%s</sheetData></worksheet>'
    return _packed({_SHEET: content % (_SPACES, rows), _BOOK: titled})


def _packed(changes: Mapping[str, bytes]) -> bytes:
    """Return the sound workbook with entries replaced, not compressed.

    A text of one letter would pack so well that it passed for a bomb, and nobody read it.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SOUND)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
    return made.getvalue()


def _cell(place: int, row: int, cell: Cell) -> bytes:
    at = f"{column_letters(place)}{row}".encode()
    if isinstance(cell, bytes):
        plain = cell.replace(b"&", b"&amp;").replace(b"<", b"&lt;")
        return b'<c r="%s"><v>%s</v></c>' % (at, plain)
    text = escape(_NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", cell), quote=False)
    return b'<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (
        at,
        text.encode(),
    )
