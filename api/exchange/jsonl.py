"""JSONL: one JSON object a line, read line by line."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NoReturn

from api.exchange.limits import FileLimits
from api.exchange.types import FileFormat, FileRefusedError, RawRow, RowFile
from api.intake.problems import FieldProblem

WHOLE_ROW: Final = "row"
"""Field named by problems of a row as a whole."""

_BOM: Final = b"\xef\xbb\xbf"


def open_lines(path: Path, limits: FileLimits) -> RowFile:
    """Return the rows of a JSONL file; a line that is no object becomes a row with a problem.

    Raises:
        FileRefusedError: the file is too large or has too many lines.
    """
    if path.stat().st_size > limits.max_bytes:
        raise FileRefusedError(
            f"文件 {path.name} 超过 {limits.max_bytes // 1024 // 1024} MiB，请拆成几份再导入。",
            limit=limits.max_bytes,
        )
    n_rows = _count_lines(path, limits)
    if n_rows > limits.max_rows:
        raise FileRefusedError(
            f"文件 {path.name} 有 {n_rows} 行，上限为 {limits.max_rows} 行，请拆成几份再导入。",
            limit=limits.max_rows,
            n_rows=n_rows,
        )
    return RowFile(path, FileFormat.JSONL, n_rows, _read(path, limits))


def _count_lines(path: Path, limits: FileLimits) -> int:
    return sum(not line.isspace() for line in _lines(path, limits))


def _lines(path: Path, limits: FileLimits) -> Iterator[bytes]:
    """Yield the lines; of one that is too long only as much as shows that it is."""
    n_kept = limits.max_line_bytes + 1
    with path.open("rb") as file:
        while line := file.readline(n_kept):
            rest = line
            while len(rest) == n_kept and not rest.endswith(b"\n"):
                rest = file.readline(n_kept)
            yield line


def _read(path: Path, limits: FileLimits) -> Iterator[RawRow]:
    for number, line in enumerate(_lines(path, limits), start=1):
        if number == 1 and len(line) <= limits.max_line_bytes:
            line = line.removeprefix(_BOM)
        if not line.isspace():
            yield _row(number, line, limits)


def _row(number: int, line: bytes, limits: FileLimits) -> RawRow:
    if len(line) > limits.max_line_bytes:
        message = f"这一行超过 {limits.max_line_bytes // 1024} KiB，请删减后再导入。"
        return _refused(number, "line_too_long", message)
    try:
        value = parse_json(line.decode("utf-8"))
    except UnicodeDecodeError:
        return _refused(number, "not_utf8", "这一行不是 UTF-8 编码，请转换后再导入。")
    except (ValueError, RecursionError):
        return _refused(number, "not_json", "这一行不是合法的 JSON，请检查引号、逗号和括号。")
    if not isinstance(value, dict):
        return _refused(number, "not_object", "这一行应是一个 JSON 对象，即用花括号括起的字段。")
    return RawRow(number, {name: cell for name, cell in value.items() if cell is not None})


def _refused(number: int, code: str, message: str) -> RawRow:
    return RawRow(number, {}, FieldProblem(WHOLE_ROW, code, message))


def parse_json(text: str) -> Any:  # noqa: ANN401 - JSON can be anything
    """Return what a text means as JSON, whose numbers are all finite.

    Raises:
        ValueError: it is no JSON, or holds a number too large for its type, such as 1e999.
        RecursionError: it is nested too deeply.
    """
    return json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(digits)
    return number
