"""The trained rankers of an installation: kept as files, one in use, every step reversible."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from matcher.features import FEATURES, Feature
from matcher.ranker import Ranker
from models.errors import InvalidInputError, NotFoundError

SHIPPED: Final = "shipped"
"""Version of the weights that come with the program."""

HISTORY_FILE: Final = "history.json"
"""Versions in the order they were taken into use; the last is in use."""


@dataclass(frozen=True)
class Rankers:
    """Rankers in a folder of the data directory, which need not exist.

    Attributes:
        folder: Where they are.
    """

    folder: Path

    @property
    def in_use(self) -> str:
        """Version in use."""
        history = self.history()
        return history[-1] if history else SHIPPED

    def features(self, version: str | None = None) -> tuple[Feature, ...]:
        """Return the features with the weights of a version; of that in use when None.

        Raises:
            NotFoundError: there is no such version.
            InvalidInputError: its file cannot be used.
        """
        wanted = self.in_use if version is None else version
        return FEATURES if wanted == SHIPPED else self.read(wanted).apply(FEATURES)

    def read(self, version: str) -> Ranker:
        """Return a ranker.

        Raises:
            NotFoundError: there is no such version.
        """
        if version not in self.versions():
            raise NotFoundError(
                f"没有版本为 {version} 的排序器。用 navmatch train --list 查看现有的版本。"
            )
        return Ranker.read(self._path(version))

    def versions(self) -> list[str]:
        """Return the versions kept, oldest first, without the shipped one."""
        found = (p.stem for p in self.folder.glob("*.json") if p.name != HISTORY_FILE)
        return sorted(found, key=lambda version: (len(version), version))

    def history(self) -> list[str]:
        """Return the versions in the order they were taken into use.

        Raises:
            InvalidInputError: the file that says so is broken.
        """
        path = self.folder / HISTORY_FILE
        try:
            return [str(version) for version in json.loads(path.read_text("utf-8"))]
        except FileNotFoundError:
            return []
        except (ValueError, TypeError) as error:
            raise InvalidInputError(
                f"排序器的记录 {path} 已损坏。删除它即恢复随软件附带的权重。"
            ) from error

    def next_version(self, day: date) -> str:
        """Return a version that is not taken: the day and a number."""
        taken = set(self.versions())
        number = 1
        while (version := f"{day:%Y%m%d}-{number:03}") in taken:
            number += 1
        return version

    def install(self, ranker: Ranker) -> None:
        """Keep a ranker and take it into use."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _replace(self._path(ranker.version), ranker.to_json())
        self._write_history([*self.history(), ranker.version])

    def use(self, version: str) -> None:
        """Take a version into use.

        Raises:
            NotFoundError: there is no such version.
            InvalidInputError: it cannot be used with this version of the program.
        """
        self.features(version)
        self._write_history([*self.history(), version])

    def back(self) -> str:
        """Take the version before the present one into use, and return it.

        Raises:
            NotFoundError: none was in use before.
        """
        history = self.history()
        if not history:
            raise NotFoundError("正在使用随软件附带的权重，没有更早的版本可退回。")
        self._write_history(history[:-1])
        return self.in_use

    def _path(self, version: str) -> Path:
        return self.folder / f"{version}.json"

    def _write_history(self, versions: Sequence[str]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        _replace(self.folder / HISTORY_FILE, json.dumps(versions, ensure_ascii=False) + "\n")


def _replace(path: Path, content: str) -> None:
    """Write a file whole or not at all."""
    fresh = path.with_suffix(".tmp")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
