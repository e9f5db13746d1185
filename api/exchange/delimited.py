"""CSV: one table, in whatever encoding and with whatever separator spreadsheets write."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Self

from api.exchange.limits import FileLimits
from api.exchange.table import check_cells, check_header, table_rows
from api.exchange.types import FileFormat, FileRefusedError, RowFile

_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_GUESSES: Final = (("utf-8", ""), ("gb18030", "文件按 GB18030（GBK）编码读取。"))
_SEPARATORS: Final = ",\t;"
_PIECE: Final = 65_536

MAX_SEPARATORS: Final = 200_000
"""Separators in one record, those inside quoted texts included."""

MAX_LINE_CHARS: Final = 65_536
"""As much of the first line as is looked at for its separator."""


def open_delimited(path: Path, limits: FileLimits) -> RowFile:
    """Return the rows of a CSV file, its encoding and separator found out.

    Raises:
        FileRefusedError: the file is too large, has no header, or is no text.
    """
    content = path.read_bytes()
    encoding, note = encoding_of(content, path.name)
    lines = records_of(content, encoding, path.name)
    header = next(lines, None)
    columns = check_header(header, path.name, limits)
    records: list[Sequence[object]] = []
    n_cells = 0
    for record in lines:
        n_cells += sum(1 for cell in record if cell)
        if len(records) >= limits.max_rows:
            raise FileRefusedError(
                f"文件 {path.name} 超过 {limits.max_rows} 行。请拆成几份，"
                "或改用 JSONL 格式导入（命令行上限 200000 行）。",
                limit=limits.max_rows,
            )
        check_cells(n_cells, path.name, limits)
        records.append(record)
    rows = list(table_rows(columns, records))
    return RowFile(path, FileFormat.CSV, len(rows), iter(rows), note, columns)


def encoding_of(content: bytes, name: str) -> tuple[str, str]:
    """Return the encoding of a file's text, and what to tell about it.

    A byte-order mark decides; else UTF-8 is tried, then GB18030, which Chinese spreadsheets
    write and which hardly any UTF-8 text passes for. The text is never held whole.

    Raises:
        FileRefusedError: it is neither.
    """
    encodings = [(e, "") for mark, e in _MARKS if content.startswith(mark)] or _GUESSES
    for encoding, note in encodings:
        if _is_encoded(content, encoding):
            return encoding, note
    raise FileRefusedError(
        f"文件 {name} 的编码既不是 UTF-8 也不是 GB18030。"
        "请在表格软件中另存为“CSV UTF-8（逗号分隔）”后再导入。"
    )


def _is_encoded(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(content)
    try:
        for start in range(0, len(content), _PIECE):
            decoder.decode(view[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def separator_of(content: bytes, encoding: str) -> str:
    """Return what separates the cells of a table."""
    with io.TextIOWrapper(io.BytesIO(content), encoding, newline="") as text:
        return max(_SEPARATORS, key=text.readline(MAX_LINE_CHARS).count)


def records_of(content: bytes, encoding: str, name: str) -> Iterator[list[str]]:
    """Yield the records; a quote that is never closed swallows lines and is refused."""
    separator = separator_of(content, encoding)
    with io.TextIOWrapper(io.BytesIO(content), encoding, newline="") as text:
        lines = _CountedLines(text, separator, name)
        reader = csv.reader(lines, delimiter=separator)
        try:
            for record in reader:
                lines.n_separators = 0
                yield record
        except csv.Error as error:
            raise FileRefusedError(
                f"文件 {name} 第 {reader.line_num} 行附近的单元格过长，多半是双引号没有成对。"
                "请补上或删去多余的双引号后再导入。",
                line=reader.line_num,
            ) from error


class _CountedLines:
    """Lines of a text, as long as a record does not grow beyond all measure.

    A record is a list before its length can be looked at: five million commas took 138 MiB.

    Attributes:
        n_separators: Separators since it was last set to 0.
    """

    def __init__(self, lines: Iterable[str], separator: str, name: str) -> None:
        self.n_separators = 0
        self._lines = iter(lines)
        self._separator = separator
        self._name = name

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        """Return the next line.

        Raises:
            FileRefusedError: the record has more separators than a row of cells can.
        """
        line = next(self._lines)
        self.n_separators += line.count(self._separator)
        if self.n_separators > MAX_SEPARATORS:
            raise FileRefusedError(
                f"文件 {self._name} 有一行的分隔符超过 {MAX_SEPARATORS} 个，已拒绝。"
            )
        return line
