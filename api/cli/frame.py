"""The program around its commands: what all have in common, and how one is added."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer

from api.cli import serve
from api.cli.console import output
from api.cli.installation import Installation, read_settings
from api.cli.wording import HELP_NAMES, ChineseCommand, ChineseGroup
from api.program import program_version
from models.occasion import name_act

_EPILOG: Final = (
    "退出码：0 成功；1 未完成或全部被拒绝；2 用法不对；"
    "3 环境有问题（先运行 navmatch doctor）；130 被中断。"
)


def _show_version(wanted: bool) -> None:
    if wanted:
        output().print(f"navmatch {program_version()}")
        raise typer.Exit


def _choose(
    ctx: typer.Context,
    data_dir: Annotated[
        Path | None,
        typer.Option(help="数据目录，代替环境变量 NAVMATCH_DATA_DIR。", metavar="目录"),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(help="编码器，代替环境变量 NAVMATCH_ENCODER。", metavar="名称或目录"),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="出错时显示完整的调用过程。")] = False,
    show_version: Annotated[
        bool,
        typer.Option("--version", help="显示版本号。", is_eager=True, callback=_show_version),
    ] = False,
) -> None:
    """Read the settings every command needs."""
    name_act(f"navmatch {ctx.invoked_subcommand}")
    if ctx.obj is None:
        ctx.obj = Installation(read_settings(data_dir=data_dir, encoder=encoder))


def new_app() -> typer.Typer:
    """Return the program with the one command a service is started with."""
    app = typer.Typer(
        name="navmatch",
        cls=ChineseGroup,
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings=HELP_NAMES,
        epilog=_EPILOG,
    )
    app.callback(help="专利导航需求匹配检索：导入需求和服务机构，排序匹配并说明理由。")(_choose)
    add_command(app, "serve", serve.serve, "启动服务：接口、文档页和网页。")
    return app


def add_command(app: typer.Typer, name: str, function: Callable[..., object], text: str) -> None:
    """Add a command to the program.

    Args:
        app: The program.
        name: How it is called.
        function: Does it.
        text: What its help page says it does.
    """
    app.command(name, cls=ChineseCommand, help=text, context_settings=HELP_NAMES)(function)
