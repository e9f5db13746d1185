"""Help pages and usage errors in Chinese, where the command-line library speaks English."""

import re
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typer.core import TyperCommand, TyperGroup

HELP_NAMES: Final = {"help_option_names": ["-h", "--help"]}
_HELP_OF_HELP: Final = "显示这段说明。"
_SENTENCES: Final = (
    (re.compile(r"No such command '?([^']*?)'?\.?$"), "没有命令 {0}。"),
    (re.compile(r"Missing command"), "请写一个命令。"),
    (re.compile(r"unexpected extra argument\S* \((.*)\)$"), "多出了参数 {0}。"),
    (re.compile(r"requires an argument"), "有一个选项后面缺少它的值。"),
)
_REASONS: Final = (
    (re.compile(r"is not one of (.+?)\.?$"), "可填 {0}"),
    (re.compile(r"valid integer"), "应是整数"),
    (re.compile(r"greater than or equal to (\S+)"), "不能小于 {0}"),
    (re.compile(r"less than or equal to (\S+)"), "不能大于 {0}"),
)


class ChineseCommand(TyperCommand):
    """A command whose help page is in Chinese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - the library's types
        """Write the help page."""
        formatter.write(_page(self, ctx))


class ChineseGroup(TyperGroup):
    """The program itself; its help page lists the commands."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write the help page."""
        formatter.write(_page(self, ctx))


def sentence_of(error: Any) -> str:  # noqa: ANN401 - the library's error classes are private
    """Return a usage error as a Chinese sentence."""
    kind = type(error).__name__
    message = str(error.message)
    if kind == "NoSuchOption":
        near = "、".join(sorted(error.possibilities or ()))
        return f"没有选项 {error.option_name}。" + (f"是不是想写 {near}？" if near else "")
    if kind == "MissingParameter":
        return f"缺少{_name(error)}。"
    if kind == "BadParameter":
        return f"{_name(error)}的值不对{_reason(message)}。"
    if kind == "BadOptionUsage":
        return f"选项 {error.option_name} 后面缺少它的值。"
    for pattern, sentence in _SENTENCES:
        if match := pattern.search(message):
            return sentence.format(*match.groups())
    return message


def _reason(message: str) -> str:
    for pattern, reason in _REASONS:
        if match := pattern.search(message):
            return "：" + reason.format(
                *(g.replace("', '", "、").strip("'") for g in match.groups())
            )
    return ""


def _name(error: Any) -> str:  # noqa: ANN401
    param = error.param
    if param is None:
        return "参数"
    if param.param_type_name == "argument":
        return f"参数“{_metavar(param, error.ctx)}”"
    return f"选项 {max(param.opts, key=len)} "


def _page(command: Any, ctx: Any) -> str:  # noqa: ANN401
    console = Console(width=max(60, min(110, Console().width)), no_color=True)
    with console.capture() as captured:
        console.print(f"用法：{_usage(command, ctx)}", highlight=False, markup=False)
        for paragraph in (command.help or "").split("\n\n"):
            console.print()
            console.print(escape(paragraph), highlight=False)
        params = command.get_params(ctx)
        arguments = [p for p in params if p.param_type_name == "argument"]
        options = [p for p in params if p.param_type_name == "option" and not p.hidden]
        _rows(console, "参数", [(_metavar(p, ctx), p.help or "") for p in arguments])
        _rows(console, "选项", [(_option(p, ctx), _option_help(p)) for p in options])
        commands = getattr(command, "commands", {})
        _rows(console, "命令", [(n, _first_line(c)) for n, c in commands.items() if not c.hidden])
        if command.epilog:
            console.print()
            console.print(escape(command.epilog), highlight=False)
    return captured.get()


def _usage(command: Any, ctx: Any) -> str:  # noqa: ANN401
    arguments = [
        _metavar(p, ctx) for p in command.get_params(ctx) if p.param_type_name == "argument"
    ]
    rest = ["命令", "…"] if hasattr(command, "commands") else arguments
    return " ".join([ctx.command_path, "[选项]", *rest])


def _rows(console: Console, title: str, rows: list[tuple[str, str]]) -> None:
    if not rows:
        return
    console.print()
    console.print(f"{title}：", highlight=False)
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for left, right in rows:
        grid.add_row(escape(f"  {left}"), escape(right))
    console.print(grid, highlight=False)


def _metavar(param: Any, ctx: Any) -> str:  # noqa: ANN401
    return str(param.metavar or param.name.upper())


def _option(param: Any, ctx: Any) -> str:  # noqa: ANN401
    names = ", ".join([*param.opts, *param.secondary_opts])
    return names if param.is_flag else f"{names} {_metavar(param, ctx)}"


def _option_help(param: Any) -> str:  # noqa: ANN401
    if "--help" in param.opts:
        return _HELP_OF_HELP
    text = param.help or ""
    if param.required:
        return f"{text}（必填）"
    if param.default in (None, False, (), []) or param.is_flag or not param.show_default:
        return text
    return f"{text}（默认 {getattr(param.default, 'value', param.default)}）"


def _first_line(command: Any) -> str:  # noqa: ANN401
    return str(command.help or "").partition("\n")[0]
