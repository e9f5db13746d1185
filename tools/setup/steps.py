"""The steps of the set-up, in order: environment, torch, locked requirements, the project."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from tools.setup.errors import SetupError
from tools.setup.machine import FIRST_PYTHON, LAST_PYTHON, check_disk
from tools.setup.pip import Pip
from tools.setup.stamp import Stamp, digest

NEEDED_GB: Final = 4  # measured: environment 1.8 GB, downloads 0.5 GB, unpacked and cached
CUDA_GB: Final = 9  # measured: environment 5.5 GB, downloads 2.2 GB, unpacked and cached


class Profile(StrEnum):
    """What the environment is for."""

    RUNTIME = "runtime"
    DEV = "dev"


@dataclass(frozen=True)
class Checkout:
    """The folders and files of one checkout that the set-up reads and writes."""

    root: Path

    @property
    def environment(self) -> Path:
        """The virtual environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.environment / "bin" / "python"

    @property
    def command(self) -> Path:
        """The project's command, as the environment offers it."""
        return self.environment / "bin" / "navmatch"

    @property
    def project(self) -> Path:
        """The file that declares the project."""
        return self.root / "pyproject.toml"

    def lock(self, profile: Profile) -> Path:
        """The lock file of a profile."""
        return self.root / (
            "requirements.lock" if profile is Profile.RUNTIME else "requirements-dev.lock"
        )

    def torch_version(self) -> str:
        """The torch release that pyproject.toml pins."""
        declared = tomllib.loads(self.project.read_text(encoding="utf-8"))["project"][
            "dependencies"
        ]
        pins = [found[1] for line in declared if (found := re.fullmatch(r"torch==(\S+)", line))]
        if len(pins) != 1:
            raise SetupError(
                "pyproject.toml 里没有写明 torch==版本，请恢复这个文件后重新运行同一命令。"
            )
        return pins[0]


def is_current(checkout: Checkout, profile: Profile) -> bool:
    """True if the environment was made from exactly the present files and still starts."""
    stamp = Stamp.read(checkout.environment)
    return (
        stamp.torch == checkout.torch_version()
        and stamp.project == digest(checkout.project)
        and stamp.root == str(checkout.root)
        and _has_lock(stamp, checkout, profile)
        and checkout.command.exists()
        and _python_version(checkout.python) is not None
    )


def set_up(checkout: Checkout, profile: Profile, wheelhouse: Path | None) -> None:
    """Bring the environment up to date; a part that is current is left alone.

    Raises:
        SetupError: a step failed; running it again goes on where it stopped.
    """
    stamp = Stamp.read(checkout.environment)
    if stamp.torch != checkout.torch_version() or not _has_lock(stamp, checkout, profile):
        check_disk(checkout.root, NEEDED_GB)
    make_environment(checkout)
    pip = Pip(checkout.python, checkout.environment / "setup.log", wheelhouse)
    stamp = _install_requirements(checkout, profile, pip)
    if not is_current(checkout, profile):
        arguments = ["--no-deps", "--no-build-isolation", f"--editable={checkout.root}"]
        pip.install("[3/3] 安装本项目", arguments)
        done = {"project": digest(checkout.project), "root": str(checkout.root)}
        stamp.write(checkout.environment, **done)


def _install_requirements(checkout: Checkout, profile: Profile, pip: Pip) -> Stamp:
    """Install torch and the locked packages where the stamp lacks them; the new stamp."""
    stamp = Stamp.read(checkout.environment)
    version = checkout.torch_version()
    if stamp.torch != version:
        pip.install(f"[1/3] 安装 torch {version}", ["--no-deps", f"torch=={version}"])
    if not _has_lock(stamp, checkout, profile):
        lock = checkout.lock(profile)
        arguments = ["--no-deps", "--require-hashes", f"--requirement={lock}"]
        pip.install("[2/3] 安装锁定的依赖", arguments, n_packages=_count(lock))
        stamp = stamp.write(checkout.environment, **{profile.value: digest(lock)})
    if stamp.torch != version:
        _complete_torch(checkout, pip, version)
        stamp = stamp.write(checkout.environment, torch=version)
    return stamp


def make_environment(checkout: Checkout) -> None:
    """Make `.venv`; make it anew where it was moved, no longer starts or is out of range."""
    version = _python_version(checkout.python)
    is_here = Stamp.read(checkout.environment).root in {"", str(checkout.root)}
    if is_here and version is not None and FIRST_PYTHON <= version <= LAST_PYTHON:
        return
    shutil.rmtree(checkout.environment, ignore_errors=True)
    print("新建虚拟环境 .venv …", flush=True)
    try:
        venv.EnvBuilder(with_pip=True, symlinks=os.name == "posix").create(checkout.environment)
    except subprocess.CalledProcessError as error:
        shutil.rmtree(checkout.environment, ignore_errors=True)
        raise SetupError(
            f"{sys.executable} 建不成虚拟环境，请安装完整的 venv 模块"
            "（Debian、Ubuntu 与麒麟：apt install python3-venv），再运行同一命令。"
        ) from error


def _has_lock(stamp: Stamp, checkout: Checkout, profile: Profile) -> bool:
    """True if the profile's packages are in; the dev lock holds all of the runtime one."""
    if stamp.dev == digest(checkout.lock(Profile.DEV)):
        return True
    return profile is Profile.RUNTIME and stamp.runtime == digest(checkout.lock(Profile.RUNTIME))


def _count(lock: Path) -> int:
    return len(re.findall(r"^[A-Za-z0-9]", lock.read_text(encoding="utf-8"), re.MULTILINE))


def _python_version(python: Path) -> tuple[int, int] | None:
    """Version of an interpreter, or None if it does not start."""
    code = "import sys; print(*sys.version_info[:2])"
    try:
        done = subprocess.run(
            [str(python), "-I", "-c", code], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    major, minor = done.stdout.split()
    return int(major), int(minor)


def _complete_torch(checkout: Checkout, pip: Pip, version: str) -> None:
    """Add the CUDA libraries where the package index had only torch's CUDA build.

    That build does not import without them, even on a machine without a GPU.
    """
    if _imports_torch(checkout.python):
        return
    check_disk(checkout.root, CUDA_GB)
    print("软件源只有带 CUDA 的 torch，另需它的运行库（约 2.2 GB，只此一次）。", flush=True)
    pip.install("[2/3] 补装 torch 的运行库", [f"torch=={version}"])
    if not _imports_torch(checkout.python):
        raise SetupError(
            f"torch {version} 装上后不能导入，请看 {pip.log}，"
            "或换用提供 CPU 版 torch 的软件源，删去 .venv 后重新运行同一命令。"
        )


def _imports_torch(python: Path) -> bool:
    done = subprocess.run(
        [str(python), "-I", "-c", "import torch"], capture_output=True, check=False
    )
    return done.returncode == 0
