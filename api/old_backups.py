"""Backups beside a new one that are older than they are to be kept; nothing else is touched."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from api.archive import ArchiveReader, has_manifest, read_manifest, reading
from models.audit import AuditCheckpoint
from models.backup_format import MANIFEST_FILE, BackupManifest, table_file
from models.durable import sync
from models.errors import InvalidInputError, NavmatchError
from models.restoring import audit_keys_of

MarkAt = Callable[[int], str]
"""Says what the change log of the database says at a change; empty where it says nothing."""

_NOT_KNOWN: Final = (
    "这个数据库认不出它：是别的安装写的，或写它以后恢复过更早的备份。"
    "请核对数据目录（NAVMATCH_DATA_DIR），确实不要了再自行删除。"
)
_NEWEST: Final = "除新备份外它是最新的一份。"


@dataclass(frozen=True, slots=True)
class Sweep:
    """What became of the backups beside a new one.

    Attributes:
        removed: Those that were too old, and are gone.
        left: Backups left as they are though they may have to go, and why.
        spared: What stays without anything being wrong, and why: the newest, and what nobody
            could tell to be a backup.
    """

    removed: tuple[Path, ...]
    left: Mapping[Path, str]
    spared: Mapping[Path, str] = field(default_factory=dict)


def remove_older(path: Path, manifest: BackupManifest, keep: timedelta, mark_at: MarkAt) -> Sweep:
    """Remove the backups in the folder of a new one that were made earlier than that before it.

    A backup has its name only when it is whole, and says itself when it was made: neither the
    name nor the time of a file counts. One of another database stays, and so does the newest
    of the others, whatever the clock said when the new one was made.

    Args:
        path: The new backup, known to be whole.
        manifest: What it holds.
        keep: How much older than it another may be.
        mark_at: The change log of the database it was made of.
    """
    removed, left, spared = list[Path](), dict[Path, str](), dict[Path, str]()
    found, own = dict[Path, BackupManifest](), list[Path]()
    with reading(path) as archive:
        keys = frozenset(audit_keys_of(manifest, archive.open_file))
        family = _Family(manifest, keys, mark_at)
    for beside in _beside(path):
        why_not = spared
        try:
            if has_manifest(beside):
                why_not = left
                with reading(beside) as archive:
                    found[beside] = BackupManifest.from_json(read_manifest(archive))
                    if family.has(found[beside], archive):
                        own.append(beside)
        except (NavmatchError, OSError) as error:
            why_not[beside] = _said(error)
    newest = max(own, key=lambda beside: _made_at(found[beside]), default=None)
    for beside in [b for b in found if _made_at(found[b]) < _made_at(manifest) - keep]:
        if beside == newest:
            spared[beside] = _NEWEST
        elif beside not in own:
            left.setdefault(beside, _NOT_KNOWN)
        else:
            try:
                _remove(beside, found[beside])
                removed.append(beside)
            except (NavmatchError, OSError) as error:
                left[beside] = _said(error)
    if removed:
        sync(path.parent)
    return Sweep(tuple(removed), left, spared)


@dataclass(frozen=True, slots=True)
class _Family:
    """Tells backups of the database a new one was made of from those of others.

    Attributes:
        newest: The new one.
        keys: Fingerprints of the audit keys of the database, lost ones included.
        mark_at: The change log of the database.
    """

    newest: BackupManifest
    keys: frozenset[str]
    mark_at: MarkAt

    def has(self, manifest: BackupManifest, archive: ArchiveReader) -> bool:
        """Return whether the change log leads on from a backup to the new one.

        Where it says nothing there, being empty or cut off by age, the audit key decides.
        """
        if manifest.seq > self.newest.seq:
            return False
        here = self.mark_at(manifest.seq) if manifest.mark else ""
        if here:
            return here == manifest.mark
        return not self.keys.isdisjoint(audit_keys_of(manifest, archive.open_file)[-1:])


def _beside(path: Path) -> list[Path]:
    """Return what lies beside a backup under a name of its own."""
    return sorted(
        beside
        for beside in path.parent.iterdir()
        if beside.name != path.name and not beside.name.startswith(".") and not beside.is_symlink()
    )


def _remove(path: Path, manifest: BackupManifest) -> None:
    if path.is_dir():
        _remove_folder(path, manifest)
    else:
        path.unlink()


def _remove_folder(path: Path, manifest: BackupManifest) -> None:
    """Remove the files of a backup; one that was cut short is gone on with.

    So what it is known by goes last.
    """
    known_by = [table_file(AuditCheckpoint.__tablename__), MANIFEST_FILE]
    tables = [file for file in map(table_file, manifest.tables) if file not in known_by]
    names = [*tables, *manifest.extras, *known_by]
    inside = list(path.rglob("*"))
    folders = [found for found in inside if found.is_dir() and not found.is_symlink()]
    files = {found.relative_to(path).as_posix() for found in inside if found not in folders}
    if not files.issubset(names):
        raise InvalidInputError("里面有不属于备份的文件，没有删去。", field="path")
    for name in sorted(files, key=names.index):
        (path / name).unlink()
    for folder in sorted(folders, reverse=True):
        folder.rmdir()
    path.rmdir()


def _said(error: NavmatchError | OSError) -> str:
    if isinstance(error, NavmatchError):
        return error.message
    return f"系统拒绝了操作：{error.strerror}。"


def _made_at(manifest: BackupManifest) -> datetime:
    return datetime.fromisoformat(manifest.created_at)
