"""What a generation on disk was built from, and the hash of each of its files."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from indexer.errors import IndexDamagedError
from models.vocabulary.row import Entity

FORMAT: Final = 4
"""Raised when the files change their meaning; older generations are then rebuilt."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What vectors and postings depend on besides the texts; other values, other index.

    Attributes:
        fingerprint: The encoder: weights, tokenizer, prompts, sanitiser.
        words: Rules and dictionary of the segmenter.
        dim: Length of a vector.
    """

    fingerprint: str
    words: str
    dim: int


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Size and hash of one file."""

    n_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything a loader checks before it believes a generation.

    Attributes:
        seq: Newest change of the change log contained.
        mark: What the change log says at `seq`; another mark, another database.
        shape: The facts a document has; documents of another shape lack some.
        rows: Documents by kind.
        files: Size and SHA-256 by file name.
        created_at: When it was built, ISO, UTC.
    """

    seq: int
    mark: str
    recipe: Recipe
    shape: str
    rows: dict[Entity, int]
    files: dict[str, FileEntry]
    created_at: str
    format: int = FORMAT

    def to_json(self) -> bytes:
        """Return the manifest as it is written, with its own hash in the first line."""
        body = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()
        return hashlib.sha256(body).hexdigest().encode() + b"\n" + body

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """Return the manifest read back.

        Raises:
            IndexDamagedError: it is cut, changed or of another format.
        """
        head, _, body = content.partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != head:
            raise IndexDamagedError("索引清单已损坏，将改用上一代索引或由数据库重建。")
        try:
            return cls._from_values(json.loads(body))
        except (KeyError, TypeError, ValueError) as error:
            raise IndexDamagedError("索引清单的格式不对，将由数据库重建。") from error

    @classmethod
    def _from_values(cls, values: dict[str, Any]) -> Self:
        if values["format"] != FORMAT:
            raise ValueError(values["format"])
        return cls(
            seq=values["seq"],
            mark=values["mark"],
            recipe=Recipe(**values["recipe"]),
            shape=values["shape"],
            rows={Entity(kind): n_rows for kind, n_rows in values["rows"].items()},
            files={name: FileEntry(**entry) for name, entry in values["files"].items()},
            created_at=values["created_at"],
        )

    def check(self, name: str, content: bytes) -> bytes:
        """Return the content of a file when it is what the manifest says.

        Raises:
            IndexDamagedError: size or hash differ, or the file is not listed.
        """
        entry = self.files.get(name)
        if entry is None or entry != entry_of(content):
            raise IndexDamagedError(f"索引文件 {name} 与清单不符，将改用上一代索引或由数据库重建。")
        return content


def entry_of(content: bytes) -> FileEntry:
    """Return size and hash of a file's content."""
    return FileEntry(len(content), hashlib.sha256(content).hexdigest())
