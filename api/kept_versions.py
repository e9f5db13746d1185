"""Versions of something trained, kept as files in a folder: one in use, every step reversible.

Beside each file stands its checksum, and the record of what was in use has its own: what was
changed since it was written is refused, never used with other numbers. A record from before there
were checksums is believed once, with its versions, and written anew.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from models.checksums import (
    ChecksumError,
    checksum_of,
    note_checksum,
    noted_checksum,
    read_checked,
    write_with_checksum,
)
from models.durable import make_folder, remove_left_over, write_whole
from models.errors import FileDamagedError, NotFoundError, SetupError

SHIPPED: Final = "shipped"
"""Version that comes with the program."""

HISTORY_FILE: Final = "history.json"
"""Versions in the order they were taken into use, the last of which is in use; and a checksum."""


@dataclass(frozen=True)
class KeptVersions:
    """Versions in a folder of the data directory, which need not exist.

    Attributes:
        folder: Where they are.
        suffix: How the names of their files end, dot included.
        subject: Chinese name of what is kept.
        shipped_subject: Chinese name of the one that comes with the program.
        command: Command that lists them.
    """

    folder: Path
    suffix: str
    subject: str
    shipped_subject: str
    command: str

    @property
    def in_use(self) -> str:
        """Version in use."""
        history = self.history()
        return history[-1] if history else SHIPPED

    def content(self, version: str) -> bytes:
        """Return what the file of a version holds.

        Raises:
            NotFoundError: there is no such version.
            FileDamagedError: it is not what was written, or nothing says what was.
        """
        path = self.path(version)
        try:
            return read_checked(path)
        except (ChecksumError, OSError) as error:
            raise self._damaged(path) from error

    def require_checksum(self, version: str) -> None:
        """See that something says what a version must be, whether its file is that, gone or not.

        Raises:
            NotFoundError: there is no such version, and nothing says what it was.
            FileDamagedError: nothing says it.
        """
        path = self.folder / f"{version}{self.suffix}"
        try:
            is_noted = noted_checksum(path) is not None
        except (ChecksumError, OSError):
            is_noted = False
        if not is_noted:
            raise self._damaged(self.path(version))

    def path(self, version: str) -> Path:
        """Return the file of a version.

        Raises:
            NotFoundError: there is no such version.
        """
        if version not in self.names():
            raise NotFoundError(
                f"没有版本为 {version} 的{self.subject}。用 {self.command} 查看现有的版本。"
            )
        return self.folder / f"{version}{self.suffix}"

    def names(self) -> list[str]:
        """Return the versions kept, oldest first, without the shipped one."""
        files = (p for p in self.folder.glob(f"*{self.suffix}") if p.name != HISTORY_FILE)
        found = (p.name.removesuffix(self.suffix) for p in files)
        return sorted(found, key=lambda version: (len(version), version))

    def history(self) -> list[str]:
        """Return the versions in the order they were taken into use.

        Raises:
            FileDamagedError: the file that says so is not what was written.
            SetupError: it has no checksum yet, and none can be written.
        """
        path = self.folder / HISTORY_FILE
        try:
            content = json.loads(path.read_text("utf-8"))
            if isinstance(content, list):
                return self._sealed_now(list(map(str, content)))
            versions = [str(version) for version in content["versions"]]
            if content["sha256"] != _checksum_of(versions):
                raise ChecksumError
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise FileDamagedError(
                f"{self.subject}的记录 {path} 已损坏。删除它即恢复{self.shipped_subject}。",
                file=path.name,
            ) from error
        return versions

    def next_version(self, day: date) -> str:
        """Return a version that is not taken: the day and a number."""
        taken = set(self.names())
        number = 1
        while (version := f"{day:%Y%m%d}-{number:03}") in taken:
            number += 1
        return version

    def install(self, version: str, content: bytes) -> None:
        """Keep the content of a version's file and take the version into use."""
        make_folder(self.folder)
        remove_left_over(self.folder)  # of any version: the next one has another name
        write_with_checksum(self.folder / f"{version}{self.suffix}", content)
        self._write_history([*self.history(), version])

    def use(self, version: str) -> None:
        """Take a version into use; whether it can be used is for the caller to see.

        Raises:
            NotFoundError: there is no such version.
            FileDamagedError: its file is not what was written.
        """
        if version != SHIPPED:
            self.content(version)
        self._write_history([*self.history(), version])

    def previous(self) -> str:
        """Return the version that was in use before the present one.

        Raises:
            NotFoundError: none was.
        """
        history = self.history()
        if not history:
            raise NotFoundError(f"正在使用{self.shipped_subject}，没有更早的版本可退回。")
        return history[-2] if len(history) > 1 else SHIPPED

    def back(self) -> str:
        """Take the version before the present one into use, and return it.

        Raises:
            NotFoundError: none was in use before, or it is gone.
            FileDamagedError: its file is not what was written.
        """
        version = self.previous()
        if version != SHIPPED:
            self.content(version)
        self._write_history(self.history()[:-1])
        return version

    def _sealed_now(self, versions: list[str]) -> list[str]:
        """Give the versions of a record without checksum theirs, then the record its own."""
        try:
            for name in self.names():
                note_checksum(self.folder / f"{name}{self.suffix}")
            self._write_history(versions)
        except OSError as error:
            raise SetupError(
                f"{self.subject}的记录 {self.folder / HISTORY_FILE} 还没有校验值，补写不了："
                f"{error.strerror}。请检查磁盘空间和这个目录的权限。"
            ) from error
        return versions

    def _write_history(self, versions: Sequence[str]) -> None:
        make_folder(self.folder)
        content = {"versions": list(versions), "sha256": _checksum_of(versions)}
        line = json.dumps(content, ensure_ascii=False) + "\n"
        write_whole(self.folder / HISTORY_FILE, line.encode())

    def _damaged(self, path: Path) -> FileDamagedError:
        return FileDamagedError(
            f"{self.subject}文件 {path.name} 与装入时的校验值不符，或校验值缺失。"
            f"请先用 --use 改用别的版本（{self.command} 列出现有的，{SHIPPED} 即"
            f"{self.shipped_subject}），需要时再重新训练。",
            file=path.name,
        )


def _checksum_of(versions: Sequence[str]) -> str:
    return checksum_of(json.dumps(list(versions)).encode())
