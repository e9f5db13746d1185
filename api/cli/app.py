"""A command is run, and every error turned into one Chinese sentence."""

import sys
from collections.abc import Sequence
from typing import Any, Final

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from api.cli.console import complain, messages
from api.cli.frame import new_app
from api.cli.installation import Installation
from api.cli.wording import sentence_of
from api.settings import arm_failpoints
from models.durable import NO_SPACE
from models.errors import NavmatchError, SetupError
from models.occasion import Occasion, during
from models.viewer import acting_as, system

EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2
EXIT_SETUP: Final = 3
EXIT_INTERNAL: Final = 70
EXIT_INTERRUPTED: Final = 130


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
    if error.errno in NO_SPACE:
        return "磁盘空间不足，请清理后重新运行。"
    where = f" {error.filename}" if error.filename else ""
    return f"系统拒绝了操作{where}：{error.strerror or error}。请检查路径和权限。"
