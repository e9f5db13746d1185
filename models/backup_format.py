"""What a backup looks like: files that any database navmatch runs on can take in.

    manifest.json          what there is: revision, place of the change log, hash of each file
    tables/<name>.jsonl    one row a line, values in the order the manifest names the columns

Every value has one form, and rows stand in the order of their keys, compared as bytes; so equal
contents give equal files, whichever database they come from.
"""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, Self

from sqlalchemy import JSON, BigInteger, Boolean, Date, Double, LargeBinary, String
from sqlalchemy.types import TypeEngine

from models.base import UtcDateTime
from models.errors import NavmatchError
from models.position import Position

FORMAT: Final = 1
"""Raised when the files change their meaning; others are refused."""

MANIFEST_FILE: Final = "manifest.json"


class BackupDamagedError(NavmatchError):
    """A backup is not what was written, or of a kind this release cannot read."""

    code = "backup_damaged"


class Kind(StrEnum):
    """What a column holds, on every database."""

    TEXT = "text"
    INT = "int"
    REAL = "real"
    BOOL = "bool"
    JSON = "json"
    TIME = "time"
    DATE = "date"
    BYTES = "bytes"


TYPES: Final[dict[Kind, TypeEngine[Any]]] = {
    Kind.TEXT: String(),
    Kind.INT: BigInteger(),
    Kind.REAL: Double(),
    Kind.BOOL: Boolean(),
    Kind.JSON: JSON(none_as_null=True),
    Kind.TIME: UtcDateTime(),
    Kind.DATE: Date(),
    Kind.BYTES: LargeBinary(),
}


@dataclass(frozen=True, slots=True)
class FileDigest:
    """Size and hash of a file of a backup."""

    n_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TableEntry:
    """What a backup holds of a table.

    Attributes:
        columns: What each column holds, in the order of the values.
        keys: Names of the columns of the primary key.
        parents: Columns that name another row of the same table.
        n_rows: How many rows there are.
        file: Size and hash of the file.
    """

    columns: dict[str, Kind]
    keys: list[str]
    parents: list[str]
    n_rows: int
    file: FileDigest


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a backup holds, all as of one moment.

    Attributes:
        created_at: When, ISO, UTC.
        revision: Version of the tables.
        seq: Newest change of the change log.
        mark: What the change log says there.
        n_damaged: Rows that were not as they had been written.
        tables: By name, those that others refer to first.
        extras: Files besides the tables, by name: a generation of the index, keys.
    """

    created_at: str
    revision: str
    seq: int
    mark: str
    n_damaged: int
    tables: dict[str, TableEntry]
    extras: dict[str, FileDigest] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def position(self) -> Position:
        """The place of the change log the backup was made at."""
        return Position(self.seq, self.mark)

    def to_json(self) -> bytes:
        """Return the manifest as it is written, with its own hash in the first line."""
        body = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=False).encode()
        return hashlib.sha256(body).hexdigest().encode() + b"\n" + body

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """Return the manifest read back.

        Raises:
            BackupDamagedError: it is cut, changed or of another format.
        """
        head, _, body = content.partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != head:
            raise BackupDamagedError("备份清单已损坏，不能恢复。请换一份备份。")
        try:
            values = json.loads(body)
            if values["format"] != FORMAT:
                raise BackupDamagedError(
                    f"备份的格式（{values['format']}）不是本版本认识的（{FORMAT}），"
                    "请用写出它的版本恢复。"
                )
            tables = {name: _entry(entry) for name, entry in values.pop("tables").items()}
            extras = {name: FileDigest(**file) for name, file in values.pop("extras").items()}
            return cls(**values, tables=tables, extras=extras)
        except (KeyError, TypeError, ValueError) as error:
            raise BackupDamagedError("备份清单的格式不对，不能恢复。") from error


def table_file(name: str) -> str:
    """Return the name of the file that holds a table."""
    return f"tables/{name}.jsonl"


def encode(kind: Kind, value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """Return a value that is not NULL as a line holds it.

    A JSON value is wrapped, so that its null is told from NULL.
    """
    match kind:
        case Kind.JSON:
            return [value]
        case Kind.BYTES:
            return base64.b64encode(value).decode("ascii")
        case Kind.TIME:
            return value.isoformat(timespec="microseconds")
        case Kind.DATE:
            return value.isoformat()
    return value


def decode(kind: Kind, value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return a value of a line as a column takes it.

    Raises:
        ValueError: it is none of its kind.
    """
    if value is None:
        return None
    match kind:
        case Kind.JSON:
            (inner,) = value
            return JSON.NULL if inner is None else inner
        case Kind.BYTES:
            return base64.b64decode(value, validate=True)
        case Kind.TIME:
            return datetime.fromisoformat(value)
        case Kind.DATE:
            return date.fromisoformat(value)
    return value


def _entry(values: dict[str, Any]) -> TableEntry:
    columns = {name: Kind(kind) for name, kind in values.pop("columns").items()}
    return TableEntry(**{**values, "columns": columns, "file": FileDigest(**values["file"])})
