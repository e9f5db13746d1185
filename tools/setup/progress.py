"""The line that tells how far pip has come."""

import re
import sys
import time

_NOW = re.compile(r"^(Collecting|Processing|Obtaining) (?P<package>[^\s(;]+)")
_SIZE = re.compile(r"^\s+Downloading \S+ \((?P<size>[\d.]+ [kMG]B)\)")


class Progress:
    """One line, rewritten on a terminal; elsewhere one line at the start and one at the end."""

    def __init__(self, title: str, n_packages: int) -> None:
        self._title = title
        self._n_packages = n_packages
        self._n_seen = 0
        self._now = ""
        self._started = time.monotonic()
        self._terminal = sys.stdout.isatty()
        if not self._terminal:
            print(f"{title} …", flush=True)

    def show(self, output: str) -> None:
        """Take one line of pip's output (or none) and redraw."""
        if found := _NOW.match(output):
            self._n_seen += 1
            self._now = found["package"]
        elif found := _SIZE.match(output):
            self._now = f"{self._now.split('（')[0]}（{found['size']}）"
        elif output.startswith("Installing collected packages"):
            self._now = "写入环境"
        if self._terminal:
            count = f"{self._n_seen}/{self._n_packages} " if self._n_packages else ""
            print(f"\r\033[K{self._title} {count}{self._now} {self._seconds()}", end="", flush=True)

    def end(self, word: str) -> None:
        """Close the line with its outcome."""
        start = "\r\033[K" if self._terminal else ""
        print(f"{start}{self._title} {word}，{self._seconds()}", flush=True)

    def _seconds(self) -> str:
        return f"{time.monotonic() - self._started:.0f} 秒"
