"""The program around its commands, and every error turned into one Chinese sentence."""

import errno
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from api.cli import serve
from api.cli.console import complain, messages, output
from api.cli.installation import Installation, read_settings
from api.cli.wording import HELP_NAMES, ChineseCommand, ChineseGroup, sentence_of
from api.program import program_version
from api.settings import arm_failpoints
from models.errors import NavmatchError, SetupError
from models.occasion import Occasion, during, name_act
from models.viewer import acting_as, system

EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2
EXIT_SETUP: Final = 3
EXIT_INTERNAL: Final = 70
EXIT_INTERRUPTED: Final = 130

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


def run(arguments: Sequence[str] | None = None, installation: Installation | None = None) -> int:
    """Run a command and return its exit code.

    Args:
        arguments: Words after the program's name; those of the process when None.
        installation: What commands work on; made from the settings when None.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        arm_failpoints()
        with acting_as(system("cli")), during(Occasion("navmatch")):
            code: Any = get_command(app_for(words)).main(
                args=words, prog_name="navmatch", standalone_mode=False, obj=installation
            )
    except Exception as error:
        if "--debug" in words:
            raise
        return _explain(error)
    if code == EXIT_INTERRUPTED:
        complain("已中断。此前已写入的内容仍然有效，重新运行即可继续。")
    return code if isinstance(code, int) else 0


def app_for(words: Sequence[str]) -> typer.Typer:
    """Return the program; with `serve` alone where that is all a process is started for.

    Every worker is started so. What the other commands need is a tenth of the modules.
    """
    if words[:1] == ["serve"]:
        return new_app()
    from api.cli.commands import app

    return app


def _explain(error: Exception) -> int:
    """Say in one sentence what went wrong, and return the exit code for it."""
    if isinstance(error, NavmatchError):
        complain(error.message)
        return EXIT_SETUP if isinstance(error, SetupError) else EXIT_FAILED
    if type(error).__name__ == "NoArgsIsHelpError":
        messages().print(str(error))
        return EXIT_USAGE
    if isinstance(error, TyperException):
        complain(f"{sentence_of(error)}用法见 navmatch --help。")
        return EXIT_USAGE
    if isinstance(error, OSError):
        complain(_system_sentence(error))
        return EXIT_FAILED
    if type(error).__module__.startswith("sqlalchemy"):
        complain(
            "数据库无法使用：文件可能损坏、被锁住或不是本软件的数据库。请运行 navmatch doctor。"
        )
        return EXIT_SETUP
    complain(
        f"程序内部出错（{type(error).__name__}）。请加 --debug 重新运行，把输出交给维护者："
        f"navmatch --debug …"
    )
    return EXIT_INTERNAL


def _system_sentence(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "磁盘空间不足，请清理后重新运行。"
    where = f" {error.filename}" if error.filename else ""
    return f"系统拒绝了操作{where}：{error.strerror or error}。请检查路径和权限。"
