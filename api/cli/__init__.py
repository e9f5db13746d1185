"""The command line `navmatch`, in Chinese: one module a group of commands.

May import everything else; nothing imports it. Messages go to standard error, results that
another program may read to standard output or into files.
"""

import ctypes
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

N_ARENAS: Final = 2
_M_ARENA_MAX: Final = -8
"""Number of the setting in malloc.h of the GNU C library."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    Args:
        arguments: Words after the program's name; those of the process when None.
    """
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # read when the libraries are loaded, and only then
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    share_arenas()
    words = list(sys.argv[1:] if arguments is None else arguments)
    with nothing_collected():
        from api.cli.app import app_for, run

        app_for(words)  # loads the other commands, if one of them is meant
    return run(words)


def share_arenas() -> None:
    """Have all threads of this process, and of those it starts, take memory from two arenas.

    The GNU C library gives each thread one, up to eight a core, and what is freed in one is of
    no use to the others: memory grows with every thread that ever was. Other libraries have no
    such setting and are left as they are.
    """
    wanted = os.environ.setdefault("MALLOC_ARENA_MAX", str(N_ARENAS))
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None and wanted == str(N_ARENAS):  # another number was obeyed at the start
        mallopt(_M_ARENA_MAX, N_ARENAS)


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
