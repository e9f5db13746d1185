"""How large a file may be; each figure is tested at the limit and past it."""

from dataclasses import dataclass
from typing import Final

from api.uploads import MAX_UPLOAD_BYTES

MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileLimits:
    """Bounds a file is checked against before it is parsed.

    Attributes:
        max_bytes: Size of the file.
        max_rows: Rows of content, without the header.
        max_line_bytes: Length of a line of JSONL.
        max_columns: Columns of a sheet.
        max_heading_chars: Characters of a heading; it is shown with each problem of its column.
        max_cells: Filled cells of a sheet.
        max_unpacked_bytes: Size of everything packed in a workbook.
        max_ratio: How many times larger a workbook may be unpacked than packed.
        max_entries: Files packed in a workbook.
    """

    max_bytes: int = MAX_UPLOAD_BYTES
    max_rows: int = 20_000
    max_line_bytes: int = MIB
    max_columns: int = 256
    max_heading_chars: int = 500
    max_cells: int = 1_000_000
    max_unpacked_bytes: int = 50 * MIB
    max_ratio: int = 50
    max_entries: int = 100


SHEET_LIMITS: Final = FileLimits()
"""For CSV and XLSX. A workbook of 579 kB can hold 141 MB of XML, which takes 631 MB and 17 s to
parse; its directory shows that before anything is unpacked (reliability measurements)."""

LINES_LIMITS: Final = FileLimits(max_bytes=512 * MIB, max_rows=200_000)
"""For JSONL on the command line, which is read line by line."""


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What the process that reads a workbook may take.

    Attributes:
        max_bytes: Memory; the largest workbook that is let in takes a third of it.
        max_seconds: Processor time.
    """

    max_bytes: int = 1024 * MIB
    max_seconds: int = 60


READING_LIMITS: Final = ReadingLimits()

ASKED_EXPORT_ROWS: Final = 5_000
"""Rows of a list that is asked for over HTTP: somebody waits for it."""

EXPORT_ROWS: Final = 50_000
"""Rows of a sheet that is written; more than that nobody can look at, and JSONL has no bound."""
