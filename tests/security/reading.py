"""Reads files one after another and tells what each took: `python -m tests.security.reading`."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from api.exchange.read import open_rows
from api.exchange.types import FileRefusedError


def main(paths: list[str]) -> int:
    """Write one JSON line a file: whether it was refused, and what that took."""
    for path in paths:
        sys.stdout.write(json.dumps(read(Path(path)), ensure_ascii=True) + "\n")
    return 0


def read(path: Path) -> dict[str, Any]:
    """Read a file and return what came of it, with the memory and time it took."""
    before = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak starts again
    start_s = time.perf_counter()
    problem, rows = "", []
    try:
        rows = [dict(row.cells) for row in open_rows(path).rows]
    except FileRefusedError as error:
        problem = error.message
    seconds = time.perf_counter() - start_s
    return {
        "name": path.name,
        "problem": problem,
        "rows": [{key: str(cell) for key, cell in row.items()} for row in rows[:5]],
        "mib": max(0, _memory("VmHWM") - before) / 1024,
        "seconds": seconds,
    }


def _memory(name: str) -> int:
    """Return a figure of this process's memory, in KiB."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
