"""Folders of encoder files: hashed, checked against their manifest, put in place whole."""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Final

from indexer.errors import EncoderFilesError
from models.durable import give_name, make_folder, sync_all

MANIFEST_FILE: Final = "navmatch.json"
_CHUNK_BYTES: Final = 1 << 22


Stamp = tuple[str, int, int, int]
"""A file as it was: path, bytes, time of its last change in ns, inode."""

_known: ContextVar[dict[Stamp, str] | None] = ContextVar("navmatch_known_digests", default=None)


@contextmanager
def remembering(known: dict[Stamp, str]) -> Iterator[None]:
    """Take files hashed before and not touched since as read; adds those hashed inside.

    A process that replaces one that died need not read half a gigabyte again to know what it
    was told by its owner, who had it checked.
    """
    token = _known.set(known)
    try:
        yield
    finally:
        _known.reset(token)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits.

    Raises:
        EncoderFilesError: the file cannot be read.
    """
    known = _known.get()
    digest = hashlib.sha256()
    try:
        status = path.stat()
        stamp = (str(path), status.st_size, status.st_mtime_ns, status.st_ino)
        if known is not None and stamp in known:
            return known[stamp]
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        raise EncoderFilesError(
            f"无法读取编码器文件 {path.name}：{error.strerror}。", file=path.name
        ) from error
    if known is not None:
        known[stamp] = digest.hexdigest()
    return digest.hexdigest()


def write_manifest(folder: Path, origin: Mapping[str, str]) -> None:
    """Write what the folder was made from and the hash of every file in it.

    Args:
        folder: The complete folder.
        origin: What it was made from, by name.
    """
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    manifest = {"origin": dict(origin), "files": {n: sha256_of(folder / n) for n in names}}
    content = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST_FILE).write_text(content, encoding="utf-8")


def is_intact(folder: Path, origin: Mapping[str, str]) -> bool:
    """Return whether the folder was made from this origin and every listed file is unchanged."""
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        return manifest["origin"] == dict(origin) and all(
            sha256_of(folder / name) == digest for name, digest in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EncoderFilesError):
        return False


def ensure_folder(folder: Path, origin: Mapping[str, str], write: Callable[[Path], None]) -> Path:
    """Return the folder, written anew unless it is intact.

    It is written beside its place and moved there whole; processes that start together write
    it once.

    Args:
        folder: Where it belongs.
        origin: What it is made from; another origin makes it stale.
        write: Fills an empty folder.

    Raises:
        EncoderFilesError: the place cannot be written.
    """
    try:
        make_folder(folder.parent)
        with _locked(folder.parent / f".{folder.name}.lock"):
            if not is_intact(folder, origin):
                _replace_folder(folder, origin, write)
    except OSError as error:
        raise EncoderFilesError(
            f"无法写入编码器目录 {folder.name}：{error.strerror}。请检查磁盘空间和数据目录的权限。",
            folder=folder.name,
        ) from error
    return folder


def _replace_folder(folder: Path, origin: Mapping[str, str], write: Callable[[Path], None]) -> None:
    """Write a folder aside, then put it in the place of the old one."""
    aside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(aside, ignore_errors=True)  # of a process that was killed
    try:
        fresh = aside / "new"
        fresh.mkdir(parents=True)
        write(fresh)
        write_manifest(fresh, origin)
        sync_all(fresh)
        if folder.exists():
            give_name(folder, aside / "old")
        give_name(fresh, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock between processes."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
