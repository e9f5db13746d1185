"""Files made to hurt whoever reads them."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import xlsxwriter

MIB: Final = 1024 * 1024
_SHEET: Final = "xl/worksheets/sheet1.xml"


def workbook(rows: list[list[object]]) -> bytes:
    """A sound workbook."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return made.getvalue()


SOUND: Final = workbook([["标题", "内容"], ["一", "二"]])


def changed(changes: Mapping[str, bytes], more: Mapping[str, bytes] | None = None) -> bytes:
    """The sound workbook with entries replaced or added."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SOUND)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return made.getvalue()


def sheet(content: bytes, declaration: bytes = b"") -> bytes:
    """The sound workbook with other rows in its sheet."""
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    whole = b"%s<worksheet %s><sheetData>%s</sheetData></worksheet>" % (declaration, space, content)
    return changed({_SHEET: b'<?xml version="1.0"?>' + whole})


def overlapping(n_entries: int) -> bytes:
    """An archive whose entries all lie at the same place: small, and endless when unpacked."""
    data = zlib.compress(bytes(10 * MIB), 9)[2:-4]
    check = zlib.crc32(bytes(10 * MIB))
    name = b"xl/workbook.xml"
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, check, len(data), 10 * MIB, 15, 0)
    body = local + name + data
    entries = b""
    for number in range(n_entries):
        called = name if number == 0 else b"xl/e%012d" % number
        entries += struct.pack(
            "<4s6H3I5H2I",
            *(b"PK\1\2", 20, 20, 0, 8, 0, 0, check, len(data), 10 * MIB, len(called)),
            *(0, 0, 0, 0, 0, 0),
        )
        entries += called
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, n_entries, n_entries, len(entries), len(body), 0)
    return body + entries + end


def lying(n_claimed: int) -> bytes:
    """A workbook whose directory says that a sheet of 400 MiB has a few bytes."""
    made = bytearray(changed({_SHEET: bytes(400 * MIB)}))
    with zipfile.ZipFile(io.BytesIO(bytes(made))) as archive:
        real = archive.getinfo(_SHEET).file_size
    return bytes(made.replace(struct.pack("<I", real), struct.pack("<I", n_claimed)))


def many_entries(n_entries: int) -> bytes:
    return changed({}, {f"xl/e{number}.xml": b"" for number in range(n_entries)})


ENTITIES: Final = b"<!DOCTYPE a [" + b"".join(
    b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"lol" * 10) for n in range(9)
)
EXTERNAL: Final = b'<!DOCTYPE a [<!ENTITY e8 SYSTEM "file://%s">]>'
CELL: Final = b'<row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>'
ROW: Final = b'<row r="%d"><c r="A%d"><v>1</v></c></row>'

REFUSED: Final[Mapping[str, Callable[[], bytes]]] = {
    "ratio.xlsx": lambda: changed({_SHEET: b"<worksheet>" + b" " * (45 * MIB)}),
    "unpacked.xlsx": lambda: changed({_SHEET: bytes(51 * MIB)}),
    "entries.xlsx": lambda: many_entries(101),
    "seventy-thousand-entries.xlsx": lambda: many_entries(70_000),
    "overlapping.xlsx": lambda: overlapping(90),
    "lying.xlsx": lambda: lying(64),
    "repeated-names.xlsx": lambda: changed({}, {"XL/A": b"", "xl/a ": b""})[:-40],
    "nested.xlsx": lambda: nested(5),
    "nested-as-sheet.xlsx": lambda: changed({_SHEET: SOUND}),
    "entities.xlsx": lambda: sheet(b"<row>&e8;</row>", ENTITIES + b"]>"),
    "million-rows.xlsx": lambda: sheet(ROW % (1_000_000, 1_000_000)),
    "last-cell.xlsx": lambda: sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "last-cell-in-utf-16.xlsx": lambda: changed(
        {
            _SHEET: (
                '<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
                "</sheetData></worksheet>"
            ).encode("utf-16")
        }
    ),
    "macros.xlsx": lambda: changed({}, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    "macros-in-capitals.xlsx": lambda: changed({}, {"XL/VBAPROJECT.BIN": b"\xd0\xcf\x11\xe0"}),
    "encrypted.xlsx": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_096),
    "cut.xlsx": lambda: SOUND[:-100],
    "half.xlsx": lambda: SOUND[: len(SOUND) // 2],
    "empty.xlsx": lambda: b"",
    "text.xlsx": lambda: "标题,内容\n".encode(),
    "zeros.xlsx": lambda: bytes(MIB),
    "eleven-mebibytes.xlsx": lambda: SOUND + bytes(11 * MIB),
    "million-rows.csv": lambda: b"a\n" + b"1\n" * 1_000_000,
    "million-blank-rows.csv": lambda: b"a\n" + b"\n" * 1_000_000,
    "five-million-columns.csv": lambda: b"," * (5 * MIB),
    "million-columns-below.csv": lambda: b"a\n" + b"1," * (4 * MIB),
    "one-cell.csv": lambda: b"a\n" + b"x" * (9 * MIB),
    "quotes.csv": lambda: b"a\n" + b'"' * (9 * MIB),
    "open-quote.csv": lambda: b'a\n"' + b"x\n" * (4 * MIB),
    "no-line-end.csv": lambda: b"x" * (9 * MIB),
    "utf-16.csv": lambda: ("a\n" + "1\n" * 1_000_000).encode("utf-16"),
    "no-text.csv": lambda: bytes(range(128, 256)) * 8_000 + b"\xff\xff",
    "eleven-mebibytes.csv": lambda: b"a\n" + b"1\n" * (6 * MIB),
    "many-lines.jsonl": lambda: b"{}\n" * 200_001,
}
"""Files that are not read, by name."""


def nested(depth: int) -> bytes:
    """An archive in an archive, and so on; each would unpack to ten times its size."""
    content = bytes(4 * MIB)
    for _ in range(depth):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(10):
                archive.writestr(f"{number}.zip", content)
        content = made.getvalue()
    return content


def write(folder: Path, files: Mapping[str, Callable[[], bytes]]) -> list[Path]:
    """Write files into a folder and return where they are."""
    paths = []
    for name, make in files.items():
        paths.append(folder / name)
        paths[-1].write_bytes(make())
    return paths
