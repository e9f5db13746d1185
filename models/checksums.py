"""SHA-256 of files, kept beside them or before their content: damage shows before it is used.

Beside a file that never changes under its name stands another with the checksum, in the form
`sha256sum --check` reads. What is replaced under its name has the checksum as its first line.
"""

import hashlib
import io
import re
from pathlib import Path
from typing import Final
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from models.durable import write_whole

SUFFIX: Final = ".sha256"
"""What the name of the file with the checksum ends in, after the name of the file it is of."""

_CHECKSUM: Final = re.compile(r"[0-9a-f]{64}")


class ChecksumError(ValueError):
    """A content is not the one its checksum was made of, or the checksum is none."""


def checksum_of(content: bytes) -> str:
    """Return the SHA-256 of a content as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def write_with_checksum(path: Path, content: bytes) -> None:
    """Write a file that is never changed; it is not there without its checksum.

    Raises:
        OSError: it cannot be written.
    """
    _note(path, content)
    write_whole(path, content)


def note_checksum(path: Path) -> None:
    """Take a file that has no checksum for what it must be; one that has keeps its own.

    Raises:
        OSError: the file cannot be read, or nothing written beside it.
    """
    if not _beside(path).exists():
        _note(path, path.read_bytes())


def noted_checksum(path: Path) -> str | None:
    """Return the checksum that stands beside a file; None where there is none.

    Raises:
        ChecksumError: what stands there is no checksum.
        OSError: it cannot be read.
    """
    try:
        found = _beside(path).read_bytes().decode("ascii", "replace")[:64]
    except FileNotFoundError:
        return None
    if not _CHECKSUM.fullmatch(found):
        raise ChecksumError(path.name)
    return found


def read_checked(path: Path, *, needs_checksum: bool = True) -> bytes:
    """Return the content of a file if it is what its checksum says.

    Raises:
        ChecksumError: it is not, or has no checksum though it needs one.
        OSError: it cannot be read.
    """
    content, noted = path.read_bytes(), noted_checksum(path)
    if noted is None and not needs_checksum:
        return content
    if noted != checksum_of(content):
        raise ChecksumError(path.name)
    return content


def sealed(content: bytes) -> bytes:
    """Return a content with its checksum as first line."""
    return checksum_of(content).encode() + b"\n" + content


def unsealed(content: bytes) -> bytes:
    """Return a content without the checksum before it.

    Raises:
        ChecksumError: the checksum is that of another content.
    """
    noted, _, found = content.partition(b"\n")
    if noted != checksum_of(found).encode():
        raise ChecksumError
    return found


def whole_zip(content: bytes) -> bytes:
    """Return a ZIP that packs nothing if each file it lists is what its own checksum says.

    Whoever reads one of its files up to where that says it ends never gets to the checksum.

    Raises:
        ChecksumError: it is none, or not whole.
    """
    try:
        with ZipFile(io.BytesIO(content)) as files:
            is_stored = all(file.compress_type == ZIP_STORED for file in files.infolist())
            is_whole = is_stored and files.testzip() is None
    except (BadZipFile, EOFError, OSError, RuntimeError, ValueError) as error:
        raise ChecksumError from error
    if not is_whole:
        raise ChecksumError
    return content


def _note(path: Path, content: bytes) -> None:
    write_whole(_beside(path), f"{checksum_of(content)}  {path.name}\n".encode())


def _beside(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)
