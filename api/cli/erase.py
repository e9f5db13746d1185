"""`navmatch erase`: something is gone for good, and the command waits until nothing is left."""

import time
from typing import Annotated, Final

import typer

from api.cli.console import say, waiting
from api.wiring import Service
from indexer.snapshot import is_rid_of
from models import repository
from models.erasure import Erasable

PATIENCE_S: Final = 60.0
PAUSE_S: Final = 0.2


def erase(
    ctx: typer.Context,
    kind: Annotated[
        Erasable,
        typer.Argument(
            help="organisation、person、base、demand、provider、capability 或 case。",
            metavar="种类",
        ),
    ],
    key: Annotated[str, typer.Argument(help="编号。", metavar="编号")],
    yes: Annotated[bool, typer.Option("--yes", help="不再询问。")] = False,
) -> int:
    """Erase something; exit code 1 when traces are still there after a minute."""
    if not yes and not typer.confirm(f"将彻底删除 {key}，不能恢复。继续吗？"):
        say("没有删除任何内容。")
        return 1
    with ctx.obj.readers() as service:
        erased = service.eraser.erase(kind, key)
        with waiting("正在清除索引和文件中的残留…"):
            is_clean = _wait_until_clean(service)
    counts = "，".join(f"{name} {n_rows} 行" for name, n_rows in sorted(erased.counts.items()))
    say(f"已删除：{counts}。备份中的副本要等备份过期才消失。")
    if not is_clean:
        say("仍有残留：正在运行的服务还在读取旧的索引或数据库日志。它会自行清除，稍后可再核对。")
    return 0 if is_clean else 1


def _wait_until_clean(service: Service) -> bool:
    """Return whether database files and index were rid of it within a minute."""
    with service.database.read() as session:
        seq = repository.last_seq(session)
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        service.synchroniser.catch_up()
        is_clean = service.eraser.finish()
        if is_clean and is_rid_of(service.settings.index_dir, seq):
            return True
        time.sleep(PAUSE_S)
    return False
