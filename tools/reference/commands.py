"""The page of the command line, from the commands themselves."""

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from api.cli.commands import app
from tools.reference.markdown import code, plain, table

Parameter = Any
Command = Any
"""Classes of the library inside typer, which it does not show."""


def walk() -> Iterator[tuple[str, Command]]:
    """Yield every command with its name, the program itself under the empty name.

    A group is followed by its commands, each named with the group's name before its own.
    """
    program: Command = get_command(app)
    yield "", program
    for name, command in program.commands.items():
        yield name, command
        for inner_name, inner in getattr(command, "commands", {}).items():
            yield f"{name} {inner_name}", inner


def names_of(parameter: Parameter) -> tuple[str, ...]:
    """Return the names of an option, or the word that stands for an argument."""
    if parameter.param_type_name == "option":
        return (*parameter.opts, *parameter.secondary_opts)
    return (str(parameter.metavar or parameter.name),)


def render() -> str:
    """Return what each command does, its arguments and its options."""
    return "\n\n".join(_command(name, command) for name, command in walk())


def _command(name: str, command: Command) -> str:
    rows = [_row(parameter) for parameter in command.params if not parameter.hidden]
    parts = [f"## {f'navmatch {name}'.strip()}", command.help or ""]
    if rows:
        parts.append(table(("参数", "默认", "说明"), rows))
    return "\n\n".join(filter(None, parts))


def _row(parameter: Parameter) -> tuple[str, str, str]:
    names = "、".join(code(name) for name in names_of(parameter))
    is_option = parameter.param_type_name == "option"
    if is_option and not parameter.is_flag and parameter.metavar:
        names += f" {plain(parameter.metavar)}"
    default = getattr(parameter.default, "value", parameter.default)
    shown = "" if default in (None, False, ()) or not is_option else code(str(default))
    must = "（必填）" if parameter.required and is_option else ""
    return names, shown, plain(parameter.help or "") + must
