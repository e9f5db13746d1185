"""What the machine must offer before anything is installed."""

import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.setup.errors import SetupError

FIRST_PYTHON: Final = (3, 11)
LAST_PYTHON: Final = (3, 14)
OLDEST_GLIBC: Final = (2, 28)  # the locked wheels are manylinux_2_28 or older
GB: Final = 1024**3


@dataclass(frozen=True)
class Machine:
    """The facts about a machine on which the set-up depends."""

    python: tuple[int, int]
    system: str
    architecture: str
    libc: str
    libc_version: tuple[int, ...]


def this_machine() -> Machine:
    """The machine and interpreter this process runs on."""
    libc, version = platform.libc_ver()
    return Machine(
        python=sys.version_info[:2],
        system=platform.system(),
        architecture=platform.machine(),
        libc=libc,
        libc_version=tuple(int(part) for part in version.split(".") if part.isdigit()),
    )


def check_machine(machine: Machine) -> None:
    """Refuse a machine for which no locked wheel exists.

    Raises:
        SetupError: the interpreter or the platform is not supported.
    """
    if not FIRST_PYTHON <= machine.python <= LAST_PYTHON:
        met = ".".join(map(str, machine.python))
        raise SetupError(
            f"需要 Python 3.11 至 3.14，现在是 {met}，请用 PYTHON=解释器路径 指明合适的版本。"
        )
    if machine.system != "Linux":
        raise SetupError(
            f"不支持 {machine.system} 系统，请在 Linux（x86-64 或 aarch64）、WSL 或容器里运行。"
        )
    if machine.architecture not in {"x86_64", "aarch64"}:
        raise SetupError(
            f"不支持 {machine.architecture} 处理器，请换用 x86-64 或 aarch64 的 Linux 机器。"
        )
    if machine.libc != "glibc" or machine.libc_version < OLDEST_GLIBC:
        raise SetupError(
            "系统的 C 库不是 glibc 2.28 或更新的版本，"
            "请换用较新的发行版（如 Debian 11、Ubuntu 20.04、openEuler 22.03 及以后）。"
        )


def check_disk(folder: Path, n_gb: int) -> None:
    """Refuse to start a download that would fill the disk.

    Raises:
        SetupError: fewer than `n_gb` GB (2**30 bytes) are free where `folder` lies.
    """
    free = shutil.disk_usage(folder).free / GB
    if free < n_gb:
        raise SetupError(
            f"磁盘空间不足：{folder} 所在分区只剩 {free:.1f} GB，"
            f"请清理出至少 {n_gb} GB 后重新运行同一命令。"
        )
