"""What reading a file gives."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

from api.intake.problems import FieldProblem
from models.errors import InvalidInputError


class FileFormat(StrEnum):
    """How rows are written down."""

    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"


class FileRefusedError(InvalidInputError):
    """A file that is not read at all: too large, damaged, or of another kind."""

    code: ClassVar[str] = "file_refused"


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands in the file.

    Attributes:
        number: Line of a JSONL file; row of a sheet, counted with its header.
        cells: Values by column heading, empty ones left out.
        problem: Why the row cannot be read; None when it can.
    """

    number: int
    cells: Mapping[str, Any]
    problem: FieldProblem | None = None


@dataclass(frozen=True, slots=True)
class RowFile:
    """A file opened for reading.

    Attributes:
        path: Where it lies.
        format: How it is written.
        n_rows: Rows that are not blank.
        rows: The rows, in order, once.
        note: What a person should know about how it was read; empty when nothing.
        headings: Headings of a table in the order of its columns, empty for those without one.
        sheet: Name of the sheet that was read; empty where there are none.
    """

    path: Path
    format: FileFormat
    n_rows: int
    rows: Iterator[RawRow]
    note: str = ""
    headings: tuple[str, ...] = ()
    sheet: str = ""


def format_of(path: Path) -> FileFormat:
    """Return the format a file's name says it has.

    Raises:
        FileRefusedError: the ending is none of those read and written.
    """
    suffix = path.suffix.lower()
    formats = {
        ".jsonl": FileFormat.JSONL,
        ".ndjson": FileFormat.JSONL,
        ".csv": FileFormat.CSV,
        ".tsv": FileFormat.CSV,
        ".txt": FileFormat.CSV,
        ".xlsx": FileFormat.XLSX,
    }
    if suffix not in formats:
        raise FileRefusedError(
            f"不认识文件 {path.name} 的类型。支持 .jsonl、.csv 和 .xlsx；"
            "旧版 .xls 请先在表格软件中另存为 .xlsx。",
            suffix=suffix,
        )
    return formats[suffix]
