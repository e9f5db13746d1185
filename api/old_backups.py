"""Backups beside a new one that are older than they are to be kept; nothing else is touched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from api.archive import has_manifest, read_manifest, reading
from models.backup_format import MANIFEST_FILE, BackupManifest, table_file
from models.durable import sync
from models.errors import InvalidInputError, NavmatchError


@dataclass(frozen=True, slots=True)
class Sweep:
    """What became of the backups beside a new one.

    Attributes:
        removed: Those that were too old, and are gone.
        left: Backups left as they are though they may have to go, and why.
        passed_over: What nobody could tell to be a backup, and why; it may well be none.
    """

    removed: tuple[Path, ...]
    left: Mapping[Path, str]
    passed_over: Mapping[Path, str] = field(default_factory=dict)


def remove_older(path: Path, manifest: BackupManifest, keep: timedelta) -> Sweep:
    """Remove the backups in the folder of a new one that were made earlier than that before it.

    A backup has its name only when it is whole, and says itself when it was made: neither the
    name nor the time of a file counts.

    Args:
        path: The new backup, known to be whole.
        manifest: What it holds.
        keep: How much older than it another may be.
    """
    removed, left, passed_over = list[Path](), dict[Path, str](), dict[Path, str]()
    for beside in sorted(path.parent.iterdir()):
        if beside.name == path.name or beside.name.startswith(".") or beside.is_symlink():
            continue
        why_not = passed_over
        try:
            if not has_manifest(beside):
                continue
            why_not = left
            if _remove_if_older(beside, _made_at(manifest) - keep):
                removed.append(beside)
        except NavmatchError as error:
            why_not[beside] = error.message
        except OSError as error:
            why_not[beside] = f"系统拒绝了操作：{error.strerror}。"
    if removed:
        sync(path.parent)
    return Sweep(tuple(removed), left, passed_over)


def _remove_if_older(path: Path, moment: datetime) -> bool:
    with reading(path) as archive:
        manifest = BackupManifest.from_json(read_manifest(archive))
    is_older = _made_at(manifest) < moment
    if is_older and path.is_dir():
        _remove_folder(path, manifest)
    elif is_older:
        path.unlink()
    return is_older


def _remove_folder(path: Path, manifest: BackupManifest) -> None:
    """Remove the files of a backup, the manifest last: one that was cut short is gone on with."""
    names = [*map(table_file, manifest.tables), *manifest.extras, MANIFEST_FILE]
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


def _made_at(manifest: BackupManifest) -> datetime:
    return datetime.fromisoformat(manifest.created_at)
