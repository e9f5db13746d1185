"""`navmatch backup` and `navmatch restore`."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from api.backup import BackupOptions, back_up, look_into, put_back
from api.cli.audit import show_new_key, show_secrets
from api.cli.console import complain, output, progress, say, waiting
from api.lost_key import take_new_key
from api.old_backups import remove_older
from api.wiring import Service
from models.audit_trail import record
from models.backup_format import BackupManifest
from models.vocabulary.access import AuditAction

_PAGE: Final = "docs/how-to/back-up-and-restore.md"

MAX_KEEP_DAYS: Final = 36_500
"""A hundred years; so far back there is still a date to count from."""


def backup(
    ctx: typer.Context,
    path: Annotated[
        Path,
        typer.Argument(
            help="写到哪里：以 .zip 结尾是一个文件，否则是一个目录。", metavar="目录或文件"
        ),
    ],
    with_index: Annotated[
        bool,
        typer.Option("--with-index", help="连同索引一起备份：恢复后不必重建，立即可用。"),
    ] = False,
    with_keys: Annotated[
        bool,
        typer.Option("--with-keys", help="连同审计密钥一起备份：备份须加密保管。"),
    ] = False,
    keep_days: Annotated[
        int | None,
        typer.Option(
            "--keep-days",
            min=1,
            max=MAX_KEEP_DAYS,
            help="备份写好并核对无误后，删去同一目录里比它早这么多天以上的备份；别的文件不动。",
            metavar="天数",
        ),
    ] = None,
) -> int:
    """Write a backup; exit code 1 when rows in it are not as they were written."""
    with ctx.obj.store() as service:
        with progress("备份") as told:
            manifest = back_up(service, path, BackupOptions(with_index, with_keys), told)
        _say_what(manifest, f"已备份到 {path}")
        if manifest.n_damaged:
            complain(
                f"其中 {manifest.n_damaged} 行与校验值不符，照原样写入了备份。"
                "请运行 navmatch verify 查看。"
            )
        if not with_keys:
            say(f"备份里没有审计密钥，恢复时要用它：请另外保管，见 {_PAGE}。")
        is_swept = keep_days is None or _sweep(service, path, manifest, keep_days)
    return int(manifest.n_damaged > 0 or not is_swept)


def restore(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(help="备份的目录或文件。", metavar="目录或文件")],
    force: Annotated[
        bool, typer.Option("--force", help="目标数据库不是空的也恢复：现有内容全部丢弃。")
    ] = False,
    check_only: Annotated[
        bool, typer.Option("--check", help="只核对备份是否完好，不恢复。")
    ] = False,
    new_key: Annotated[
        bool,
        typer.Option(
            "--new-key",
            help="备份的审计密钥找不回来时，恢复后换用新的：备份里的审计记录不能再核对。",
        ),
    ] = False,
) -> int:
    """Put a backup in the place of what there is, then build the index."""
    if check_only:
        with waiting("正在核对备份…"):
            manifest = look_into(path)
        _say_what(manifest, "备份完好")
        return 0
    with progress("恢复") as told:
        manifest = put_back(ctx.obj.settings, path, force=force, is_key_lost=new_key, told=told)
    if new_key:
        show_new_key(take_new_key(ctx.obj.settings, show_secrets, is_restored=True))
    with ctx.obj.readers() as service:
        with service.database.write() as session:
            record(session, AuditAction.RESTORE)
        with progress("准备索引") as told:
            service.synchroniser.open(told)
    _say_what(manifest, "已恢复")
    say(
        f"备份以后撤销的密钥、停用的账号、改过的密码和彻底删除都已退回原状，请按 {_PAGE} 逐项重做。"
    )
    return 0


def _sweep(service: Service, path: Path, manifest: BackupManifest, keep_days: int) -> bool:
    """Remove old backups; return whether none was left that should go."""
    if manifest.n_damaged:
        complain("旧的备份里也许还有完好的行，所以一份也没有删去。")
        return False
    with waiting("正在核对备份…"):
        look_into(path)
    sweep = remove_older(path, manifest, timedelta(days=keep_days), service.source.mark)
    for removed in sweep.removed:
        output().print(f"已删去 {keep_days} 天以前的备份 {removed}")
    for left, why in sweep.left.items():
        complain(f"{left} 没有动：{why}")
    for spared, why in sweep.spared.items():
        say(f"{spared} 没有动：{why}")
    if not (sweep.removed or sweep.left or sweep.spared):
        say(f"没有 {keep_days} 天以前的备份要删。")
    return not sweep.left


def _say_what(manifest: BackupManifest, what: str) -> None:
    n_rows = sum(entry.n_rows for entry in manifest.tables.values())
    output().print(
        f"{what}：{len(manifest.tables)} 张表 {n_rows} 行，"
        f"截至第 {manifest.position} 号变更，{manifest.created_at}。"
    )
    say(f"表结构版本 {manifest.revision}；附带文件 {len(manifest.extras)} 个。")
