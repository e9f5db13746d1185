"""Generations on disk: written aside, checked, published by one rename, read back whole.

    index/gen-00000007/    documents, vectors and postings of each kind, and manifest.json;
                           beside them what is worked out of them later and not listed there
    index/CURRENT          name of the generation to load
    index/.lock            held by the one process that may write

A reader takes the bytes of a file once, compares their hash with the manifest and builds the
index from those same bytes. FAISS finds cut files but not changed ones: of 300 single flipped
bits in a flat index it reported none (reliability measurements of this stack).
"""

import hashlib
import logging
import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from indexer.errors import IndexDamagedError, IndexStaleError, WriterLostError
from indexer.locks import Pin, WriterLock, is_pinned
from indexer.manifest import Manifest, Recipe, entry_of
from indexer.segment import Segment
from indexer.segment_files import files_of, segment_of
from indexer.self_test import expected_answers, prove
from indexer.types import Condition, Credential, Document, Profile
from models.durable import create, give_name, sync
from models.failpoints import Failpoint, hit
from models.sight import Placement
from models.vocabulary.row import Entity

KEPT_GENERATIONS: Final = 3
"""The current one and two to fall back on; older ones stay as long as somebody reads them."""

MANIFEST_FILE: Final = "manifest.json"
CURRENT_FILE: Final = "CURRENT"

_log = logging.getLogger("navmatch.indexer")
_GENERATION: Final = re.compile(r"gen-\d{8}")
_SELF_TEST: Final = "self_test.json"


class Generation(NamedTuple):
    """A generation read back from disk.

    Attributes:
        name: Name of its folder.
        seq: Newest change of the change log it contains.
        mark: What the change log says at `seq`.
        segments: Its documents by kind.
    """

    name: str
    seq: int
    mark: str
    segments: dict[Entity, Segment]


def save_generation(
    lock: WriterLock, segments: Mapping[Entity, Segment], seq: int, mark: str, recipe: Recipe
) -> str:
    """Write the segments as the next generation, make it current and return its name.

    Whatever fails, the generation that was current stays so. The number of the new one fences:
    whoever lost the lock meanwhile finds it taken, or the lock gone, and names nothing.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
        WriterLostError: the lock is not held.
    """
    folder = lock.folder
    files = {
        f"{kind}.{part}": content
        for kind, segment in segments.items()
        for part, content in files_of(segment).items()
    }
    files[_SELF_TEST] = expected_answers(segments)
    manifest = Manifest(
        seq=seq,
        mark=mark,
        recipe=recipe,
        shape=document_shape(),
        rows={kind: segment.n_rows for kind, segment in segments.items()},
        files={file_name: entry_of(content) for file_name, content in files.items()},
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    lock.check()
    for left in folder.glob(".gen-*.part"):
        shutil.rmtree(left, ignore_errors=True)
    number = _next_number(folder)
    name = f"gen-{number:08d}"

    def check_fence() -> None:
        lock.check()
        if _next_number(folder) != number:
            raise WriterLostError("另一个进程写入了更新的索引，这一代没有写入。")

    _write_folder(folder / name, {**files, MANIFEST_FILE: manifest.to_json()}, check_fence)
    hit(Failpoint.BEFORE_CURRENT)
    create(folder / ".CURRENT.part", name.encode())
    lock.check()
    give_name(folder / ".CURRENT.part", folder / CURRENT_FILE)
    hit(Failpoint.AFTER_CURRENT)
    _drop_old(folder, name)
    return name


def load_newest(
    folder: Path, recipe: Recipe, is_known: Callable[[int, str], bool] = lambda seq, mark: True
) -> Generation | None:
    """Return the newest generation that is whole.

    None when there is no generation, or none that is undamaged, built by this recipe and from
    this database.

    Args:
        folder: Where the generations are.
        recipe: What vectors and postings must have been made with.
        is_known: Whether the change log has this mark at this change: after a backup was
            restored the changes a generation contains may be others, or never have been.
    """
    for name in _candidates(folder):
        try:
            return load_generation(folder / name, recipe, is_known)
        except IndexDamagedError as error:
            _log.warning("generation %s is passed over: %s", name, error.message)
    return None


def load_generation(
    folder: Path, recipe: Recipe, is_known: Callable[[int, str], bool]
) -> Generation:
    """Return the generation of a folder, which stays there while it is read.

    Raises:
        IndexDamagedError: it is damaged, or built by another recipe or from another database.
    """
    try:
        pin = Pin(folder / MANIFEST_FILE)
    except OSError as error:
        raise IndexDamagedError("索引清单无法读取，将改用另一代或由数据库重建。") from error
    try:
        return _load(folder, recipe, is_known)
    finally:
        pin.release()


def _load(folder: Path, recipe: Recipe, is_known: Callable[[int, str], bool]) -> Generation:
    manifest = Manifest.from_json(_read(folder / MANIFEST_FILE))
    if manifest.recipe != recipe or manifest.shape != document_shape():
        raise IndexStaleError("索引由另一编码器或另一套规则建成，将由数据库重建。")
    if not is_known(manifest.seq, manifest.mark):
        raise IndexStaleError("索引不是由这个数据库建成的，将由数据库重建。")
    files: dict[str, dict[str, bytes]] = {}
    for name in manifest.files:
        hit(Failpoint.MID_LOAD)
        kind, _, part = name.partition(".")
        files.setdefault(kind, {})[part] = manifest.check(name, _read(folder / name))
    segments = {
        kind: segment_of(files.get(kind, {}), kind, n_rows, recipe.dim)
        for kind, n_rows in manifest.rows.items()
    }
    kind, _, part = _SELF_TEST.partition(".")
    prove(segments, files.get(kind, {}).get(part, b""))
    return Generation(folder.name, manifest.seq, manifest.mark, segments)


def drop_generation(folder: Path, name: str) -> None:
    """Remove a generation that cannot be served."""
    shutil.rmtree(folder / name, ignore_errors=True)


def document_shape() -> str:
    """Return a digest of the facts a document has: a generation without some is stale."""
    nouns = (Document, Profile, Condition, Credential, Placement)
    facts = [(noun.__name__, f.name, str(f.type)) for noun in nouns for f in fields(noun)]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise IndexDamagedError(f"索引文件 {path.name} 无法读取，将由数据库重建。") from error


def _write_folder(
    folder: Path, files: Mapping[str, bytes], check_fence: Callable[[], None]
) -> None:
    """Write a folder of files that is either there with all of them or not at all."""
    aside = folder.with_name(f".{folder.name}.part")
    try:
        hit(Failpoint.FILE_OPERATION)
        aside.mkdir()
        for name, content in files.items():
            create(aside / name, content)
        sync(aside)
        hit(Failpoint.BEFORE_RENAME)
        check_fence()
        give_name(aside, folder)
        hit(Failpoint.AFTER_RENAME)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def oldest_seq(folder: Path) -> int | None:
    """Return the change from which the oldest generation would be followed; None without any."""
    found: list[int] = []
    for name in generation_names(folder):
        with suppress(IndexDamagedError):
            found.append(Manifest.from_json(_read(folder / name / MANIFEST_FILE)).seq)
    return min(found, default=None)


def built_at(folder: Path, name: str) -> datetime | None:
    """Return when a generation was built; None when it is not on disk or does not say."""
    with suppress(IndexDamagedError):
        manifest = Manifest.from_json(_read(folder / name / MANIFEST_FILE))
        return datetime.fromisoformat(manifest.created_at)
    return None


def generation_names(folder: Path) -> list[str]:
    """Return the names of the generations there are, newest first."""
    names = (path.name for path in folder.glob("gen-*") if path.is_dir())
    return sorted(filter(_GENERATION.fullmatch, names), reverse=True)


def current_name(folder: Path) -> str | None:
    """Return what `CURRENT` says, None when it cannot be read or names no generation."""
    try:
        name = (folder / CURRENT_FILE).read_bytes().decode("ascii", "replace").strip()
    except OSError:
        return None
    return name if _GENERATION.fullmatch(name) else None


def _candidates(folder: Path) -> list[str]:
    """Return the names to try: the current generation, then the others, newest first."""
    current = current_name(folder)
    return sorted(generation_names(folder), key=lambda name: name != current)


def _next_number(folder: Path) -> int:
    return max((int(name.removeprefix("gen-")) for name in generation_names(folder)), default=0) + 1


def is_rid_of(folder: Path, seq: int) -> bool:
    """Return whether no generation on disk is from before a change."""
    try:
        manifests = [
            Manifest.from_json((folder / name / MANIFEST_FILE).read_bytes())
            for name in generation_names(folder)
        ]
    except (OSError, IndexDamagedError):
        return False
    return all(manifest.seq >= seq for manifest in manifests)


def drop_others(folder: Path, current: str) -> bool:
    """Remove all generations but one and those somebody reads; return whether none is left."""
    others = [name for name in generation_names(folder) if name != current]
    for name in others:
        if not is_pinned(folder / name / MANIFEST_FILE):
            hit(Failpoint.DURING_GC)
            shutil.rmtree(folder / name, ignore_errors=True)
    sync(folder)
    return not any((folder / name).exists() for name in others)


def _drop_old(folder: Path, current: str) -> None:
    """Remove generations beyond those kept, but none that somebody still reads."""
    kept = {current, *[n for n in generation_names(folder) if n != current][: KEPT_GENERATIONS - 1]}
    for name in generation_names(folder):
        if name not in kept and not is_pinned(folder / name / MANIFEST_FILE):
            hit(Failpoint.DURING_GC)
            hit(Failpoint.FILE_OPERATION)
            shutil.rmtree(folder / name, ignore_errors=True)
