"""A disk that loses power: of what was written it surely holds only what was synced.

Anything else may be there, in part, or not at all. So nothing may be given a name before it is
synced, nothing that has a name may be written over, and at the end all must be synced: files by
themselves, names by their folder.
"""

import builtins
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self

import pytest

LOCKS: Final = ".lock"
"""How the names of files end whose content and presence say nothing."""

ASIDE: Final = ".part"
"""How the names of files and folders end that a later writer removes: at once where there is
one name, after an hour where each writer has its own."""


class Disk:
    """Watches what this process does in a folder.

    Attributes:
        faults: What a failure of the power could have left broken, or would leave missing.
    """

    def __init__(self, root: Path) -> None:
        """Take all that is in the folder for synced."""
        self.faults: list[str] = []
        self._root = root
        self._held: dict[int, object] = {}
        self._handles: list[int] = []

    @contextmanager
    def watching(self) -> Iterator[Self]:
        """Watch what is done meanwhile; then look whether all of it is on disk."""
        for path in (self._root, *self._root.rglob("*")):
            descriptor = os.open(path, os.O_RDONLY)
            self._sync(descriptor)
            os.close(descriptor)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "fsync", self._sync)
            for name in ("rename", "replace", "link"):
                patch.setattr(os, name, self._naming(getattr(os, name)))
            patch.setattr(os, "open", self._opening(os.open))
            for module in (io, builtins):
                patch.setattr(module, "open", self._opening(io.open))
            yield self
        self.faults += self._missing(self._root)
        self.faults += self._returning(self._root)
        for handle in self._handles:
            os.close(handle)

    def _sync(self, descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}")
        self._handles.append(os.open(path, os.O_RDONLY))  # so that the number goes to no other file
        self._held[os.fstat(descriptor).st_ino] = _state(path)

    def _naming(self, call: Callable[..., None]) -> Callable[..., None]:
        def name(source: Path, target: Path, **options: Any) -> None:
            self.faults += [f"named too early: {fault}" for fault in self._missing(Path(source))]
            call(source, target, **options)

        return name

    def _opening(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def opened(file: Any, *how: Any, **options: Any) -> Any:
            first = how[0] if how else options.get("mode", "r")
            empties = "w" in first if isinstance(first, str) else first & os.O_TRUNC
            if empties and isinstance(file, str | Path) and self._is_kept(Path(file)):
                self.faults.append(f"written over: {Path(file).name}")
            return call(file, *how, **options)

        return opened

    def _is_kept(self, path: Path) -> bool:
        return path.is_relative_to(self._root) and path.is_file() and path.stat().st_size > 0

    def _missing(self, path: Path) -> list[str]:
        """What is at a place and not on disk, apart from the name of the place itself."""
        held = self._held.get(path.stat().st_ino)
        if not path.is_dir():
            return [] if held == _state(path) else [f"content of {path.name}"]
        names = held if isinstance(held, dict) else {}
        found = []
        for child in sorted(path.iterdir()):
            if not child.name.endswith(LOCKS):
                is_named = names.get(child.name) == child.stat().st_ino
                found += [] if is_named else [f"name of {child.name}"]
                found += self._missing(child)
        return found

    def _returning(self, path: Path) -> list[str]:
        """What was removed from a folder and would be there again."""
        found = []
        for folder in (path, *(p for p in path.rglob("*") if p.is_dir())):
            held = self._held.get(folder.stat().st_ino)
            gone = set(held) - set(os.listdir(folder)) if isinstance(held, dict) else set()
            found += [f"returns: {name}" for name in sorted(gone) if not name.endswith(ASIDE)]
        return found


def _state(path: Path) -> object:
    """Return the content of a file, or the names in a folder with what they stand for."""
    if path.is_dir():
        return {name: (path / name).stat().st_ino for name in os.listdir(path)}
    return path.read_bytes()
