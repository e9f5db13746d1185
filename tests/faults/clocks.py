"""A clock that a running server believes, and that a test sets: libfaketime around it."""

from pathlib import Path
from typing import Final

LIBRARIES: Final = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/faketime/libfaketimeMT.so.1",
    "/usr/lib64/faketime/libfaketimeMT.so.1",
)


class ServerClock:
    """Sets the clock of processes started with its variables.

    Only the wall clock is set: what has passed since the machine started is measured as ever,
    as when somebody sets the time of a real machine.
    """

    def __init__(self, file: Path, library: Path) -> None:
        self._file = file
        self.variables = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.set("+0")

    def set(self, offset: str) -> None:
        """Set it by an offset like `-1d` or `+300s`, or let it stand at `2026-01-31 12:00:00`."""
        aside = self._file.with_suffix(".new")
        aside.write_text(f"{offset}\n")
        aside.replace(self._file)


def find_library() -> Path | None:
    """Return libfaketime, None when it is not installed (`apt-get install faketime`)."""
    return next((Path(name) for name in LIBRARIES if Path(name).is_file()), None)
