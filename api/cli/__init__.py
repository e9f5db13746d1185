"""The command line `navmatch`, in Chinese: one module a group of commands.

May import everything else; nothing imports it. Messages go to standard error, results that
another program may read to standard output or into files.
"""

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    Args:
        arguments: Words after the program's name; those of the process when None.
    """
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # read when the libraries are loaded, and only then
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    with nothing_collected():
        from api.cli.app import run

    return run(arguments)


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Load modules without looking for garbage among what they make, then or later.

    They stay as long as the process. Looking costs a fifth of the CPU a service takes to start,
    and later 0.17 s, again and again, in which no request is answered.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
