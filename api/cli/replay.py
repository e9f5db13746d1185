"""`navmatch replay`: a ranking that was shown, made again."""

from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli.console import add_row, output, say, table
from api.matching import Matching
from api.replaying import Replay, Replaying
from api.routes.match_runs import read_replay

DIFFERENT: Final = 1
"""Exit code for a ranking that contradicts its own record."""


def replay(
    ctx: typer.Context,
    run_id: Annotated[str, typer.Argument(help="排名记录的编号（mr_ 开头）。", metavar="编号")],
    json_file: Annotated[
        Path | None, typer.Option("--json", help="完整结果写到这个文件。", metavar="文件")
    ] = None,
) -> int:
    """Make a recorded ranking again and say what is different."""
    with ctx.obj.service() as service:
        found = Replaying(service, Matching(service)).replay(run_id)
    _show(found)
    if json_file is not None:
        json_file.write_text(read_replay(found).model_dump_json(indent=1) + "\n", "utf-8")
        say(f"完整结果：{json_file}")
    return DIFFERENT if found.faults else 0


def _show(found: Replay) -> None:
    asked = found.asked_id or "一段没有存储的文字"
    shown = table(
        f"{found.created_at:%Y-%m-%d %H:%M:%S} UTC 的排名，提问：{asked}",
        "名次",
        "档位",
        "得分",
        "排名的单位",
        "记录",
    )
    for rank, match in enumerate(found.record.matches, start=1):
        add_row(
            shown,
            str(rank),
            match.band.value,
            f"{match.score:.4f}",
            match.group_id,
            match.document_id,
        )
    output().print(shown)
    for line in (*_verdict(found), *found.changes, *found.differences, *found.faults):
        say(line)


def _verdict(found: Replay) -> list[str]:
    sums = [] if found.faults else ["记录中的分数、档位和名次前后一致。"]
    if found.is_same is None:
        return sums
    return [*sums, "重新排名，结果相同。" if found.is_same else "重新排名，结果不同："]
