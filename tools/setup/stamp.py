"""What the environment was last set up from, so that an unchanged one costs nothing."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Self

FILE_NAME: Final = "navmatch-setup.json"


@dataclass(frozen=True)
class Stamp:
    """SHA-256 of the files the environment was made from; empty where that part is not done.

    Attributes:
        torch: Version of torch that was installed and found to import.
        runtime: Of requirements.lock.
        dev: Of requirements-dev.lock.
        project: Of pyproject.toml.
        root: Folder of the checkout; an environment does not survive a move.
    """

    torch: str = ""
    runtime: str = ""
    dev: str = ""
    project: str = ""
    root: str = ""

    @classmethod
    def read(cls, environment: Path) -> Self:
        """The stamp of an environment; an empty one where none can be read."""
        try:
            fields = json.loads((environment / FILE_NAME).read_text(encoding="utf-8"))
            return cls(**{name: str(value) for name, value in fields.items()})
        except (OSError, ValueError, TypeError, AttributeError):
            return cls()

    def write(self, environment: Path, **done: str) -> Self:
        """Record finished parts and return the new stamp."""
        stamp = replace(self, **done)
        text = json.dumps(asdict(stamp), indent=2)
        (environment / FILE_NAME).write_text(text + "\n", encoding="utf-8")
        return stamp


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
