"""The command line `navmatch`, in Chinese: one module a group of commands.

May import everything else; nothing imports it. Messages go to standard error, results that
another program may read to standard output or into files.
"""

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    Args:
        arguments: Words after the program's name; those of the process when None.
    """
    from api.cli.app import run

    return run(arguments)
