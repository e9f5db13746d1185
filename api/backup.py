"""Backing an installation up while it works, and putting a backup in its place."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final, cast

from api.archive import ArchiveReader, ArchiveWriter, read_manifest, reading, writing
from api.lost_key import key_at_hand
from api.settings import Settings
from api.wiring import Service
from indexer.errors import IndexDamagedError
from indexer.generations import REQUEST_FILE
from indexer.locks import Pin, WriterLock
from indexer.manifest import Manifest
from indexer.snapshot import CURRENT_FILE, MANIFEST_FILE, current_name, generation_names
from models.audit import AuditEvent, AuditKey, same
from models.audit_check import wrote_any
from models.audit_trail import record
from models.backup_format import MANIFEST_FILE as BACKUP_MANIFEST
from models.backup_format import BackupDamagedError, BackupManifest, FileDigest
from models.database import Database
from models.durable import OPEN, PRIVATE, PRIVATE_FOLDER, make_folder, replacing, write_whole
from models.errors import SetupError, StateError
from models.portable import HashingSink, dump
from models.restoring import audit_keys_of, check_files, restore, rows_of
from models.viewer import acting_as, system
from models.vocabulary.access import AuditAction

CHUNK_BYTES: Final = 1 << 20
INDEX_PART: Final = "index"
AUDIT_KEY: Final = "keys/audit"

_OWN_KEY: Final = (
    "请把备份所属安装的密钥文件（默认在它的数据目录的 audit/key）放到那里，"
    "或用 NAVMATCH_AUDIT_KEY_FILE 指明它的位置，再恢复；确实找不回来时，加 --new-key 换用新密钥。"
)
_INDEX_FILE: Final = re.compile(rf"{INDEX_PART}/gen-\d{{8}}/[a-z_]+(?:\.[a-z_]+)*")

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BackupOptions:
    """What goes into a backup besides the tables.

    Attributes:
        with_index: The current generation of the index, so that a restored service answers at
            once; it can be built again without.
        with_keys: The audit key, without which a restored installation cannot go on with its
            audit chain.
    """

    with_index: bool = False
    with_keys: bool = False


def back_up(
    service: Service, path: Path, options: BackupOptions, told: Told | None = None
) -> BackupManifest:
    """Write a backup of one moment and return what it holds; the service may go on working.

    Raises:
        InvalidInputError: there is something of that name already.
        OSError: the place cannot be written.
    """
    with writing(path) as archive, acting_as(system("backup")):
        with service.database.write() as session:
            record(session, AuditAction.BACKUP)
        extras: dict[str, FileDigest] = {}
        if options.with_index:
            extras |= _copy_index(archive, service.settings.index_dir)
        if options.with_keys:
            key_file = service.settings.resolved_audit_key_file
            extras[AUDIT_KEY] = _copy(archive, AUDIT_KEY, key_file)
        with service.database.read(unhurried=True) as session:
            manifest = replace(dump(session, archive.open_file, told), extras=extras)
        with archive.open_file(BACKUP_MANIFEST) as file:
            file.write(manifest.to_json())
    return manifest


def look_into(path: Path) -> BackupManifest:
    """Return what a backup holds, every file of it checked.

    Raises:
        InvalidInputError: there is none.
        BackupDamagedError: it is not what was written.
    """
    with reading(path) as archive:
        manifest = BackupManifest.from_json(read_manifest(archive))
        check_files(manifest, archive.open_file)
        return manifest


def put_back(
    settings: Settings,
    path: Path,
    *,
    force: bool = False,
    is_key_lost: bool = False,
    told: Told | None = None,
) -> BackupManifest:
    """Put a backup in the place of all that an installation holds; return what it held.

    The index is taken over where the backup has one, else none is left. The service must not
    be put together yet: that makes an audit key where there is none.

    Args:
        settings: Where the installation is.
        path: The backup.
        force: Whether what the database holds may be thrown away.
        is_key_lost: Whether the audit key of the backup is; `lost_key.take_new_key` must follow,
            and until it has the service does not start.
        told: Told how many of how many rows are stored.

    Raises:
        InvalidInputError: there is no such backup.
        BackupDamagedError: it is not what was written; nothing was changed.
        ConflictError: the database is not empty.
        StateError: the key is said to be lost and is not; nothing was changed.
        SetupError: a service is running here, or the audit key of the backup is not at hand;
            nothing was changed.
    """
    make_folder(settings.data_dir, PRIVATE_FOLDER)
    folder = settings.index_dir
    with WriterLock(folder) as lock, reading(path) as archive:
        if not lock.acquire():
            raise SetupError("这个数据目录上有服务在运行，请先停止它，再恢复。")
        manifest = BackupManifest.from_json(read_manifest(archive))
        _check_names(manifest)
        check_files(manifest, archive.open_file)
        _check_key(archive, manifest, settings.resolved_audit_key_file, is_lost=is_key_lost)
        database = Database(settings.resolved_database_url)
        try:
            restore(database, manifest, archive.open_file, force=force, told=told)
        finally:
            database.close()
        _put_index(archive, manifest, folder)
        _put_key(archive, manifest, settings.resolved_audit_key_file)
    return manifest


def _check_names(manifest: BackupManifest) -> None:
    """Refuse files that would end up anywhere else than they should."""
    for name in manifest.extras:
        if name != AUDIT_KEY and not _INDEX_FILE.fullmatch(name):
            raise BackupDamagedError("备份中有不认识的文件，不能恢复。", file=name)


def _check_key(
    archive: ArchiveReader, manifest: BackupManifest, key_file: Path, *, is_lost: bool
) -> None:
    """Refuse a backup whose audit chains could not go on with the key there will be.

    Nothing is made here: a fresh key would fit no chain of the backup.
    """
    lack = _lack_of_key(archive, manifest, key_file)
    if is_lost and AUDIT_KEY in manifest.extras:
        raise StateError(
            "这份备份带着它的审计密钥，没有恢复任何内容。请去掉 --new-key；"
            f"{key_file} 如果是另一个密钥，先把它改名。"
        )
    if is_lost and not lack:
        raise StateError("这份备份的审计密钥没有丢失，没有恢复任何内容。请去掉 --new-key。")
    if is_lost and (key := key_at_hand(key_file)) is not None:
        _refuse_if_used(archive, manifest, key, key_file)
    if lack and not is_lost:
        raise SetupError(lack)


def _refuse_if_used(
    archive: ArchiveReader, manifest: BackupManifest, key: AuditKey, key_file: Path
) -> None:
    """Refuse to call a key lost that is at hand, and that something in the backup was made with."""
    noted = audit_keys_of(manifest, archive.open_file)
    entries = rows_of(manifest, AuditEvent.__tablename__, archive.open_file)
    if any(same(one, key.fingerprint()) for one in noted):
        why = (
            "备份所属的安装用过这把密钥，后来换成了新的：请把新的密钥文件放到那里，去掉 --new-key。"
        )
    elif wrote_any(key, entries):
        why = "备份里有的审计记录就是用它写成的：备份可能被改动过。"
    else:
        return
    raise StateError(f"{key_file} 在这里，没有恢复任何内容。{why}")


def _lack_of_key(archive: ArchiveReader, manifest: BackupManifest, key_file: Path) -> str:
    """Return why the chains of a backup could not go on; empty when they can."""
    noted = audit_keys_of(manifest, archive.open_file)
    if not noted:
        return ""
    if key_file.exists():
        key = key_at_hand(key_file)
        if key is not None and same(noted[-1], key.fingerprint()):
            return ""
        lack = f"备份里的审计记录不是用密钥文件 {key_file} 写成的，没有恢复任何内容。"
        if AUDIT_KEY in manifest.extras:
            return f"{lack}备份带着它自己的密钥：请把 {key_file} 改名，再恢复。"
        return lack + _OWN_KEY
    if AUDIT_KEY in manifest.extras:
        return ""
    return (
        f"这份备份不带审计密钥，{key_file} 也不存在，没有恢复任何内容。{_OWN_KEY}"
        "以后备份时加 --with-keys 可以一并带上。"
    )


def _copy_index(archive: ArchiveWriter, folder: Path) -> dict[str, FileDigest]:
    """Copy the current generation, if there is a whole one; it stays there meanwhile."""
    name = current_name(folder)
    if name is None:
        return {}
    try:
        pin = Pin(folder / name / MANIFEST_FILE)
    except OSError:
        return {}
    try:
        content = (folder / name / MANIFEST_FILE).read_bytes()
        names = [MANIFEST_FILE, *Manifest.from_json(content).files]
        inside = {f"{INDEX_PART}/{name}/{file}": folder / name / file for file in names}
        return {to: _copy(archive, to, path) for to, path in inside.items()}
    except IndexDamagedError:
        return {}
    finally:
        pin.release()


def _copy(archive: ArchiveWriter, name: str, path: Path) -> FileDigest:
    with path.open("rb") as file, archive.open_file(name) as copy:
        sink = HashingSink(copy)
        while chunk := file.read(CHUNK_BYTES):
            sink.write(chunk)
        return sink.digest


def _put_index(archive: ArchiveReader, manifest: BackupManifest, folder: Path) -> None:
    """Leave only the generation of the backup; it is checked again when it is loaded."""
    for name in generation_names(folder):
        shutil.rmtree(folder / name)
    for left in (CURRENT_FILE, REQUEST_FILE):
        (folder / left).unlink(missing_ok=True)
    names = [n for n in manifest.extras if n.startswith(f"{INDEX_PART}/")]
    for name in names:
        target = folder / name.removeprefix(f"{INDEX_PART}/")
        make_folder(target.parent)
        _extract(archive, name, target)
    if names:
        write_whole(folder / CURRENT_FILE, names[0].split("/")[1].encode())


def _put_key(archive: ArchiveReader, manifest: BackupManifest, key_file: Path) -> None:
    """Take the audit key over, unless there is one: whoever set it up knows why."""
    if AUDIT_KEY in manifest.extras and not key_file.exists():
        make_folder(key_file.parent, PRIVATE_FOLDER)
        _extract(archive, AUDIT_KEY, key_file, PRIVATE)


def _extract(archive: ArchiveReader, name: str, path: Path, mode: int = OPEN) -> None:
    with archive.open_file(name) as opened, replacing(path, mode) as copy:
        source = cast("IO[bytes]", opened)
        shutil.copyfileobj(source, copy, CHUNK_BYTES)
