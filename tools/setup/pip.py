"""Runs the environment's pip: output into a log file, one line of progress on the terminal."""

import os
import queue
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from tools.setup.diagnosis import explain
from tools.setup.errors import SetupError
from tools.setup.progress import Progress

# These would send the packages somewhere else than into the environment.
_MISLEADING: Final = (
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PYTHONHOME",
    "PYTHONPATH",
)


@dataclass(frozen=True)
class Pip:
    """The pip of one environment, and where its packages come from.

    Attributes:
        python: The environment's interpreter.
        log: File that receives everything pip prints.
        wheelhouse: Folder of wheels to install from instead of the package index, or None.
    """

    python: Path
    log: Path
    wheelhouse: Path | None = None

    def install(self, title: str, arguments: Sequence[str], n_packages: int = 0) -> None:
        """Run `pip install` with `arguments` under a progress line that starts with `title`.

        Args:
            title: What is being installed, in Chinese.
            arguments: Arguments after `pip install`.
            n_packages: How many packages are expected; 0 where unknown.

        Raises:
            SetupError: pip failed; the message says why and what to do.
        """
        offline = (
            [] if self.wheelhouse is None else ["--no-index", f"--find-links={self.wheelhouse}"]
        )
        self.run(title, ["install", "--root-user-action=ignore", *offline, *arguments], n_packages)

    def run(self, title: str, arguments: Sequence[str], n_packages: int = 0) -> None:
        """Run any pip command; arguments and errors as for `install`."""
        common = ["--no-input", "--disable-pip-version-check", "--progress-bar=off"]
        command = [str(self.python), "-m", "pip", arguments[0], *common, *arguments[1:]]
        line = Progress(title, n_packages)
        lines: list[str] = []
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"\n$ {' '.join(command)}\n")
            with subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                env=_environment(),
            ) as process:
                for output in _lines(process.stdout):
                    line.show(output)
                    if output:
                        log.write(output)
                        lines.append(output)
        if process.returncode != 0:
            line.end("失败")
            trailer = "Killed\n" if process.returncode == -9 else ""
            raise SetupError(explain("".join(lines) + trailer, self.wheelhouse, self.log))
        line.end("完成")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    return kept | {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}


def _lines(stream: IO[str] | None) -> Iterator[str]:
    """The lines of a stream as they come, and an empty string for each second without one."""
    if stream is None:
        return
    waiting: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for output in stream:
            waiting.put(output)
        waiting.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            output = waiting.get(timeout=1)
        except queue.Empty:
            yield ""
            continue
        if output is None:
            return
        yield output
