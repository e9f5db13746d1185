"""The checks of `navmatch doctor`; none of them creates or changes anything."""

import http
import http.client
import json
import os
import shlex
import shutil
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.adapters import chosen_encoder
from api.cli.installation import Installation
from api.damage import Damage, FileWatch
from api.kept_versions import HISTORY_FILE, SHIPPED
from api.lost_key import key_at_hand
from api.settings import Settings
from api.vocabularies import Vocabularies
from api.wiring import domain_words
from indexer.adapter import SUFFIX
from indexer.documents import KINDS, DatabaseDocuments
from indexer.e5_folder import FOLDER_NAME
from indexer.encoder import DEFAULT_ENCODER, DEFAULT_ENCODERS, Encoder
from indexer.encoder_files import MANIFEST_FILE, is_intact
from indexer.manifest import Recipe
from indexer.snapshot import load_newest
from indexer.words import Segmenter
from models.audit import AuditKey, same
from models.audit_points import key_noted, replaced_at
from models.database import Database
from models.errors import NavmatchError, NotFoundError, SetupError
from models.vocabulary.row import Entity

MIN_PYTHON: Final = (3, 11)
MIN_FREE_BYTES: Final = 1024**3
GIB: Final = 1024**3

_OTHERS: Final = stat.S_IRWXO

_NAMES: Final = {Entity.CAPABILITY: "服务能力", Entity.DEMAND: "需求", Entity.CASE: "案例"}
_CAUGHT_UP: Final = "运行中的服务自己跟进，没有运行的启动时补上"
"""By whom changes newer than the newest generation are read: the files alone do not tell."""

_FILES: Final = {
    Damage.RANKER: ("排序器", "navmatch train --use 版本（--list 列出现有的）"),
    Damage.ADAPTER: ("编码器调整", "navmatch train encoder --use 版本（--list 列出现有的）"),
    Damage.IPC_TABLE: ("IPC 名称表", "navmatch ipc import 名称表"),
}
"""What is called how, and how it is mended."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was found out about one thing.

    Attributes:
        name: The thing.
        is_ok: Whether nothing needs to be done.
        detail: What was found.
        mend: What to do when something needs to be done.
        is_advised: Whether `mend` should be done although everything works without.
    """

    name: str
    is_ok: bool
    detail: str
    mend: str = ""
    is_advised: bool = False


def check_all(installation: Installation) -> Iterator[Check]:
    """Yield the checks in the order in which problems are best mended."""
    settings = installation.settings
    yield check_python()
    yield check_data_dir(settings.data_dir)
    yield from check_privacy(settings.data_dir)
    yield check_disk(settings.data_dir)
    database = Database(settings.resolved_database_url) if settings.has_database else None
    yield from check_database(database)
    yield from check_audit_key(settings.resolved_audit_key_file, database)
    encoder, found = check_encoder(installation)
    yield found
    yield check_index(settings.index_dir, database, encoder)
    yield from check_files(settings, encoder)
    yield check_port(settings.host, settings.port)
    if database is not None:
        database.close()


def check_python() -> Check:
    """Check the version of Python."""
    found = ".".join(map(str, sys.version_info[:3]))
    wanted = ".".join(map(str, MIN_PYTHON))
    return Check(
        "Python",
        sys.version_info[:2] >= MIN_PYTHON,
        found,
        f"请安装 Python {wanted} 或更高版本后重新运行 make setup。",
    )


def check_data_dir(data_dir: Path) -> Check:
    """Check that the data directory can be written."""
    mend = "请换一个可写的目录：navmatch --data-dir 目录，或设置 NAVMATCH_DATA_DIR。"
    if data_dir.exists():
        is_writable = data_dir.is_dir() and os.access(data_dir, os.W_OK)
        return Check("数据目录", is_writable, str(data_dir.absolute()), mend)
    parent = _nearest_parent(data_dir)
    detail = f"{data_dir.absolute()}（尚未建立，首次运行时自动建立）"
    return Check("数据目录", os.access(parent, os.W_OK), detail, mend)


def check_privacy(data_dir: Path) -> Iterator[Check]:
    """Advise to shut a data directory that others of this machine can enter or list."""
    if data_dir.is_dir() and (mode := stat.S_IMODE(data_dir.stat().st_mode)) & _OTHERS:
        yield Check(
            "目录权限",
            True,
            f"{data_dir.absolute()} 的权限是 {mode:o}，本机其他用户能读到数据库和索引",
            f"chmod 700 {shlex.quote(str(data_dir.absolute()))}",
            is_advised=True,
        )


def check_disk(data_dir: Path) -> Check:
    """Check the free space where the data directory lies."""
    free = shutil.disk_usage(_nearest_parent(data_dir)).free
    return Check(
        "磁盘空间",
        free >= MIN_FREE_BYTES,
        f"剩余 {free / GIB:.1f} GiB",
        "请清理磁盘，至少留出 1 GiB。",
    )


def check_database(database: Database | None) -> Iterator[Check]:
    """Check that the database answers, may be used and has tables that are up to date."""
    if database is None:
        yield Check("数据库", True, "尚未建立，首次运行时自动建立")
        return
    try:
        present, newest = database.revisions()
        problem = database.server_problem()
    except Exception as error:  # whatever it is, it is the finding
        mend = "请确认 NAVMATCH_DATABASE_URL 和文件权限；文件损坏时用备份替换它。"
        yield Check("数据库", False, f"无法打开（{type(error).__name__}）", mend)
        return
    yield Check("数据库", True, database.engine.url.render_as_string(hide_password=True))
    if database.engine.dialect.name == "postgresql":
        detail = "编码为 UTF8，行级安全有效" if problem is None else "程序不能在它上面运行"
        yield Check("数据库服务器", problem is None, detail, problem or "")
    is_current = present == newest
    detail = f"版本 {present or '无'}" + ("" if is_current else f"，最新为 {newest}")
    yield Check("数据表", is_current, detail, "navmatch reindex（会先自动升级数据表）")


def check_audit_key(key_file: Path, database: Database | None) -> Iterator[Check]:
    """Check that the audit key is that of the chain, once there is one."""
    noted = None
    if database is not None:
        with suppress(Exception), database.read() as session:  # what does not answer was said
            noted = key_noted(session)
    if noted is None:
        return
    mend = "到其他机器和备份里找原来的密钥文件，放回去；确实找不回来时 navmatch audit new-key"
    try:
        key = key_at_hand(key_file)
    except SetupError as error:
        yield Check("审计密钥", False, error.message, "按说明改正")
        return
    if key is None:
        yield Check("审计密钥", False, f"{key_file} 不存在或内容不完整", mend)
    else:
        is_ours = same(noted, key.fingerprint())
        detail = str(key_file) if is_ours else f"审计记录不是用 {key_file} 写成的"
        if _was_replaced(database, key):
            detail, mend = f"{key_file} 里的密钥已换过", "把新的密钥文件拷到这台机器"
        yield Check("审计密钥", is_ours, detail, mend)


def _was_replaced(database: Database | None, key: AuditKey) -> bool:
    if database is None:
        return False
    with database.read() as session:
        return replaced_at(session, key) is not None


def check_encoder(installation: Installation) -> tuple[Encoder | None, Check]:
    """Check the encoder's files, and return the encoder if it can be opened now."""
    settings = installation.settings
    if (settings.encoder or DEFAULT_ENCODER) in DEFAULT_ENCODERS:
        folder = settings.data_dir / "encoders" / FOLDER_NAME
        if not folder.is_dir():
            return None, Check("编码器", True, "文件尚未生成，首次使用时自动生成（约半分钟）")
        if not _is_whole(folder):
            detail = f"{folder} 中的文件缺失或被改动"
            return None, Check("编码器", False, detail, "navmatch reindex（会自动重新生成）")
    try:
        encoder = installation.encoder()
    except NavmatchError as error:
        mend = _encoder_cure(error, is_named=bool(settings.encoder))
        return None, Check("编码器", False, error.message, mend)
    name = chosen_encoder(settings) or DEFAULT_ENCODER
    detail = f"{name}，{encoder.dim} 维，指纹 {encoder.fingerprint[:16]}"
    return encoder, Check("编码器", True, detail)


def check_index(folder: Path, database: Database | None, encoder: Encoder | None) -> Check:
    """Check that the index is whole, of this encoder, and holds what the database holds."""
    mend = "navmatch reindex"
    if not any(folder.glob("gen-*")):
        return Check("索引", True, "尚未建立，首次运行时自动建立")
    if encoder is None or database is None:
        return Check("索引", False, "编码器或数据库不可用，无法核对", "先修复上面的问题")
    words = Segmenter(domain_words(Vocabularies.load())).version
    source = DatabaseDocuments(database, encoder.fingerprint)
    recipe = Recipe(encoder.fingerprint, words, encoder.dim)
    loaded = load_newest(folder, recipe, lambda seq, mark: source.mark(seq) == mark)
    if loaded is None:
        return Check("索引", False, "已损坏，或由另一编码器、另一版本、另一数据库建成", mend)
    name, seq, _, segments = loaded
    n_behind = source.last_seq() - seq
    if n_behind > 0:
        return Check("索引", True, f"{name}，之后有 {n_behind} 条变更；{_CAUGHT_UP}")
    held = {kind: segment.n_rows for kind, segment in segments.items()}
    stored = {kind: len(source.load(kind, source.all_ids(kind))) for kind in KINDS}
    counts = "，".join(f"{_NAMES[k]} {held.get(k, 0)}/{stored[k]}" for k in KINDS)
    return Check("索引", held == stored, f"{name}（索引/数据库）：{counts}", mend)


def check_files(settings: Settings, encoder: Encoder | None) -> Iterator[Check]:
    """Check what somebody put in use; the table only where there is an encoder to compare it."""
    found = FileWatch(settings, encoder.fingerprint if encoder is not None else None).look()
    for damage, (name, mend) in _FILES.items():
        error = found.get(damage)
        detail = "没有发现损坏" if error is None else f"{damage}：{error.message}"
        yield Check(name, error is None, detail, mend)


def check_port(host: str, port: int) -> Check:
    """Check that the port is free, or that navmatch itself answers there."""
    where = f"{host}:{port}"
    try:
        with socket.create_server((host, port)):
            return Check("端口", True, f"{where} 空闲")
    except OSError as error:
        if _is_navmatch(host, port):
            return Check("端口", True, f"{where} 上已有 navmatch 在运行")
        detail = f"{where} 不可用：{error.strerror}"
        return Check("端口", False, detail, f"navmatch serve --port {port % 65_535 + 1}")


def _encoder_cure(error: NavmatchError, *, is_named: bool) -> str:
    """Return what to do about an encoder that cannot be opened."""
    file = str(error.fields.get("file", ""))
    use = f"navmatch train encoder --use 版本（{SHIPPED} 为随软件附带的）"
    if not is_named and file == HISTORY_FILE:
        return f"先删除这份记录，再 {use}"
    if not is_named and (file.endswith(SUFFIX) or isinstance(error, NotFoundError)):
        return use
    return "按说明改正 NAVMATCH_ENCODER"


def _nearest_parent(path: Path) -> Path:
    return next(p for p in (path.absolute(), *path.absolute().parents) if p.exists())


def _is_whole(folder: Path) -> bool:
    try:
        origin = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))["origin"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return is_intact(folder, origin)


def _is_navmatch(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        reply = connection.getresponse()
        return reply.status == http.HTTPStatus.OK and reply.getheader("X-Request-ID") is not None
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
