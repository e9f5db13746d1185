"""`navmatch doctor`: what works, what does not, and the command that mends it."""

import typer

from api.cli.checks import check_all
from api.cli.console import add_row, output, say, table


def doctor(ctx: typer.Context) -> int:
    """Check the installation line by line."""
    shown = table("运行环境检查", "项目", "结果", "说明", "怎样修复")
    n_problems = 0
    for check in check_all(ctx.obj):
        n_problems += not check.is_ok
        result = "正常" if check.is_ok else "有问题"
        add_row(shown, check.name, result, check.detail, "" if check.is_ok else check.mend)
    output().print(shown)
    say("一切正常。" if not n_problems else f"有 {n_problems} 项需要处理，修复后再运行一次。")
    return int(n_problems > 0)
