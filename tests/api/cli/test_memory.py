"""Threads of the service share the memory the C library keeps."""

import platform
import subprocess
import sys

import pytest

from api.cli import N_ARENAS

PROGRAM = """
import ctypes, threading
{first}
made = [threading.Thread(target=lambda: (bytearray(10_000), started.wait())) for _ in range(16)]
started = threading.Barrier(len(made))
for thread in made: thread.start()
for thread in made: thread.join()
ctypes.CDLL(None).malloc_stats()
"""


def _count_arenas(first: str) -> int:
    """How many arenas there are once 16 threads have run."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", PROGRAM.format(first=first)],
        env={"PYTHONMALLOC": "malloc"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr.count("Arena ")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_threads_share_arenas() -> None:
    assert _count_arenas("") > N_ARENAS
    assert _count_arenas("from api.cli import main; main(['--version'])") <= N_ARENAS
