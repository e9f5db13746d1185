"""`navmatch doctor`: what works, what does not, and the command that mends it."""

import typer

from api.cli.checks import check_all
from api.cli.console import add_row, output, say, table


def doctor(ctx: typer.Context) -> int:
    """Check the installation line by line."""
    shown = table("运行环境检查", "项目", "结果", "说明", "怎样修复")
    n_problems = n_advised = 0
    for check in check_all(ctx.obj):
        n_problems += not check.is_ok
        n_advised += check.is_advised
        result = "有问题" if not check.is_ok else "注意" if check.is_advised else "正常"
        mend = check.mend if check.is_advised or not check.is_ok else ""
        add_row(shown, check.name, result, check.detail, mend)
    output().print(shown)
    if n_problems:
        say(f"有 {n_problems} 项需要处理，修复后再运行一次。")
    else:
        say(f"都能运行，有 {n_advised} 项建议处理。" if n_advised else "一切正常。")
    return int(n_problems > 0)
