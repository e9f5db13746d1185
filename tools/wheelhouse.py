"""Downloads everything an offline machine needs to install (`make wheelhouse`).

Both machines must have the same processor and Python version.
"""

import argparse
import sys
import zipfile
from pathlib import Path
from typing import Final

from tools.setup.errors import SetupError
from tools.setup.machine import check_disk
from tools.setup.pip import Pip
from tools.setup.steps import Checkout, Profile

NEEDED_GB: Final = 4


def main() -> int:
    """Fill the folder and return the exit status."""
    parser = argparse.ArgumentParser(description="下载离线安装所需的全部轮子")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("wheelhouse"))
    folder: Path = parser.parse_args().folder.resolve()
    checkout = Checkout(Path(__file__).resolve().parents[1])
    try:
        download(checkout, folder)
    except SetupError as error:
        print(f"下载失败：{error}", file=sys.stderr)
        return 1
    print(f"已备好 {folder}；在离线机器上：WHEELHOUSE=目录 make demo")
    return 0


def download(checkout: Checkout, folder: Path) -> None:
    """Fill `folder` with torch and all locked packages, those for the tests included.

    Raises:
        SetupError: too little space, or pip failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    check_disk(folder, NEEDED_GB)
    pip = Pip(checkout.python, checkout.environment / "wheelhouse.log")
    into = ["download", f"--dest={folder}"]
    torch = f"torch=={checkout.torch_version()}"
    lock = checkout.lock(Profile.DEV)
    pip.run(
        "[1/2] 下载锁定的依赖", [*into, "--no-deps", "--require-hashes", f"--requirement={lock}"]
    )
    pip.run("[2/2] 下载 torch", [*into, "--no-deps", torch])
    if any(_needs_cuda(wheel) for wheel in folder.glob("torch-*.whl")):
        pip.run("[2/2] 下载 torch 的运行库", [*into, f"--find-links={folder}", torch])


def _needs_cuda(wheel: Path) -> bool:
    """True if a torch wheel lists CUDA libraries among its requirements."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = archive.read(name).decode("utf-8")
    return any(
        line.startswith("Requires-Dist:") and ("nvidia" in line or "cuda" in line)
        for line in metadata.splitlines()
    )


if __name__ == "__main__":
    sys.exit(main())
