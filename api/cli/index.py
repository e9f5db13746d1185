"""`navmatch reindex`: the index built anew from the database."""

import typer

from api.cli.console import progress, say
from indexer.documents import KINDS
from models.vocabulary.row import Entity

_NAMES = {Entity.CAPABILITY: "服务能力", Entity.DEMAND: "需求", Entity.CASE: "案例"}


def reindex(ctx: typer.Context) -> int:
    """Build a new generation; vectors that are known already are not computed again."""
    with ctx.obj.readers() as service:
        service.intake.demands.expire_overdue()
        with progress("重建索引") as told:
            view = service.synchroniser.rebuild(told)
    counts = "，".join(f"{_NAMES[kind]} {view.of(kind).n_alive} 条" for kind in KINDS)
    say(f"索引已重建：{counts}（版本 {view.version}）。")
    return 0
