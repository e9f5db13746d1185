"""Backups as a folder or as one ZIP file: written aside and named when whole, read as written."""

import os
import shutil
import struct
import zipfile
import zlib
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, Protocol, cast

from models.backup_format import MANIFEST_FILE, BackupDamagedError
from models.durable import PRIVATE, creating, give_name, make_folder, sync
from models.errors import InvalidInputError
from models.failpoints import Failpoint, hit

SUFFIX: Final = ".zip"
_ZIP_FAULTS: Final = (
    KeyError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,
    ValueError,
)
"""What opening or reading a damaged ZIP file ends in, by the place of the damage."""
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PRIVATE_FOLDER: Final = 0o700


class ArchiveWriter(Protocol):
    """Takes the files of a backup."""

    @abstractmethod
    def open_file(self, name: str) -> Any:  # noqa: ANN401 - a context manager of a binary file
        """Open a file to be written; one at a time."""


class ArchiveReader(Protocol):
    """Gives the files of a backup."""

    @abstractmethod
    def open_file(self, name: str) -> Any:  # noqa: ANN401 - a context manager of a binary file
        """Open a file to be read.

        Raises:
            BackupDamagedError: there is no such file, or it cannot be read.
        """


@contextmanager
def writing(path: Path) -> Iterator[ArchiveWriter]:
    """Give a new archive; it has its name only when all went well and all is on disk.

    A name that ends in `.zip` makes one file, any other a folder. Only its owner can read it:
    it holds personal data and the hashes of keys.

    Raises:
        InvalidInputError: there is something of that name already.
        OSError: the place cannot be written.
    """
    if path.exists():
        raise InvalidInputError(f"{path} 已经存在，备份不会覆盖它。请换一个名称。", field="path")
    make_folder(path.parent)
    aside = path.with_name(f".{path.name}.part")
    _remove(aside)
    try:
        with _zip(aside) if path.suffix == SUFFIX else _folder(aside) as archive:
            yield archive
        hit(Failpoint.BEFORE_BACKUP_RENAME)
        give_name(aside, path)
    finally:
        _remove(aside)


@contextmanager
def reading(path: Path) -> Iterator[ArchiveReader]:
    """Give an archive to be read.

    Raises:
        InvalidInputError: there is none of that name.
        BackupDamagedError: it is no archive.
    """
    if path.is_dir():
        yield _Folder(path)
    elif path.is_file():
        with _opened(path) as archive:
            yield _Zip(archive)
    else:
        raise InvalidInputError(f"没有找到备份 {path}。", field="path")


def has_manifest(path: Path) -> bool:
    """Return whether something holds a file of the name the manifest of a backup has.

    Raises:
        BackupDamagedError: it is called a ZIP file, and is none or a damaged one.
        OSError: it cannot be looked into.
    """
    if path.is_dir():
        return MANIFEST_FILE in os.listdir(path) and (path / MANIFEST_FILE).is_file()
    if path.suffix != SUFFIX or not path.is_file():
        return False
    with _opened(path) as archive:
        return MANIFEST_FILE in archive.namelist()


def read_manifest(archive: ArchiveReader) -> bytes:
    """Return the content of the manifest.

    Raises:
        BackupDamagedError: there is none.
    """
    with archive.open_file(MANIFEST_FILE) as file:
        return cast(bytes, file.read())


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def open_file(self, name: str) -> Iterator[IO[bytes]]:
        try:
            file = (self._folder / name).open("rb")
        except OSError as error:
            raise _missing(name) from error
        with file:
            yield file


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def open_file(self, name: str) -> Iterator[IO[bytes]]:
        try:
            if self._archive.getinfo(name).compress_type not in _METHODS:
                raise zipfile.BadZipFile("packed in a way no backup is")
            opened = self._archive.open(name)
        except (*_ZIP_FAULTS, OSError) as error:
            raise _missing(name) from error
        try:
            with opened as file:
                yield file
        except _ZIP_FAULTS as error:
            raise _missing(name) from error


class _NewFolder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def open_file(self, name: str) -> Iterator[IO[bytes]]:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
        with creating(path, PRIVATE) as file:
            yield file


class _NewZip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def open_file(self, name: str) -> Iterator[IO[bytes]]:
        with self._archive.open(name, "w", force_zip64=True) as file:
            yield file


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Give a ZIP file whose directory can be read; what is read then fails with its own error."""
    try:
        archive = zipfile.ZipFile(path)
    except _ZIP_FAULTS as error:
        raise BackupDamagedError("备份文件已损坏，或不是备份文件。") from error
    with archive:
        yield archive


@contextmanager
def _folder(aside: Path) -> Iterator[ArchiveWriter]:
    aside.mkdir(mode=_PRIVATE_FOLDER)
    yield _NewFolder(aside)
    for folder in (*(p for p in aside.rglob("*") if p.is_dir()), aside):
        sync(folder)


@contextmanager
def _zip(aside: Path) -> Iterator[ArchiveWriter]:
    with (
        creating(aside, PRIVATE) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        yield _NewZip(archive)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _missing(name: str) -> BackupDamagedError:
    return BackupDamagedError(f"备份中的 {name} 缺失或已损坏，没有恢复任何内容。", file=name)
