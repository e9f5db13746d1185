"""Opening a file of rows, whatever its format."""

from pathlib import Path

from api.exchange.delimited import open_delimited
from api.exchange.jsonl import open_lines
from api.exchange.limits import LINES_LIMITS, MIB, SHEET_LIMITS, FileLimits
from api.exchange.types import FileFormat, FileRefusedError, RowFile, format_of
from api.exchange.workbook import open_workbook


def open_rows(
    path: Path,
    sheet: str | None = None,
    limits: FileLimits = SHEET_LIMITS,
    lines_limits: FileLimits = LINES_LIMITS,
) -> RowFile:
    """Return the rows of a file.

    Args:
        path: The file; its ending says the format.
        sheet: Name of the sheet, for workbooks.
        limits: Bounds of sheets.
        lines_limits: Bounds of JSONL.

    Raises:
        FileRefusedError: it cannot be read; the message says what to do.
    """
    format_ = format_of(path)
    try:
        if not path.is_file():
            raise FileRefusedError(f"找不到文件 {path}，请检查路径。")
        if format_ is FileFormat.JSONL:
            return open_lines(path, lines_limits)
        if path.stat().st_size > limits.max_bytes:
            raise FileRefusedError(
                f"文件 {path.name} 超过 {limits.max_bytes // MIB} MiB。请拆成几份，"
                "或改用 JSONL 格式导入。",
                limit=limits.max_bytes,
            )
        if format_ is FileFormat.CSV:
            return open_delimited(path, limits)
        return open_workbook(path, limits, sheet)
    except OSError as error:
        raise FileRefusedError(f"文件 {path.name} 无法读取：{error.strerror}。") from error
