"""Answers that are files."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from fastapi import Response

from api.exchange.types import FileFormat
from api.routes.session import NO_STORE

MEDIA_TYPES: Final[Mapping[FileFormat, str]] = {
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.CSV: "text/csv",
}
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_TYPES: Final = dict.fromkeys(MEDIA_TYPES.values(), _BINARY)
SHEET_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "表格文件", "content": _TYPES}
}
SHEET_BODY: Final = {"requestBody": {"required": True, "content": _TYPES}}


def file_answer(content: bytes, name: str, format_: FileFormat) -> Response:
    """Return a file to be saved under a name, Chinese ones included."""
    encoded = quote(f"{name}.{format_.value}", safe="")
    saved_as = f"attachment; filename=\"sheet.{format_.value}\"; filename*=UTF-8''{encoded}"
    headers = {**NO_STORE, "Content-Disposition": saved_as}
    return Response(content, media_type=MEDIA_TYPES[format_], headers=headers)
